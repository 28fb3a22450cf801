"""The version of the package, from its metadata."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("qlik-automation-connections")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0"

"""The version of the package: this line is the only place where it is written."""

__version__ = "0.1.0"

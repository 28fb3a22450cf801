"""One call, from its first try to its result or exception. The first call loads what calls need."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import drivers as drivers
    from . import send as send
    from . import telemetry as telemetry


def __getattr__(name: str) -> object:
    if name not in ("drivers", "send", "telemetry"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f".{name}", __name__)

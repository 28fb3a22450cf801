# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

"""A client library for accessing Qlik Automation Connections"""

# Like typing.TYPE_CHECKING, without the cost of importing typing.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)


if not TYPE_CHECKING:  # type checkers would accept any attribute

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from . import client

        return getattr(client, name)


def __dir__() -> list[str]:
    return sorted(__all__)

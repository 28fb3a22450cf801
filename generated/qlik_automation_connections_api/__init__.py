# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

"""A client library for accessing Qlik Automation Connections"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)

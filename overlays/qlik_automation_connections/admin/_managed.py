"""Connections that the service makes and manages itself."""

from __future__ import annotations

from typing import Final

MANAGED_CONNECTOR_ID: Final = "61a87510-c7a3-11ea-95da-0fb0c241e75c"
"""The connector "Qlik Cloud Services": nobody can manage its connections, and the UI does not show them."""


def is_managed(connector_id: str | None) -> bool:
    """Whether the service itself manages the connections of a connector."""
    return connector_id == MANAGED_CONNECTOR_ID

"""Connections that the service creates and manages itself."""

from __future__ import annotations

from typing import Final

MANAGED_CONNECTOR_ID: Final = "61a87510-c7a3-11ea-95da-0fb0c241e75c"
"""The connector "Qlik Cloud Services". Users can't manage its connections, and the UI does not show them."""
MANAGED_CONNECTOR_NAME: Final = "Qlik Cloud Services"
"""Its name, by which file blocks refer to it."""


def is_managed(connector_id: str | None) -> bool:
    """Return whether the service manages the connections of a connector itself."""
    return connector_id == MANAGED_CONNECTOR_ID

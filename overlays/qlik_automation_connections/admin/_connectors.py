"""Names and params of connectors, for jobs that can do without them."""

from __future__ import annotations

import threading
from collections.abc import Collection

from .. import APIStatusError, Connector, Tenant, UnexpectedResponseError
from ._parallel import Done, run_concurrently

_WITHOUT = (APIStatusError, UnexpectedResponseError)
"""Errors of a tenant that does not show its connectors to the caller; the job continues without them."""


def connector_names(tenant: Tenant) -> dict[str, str | None] | None:
    """Return the names of the tenant's connectors by id; None if the tenant does not show them.

    Sends one GET per page (tier 1).
    """
    try:
        return {connector.id: connector.name for connector in tenant.connectors.list() if connector.id}
    except _WITHOUT:
        return None


def connector_details(tenant: Tenant, ids: Collection[str], cancel: threading.Event | None) -> dict[str, Connector]:
    """Return connectors with their params, by id; those that can't be read or have no params are left out.

    Sends one GET per connector (tier 1).
    """
    found: dict[str, Connector] = {}

    def take(done: Done[str, Connector]) -> None:
        if done.result is not None and done.result.params:
            found[done.item] = done.result

    run_concurrently(tenant.connectors.get, sorted(ids), take, cancel=cancel)
    return found

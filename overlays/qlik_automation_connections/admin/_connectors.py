"""What the tenant says of its connectors, for jobs that can do without it."""

from __future__ import annotations

import threading
from collections.abc import Collection

from .. import APIStatusError, Connector, Tenant, UnexpectedResponseError
from ._parallel import Done, run_concurrently

_WITHOUT = (APIStatusError, UnexpectedResponseError)
"""What a tenant may answer that offers no connectors to the caller: the job goes on without them then."""


def connector_names(tenant: Tenant) -> dict[str, str | None] | None:
    """Names of the tenant's connectors by their ids; None if it does not tell.

    Sends one GET a page (tier 1).
    """
    try:
        return {connector.id: connector.name for connector in tenant.connectors.list() if connector.id}
    except _WITHOUT:
        return None


def connector_details(tenant: Tenant, ids: Collection[str], cancel: threading.Event | None) -> dict[str, Connector]:
    """Connectors with the params that they ask for, as far as the tenant tells.

    Sends one GET for each (tier 1).
    """
    found: dict[str, Connector] = {}

    def take(done: Done[str, Connector]) -> None:
        if done.result is not None and done.result.params:
            found[done.item] = done.result

    run_concurrently(tenant.connectors.get, sorted(ids), take, cancel=cancel)
    return found

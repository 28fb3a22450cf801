"""Wrong code of users. It is never run: each line that ends in `ignore` must be refused for just that reason.

mypy's `warn_unused_ignores` reports a line that is accepted.
"""

from __future__ import annotations

from qlik_automation_connections import AsyncTenant, NotFoundError, Tenant
from qlik_automation_connections import Tenat as _Misspelt  # type: ignore[attr-defined]  # noqa: F401


def sync(tenant: Tenant) -> None:
    connections = tenant.connections
    connections.list(sort="nme")  # type: ignore[arg-type]
    connections.list(limit="10")  # type: ignore[arg-type]
    connections.list("name eq 1")  # type: ignore[call-arg]
    connections.list(owner="u")  # type: ignore[call-arg]
    connections.create()  # type: ignore[call-arg]
    connections.create(connector_id=None)  # type: ignore[arg-type]
    connections.create(connector_id="c", params={"user": 5})  # type: ignore[dict-item]
    connections.create(connector_id="c", params=[{"id": "p", "value": "v"}])  # type: ignore[typeddict-unknown-key]
    connections.get(5)  # type: ignore[arg-type]
    connections.get(connections.get("x").name)  # type: ignore[arg-type]
    connections.update("x", params=[{"name": "p", "value": "v"}])  # type: ignore[typeddict-unknown-key]
    connections.update("x", space_id="s")  # type: ignore[call-arg]
    connections.change_space("x")  # type: ignore[call-arg]
    connections.change_owner("x")  # type: ignore[call-arg]
    connections.change_owner("x", user_id=None)  # type: ignore[arg-type]
    connections.delete("x", True)  # type: ignore[call-arg]
    for item in connections.list():
        item.params  # type: ignore[attr-defined]
        item.isConnected  # type: ignore[attr-defined]
        item.name.upper()  # type: ignore[union-attr]
    connections.list()[0]  # type: ignore[index]
    len(connections.list())  # type: ignore[arg-type]
    connections.check("x").connect  # type: ignore[attr-defined]
    tenant.connectors.list(sort="createdAt")  # type: ignore[arg-type]
    tenant.connectors.list(list_all=True)  # type: ignore[call-arg]
    tenant.connectors.get("x").params[0].options[0].value  # type: ignore[attr-defined]
    tenant.automations.list(sort="nme")  # type: ignore[arg-type]
    tenant.automations.list(connector_id="c")  # type: ignore[call-arg]
    tenant.automations.delete("x", forced=True)  # type: ignore[call-arg]
    tenant.automations.create(workspace={})  # type: ignore[call-arg]
    tenant.automations.create(name="n", schedules=[{"start": "x"}])  # type: ignore[list-item]
    tenant.automations.update("x", state="disabled")  # type: ignore[call-arg]
    tenant.automations.get("x").state == "enabled"  # type: ignore[comparison-overlap]
    tenant.automations.get("x").workspace["blocks"]  # type: ignore[index]
    Tenant("acme", api_version="v2")  # type: ignore[arg-type]
    Tenant("acme", key="k")  # type: ignore[call-arg]
    Tenant("acme", "k")  # type: ignore[call-arg]
    try:
        connections.get("x")
    except NotFoundError as error:
        error.code.upper()  # type: ignore[union-attr]
        error.status  # type: ignore[attr-defined]


async def twin(tenant: AsyncTenant) -> None:
    tenant.connections.get("x").name  # type: ignore[attr-defined]
    await tenant.connections.list()  # type: ignore[misc]
    for item in tenant.connections.list():  # type: ignore[attr-defined]
        pass
    async for other in tenant.connections.list(sort="nme"):  # type: ignore[arg-type]
        pass
    await tenant.connections.change_space("x")  # type: ignore[call-arg]

"""The operations: how each is called, and what a healthy service answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import anyio
from attrs import frozen

from qlik_automation_connections import AsyncTenant, Tenant

from .server import Behaviour, answers

API_KEY: Final = "marked-token-7d1f"
SECRET: Final = "marked-secret-93ab"

SUMMARY: Final = {
    "id": "C1",
    "name": "mail",
    "ownerId": "U1",
    "spaceId": "",
    "createdAt": "2025-03-04T08:15:30.000000Z",
    "updatedAt": "2025-03-04T08:15:30.000000Z",
    "connectorId": "K1",
    "isConnected": True,
}
DETAIL: Final = {
    **SUMMARY,
    "params": [{"id": "P1", "name": "password", "value": SECRET, "isOptional": "false", "paramOptions": []}],
    "error": {},
    "redirect": None,
}
LIST: Final = {"data": [SUMMARY], "links": {"next": {"href": None}, "prev": {}}}
CONNECTOR: Final = {
    "id": "C1",
    "name": "Mail",
    "params": [{"id": "P1", "name": "encryption", "optional": "false", "options": ["ssl", "tls"]}],
}
AUTOMATION: Final = {
    "id": "C1",
    "name": "Send mail",
    "spaceId": "",
    "connectorIds": ["K1"],
    "executionToken": SECRET,
    "workspace": {"blocks": [], "variables": []},
}


@frozen
class Target:
    """One operation.

    Attributes:
        name: the method's name, with its resource before it if that is not `connections`.
        call: calls it on the resource of a tenant of either kind.
        status: the documented success.
        content: JSON of a success; None if it has none.
        understands: whether a result is the one that `content` means.
    """

    name: str
    call: Callable[[Any], Any]
    status: int
    content: Any
    understands: Callable[[Any], bool]

    @property
    def resource(self) -> str:
        return self.name.rpartition(".")[0] or "connections"

    @property
    def lists(self) -> bool:
        return self.name.rpartition(".")[2] == "list"

    @property
    def body(self) -> bytes:
        return b"" if self.content is None else json.dumps(self.content).encode()

    @property
    def healthy(self) -> Behaviour:
        return answers(self.status, self.body)


def _is_detail(value: Any) -> bool:
    return (value.id, value.space_id, value.params[0].value, value.params[0].is_optional) == ("C1", None, SECRET, False)


def _is_connector(value: Any) -> bool:
    (param,) = value.params
    return (value.id, param.optional, param.options) == ("C1", False, ["ssl", "tls"])


def _is_automation(value: Any) -> bool:
    return (value.id, value.space_id, value.execution_token, value.connector_ids) == ("C1", None, SECRET, ["K1"])


def _is_list(items: list[Any]) -> bool:
    return [item.id for item in items] == ["C1"]


def _is_none(value: Any) -> bool:
    return value is None


TARGETS: Final[Mapping[str, Target]] = {
    target.name: target
    for target in (
        Target("list", lambda c: c.list(), 200, LIST, _is_list),
        Target(
            "create",
            lambda c: c.create(connector_id="K1", name="mail", params={"password": SECRET}),
            201,
            DETAIL,
            _is_detail,
        ),
        Target("get", lambda c: c.get("C1"), 200, DETAIL, _is_detail),
        Target("update", lambda c: c.update("C1", params=[{"id": "P1", "value": SECRET}]), 200, DETAIL, _is_detail),
        Target("delete", lambda c: c.delete("C1"), 204, None, _is_none),
        Target("change_owner", lambda c: c.change_owner("C1", user_id="U2"), 204, None, _is_none),
        Target("change_space", lambda c: c.change_space("C1", space_id="S2"), 204, None, _is_none),
        Target("check", lambda c: c.check("C1"), 200, {"connected": True}, lambda result: result.connected is True),
        Target("connectors.list", lambda c: c.list(), 200, LIST, _is_list),
        Target("connectors.get", lambda c: c.get("C1"), 200, CONNECTOR, _is_connector),
        Target("automations.list", lambda a: a.list(), 200, LIST, _is_list),
        Target("automations.get", lambda a: a.get("C1"), 200, AUTOMATION, _is_automation),
    )
}


def call_sync(tenant: Tenant, target: Target) -> Any:
    result = target.call(getattr(tenant, target.resource))
    return list(result) if target.lists else result


async def call_async(tenant: AsyncTenant, target: Target) -> Any:
    result = target.call(getattr(tenant, target.resource))
    return [item async for item in result] if target.lists else await result


def call_once(url: str, target: Target, kind: str, **options: Any) -> Any:
    """Call an operation of a new tenant, in one of the ways of calling."""
    if kind == "sync":
        with Tenant(url, api_key=API_KEY, **options) as tenant:
            return call_sync(tenant, target)

    async def call() -> Any:
        async with AsyncTenant(url, api_key=API_KEY, **options) as other:
            return await call_async(other, target)

    return anyio.run(call, backend=kind)

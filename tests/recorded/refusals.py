"""Every error status that the spec documents for an operation, and how to get it."""

from __future__ import annotations

import importlib.resources
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen

from qlik_automation_connections import AsyncAutomations, AsyncConnections
from qlik_automation_connections_api.operations import OPERATIONS

from .places import MANAGED_CONNECTOR, Place, Principal
from .scenarios import MISSING, NAME, NEW_NAME, VALUE, Scenario, identity, own, own_automation


def documented() -> list[tuple[str, int]]:
    """Pairs of operationId and error status, from the spec."""
    text = importlib.resources.files("qlik_automation_connections_api").joinpath("openapi.json").read_text("utf-8")
    return [
        (operation["operationId"], int(status))
        for path in json.loads(text)["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict) and "operationId" in operation
        for status in operation["responses"]
        if status.isdecimal() and int(status) >= 400
    ]


async def _items(pager: Any) -> Any:
    return [item async for item in pager]


async def _ask_create(connections: AsyncConnections, place: Place) -> Any:
    made = await connections.create(connector_id=MISSING, name=NAME)
    await connections.delete(identity(made), forced=True)


async def _ask_create_automation(automations: AsyncAutomations, place: Place) -> Any:
    made = await automations.create(name=NAME, space_id=MISSING)
    await automations.delete(identity(made))


def _ask(operation: str) -> Scenario:
    """Ask for an operation in a way that changes nothing that lasts: no tenant has what it names."""
    match operation:
        case "createAutomationConnection":
            return _ask_create
        case "createAutomation":
            return _ask_create_automation
        case "updateAutomationConnection":
            return lambda connections, place: connections.update(MISSING, name=NEW_NAME)
        case "automationConnectionChangeOwner" | "automationChangeOwner":
            return lambda resource, place: resource.change_owner(MISSING, user_id=place.user_id)
        case "automationConnectionChangeSpace" | "automationChangeSpace":
            return lambda resource, place: resource.change_space(MISSING, space_id=None)
        case "getMe":
            return lambda users, place: users.me()
        case _ if "{id}" not in OPERATIONS[operation].path:
            return lambda resource, place: _items(resource.list(limit=1))
        case _:
            (act,) = re.findall(r"^(get|delete|check|enable|disable)", operation)
            return lambda resource, place: getattr(resource, act)(MISSING)


async def _list_by_broken_filter(connections: AsyncConnections, place: Place) -> Any:
    return await _items(connections.list(filter=f'name resembles "{NAME}"', limit=1))


async def _list_everybody(connections: AsyncConnections, place: Place) -> Any:
    return await _items(connections.list(list_all=True, limit=1))


async def _update_unknown_param(connections: AsyncConnections, place: Place) -> Any:
    async with own(connections, place) as made:
        return await connections.update(identity(made), params=[{"id": MISSING, "value": VALUE}])


async def _update_to_taken_name(connections: AsyncConnections, place: Place) -> Any:
    async with own(connections, place), own(connections, place, NEW_NAME) as second:
        return await connections.update(identity(second), name=NAME)


async def _change_owner_to_nobody(connections: AsyncConnections, place: Place) -> Any:
    async with own(connections, place) as made:
        return await connections.change_owner(identity(made), user_id=MISSING)


async def _change_space_to_nowhere(connections: AsyncConnections, place: Place) -> Any:
    async with own(connections, place) as made:
        return await connections.change_space(identity(made), space_id=MISSING)


async def _update_automation(automations: AsyncAutomations, place: Place) -> Any:
    # An update reads first, so there must be something to read.
    async with own_automation(automations, place) as made:
        return await automations.update(identity(made), name=NEW_NAME)


@frozen
class Refusal:
    """A way to a status.

    Attributes:
        ask: the call that is refused.
        principal: who makes it.
        anywhere: whether it may be tried on a real tenant: it is likely to work there and can do no harm.
        fault: whether the sandbox must be told to fail.
    """

    ask: Scenario
    principal: Principal = "administrator"
    anywhere: bool = False
    fault: bool = False


_SPECIAL: Final[Mapping[tuple[str, int], Refusal]] = {
    ("getAutomationConnections", 400): Refusal(_list_by_broken_filter, anywhere=True),
    ("getAutomationConnections", 403): Refusal(_list_everybody, "user", anywhere=True),
    ("createAutomationConnection", 400): Refusal(_ask_create, anywhere=True),
    ("createAutomationConnection", 403): Refusal(lambda c, place: c.create(connector_id=MANAGED_CONNECTOR, name=NAME)),
    ("updateAutomationConnection", 400): Refusal(_update_unknown_param, anywhere=True),
    ("updateAutomationConnection", 403): Refusal(lambda c, place: c.update(place.managed_id, name=NEW_NAME)),
    ("updateAutomationConnection", 409): Refusal(_update_to_taken_name),
    ("deleteAutomationConnection", 400): Refusal(lambda c, place: c.delete(place.in_use_id)),
    ("deleteAutomationConnection", 403): Refusal(lambda c, place: c.delete(place.managed_id)),
    ("automationConnectionChangeOwner", 400): Refusal(_change_owner_to_nobody),
    ("automationConnectionChangeOwner", 403): Refusal(
        lambda c, place: c.change_owner(place.managed_id, user_id=place.user_id)
    ),
    ("automationConnectionChangeSpace", 400): Refusal(_change_space_to_nowhere),
    ("automationConnectionChangeSpace", 403): Refusal(lambda c, place: c.change_space(place.managed_id, space_id=None)),
    ("getAutomationConnectors", 400): Refusal(_list_by_broken_filter, anywhere=True),
    ("getAutomations", 400): Refusal(_list_by_broken_filter, anywhere=True),
    **{
        ("updateAutomation", each): Refusal(_update_automation, fault=True)
        for each in (400, 401, 403, 404, 409, 500, 503)
    },
    ("createAutomation", 400): Refusal(_ask_create_automation, anywhere=True),
    ("getUsers", 400): Refusal(_list_by_broken_filter, anywhere=True),
    ("getAutomations", 403): Refusal(_list_everybody, "user", anywhere=True),
}


def refusal(operation: str, status: int) -> Refusal:
    """How to make an operation fail with a status."""
    if (operation, status) in _SPECIAL:
        return _SPECIAL[operation, status]
    if status == 401:
        return Refusal(_ask(operation), "stranger", anywhere=True)
    if status == 404:
        return Refusal(_ask(operation), anywhere=True)
    return Refusal(_ask(operation), fault=True)


def title(operation: str, status: int) -> str:
    """The title of the cassette."""
    return f"errors/{operation}-{status}"


REFUSALS: Final = {title(operation, status): (operation, status) for operation, status in documented()}

"""What is recorded: every operation at work, on connections that the scenario makes itself and removes again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Any, Final

import pytest

from qlik_automation_connections import (
    AsyncAutomations,
    AsyncConnections,
    AsyncConnectors,
    AsyncSpaces,
    AsyncUsers,
    Automation,
    Connection,
    NotFoundError,
)

from .places import MANAGED_CONNECTOR, Place

# What it is given beside the place is what its operation is about, such as connections or users.
Scenario = Callable[[Any, Place], Awaitable[Any]]

NAME: Final = "recorded mail"
NEW_NAME: Final = "recorded mail 2"
VALUE: Final = "recorded value"
NEW_VALUE: Final = "recorded value 2"
MISSING: Final = "dddddddd-dddd-4ddd-8ddd-dddddddddddd"
RUN_MODE: Final = "webhook"
TIMES: Final = ("2025-01-01 00:00:00", "2125-01-01 00:00:00", "Europe/Oslo")
KEPT: Final = frozenset({NAME, NEW_NAME, VALUE, NEW_VALUE, MISSING, RUN_MODE, MANAGED_CONNECTOR, *TIMES})
"""What the tests themselves send, so that it may stand in a cassette."""


def identity(made: Connection | Automation) -> str:
    """The id, which everything must have."""
    assert made.id
    return made.id


@asynccontextmanager
async def own(connections: AsyncConnections, place: Place, name: str = NAME) -> AsyncIterator[Connection]:
    """A connection of the scenario's own; it is deleted in the end, whatever happens."""
    connection = await connections.create(
        connector_id=place.connector_id, name=name, params={place.param: VALUE}, space_id=None
    )
    try:
        yield connection
    finally:
        await connections.delete(identity(connection), forced=True)


async def list_pages(connections: AsyncConnections, place: Place) -> Any:
    async with AsyncExitStack() as stack:
        made = [await stack.enter_async_context(own(connections, place)) for _ in range(3)]
        pager = connections.list(name=NAME, connector_id=place.connector_id, sort="createdAt", limit=2)
        async with aclosing(pager.pages()) as pages:
            parts = [page async for page in pages]
        assert [len(page.items) for page in parts] == [2, 1]
        assert parts[0].next_cursor
        assert parts[1].next_cursor is None
        items = [item for page in parts for item in page.items]
        assert [item.id for item in items] == [connection.id for connection in made]
        assert {item.name for item in items} == {NAME}
        assert {item.connector_id for item in items} == {place.connector_id}
        resumed = connections.list(
            name=NAME, connector_id=place.connector_id, sort="createdAt", limit=2, cursor=parts[0].next_cursor
        )
        assert [item async for item in resumed] == parts[1].items
    return parts


async def list_everybody(connections: AsyncConnections, place: Place) -> Any:
    if place.is_real and not place.keys["user"]:
        pytest.skip("only a tenant of which an administrator's and a user's key are given is known to let it list all")
    seen = []
    async with aclosing(connections.list(list_all=True, sort="-updatedAt", limit=5).pages()) as pages:
        async for page in pages:
            assert len(page.items) == 5
            seen += page.items
            if len(seen) == 10:
                break
    assert len({item.id for item in seen}) == 10
    moments = [item.updated_at for item in seen if item.updated_at is not None]
    assert len(moments) == 10
    assert moments == sorted(moments, reverse=True)
    assert all(moment.utcoffset() is not None for moment in moments)
    assert all(isinstance(item.is_connected, bool) for item in seen)
    assert all(item.space_id != "" for item in seen)
    return seen


async def create(connections: AsyncConnections, place: Place) -> Any:
    async with own(connections, place) as connection:
        assert connection.name == NAME
        assert connection.connector_id == place.connector_id
        assert connection.space_id is None
        assert connection.owner_id
        assert connection.created_at is not None
        assert connection.created_at.utcoffset() is not None
        assert place.param in [param.name for param in connection.params]
        assert VALUE not in repr(connection)
    return connection


async def get(connections: AsyncConnections, place: Place) -> Any:
    async with own(connections, place) as made:
        connection = await connections.get(identity(made))
        assert connection.id == made.id
        assert connection.name == NAME
        assert [param.is_optional for param in connection.params if param.name == place.param] == [False]
        for param in connection.params:
            assert param.id
            assert param.is_optional is None or isinstance(param.is_optional, bool)
            assert isinstance(param.meta, list)
        assert isinstance(connection.is_connected, bool)
        assert connection.redirect is None
        assert connection.oauth_account_name is None
    return connection


async def update(connections: AsyncConnections, place: Place) -> Any:
    async with own(connections, place) as made:
        changed = await connections.update(identity(made), name=NEW_NAME, params={place.param: NEW_VALUE})
        assert changed.id == made.id
        assert changed.name == NEW_NAME
        connection = await connections.get(identity(made))
        assert connection.name == NEW_NAME
        assert [param.value for param in connection.params if param.name == place.param] == [NEW_VALUE]
    return changed, connection


async def delete(connections: AsyncConnections, place: Place) -> Any:
    made = await connections.create(connector_id=place.connector_id, name=NAME)
    await connections.delete(identity(made))
    with pytest.raises(NotFoundError) as raised:
        await connections.get(identity(made))
    assert raised.value.connection_id == made.id
    return made


async def change_owner(connections: AsyncConnections, place: Place) -> Any:
    async with own(connections, place) as made:
        await connections.change_owner(identity(made), user_id=place.user_id)
        connection = await connections.get(identity(made))
        assert connection.owner_id == place.user_id
    return connection


def change_space(own: Callable[[Any, Place], Any]) -> Scenario:
    """Move something of the scenario's own into a space and back."""

    async def scenario(resource: Any, place: Place) -> Any:
        if not place.space_id:
            pytest.skip("QLIK_RECORD_SPACE_ID names no space to move anything into")
        async with own(resource, place) as made:
            await resource.change_space(identity(made), space_id=place.space_id)
            shared = await resource.get(identity(made))
            assert shared.space_id == place.space_id
            await resource.change_space(identity(made), space_id=None)
            personal = await resource.get(identity(made))
            assert personal.space_id is None
        return shared, personal

    return scenario


async def check(connections: AsyncConnections, place: Place) -> Any:
    async with own(connections, place) as made:
        result = await connections.check(identity(made))
        assert isinstance(result.connected, bool)
        assert result.connected is result.is_connected
    return result


async def two_pages(listed: Callable[..., Any], **question: Any) -> list[Any]:
    """What is on the first two pages of a list, of which the second can be asked for by itself."""
    async with aclosing(listed(**question).pages()) as pages:
        first, second = await anext(pages), await anext(pages)
    assert [len(page.items) for page in (first, second)] == [question["limit"]] * 2
    async with aclosing(listed(**question, cursor=first.next_cursor).pages()) as pages:
        assert (await anext(pages)).items == second.items
    items = [*first.items, *second.items]
    assert len({item.id for item in items}) == len(items)
    return items


async def list_connectors(connectors: AsyncConnectors, place: Place) -> Any:
    items = await two_pages(connectors.list, sort="-name", limit=2)
    assert all(isinstance(item.billable, bool) and isinstance(item.has_webhooks, bool) for item in items)
    named = [item async for item in connectors.list(name=items[0].name)]
    assert items[0].id in [item.id for item in named]
    return items, named


async def get_connector(connectors: AsyncConnectors, place: Place) -> Any:
    connector = await connectors.get(place.connector_id)
    assert connector.id == place.connector_id
    assert connector.name
    assert [param.optional for param in connector.params if param.name == place.param] == [False]
    for param in connector.params:
        assert param.id
        assert isinstance(param.optional, bool)
        assert isinstance(param.options, list)
        assert all(isinstance(option, str) for option in param.options)
    return connector


async def list_automations(automations: AsyncAutomations, place: Place) -> Any:
    if place.is_real:
        pytest.skip("a real tenant is not known to hold automations of the caller's")
    async with aclosing(automations.list(list_all=True, sort="-updatedAt", limit=3).pages()) as pages:
        items = [*(await anext(pages)).items, *(await anext(pages)).items]
    assert len({item.id for item in items}) == 6
    moments = [item.updated_at for item in items if item.updated_at is not None]
    assert moments == sorted(moments, reverse=True)
    assert len(moments) == 6
    assert all(item.connector_ids for item in items)
    assert all(item.space_id != "" for item in items)
    alike = [item async for item in automations.list(list_all=True, run_mode=RUN_MODE)]
    assert {item.run_mode for item in alike} == {RUN_MODE}
    return items, alike


async def get_automation(automations: AsyncAutomations, place: Place) -> Any:
    if place.is_real:
        pytest.skip("what people build may tell something in the very names of its fields")
    # One with a token: those that are started by something else than a person.
    summary = await anext(aiter(automations.list(run_mode=RUN_MODE, limit=1)))
    assert summary.id
    automation = await automations.get(summary.id)
    assert (automation.id, automation.name) == (summary.id, summary.name)
    assert automation.connector_ids == summary.connector_ids
    assert automation.workspace is not None
    assert automation.workspace["blocks"]
    assert automation.execution_token
    assert automation.execution_token not in repr(automation)
    document = await automations.get_json(summary.id)
    assert document["executionToken"] == automation.execution_token
    assert document["workspace"] == automation.workspace
    return automation, document


def _workspace(value: str) -> dict[str, Any]:
    return {"blocks": [], "variables": [{"value": value}]}


@asynccontextmanager
async def own_automation(automations: AsyncAutomations, place: Place) -> AsyncIterator[Automation]:
    """An automation of the scenario's own; it is deleted in the end, whatever happens."""
    start, stop, zone = TIMES
    automation = await automations.create(
        name=NAME,
        description=VALUE,
        workspace=_workspace(VALUE),
        schedules=[{"startAt": start, "stopAt": stop, "interval": 3600, "timezone": zone}],
    )
    try:
        yield automation
    finally:
        await automations.delete(identity(automation))


async def create_automation(automations: AsyncAutomations, place: Place) -> Any:
    async with own_automation(automations, place) as automation:
        assert (automation.name, automation.description, automation.space_id) == (NAME, VALUE, None)
        assert (automation.state, automation.max_concurrent_runs) == ("available", 1)
        assert automation.owner_id
        assert automation.workspace == _workspace(VALUE)
        (schedule,) = automation.schedules
        assert (schedule.start_at, schedule.stop_at, schedule.timezone) == TIMES
        assert schedule.interval == 3600
    return automation


async def update_automation(automations: AsyncAutomations, place: Place) -> Any:
    async with own_automation(automations, place) as made:
        renamed = await automations.update(identity(made), name=NEW_NAME)
        assert (renamed.name, renamed.description, renamed.workspace) == (NEW_NAME, VALUE, made.workspace)
        assert [each.start_at for each in renamed.schedules] == [TIMES[0]]
        changed = await automations.update(
            identity(made), workspace=_workspace(NEW_VALUE), schedules=[], max_concurrent_runs=2
        )
        automation = await automations.get(identity(made))
        for each in (changed, automation):
            assert (each.name, each.description) == (NEW_NAME, VALUE)
            assert (each.workspace, each.schedules, each.max_concurrent_runs) == (_workspace(NEW_VALUE), [], 2)
    return renamed, changed, automation


async def delete_automation(automations: AsyncAutomations, place: Place) -> Any:
    made = await automations.create(name=NAME)
    await automations.delete(identity(made))
    with pytest.raises(NotFoundError):
        await automations.get(identity(made))
    return made


async def disable_and_enable(automations: AsyncAutomations, place: Place) -> Any:
    async with own_automation(automations, place) as made:
        await automations.disable(identity(made))
        disabled = await automations.get(identity(made))
        assert disabled.state == "disabled"
        await automations.enable(identity(made))
        enabled = await automations.get(identity(made))
        assert enabled.state == "available"
    return disabled, enabled


async def change_automation_owner(automations: AsyncAutomations, place: Place) -> Any:
    async with own_automation(automations, place) as made:
        await automations.change_owner(identity(made), user_id=place.user_id)
        # Only the new owner may read it.
        found = [item async for item in automations.list(list_all=True, name=NAME, owner_id=place.user_id)]
        assert identity(made) in [item.id for item in found]
    return found


async def list_users(users: AsyncUsers, place: Place) -> Any:
    items = await two_pages(users.list, sort="-name", limit=1)
    wanted = " or ".join(f'id eq "{item.id}"' for item in items)
    found = [item async for item in users.list(filter=wanted)]
    assert {item.id for item in found} == {item.id for item in items}
    return items, found


async def get_user(users: AsyncUsers, place: Place) -> Any:
    user = await users.get(place.user_id)
    assert user.id == place.user_id
    assert user.name
    assert user.created_at is not None
    assert all(role.name and role.level in ("admin", "user") for role in user.assigned_roles)
    return user


async def find_me(users: AsyncUsers, place: Place) -> Any:
    me = await users.me()
    assert me.id
    assert me.name
    assert me == await users.get(me.id)
    return me


async def list_spaces(spaces: AsyncSpaces, place: Place) -> Any:
    if not place.space_id:
        pytest.skip("QLIK_RECORD_SPACE_ID names no space, so there may be none")
    async with aclosing(spaces.list(sort="name", limit=1).pages()) as pages:
        first = await anext(pages)
    (space,) = first.items
    assert space.id
    assert space.name
    assert space.type_
    return first.items


async def get_space(spaces: AsyncSpaces, place: Place) -> Any:
    if not place.space_id:
        pytest.skip("QLIK_RECORD_SPACE_ID names no space")
    space = await spaces.get(place.space_id)
    assert space.id == place.space_id
    assert space.name
    return space


SCENARIOS: Final[Mapping[str, Scenario]] = {
    "getAutomationConnections": list_pages,
    "getAutomationConnections-everybody": list_everybody,
    "createAutomationConnection": create,
    "getAutomationConnection": get,
    "updateAutomationConnection": update,
    "deleteAutomationConnection": delete,
    "automationConnectionChangeOwner": change_owner,
    "automationConnectionChangeSpace": change_space(own),
    "checkAutomationConnection": check,
    "getAutomationConnectors": list_connectors,
    "getAutomationConnector": get_connector,
    "getAutomations": list_automations,
    "getAutomation": get_automation,
    "createAutomation": create_automation,
    "updateAutomation": update_automation,
    "deleteAutomation": delete_automation,
    "enableAutomation": disable_and_enable,
    "disableAutomation": disable_and_enable,
    "automationChangeOwner": change_automation_owner,
    "automationChangeSpace": change_space(own_automation),
    "getUsers": list_users,
    "getMe": find_me,
    "getUserById": get_user,
    "getSpaces": list_spaces,
    "getSpaceById": get_space,
}
"""By the title of the cassette, which begins with the operationId."""

"""The automations that the fake tenant holds: what uses its connections. They can be read and do not change."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from operator import attrgetter
from typing import Any

import attrs

from ._draws import digest, moment
from ._state import NAMESPACE, Connection, User, timestamp

_VERBS = ("Send", "Collect", "Check", "Copy", "Report on", "Tidy up")
_RUN_MODES = ("manual", "scheduled", "triggered", "webhook")
_STATUSES = ("finished", "finished", "finished", "finished with warnings", "failed", "stopped")
_LONGEST_CHANGE_MICROSECONDS = 200 * 86_400 * 1_000_000


@attrs.frozen(eq=False)
class Automation:
    """One automation.

    Attributes:
        id: Identifier.
        name: Name.
        description: What it is for.
        owner_id: The user who owns it.
        space_id: The space that holds it, "" for the owner's personal space.
        state: "available" or "disabled".
        run_mode: What starts it.
        created_at: Timestamp with six fractional digits and Z.
        updated_at: The same, of the last change.
        last_run_at: The same, of the end of the last run, "" if there was none.
        last_run_status: How that run ended, "not started" if there was none.
        max_concurrent_runs: How many of its runs may take place at a time.
        execution_token: What lets somebody run it; a secret.
        connector_ids: Identifiers of the connectors in its workspace.
        connection_ids: Identifiers of the connections in its workspace, whether they are there still or not.
        workspace: Its blocks and variables.
    """

    id: str
    name: str
    description: str
    owner_id: str
    space_id: str
    state: str
    run_mode: str
    created_at: str
    updated_at: str
    last_run_at: str
    last_run_status: str
    max_concurrent_runs: int
    execution_token: str = attrs.field(repr=False)
    connector_ids: tuple[str, ...]
    connection_ids: tuple[str, ...]
    workspace: Mapping[str, Any] = attrs.field(repr=False)


# How each field that can be sorted or filtered by is read.
FIELDS: Mapping[str, Callable[[Automation], str]] = {
    "id": attrgetter("id"),
    "name": attrgetter("name"),
    "ownerId": attrgetter("owner_id"),
    "spaceId": attrgetter("space_id"),
    "state": attrgetter("state"),
    "runMode": attrgetter("run_mode"),
    "createdAt": attrgetter("created_at"),
    "updatedAt": attrgetter("updated_at"),
    "lastRunAt": attrgetter("last_run_at"),
    "lastRunStatus": attrgetter("last_run_status"),
    "maxConcurrentRuns": lambda automation: f"{automation.max_concurrent_runs:09d}",
}


def automate(connections: Sequence[Connection], users: Sequence[User], tenant: str) -> tuple[Automation, ...]:
    """Make the automations of a tenant.

    Args:
        connections: The connections, by their numbers.
        users: The users, to own them.
        tenant: Name of the tenant.

    Returns:
        One automation for every twentieth connection that the service does not manage itself, which it uses, every
        third one with the connection before it too; and as many that use none, though they have a block that could.
    """
    automations = []
    used: list[Connection] = []
    for number, connection in enumerate(connections):
        if connection.connector.managed or number % 10 != 3:
            continue
        make = partial(_automation, number, connection, users, tenant)
        if number % 20 == 3:
            draw = digest(f"automation/{number}")
            automations.append(make([connection, *(used[-1:] if draw[0] % 3 == 0 else ())]))
            used.append(connection)
        else:
            automations.append(make([]))
    return tuple(automations)


def _automation(
    number: int, model: Connection, users: Sequence[User], tenant: str, uses: Sequence[Connection]
) -> Automation:
    draw = digest(f"automation/{number}")
    identify = partial(_identifier, f"{tenant}automation/{number}")
    began = moment(draw)
    changed = began + timedelta(microseconds=int.from_bytes(draw[10:18]) % _LONGEST_CHANGE_MICROSECONDS)
    has_run = draw[18] % 5 != 0
    # One that was handed on, here to the administrator, still names the connections of another.
    owner_id = model.owner_id if draw[19] % 4 else users[0].id
    status = _STATUSES[draw[21] % len(_STATUSES)]
    name = f"{_VERBS[draw[22] % len(_VERBS)]} {model.connector.name} {number}"
    blocks = uses or [model]
    return Automation(
        id=identify(""),
        name=name,
        description="" if draw[23] % 2 else f"{name}, every day.",
        owner_id=owner_id,
        space_id="" if draw[24] % 2 else model.space_id,
        state="disabled" if draw[25] % 8 == 0 else "available",
        run_mode=_RUN_MODES[draw[26] % len(_RUN_MODES)],
        created_at=timestamp(began),
        updated_at=timestamp(changed),
        last_run_at=timestamp(changed + timedelta(hours=1 + draw[27])) if has_run else "",
        last_run_status=status if has_run else "not started",
        max_concurrent_runs=1 + draw[28] % 3,
        execution_token=digest(f"{tenant}token/{number}").hex(),
        connector_ids=tuple(sorted({used.connector.id for used in blocks})),
        connection_ids=tuple(used.id for used in uses),
        workspace=_workspace(identify, blocks, [used.id for used in uses]),
    )


def _identifier(automation: str, part: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{automation}{part}"))


def _workspace(
    identify: Callable[[str], str], models: Sequence[Connection], connection_ids: Sequence[str]
) -> dict[str, Any]:
    """A start block, a variable, and one block for each connection; where there is none, a block without one."""
    start, variable = identify("/start"), identify("/variable")
    blocks = [identify(f"/block/{position}") for position in range(len(models))]
    follow = [*blocks, None]
    return {
        "blocks": [
            {
                "id": start,
                "type": "StartBlock",
                "name": "start",
                "displayName": "Start",
                "childId": follow[0],
                "inputs": [{"id": "run_mode", "value": "manual", "type": "select", "structure": []}],
                "settings": [],
            },
            *(
                {
                    "id": block,
                    "type": "EndpointBlock",
                    "name": f"block{position}",
                    "displayName": model.connector.name,
                    "childId": follow[position + 1],
                    "inputs": [{"id": "text", "value": f"{{$.{variable}}}", "type": "string", "structure": []}],
                    "settings": [
                        {
                            "id": "datasource",
                            "value": connection_ids[position] if connection_ids else None,
                            "type": "select",
                            "displayValue": model.name if connection_ids else None,
                            "structure": [],
                        },
                        {"id": "on_error", "value": "stop", "type": "select", "displayValue": None, "structure": []},
                    ],
                    "datasourcetype_guid": model.connector.id,
                    "endpoint_guid": identify(f"/endpoint/{position}"),
                }
                for position, (block, model) in enumerate(zip(blocks, models, strict=True))
            ),
        ],
        "variables": [{"guid": variable, "name": "text", "type": "string"}],
    }


def summary(automation: Automation) -> dict[str, Any]:
    """Write an automation as it stands in lists, as the spec has it. What it does not have is left out."""
    document = {
        "id": automation.id,
        "name": automation.name,
        "state": automation.state,
        "ownerId": automation.owner_id,
        "runMode": automation.run_mode,
        "spaceId": automation.space_id,
        "createdAt": automation.created_at,
        "updatedAt": automation.updated_at,
        "description": automation.description,
        "connectorIds": list(automation.connector_ids),
        "lastRunStatus": automation.last_run_status,
        "maxConcurrentRuns": automation.max_concurrent_runs,
    }
    if automation.last_run_at:
        document["lastRunAt"] = automation.last_run_at
    return document


def detail(automation: Automation) -> dict[str, Any]:
    """Write an automation with its workspace and its token, as the spec has it."""
    return {**summary(automation), "workspace": automation.workspace, "executionToken": automation.execution_token}

"""The initial automations of a sandbox, which use some of its connections."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from ._deterministic import creation_time, digest, duration, timestamp, uuid_id
from ._models import Automation, Connection, User

_VERBS = ("Send", "Collect", "Check", "Copy", "Report on", "Tidy up")
_RUN_MODES = ("manual", "scheduled", "triggered", "webhook")
_STATUSES = ("finished", "finished", "finished", "finished with warnings", "failed", "stopped")
_LONGEST_CHANGE = timedelta(days=200)


def seed_automations(connections: Sequence[Connection], users: Sequence[User], tenant: str) -> tuple[Automation, ...]:
    """Create the automations of a tenant.

    Args:
        connections: The connections, by number.
        users: The users, who own the automations.
        tenant: Name of the tenant.

    Returns:
        One automation that uses every twentieth connection; a third of them also use the previous such connection. And
        as many automations that use no connection, although they have a block for one. Managed connections are skipped.
    """
    automations = []
    previous: list[Connection] = []
    for number, connection in enumerate(connections):
        if connection.connector.managed or number % 10 != 3:
            continue
        uses: list[Connection] = []
        if number % 20 == 3:
            uses = [connection, *(previous if digest(f"automation/{number}")[0] % 3 == 0 else ())]
            previous = [connection]
        automations.append(_automation(number, connection, users, tenant, uses))
    return tuple(automations)


def _automation(
    number: int, model: Connection, users: Sequence[User], tenant: str, uses: Sequence[Connection]
) -> Automation:
    draw = digest(f"automation/{number}")
    identify = partial(_identifier, f"{tenant}automation/{number}")
    created = creation_time(draw)
    updated = created + duration(draw[10:18], _LONGEST_CHANGE)
    has_run = draw[18] % 5 != 0
    name = f"{_VERBS[draw[22] % len(_VERBS)]} {model.connector.name} {number}"
    blocks = uses or [model]
    connection_ids = tuple(connection.id for connection in uses)
    return Automation(
        id=identify(""),
        name=name,
        description="" if draw[23] % 2 else f"{name}, every day.",
        # Automations handed over to the administrator still use another user's connections.
        owner_id=model.owner_id if draw[19] % 4 else users[0].id,
        space_id="" if draw[24] % 2 else model.space_id,
        state="disabled" if draw[25] % 8 == 0 else "available",
        run_mode=_RUN_MODES[draw[26] % len(_RUN_MODES)],
        created_at=timestamp(created),
        updated_at=timestamp(updated),
        last_run_at=timestamp(updated + timedelta(hours=1 + draw[27])) if has_run else None,
        last_run_status=_STATUSES[draw[21] % len(_STATUSES)] if has_run else "not started",
        max_concurrent_runs=1 + draw[28] % 3,
        execution_token=digest(f"{tenant}token/{number}").hex(),
        connector_ids=tuple(sorted({connection.connector.id for connection in blocks})),
        connection_ids=connection_ids,
        workspace=_workspace(identify, blocks, connection_ids or (None,)),
    )


def _identifier(automation: str, part: str) -> str:
    return uuid_id(f"{automation}{part}")


def _workspace(
    identify: Callable[[str], str], models: Sequence[Connection], connection_ids: Sequence[str | None]
) -> dict[str, Any]:
    """Return a start block, a variable, and a block for each connection. An id of None leaves the block unconnected."""
    start, variable = identify("/start"), identify("/variable")
    block_ids = [identify(f"/block/{position}") for position in range(len(models))]
    following = [*block_ids, None]
    blocks: list[dict[str, Any]] = [
        {
            "id": start,
            "type": "StartBlock",
            "name": "start",
            "displayName": "Start",
            "childId": following[0],
            "inputs": [_input("run_mode", "manual", "select")],
            "settings": [],
        }
    ]
    for position, (model, connection_id) in enumerate(zip(models, connection_ids, strict=True)):
        blocks.append(
            {
                "id": block_ids[position],
                "type": "EndpointBlock",
                "name": f"block{position}",
                "displayName": model.connector.name,
                "childId": following[position + 1],
                "inputs": [_input("text", f"{{$.{variable}}}", "string")],
                "settings": [
                    {
                        **_input("datasource", connection_id, "select"),
                        "displayValue": model.name if connection_id else None,
                    },
                    {**_input("on_error", "stop", "select"), "displayValue": None},
                ],
                "datasourcetype_guid": model.connector.id,
                "endpoint_guid": identify(f"/endpoint/{position}"),
            }
        )
    return {"blocks": blocks, "variables": [{"guid": variable, "name": "text", "type": "string"}]}


def _input(identifier: str, value: str | None, kind: str) -> dict[str, Any]:
    return {"id": identifier, "value": value, "type": kind, "structure": []}

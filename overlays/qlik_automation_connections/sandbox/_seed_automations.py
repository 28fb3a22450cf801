"""The initial automations of a sandbox, which use some of its connections."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from ._deterministic import change_time, creation_time, digest, timestamp, uuid_id
from ._models import Automation, Connection, Schedule, User

_VERBS = ("Send", "Collect", "Check", "Copy", "Report on", "Tidy up")
_RUN_MODES = ("manual", "scheduled", "triggered", "webhook")
_STATUSES = ("finished", "finished", "finished", "finished with warnings", "failed", "stopped")
# Blocks for files name such an adapter, and no connector.
_FILE_ADAPTER = "Amazon S3"
_FILE_BLOCKS = ("Open file", "Create file", "Copy file", "Delete file", "Move file", "Check file exists", "List files")
_INTERVALS = (900, 3600, 86_400)
_TIMEZONES = ("Europe/Stockholm", "America/New_York", "UTC")


def seed_automations(
    connections: Sequence[Connection], users: Sequence[User], tenant: str, today: datetime
) -> tuple[Automation, ...]:
    """Create the automations of a tenant.

    Args:
        connections: The connections, by number.
        users: The users, who own the automations.
        tenant: Name of the tenant.
        today: The day before which they were created, changed and run.

    Returns:
        One automation that uses every twentieth connection; a third of them also use the previous such connection, a
        few use it in two blocks, and half of them work with files through yet another one. And as many automations that
        use no connection, although they have a block for one. Managed connections are skipped.
    """
    automations = []
    previous: list[Connection] = []
    storage: list[Connection] = []
    for number, connection in enumerate(connections):
        if not connection.connector.managed and number % 10 == 3:
            uses: list[Connection] = []
            if number % 20 == 3:
                draw = digest(f"automation/{number}")
                again = [connection] if draw[1] % 8 == 0 else ()
                uses = [connection, *(previous if draw[0] % 3 == 0 else ()), *again]
                previous = [connection]
            files = storage if number % 40 == 23 else []
            automations.append(_automation(number, connection, users, tenant, today, uses, files))
        if connection.connector.name == _FILE_ADAPTER:
            storage = [connection]
    return tuple(automations)


def _automation(
    number: int,
    model: Connection,
    users: Sequence[User],
    tenant: str,
    today: datetime,
    uses: Sequence[Connection],
    files: Sequence[Connection],
) -> Automation:
    draw = digest(f"automation/{number}")
    identify = partial(_identifier, f"{tenant}automation/{number}")
    created = creation_time(draw, today)
    updated = change_time(draw, created, today)
    has_run = draw[18] % 5 != 0
    last_run_at = timestamp(min(updated + timedelta(hours=1 + draw[27]), today)) if has_run else None
    name = f"{_VERBS[draw[22] % len(_VERBS)]} {model.connector.name} {number}"
    run_mode = _RUN_MODES[draw[26] % len(_RUN_MODES)]
    blocks = uses or [model]
    bound = [(connection, connection.id if uses else None) for connection in blocks]
    return Automation(
        id=identify(""),
        name=name,
        description="" if draw[23] % 2 else f"{name}, every day.",
        # Automations handed over to the administrator still use another user's connections.
        owner_id=model.owner_id if draw[19] % 4 else users[0].id,
        space_id="" if draw[24] % 2 else model.space_id,
        state="disabled" if draw[25] % 8 == 0 else "available",
        created_at=timestamp(created),
        updated_at=timestamp(updated),
        last_run_at=last_run_at,
        last_run_status=_STATUSES[draw[21] % len(_STATUSES)] if has_run else "not started",
        max_concurrent_runs=1 + draw[28] % 3,
        schedules=(_schedule(identify("/schedule"), created, last_run_at, draw),) if run_mode == "scheduled" else (),
        workspace=_workspace(identify, run_mode, bound, files, number // 40),
    )


def _schedule(identifier: str, created: datetime, last_started_at: str | None, draw: bytes) -> Schedule:
    start = created.replace(hour=draw[29] % 24, minute=0, second=0, microsecond=0)
    interval, timezone = _INTERVALS[draw[30] % len(_INTERVALS)], _TIMEZONES[draw[31] % len(_TIMEZONES)]
    return Schedule(identifier, f"{start:%Y-%m-%d %H:%M:%S}", None, interval, timezone, last_started_at)


def _identifier(automation: str, part: str) -> str:
    return uuid_id(f"{automation}{part}")


def _workspace(
    identify: Callable[[str], str],
    run_mode: str,
    bound: Sequence[tuple[Connection, str | None]],
    files: Sequence[Connection],
    number: int,
) -> dict[str, Any]:
    """Return a start block, a variable, and the blocks of connections.

    Args:
        identify: Returns the identifier of a part.
        run_mode: What starts the automation.
        bound: Connections, and the identifiers in their blocks; None leaves a block unconnected.
        files: Connections through which blocks work with files.
        number: Decides what these blocks do.
    """
    variable = identify("/variable")
    inputs = [_input("run_mode", run_mode, "select")]
    if run_mode == "webhook":
        inputs.append(_input("datasourcetype_guid", bound[0][0].connector.id, "select"))
    blocks = [_block(identify("/start").upper(), "StartBlock", "start", "Start", inputs, [])]
    for position, (model, connection_id) in enumerate(bound):
        kind = "snippet" if position else "endpoint"
        block = _block(
            identify(f"/block/{position}").upper(),
            f"{kind.title()}Block",
            f"block{position}",
            model.connector.name,
            [_input("text", f"{{$.{variable}}}", "string")],
            [
                _datasource(model, connection_id),
                {**_input("on_error", "stop", "select"), "displayValue": None},
            ],
        )
        block |= {"datasourcetype_guid": model.connector.id, f"{kind}_guid": identify(f"/{kind}/{position}")}
        blocks.append(block)
    for model in files:
        for position in (0, 1):
            words = _FILE_BLOCKS[(number + position) % len(_FILE_BLOCKS)]
            kind = words.title().replace(" ", "")
            inputs = [_input("datasourcetype", _FILE_ADAPTER, "select"), _input("path", "reports/today.csv", "string")]
            settings = [_datasource(model, model.id)]
            name = f"{kind[0].lower()}{kind[1:]}"
            blocks.append(_block(identify(f"/file/{position}").upper(), f"{kind}Block", name, words, inputs, settings))
    for block, following in pairwise(blocks):
        block["childId"] = following["id"]
    return {"blocks": blocks, "variables": [{"guid": variable, "name": "text", "type": "string"}]}


def _block(
    identifier: str, kind: str, name: str, display_name: str, inputs: list[Any], settings: list[Any]
) -> dict[str, Any]:
    return {
        "id": identifier,
        "type": kind,
        "name": name,
        "displayName": display_name,
        "childId": None,
        "inputs": inputs,
        "settings": settings,
    }


def _datasource(model: Connection, connection_id: str | None) -> dict[str, Any]:
    return {**_input("datasource", connection_id, "select"), "displayValue": model.name if connection_id else None}


def _input(identifier: str, value: str | None, kind: str) -> dict[str, Any]:
    return {"id": identifier, "value": value, "type": kind, "structure": []}

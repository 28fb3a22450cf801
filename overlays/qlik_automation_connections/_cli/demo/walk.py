"""The steps of the first act, in order, each with the Python that does it.

What comes is compared with the sandbox's own state. No value of a param and no key is printed.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from ... import (
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    Connection,
    ConnectionSummary,
    NotFoundError,
    PermissionDeniedError,
    Tenant,
)
from ..tables import yes_or_no
from .auditing import AUDIT
from .morning import Morning
from .steps import Step

_CONNECTOR = "Mail (SMTP)"
_NAME = "Morning mail"
_NEW_NAME = "Evening mail"
_QUOTED_NAME = 'The "new" one'
_MISSING_ID = str(UUID(int=0))
_WRONG_KEY = "a-wrong-key"


def _fields(connection: ConnectionSummary | Connection) -> tuple[object, ...]:
    return (
        connection.id,
        connection.name,
        connection.owner_id,
        connection.space_id,
        connection.connector_id,
        connection.created_at,
        connection.updated_at,
        connection.is_connected,
    )


def _fields_held(document: dict[str, Any]) -> tuple[object, ...]:
    return (
        document["id"],
        document["name"],
        document["ownerId"],
        document["spaceId"] or None,
        document["connectorId"],
        datetime.fromisoformat(document["createdAt"]),
        datetime.fromisoformat(document["updatedAt"]),
        document["isConnected"],
    )


def _values(connection: Connection) -> dict[str | None, str | None]:
    return {param.name: param.value for param in connection.params}


def _list_everything(morning: Morning) -> None:
    ledger, expect, printout = morning.sandbox.ledger, morning.expect, morning.printout
    requests = len(ledger)
    pages = list(morning.tenant.connections.list(list_all=True, sort="-updatedAt", limit=100).pages())
    requests = len(ledger) - requests
    morning.listed = [connection for page in pages for connection in page.items]
    morning.show(morning.listed[:5])
    printout.note(f"and {len(morning.listed) - 5} more, in {len(pages)} pages from {requests} requests.")
    counts = Counter((morning.connector(item.connector_id), item.is_connected is True) for item in morning.listed)
    rows = [
        (connector.name, str(counts[connector.name, True]), str(counts[connector.name, False]))
        for connector in morning.sandbox.connectors
    ]
    printout.table(("Connector", "Works", "Does not"), rows)
    expected = sorted((_fields_held(document) for document in morning.held().values()), key=str)
    expect.equal("the pages hold 100, 100 and 50 connections", [len(page.items) for page in pages], [100, 100, 50])
    expect.equal("each page took one request", requests, len(pages))
    moments = [connection.updated_at for connection in morning.listed]
    expect.true("the last changed came first", moments == sorted(moments, key=str, reverse=True))
    expect.equal(
        "every field of every connection is what the sandbox holds",
        sorted((_fields(connection) for connection in morning.listed), key=str),
        expected,
    )


def _filter(morning: Morning) -> None:
    expect = morning.expect
    pages = list(
        morning.tenant.connections.list(
            filter='name co "Finance" or name co "Sales"', sort="name", list_all=True, limit=20
        ).pages()
    )
    found = [connection for page in pages for connection in page.items]
    morning.show(found[:5])
    morning.printout.note(f"and {len(found) - 5} more, in {len(pages)} pages.")
    names = [f"{connection.name}" for connection in found]
    expected = sorted(
        document["name"]
        for document in morning.held().values()
        if "Finance" in document["name"] or "Sales" in document["name"]
    )
    expect.equal(f"{len(expected)} connections came, sorted by name", names, expected)


def _find_by_name(morning: Morning) -> None:
    found = list(morning.tenant.connections.list(name=_QUOTED_NAME, sort="updatedAt", list_all=True))
    morning.show(found)
    expected = [document for document in morning.held().values() if document["name"] == _QUOTED_NAME]
    expected.sort(key=lambda document: (document["updatedAt"], document["id"]))
    morning.expect.equal(
        f"all {len(expected)} connections with quotes in their name came, in order",
        [connection.id for connection in found],
        [document["id"] for document in expected],
    )


def _show_one(morning: Morning) -> None:
    expect = morning.expect
    mail_id = morning.connector_id(_CONNECTOR)
    summary = morning.pick(_CONNECTOR, works=True)
    mail = morning.tenant.connections.get(f"{summary.id}")
    rows = [
        (
            f"{param.name}",
            f"{param.field_type}",
            "optional" if param.is_optional else "required",
            ", ".join(f"{option.value}" for option in param.param_options),
            f"{param.documentation}",
        )
        for param in sorted(mail.params, key=lambda param: param.order or 0)
    ]
    morning.printout.table(("Param", "Kind", "Needed", "Choices", "What it is"), rows, whole=("What it is",))
    morning.printout.note("Values are in .value, and neither printed here nor part of any repr.")
    connector = next(item for item in morning.sandbox.connectors if item.id == mail_id)
    expect.equal("the detail agrees with the list", _fields(mail), _fields(summary))
    expect.equal(
        "is_optional is a bool, where the wire has a string",
        [(param.name, param.is_optional) for param in mail.params],
        [(definition.name, definition.optional) for definition in connector.params],
    )


def _create(morning: Morning) -> None:
    expect, tenant = morning.expect, morning.tenant
    values = {"host": "smtp.example.com", "username": "morning@example.com", "password": "made up"}
    before = len(list(tenant.connections.list(name=_NAME, list_all=True)))
    created = tenant.connections.create(
        connector_id=morning.connector_id(_CONNECTOR),
        name=_NAME,
        params=values,
    )
    morning.created_id = f"{created.id}"
    found = list(tenant.connections.list(name=_NAME, list_all=True))
    morning.show(found)
    expect.equal("there was none of this name before, and is one now", (before, len(found)), (0, 1))
    read = tenant.connections.get(morning.created_id)
    expect.equal("what was read back is what the creation returned", _fields(read), _fields(created))
    expect.equal(
        "its name, connector, owner and space are as asked for",
        (read.name, read.connector_id, read.owner_id, read.space_id),
        (_NAME, morning.connector_id(_CONNECTOR), morning.sandbox.users[0].id, None),
    )
    expect.true("host has the value that was sent", _values(read).get("host") == values["host"])
    expect.true("no value is in the connection's repr", not any(value in repr(read) for value in values.values()))
    expect.true("it is connected", read.is_connected)


def _update(morning: Morning) -> None:
    expect, connections = morning.expect, morning.tenant.connections
    before = connections.get(morning.created_id)
    connections.update(morning.created_id, name=_NEW_NAME, params={"host": "smtp2.example.com"})
    after = connections.get(morning.created_id)
    morning.show_change(before, after)
    expect.equal("it has its new name", after.name, _NEW_NAME)
    expect.true("host has its new value", _values(after).get("host") == "smtp2.example.com")
    expect.true(
        "all other params are as they were",
        {**_values(before), "host": None} == {**_values(after), "host": None},
    )
    expect.true("it is still connected, so its password was kept", after.is_connected)


def _hand_over(morning: Morning) -> None:
    expect, connections = morning.expect, morning.tenant.connections
    owner, space = morning.sandbox.users[2], morning.sandbox.spaces[0]
    before = connections.get(morning.created_id)
    connections.change_owner(morning.created_id, user_id=owner.id)
    connections.change_space(morning.created_id, space_id=space.id)
    after = connections.get(morning.created_id)
    morning.show_change(before, after)
    expect.equal("it has its new owner and space", (after.owner_id, after.space_id), (owner.id, space.id))
    connections.change_space(morning.created_id, space_id=None)
    expect.equal("with space_id=None it went to the personal space", connections.get(morning.created_id).space_id, None)


def _check(morning: Morning) -> None:
    connections = morning.tenant.connections
    waiting = morning.pick("Slack", works=False)
    ids = (morning.created_id, f"{waiting.id}")
    details = [connections.get(id) for id in ids]
    results = [connections.check(id).connected for id in ids]
    rows = [
        (
            f"{detail.name}",
            morning.connector(detail.connector_id),
            yes_or_no(works),
            "open .redirect to consent" if detail.redirect else "",
        )
        for detail, works in zip(details, results, strict=True)
    ]
    morning.printout.table(("Name", "Connector", "Works", "What to do"), rows)
    morning.expect.equal("the new one works, the one without consent does not", results, [True, False])
    morning.expect.true(
        "only the latter says where to consent", [bool(item.redirect) for item in details] == [False, True]
    )


def _try_the_forbidden(morning: Morning) -> None:
    expect, sandbox, tenant = morning.expect, morning.sandbox, morning.tenant
    in_use = sandbox.in_use[0]
    held = morning.held()
    refused: list[tuple[str, APIStatusError]] = []
    answered: list[tuple[int | None, str | None]] = []

    def keep(tried: str, error: APIStatusError) -> None:
        refused.append((tried, error))
        answered.append((sandbox.ledger[-1].status, sandbox.ledger[-1].trace_id))

    with (
        Tenant(sandbox.url, api_key=_WRONG_KEY) as stranger,
        expect.error("a wrong key: AuthenticationError", AuthenticationError) as unknown,
    ):
        stranger.connections.get(in_use)
    keep("a wrong key", unknown.error)
    with (
        Tenant(sandbox.url, api_key=sandbox.user_api_key) as user,
        expect.error("list_all without being an administrator: PermissionDeniedError", PermissionDeniedError) as denied,
    ):
        list(user.connections.list(list_all=True))
    keep("all, as a user", denied.error)
    with expect.error("an id that does not exist: NotFoundError", NotFoundError) as missing:
        tenant.connections.get(_MISSING_ID)
    keep("a missing id", missing.error)
    with expect.error("deletion of a connection in use: BadRequestError", BadRequestError) as used:
        tenant.connections.delete(in_use)
    keep("deletion, in use", used.error)
    requests = len(sandbox.ledger)
    with expect.error('the id "..": ConfigurationError', ConfigurationError):
        tenant.connections.delete("..")
    expect.equal("and nothing was sent for it", len(sandbox.ledger), requests)
    rows = [
        (tried, f"{type(error).__name__}\nstatus {error.status_code}", f"{error.trace_id}\n{error.detail}")
        for tried, error in refused
    ]
    morning.printout.table(
        ("Tried", "Raised", "Trace id, and what it said"), rows, whole=("Trace id, and what it said",)
    )
    expect.equal(
        "statuses and trace ids are those that the sandbox recorded",
        [(error.status_code, error.trace_id) for _, error in refused],
        answered,
    )
    expect.true("nothing was changed by all this", morning.held() == held)


def _delete(morning: Morning) -> None:
    expect, connections = morning.expect, morning.tenant.connections
    in_use = morning.sandbox.in_use[0]
    connections.delete(morning.created_id)
    connections.delete(in_use, forced=True)
    for what, id in (("the new connection", morning.created_id), ("the one in use", in_use)):
        with expect.error(f"{what} is gone: NotFoundError", NotFoundError):
            connections.get(id)
    left = list(connections.list(list_all=True))
    morning.printout.table(
        ("Connections", "Number"), [("in the morning", str(len(morning.listed))), ("now", str(len(left)))]
    )
    expect.equal(
        "all others are as they were in the morning",
        sorted((_fields(item) for item in left), key=str),
        sorted((_fields(item) for item in morning.listed if item.id != in_use), key=str),
    )


STEPS: tuple[Step[Morning], ...] = (
    Step(
        "List everybody's connections, the last changed first",
        ('tenant.connections.list(list_all=True, sort="-updatedAt", limit=100).pages()',),
        _list_everything,
    ),
    Step(
        "Filter and sort",
        (
            "tenant.connections.list(",
            '    filter=\'name co "Finance" or name co "Sales"\', sort="name",',
            "    list_all=True, limit=20)",
        ),
        _filter,
    ),
    Step(
        "Find by name, whatever characters it has",
        ("tenant.connections.list(", f'    name={_QUOTED_NAME!r}, sort="updatedAt", list_all=True)'),
        _find_by_name,
    ),
    Step(
        "Show one in detail",
        ("mail = tenant.connections.get(id)", "mail.params"),
        _show_one,
    ),
    Step(
        "Create one",
        (
            "mail = tenant.connections.create(",
            f'    connector_id=smtp, name="{_NAME}",',
            '    params={"host": host, "username": username, "password": password})',
        ),
        _create,
    ),
    Step(
        "Rename it, and change a param by its name",
        (
            "tenant.connections.update(",
            f'    mail.id, name="{_NEW_NAME}", params={{"host": new_host}})',
        ),
        _update,
    ),
    Step(
        "Change its owner and its space",
        (
            "tenant.connections.change_owner(mail.id, user_id=user)",
            "tenant.connections.change_space(mail.id, space_id=finance)",
            "tenant.connections.change_space(mail.id, space_id=None)",
        ),
        _hand_over,
    ),
    Step(
        "Check two",
        ("tenant.connections.check(id).connected",),
        _check,
    ),
    Step(
        "Try the forbidden",
        (
            "Tenant(url, api_key=wrong_key).connections.get(id)",
            "list(Tenant(url, api_key=ordinary_user).connections.list(list_all=True))",
            f'tenant.connections.get("{_MISSING_ID}")',
            "tenant.connections.delete(in_use)",
            'tenant.connections.delete("..")',
        ),
        _try_the_forbidden,
    ),
    Step(
        "Delete both",
        ("tenant.connections.delete(mail.id)", "tenant.connections.delete(in_use, forced=True)"),
        _delete,
    ),
    AUDIT,
)

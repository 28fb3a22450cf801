"""List where the spec deliberately says more than the vendor, or something else, each with its reason.

A departure that no longer applies is reported as a difference, so the list can't outlive what it explains.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Final

from attrs import frozen

from .comparison import NOTHING, Difference

_CONNECTIONS: Final = "/api/workflows/automation-connections"
_CONNECTORS: Final = "/api/workflows/automation-connectors"
_AUTOMATIONS: Final = "/api/workflows/automations"
_USERS: Final = "/api/v1/users"
_SPACES: Final = "/api/v1/spaces"


@frozen
class Departure:
    """One fact that the spec states differently on purpose.

    Attributes:
        where: The places, as differences name them; `*` stands for any text, and nothing else is special.
        fact: What differs there.
        vendor: What the vendor says.
        spec: What the spec says.
        origin: How that is known, or why it is so.
    """

    where: str
    fact: str
    vendor: str
    spec: str
    origin: str

    def explains(self, difference: Difference) -> bool:
        """Return whether a difference is this departure."""
        return (self.fact, self.vendor, self.spec) == (
            difference.fact,
            difference.vendor,
            difference.spec,
        ) and fnmatchcase(difference.where, self.where.replace("[", "[[]").replace("?", "[?]"))


_UNSTATED: Final = "the vendor's OpenAPI says so; the page has no place for it"
_TIMESTAMP: Final = "every sample of the service is an RFC 3339 timestamp, and the models read it as one"
_CONCEALED: Final = "may hold a secret: the format keeps it out of the models' repr"

# Facts that say whether a place exists at all.
_WHOLES: Final = ("operation", "body", "status", "field")

DEPARTURES: Final = (
    Departure(f"GET {_CONNECTIONS}, query parameter limit", "minimum", NOTHING, "1", _UNSTATED),
    Departure(f"GET {_CONNECTIONS}, query parameter limit", "maximum", NOTHING, "200", _UNSTATED),
    Departure(f"GET {_CONNECTIONS}, query parameter limit", "default", NOTHING, "100", _UNSTATED),
    Departure(f"GET {_CONNECTIONS}, query parameter listAll", "default", NOTHING, "False", _UNSTATED),
    Departure(f"GET {_CONNECTIONS}, query parameter sort", "default", NOTHING, "id", _UNSTATED),
    Departure(f"DELETE {_CONNECTIONS}/{{id}}, query parameter forced", "default", NOTHING, "False", _UNSTATED),
    Departure(f"GET {_CONNECTIONS}, response 200, data[].*", "x-qlik-filterable", NOTHING, "True", _UNSTATED),
    Departure(f"* {_CONNECTIONS}*, response 20*createdAt", "format", NOTHING, "date-time", _TIMESTAMP),
    Departure(f"* {_CONNECTIONS}*, response 20*updatedAt", "format", NOTHING, "date-time", _TIMESTAMP),
    Departure(f"* {_CONNECTIONS}*, params[].value", "format", NOTHING, "password", _CONCEALED),
)
"""Departures from the page."""

_NULL: Final = "models read None for a null wherever it comes, so the spec declares none"
_ANY_ID: Final = "the client treats ids as opaque text"
_OPEN: Final = "read as any text: a value that the vendor adds must not make an answer unreadable"
_UNUSED: Final = "nothing needs it to understand connections; it is read as an additional property"
_ASSUMED: Final = "models read None for what is left out, and assume nothing"
_EXISTS: Final = "that it exists"
_ANY: Final = "any value"


def _unused_fields(where: str, **types: str) -> Iterator[Departure]:
    for name, kind in types.items():
        yield Departure(f"{where}{name}", "field", f"{_EXISTS} ({kind}, optional)", NOTHING, _UNUSED)


def _automation(where: str) -> Iterator[Departure]:
    """Yield what an automation in a list, its details, and what a write returns have in common."""
    yield Departure(f"{where}id", "format", "uuid", NOTHING, _ANY_ID)
    yield Departure(f"{where}state", "default", "available", NOTHING, _ASSUMED)
    yield Departure(f"{where}executionToken", "format", NOTHING, "password", _CONCEALED)
    yield from _unused_fields(where, lastRun="object", snippetIds="string[]", endpointIds="string[]")


def _left_out(why: str, *operations: str) -> Iterator[Departure]:
    for operation in operations:
        yield Departure(operation, "operation", _EXISTS, NOTHING, why)


_AUTOMATIONS_LISTED: Final = f"GET {_AUTOMATIONS}, response 200, data[]."
_AUTOMATION_AT: Final = (
    f"POST {_AUTOMATIONS}, response 201, ",
    *(f"{method} {_AUTOMATIONS}/{{id}}, response 200, " for method in ("GET", "PUT")),
)


def _of_names(base: str, parameter: str) -> Iterator[Departure]:
    """Yield what users and spaces have in common: they are read for their names alone."""
    one, every = f"GET {base}/{{id}}", f"GET {base}*"
    yield Departure(one, "path", f"GET {base}/{{{parameter}}}", one, "a parameter's name in a path is not sent")
    yield Departure(every, "format", "uid", NOTHING, _ANY_ID)
    yield Departure(f"{every} response 200*", "required", "required", "optional", _MAY_LACK)
    yield Departure(every, "status", NOTHING, _EXISTS, "inferred: only administrators may be allowed to")
    yield Departure(f"{every} response 429", "status", _EXISTS, NOTHING, "the client waits, whatever it asked for")
    yield from _unused_fields(f"{every} response 4*", meta="object", source="object")
    yield from _unused_fields(f"{every} response 5*", meta="object", source="object")
    yield Departure(f"GET {base}, response 200, links.self", "field", f"{_EXISTS} (object, required)", NOTHING, _UNUSED)
    for where in (f"GET {base}, response 200, data[].", f"{one}, response 200, "):
        yield Departure(f"{where}tenantId", "field", f"{_EXISTS} (string, required)", NOTHING, _UNUSED)


def _user(where: str) -> Iterator[Departure]:
    yield Departure(f"{where}status", "enum", _USER_STATUSES, _ANY, _OPEN)
    yield Departure(f"{where}assignedRoles[].type", "enum", "only 'default', 'custom'", _ANY, _OPEN)
    yield Departure(f"{where}assignedRoles[].level", "enum", "only 'admin', 'user'", _ANY, _OPEN)
    yield Departure(f"{where}assignedRoles[].name", "x-qlik-filterable", "True", NOTHING, "nothing asks for it")
    yield from _unused_fields(
        where,
        **dict.fromkeys(("locale", "picture", "zoneinfo", "preferredLocale", "preferredZoneinfo"), "string"),
        links="object",
        inviteExpiry="number",
        assignedGroups="object[]",
        assignedScopes="string[]",
    )


def _space(where: str) -> Iterator[Departure]:
    yield Departure(f"{where}type", "enum", "only 'shared', 'managed', 'data'", _ANY, _OPEN)
    yield Departure(f"{where}links", "field", f"{_EXISTS} (object, required)", NOTHING, _UNUSED)
    yield from _unused_fields(where, meta="object", createdBy="string")


_MAY_LACK: Final = "only administrators see all fields"
_USER_STATUSES: Final = "only 'active', 'invited', 'disabled', 'deleted', 'provisioned'"
_USER_SORTS: Final = tuple(
    f"{sign}{name}" for name in ("_id", "tenantId", "clientId", "inviteExpiry") for sign in ("", "+", "-")
)
_SPACE_SORTS: Final = ", ".join(f"'{sign}{name}'" for sign in ("", "+", "-") for name in ("name", "type", "createdAt"))
_ONLY_READ: Final = "users and spaces are only read, for their names"

_LISTED: Final = tuple(f"GET {base}, response 200, " for base in (_CONNECTIONS, _CONNECTORS, _AUTOMATIONS))
_CONNECTOR: Final = f"GET {_CONNECTORS}/{{id}}"

OPENAPI_DEPARTURES: Final = (
    Departure(f"* {_CONNECTIONS}*, params[].value", "format", NOTHING, "password", _CONCEALED),
    *(Departure(f"{listed}links.*.href", "nullable", "True", NOTHING, _NULL) for listed in _LISTED),
    Departure(
        _CONNECTOR, "path", f"GET {_CONNECTORS}/{{connectorId}}", _CONNECTOR, "a parameter's name in a path is not sent"
    ),
    Departure(f"{_CONNECTOR}, path parameter id", "format", "uuid", NOTHING, _ANY_ID),
    Departure(f"GET {_CONNECTORS}, response 200, data[].id", "format", "uuid", NOTHING, _ANY_ID),
    Departure(f"GET {_CONNECTORS}, response 200, data[].description", "nullable", "True", NOTHING, _NULL),
    Departure(f"{_CONNECTOR}, response 200, *id", "format", "uuid", NOTHING, _ANY_ID),
    Departure(f"{_CONNECTOR}, response 200, *", "nullable", "True", NOTHING, _NULL),
    *_unused_fields(
        f"GET {_CONNECTORS}, response 200, data[].", logoLarge="string", logoMedium="string", logoSmall="string"
    ),
    *_unused_fields(f"{_CONNECTOR}, response 200, ", blocks="object[]", snippets="object[]"),
    *_left_out("only webhooks need it, connections don't", f"GET {_CONNECTORS}/{{connectorId}}/webhooks/configuration"),
    *(each for where in (_AUTOMATIONS_LISTED, *_AUTOMATION_AT) for each in _automation(where)),
    *_unused_fields(_AUTOMATIONS_LISTED, duration="integer", workspace="object"),
    *(Departure(f"{where}schedules[].id", "format", "uuid", NOTHING, _ANY_ID) for where in _AUTOMATION_AT),
    Departure(
        f"POST {_AUTOMATIONS}/{{id}}/actions/change-owner, path parameter id", "format", "uuid", NOTHING, _ANY_ID
    ),
    *_left_out(
        "an automation of another tenant is created, not copied",
        *(f"POST {_AUTOMATIONS}/{{id}}/actions/{action}" for action in ("copy", "move")),
    ),
    *_left_out(
        "runs say nothing about connections",
        *(f"{method} {_AUTOMATIONS}/{{id}}/runs" for method in ("GET", "POST")),
        *(f"GET {_AUTOMATIONS}/{{id}}/runs/{{runId}}{part}" for part in ("", "/debug")),
        *(f"POST {_AUTOMATIONS}/{{id}}/runs/{{runId}}/actions/{action}" for action in ("export", "retry", "stop")),
    ),
    *_left_out(
        "about Qlik Automate as a whole, not about connections",
        *(f"{method} {_AUTOMATIONS}/settings" for method in ("GET", "PUT")),
        f"GET {_AUTOMATIONS}/usage",
    ),
    *_of_names(_USERS, "userId"),
    *(
        each
        for where in (f"GET {_USERS}, response 200, data[].", f"GET {_USERS}/{{id}}, response 200, ")
        for each in _user(where)
    ),
    *_unused_fields(f"GET {_USERS}* response 4*", status="number"),
    *_unused_fields(f"GET {_USERS}* response 5*", status="number"),
    *_unused_fields(f"GET {_USERS}, response 200, ", totalResults="integer"),
    *_unused_fields(f"GET {_USERS}, query parameter ", totalResults="boolean"),
    *_unused_fields(f"GET {_USERS}/{{id}}, query parameter ", fields="string"),
    *(
        Departure(
            f"GET {_USERS}, query parameter sort", "enum value", f"{_EXISTS} ({sort!r})", NOTHING, "nobody sorts by it"
        )
        for sort in _USER_SORTS
    ),
    Departure(f"GET {_USERS}, query parameter limit", "type", "number", "integer", "half a user is none"),
    Departure(f"GET {_USERS}/me, response 301", "content type", "text/html", NOTHING, "the header tells all"),
    *_left_out(
        _ONLY_READ,
        f"POST {_USERS}",
        *(f"{method} {_USERS}/{{userId}}" for method in ("PATCH", "DELETE")),
        f"GET {_USERS}/actions/count",
        *(f"POST {_USERS}/actions/{action}" for action in ("filter", "invite")),
    ),
    *_of_names(_SPACES, "spaceId"),
    *(
        each
        for where in (f"GET {_SPACES}, response 200, data[].", f"GET {_SPACES}/{{id}}, response 200, ")
        for each in _space(where)
    ),
    *(
        each
        for status in "45"
        for each in _unused_fields(f"GET {_SPACES}* response {status}*", code="string", title="string", detail="string")
    ),
    *_unused_fields(f"GET {_SPACES}, response 200, ", meta="object"),
    *_unused_fields(
        f"GET {_SPACES}, query parameter ",
        **{"action": "string", "environment.name": "string", "environmentId": "string", "roles": "string[]"},
    ),
    Departure(f"GET {_SPACES}, query parameter limit", "format", "int32", NOTHING, "no limit is that large"),
    Departure(f"GET {_SPACES}, query parameter limit", "minimum", NOTHING, "1", "inferred: fewer is none"),
    Departure(f"GET {_SPACES}, query parameter limit", "maximum", NOTHING, "100", "inferred: 100 is taken"),
    Departure(
        f"GET {_SPACES}, query parameter sort", "enum", _ANY, f"only {_SPACE_SORTS}", "its description lists them"
    ),
    *_left_out(
        _ONLY_READ,
        f"POST {_SPACES}",
        *(f"{method} {_SPACES}/{{spaceId}}" for method in ("PUT", "DELETE", "PATCH")),
        *(f"{method} {_SPACES}/{{spaceId}}/assignments" for method in ("GET", "POST")),
        *(f"{method} {_SPACES}/{{spaceId}}/assignments/{{assignmentId}}" for method in ("GET", "PUT", "DELETE")),
        *(f"{method} {_SPACES}/{{spaceId}}/shares" for method in ("GET", "POST")),
        *(f"{method} {_SPACES}/{{spaceId}}/shares/{{shareId}}" for method in ("GET", "DELETE", "PATCH")),
        f"GET {_SPACES}/types",
    ),
)
"""Departures from the vendor's OpenAPI: what the spec states differently, and the operations that it leaves out."""


@frozen
class Judged:
    """Differences, split into new and known ones.

    Attributes:
        differences: Those that no departure explains, and one for each departure that explains nothing.
        known: Those that a departure explains, each with its departure.
    """

    differences: list[Difference]
    known: list[tuple[Difference, Departure]]


def judge(differences: Iterable[Difference], departures: Sequence[Departure], bases: Iterable[str]) -> Judged:
    """Separate the known differences from the others.

    Args:
        differences: What the comparison found.
        departures: The known ones.
        bases: Base paths that were compared; departures elsewhere are ignored.
    """
    judged = Judged([], [])
    used = set()
    for difference in differences:
        explained = [each for each in departures if each.explains(difference)]
        used |= set(explained)
        if explained:
            judged.known.append((difference, explained[0]))
        else:
            judged.differences.append(difference)
    compared = tuple(bases)
    # What the vendor no longer has at all was reported already.
    gone = tuple(each.where for each in judged.differences if each.vendor == NOTHING and each.fact in _WHOLES)
    for departure in departures:
        if (
            departure not in used
            and not departure.where.startswith(gone)
            and any(f" {base}" in departure.where for base in compared)
        ):
            fact = f"known departure ({departure.fact})"
            spec = f"{departure.spec}, by the list of departures, which no longer applies"
            judged.differences.append(Difference(departure.where, fact, departure.vendor, spec, False))
    return judged

"""List where the spec deliberately says more than the vendor, or something else, each with its reason.

A departure that no longer applies is reported as a difference, so the list can't outlive what it explains.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
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
        says_so = (self.fact, self.vendor, self.spec) == (difference.fact, difference.vendor, difference.spec)
        return says_so and fnmatchcase(difference.where, self.where.replace("[", "[[]").replace("?", "[?]"))


_UNSTATED: Final = "the vendor's OpenAPI says so; the page has no place for it"
_TIMESTAMP: Final = "every sample of the service is an RFC 3339 timestamp, and the models read it as one"
_ASSUMED: Final = "models read None for what is left out, and assume nothing"
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

_SAME_PATH: Final = "a parameter's name in a path is not sent"
_NULL: Final = "models read None for a null wherever it comes, so the spec declares none"
_ANY_ID: Final = "the client treats ids as opaque text"
_OPEN: Final = "read as any text: a value that the vendor adds must not make an answer unreadable"
_UNUSED: Final = "nothing needs it to understand connections; it is read as an additional property"
_ONLY_READ: Final = "users and spaces are only read, for their names"
_EXISTS: Final = "that it exists"
_ANY: Final = "any value"
_USER_SORTS: Final = [
    f"{sign}{name}" for name in ("_id", "tenantId", "clientId", "inviteExpiry") for sign in ("", "+", "-")
]
_SPACE_SORTS: Final = ", ".join(f"'{sign}{name}'" for sign in ("", "+", "-") for name in ("name", "type", "createdAt"))


def _unused(where: str, *fields: str) -> Iterator[Departure]:
    """Yield fields that the spec leaves out, each given as `name: type`, and optional unless it says so."""
    for name, kind in (field.split(": ") for field in fields):
        said = kind if kind.endswith(", required") else f"{kind}, optional"
        yield Departure(f"{where}{name}", "field", f"{_EXISTS} ({said})", NOTHING, _UNUSED)


def _left_out(why: str, base: str, *operations: str) -> Iterator[Departure]:
    """Yield operations that the spec leaves out, each given as its method and what follows the base in its path."""
    for method, _, rest in (operation.partition(" ") for operation in operations):
        yield Departure(f"{method} {base}{rest}", "operation", _EXISTS, NOTHING, why)


def _of_names(base: str, parameter: str) -> Iterator[Departure]:
    """Yield what users and spaces have in common: they are read for their names alone."""
    one, every = f"GET {base}/{{id}}", f"GET {base}*"
    yield Departure(one, "path", f"GET {base}/{{{parameter}}}", one, _SAME_PATH)
    yield Departure(every, "format", "uid", NOTHING, _ANY_ID)
    yield Departure(f"{every} response 200*", "required", "required", "optional", "only administrators see all fields")
    yield Departure(every, "status", NOTHING, _EXISTS, "inferred: only administrators may be allowed to")
    yield Departure(f"{every} response 429", "status", _EXISTS, NOTHING, "the client waits, whatever it asked for")
    yield from _unused(f"{every} response *", "meta: object", "source: object")
    yield from _unused(f"GET {base}, response 200, ", "links.self: object, required")
    yield from _unused(f"{every} response 200, *", "tenantId: string, required")


OPENAPI_DEPARTURES: Final = (
    Departure(f"* {_CONNECTIONS}*, params[].value", "format", NOTHING, "password", _CONCEALED),
    *(
        Departure(f"GET {base}, response 200, links.*.href", "nullable", "True", NOTHING, _NULL)
        for base in (_CONNECTIONS, _CONNECTORS, _AUTOMATIONS)
    ),
    Departure(
        f"GET {_CONNECTORS}/{{id}}",
        "path",
        f"GET {_CONNECTORS}/{{connectorId}}",
        f"GET {_CONNECTORS}/{{id}}",
        _SAME_PATH,
    ),
    Departure(f"GET {_CONNECTORS}*id", "format", "uuid", NOTHING, _ANY_ID),
    Departure(f"GET {_CONNECTORS}, response 200, data[].description", "nullable", "True", NOTHING, _NULL),
    Departure(f"GET {_CONNECTORS}/{{id}}, response 200, *", "nullable", "True", NOTHING, _NULL),
    *_unused(
        f"GET {_CONNECTORS}, response 200, data[].", "logoLarge: string", "logoMedium: string", "logoSmall: string"
    ),
    *_unused(f"GET {_CONNECTORS}/{{id}}, response 200, ", "blocks: object[]", "snippets: object[]"),
    *_left_out("only webhooks need it, connections don't", _CONNECTORS, "GET /{connectorId}/webhooks/configuration"),
    Departure(f"* {_AUTOMATIONS}*id", "format", "uuid", NOTHING, _ANY_ID),
    Departure(f"* {_AUTOMATIONS}*, response 20*state", "default", "available", NOTHING, _ASSUMED),
    Departure(f"* {_AUTOMATIONS}*, response 20*executionToken", "format", NOTHING, "password", _CONCEALED),
    *_unused(f"* {_AUTOMATIONS}*, response 20*", "lastRun: object", "snippetIds: string[]", "endpointIds: string[]"),
    *_unused(f"GET {_AUTOMATIONS}, response 200, data[].", "duration: integer", "workspace: object"),
    *_left_out(
        "an automation of another tenant is created, not copied",
        f"{_AUTOMATIONS}/{{id}}/actions",
        *("POST /copy", "POST /move"),
    ),
    *_left_out(
        "runs say nothing about connections",
        f"{_AUTOMATIONS}/{{id}}/runs",
        *("GET", "POST", "GET /{runId}", "GET /{runId}/debug"),
        *(f"POST /{{runId}}/actions/{action}" for action in ("export", "retry", "stop")),
    ),
    *_left_out(
        "about Qlik Automate as a whole, not about connections",
        _AUTOMATIONS,
        *("GET /settings", "PUT /settings", "GET /usage"),
    ),
    *_of_names(_USERS, "userId"),
    Departure(
        f"GET {_USERS}*, response 200, *status",
        "enum",
        "only 'active', 'invited', 'disabled', 'deleted', 'provisioned'",
        _ANY,
        _OPEN,
    ),
    Departure(f"GET {_USERS}*assignedRoles[].type", "enum", "only 'default', 'custom'", _ANY, _OPEN),
    Departure(f"GET {_USERS}*assignedRoles[].level", "enum", "only 'admin', 'user'", _ANY, _OPEN),
    Departure(f"GET {_USERS}*assignedRoles[].name", "x-qlik-filterable", "True", NOTHING, "nothing asks for it"),
    *_unused(
        f"GET {_USERS}*, response 200, *",
        *("locale: string", "picture: string", "zoneinfo: string", "preferredLocale: string"),
        *("preferredZoneinfo: string", "links: object", "inviteExpiry: number", "assignedGroups: object[]"),
        *("assignedScopes: string[]", "totalResults: integer"),
    ),
    *_unused(f"GET {_USERS}* response *", "status: number"),
    *_unused(f"GET {_USERS}, query parameter ", "totalResults: boolean"),
    *_unused(f"GET {_USERS}/{{id}}, query parameter ", "fields: string"),
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
        _USERS,
        *("POST", "PATCH /{userId}", "DELETE /{userId}"),
        *("GET /actions/count", "POST /actions/filter", "POST /actions/invite"),
    ),
    *_of_names(_SPACES, "spaceId"),
    Departure(f"GET {_SPACES}*, response 200, *type", "enum", "only 'shared', 'managed', 'data'", _ANY, _OPEN),
    *_unused(f"GET {_SPACES}*, response 200, *", "links: object, required", "createdBy: string"),
    *_unused(f"GET {_SPACES}* response *", "code: string", "title: string", "detail: string"),
    *_unused(
        f"GET {_SPACES}, query parameter ",
        *("action: string", "environment.name: string", "environmentId: string", "roles: string[]"),
    ),
    Departure(f"GET {_SPACES}, query parameter limit", "format", "int32", NOTHING, "no limit is that large"),
    Departure(f"GET {_SPACES}, query parameter limit", "minimum", NOTHING, "1", "inferred: fewer is none"),
    Departure(f"GET {_SPACES}, query parameter limit", "maximum", NOTHING, "100", "inferred: 100 is taken"),
    Departure(
        f"GET {_SPACES}, query parameter sort", "enum", _ANY, f"only {_SPACE_SORTS}", "its description lists them"
    ),
    *_left_out(
        _ONLY_READ,
        _SPACES,
        *("POST", "GET /types", *(f"{method} /{{spaceId}}" for method in ("PUT", "DELETE", "PATCH"))),
        *(f"{method} /{{spaceId}}/assignments" for method in ("GET", "POST")),
        *(f"{method} /{{spaceId}}/assignments/{{assignmentId}}" for method in ("GET", "PUT", "DELETE")),
        *(f"{method} /{{spaceId}}/shares" for method in ("GET", "POST")),
        *(f"{method} /{{spaceId}}/shares/{{shareId}}" for method in ("GET", "DELETE", "PATCH")),
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


def judge(differences: Iterable[Difference], departures: Sequence[Departure], bases: Collection[str]) -> Judged:
    """Separate the known differences from the others, ignoring departures below bases that were not compared."""
    judged = Judged([], [])
    used = set()
    for difference in differences:
        explained = [each for each in departures if each.explains(difference)]
        used |= set(explained)
        if explained:
            judged.known.append((difference, explained[0]))
        else:
            judged.differences.append(difference)
    # What the vendor no longer has at all was reported already.
    gone = tuple(each.where for each in judged.differences if each.vendor == NOTHING and each.fact in _WHOLES)
    for departure in departures:
        is_compared = any(f" {base}" in departure.where for base in bases)
        if is_compared and departure not in used and not departure.where.startswith(gone):
            fact = f"known departure ({departure.fact})"
            spec = f"{departure.spec}, by the list of departures, which no longer applies"
            judged.differences.append(Difference(departure.where, fact, departure.vendor, spec, False))
    return judged

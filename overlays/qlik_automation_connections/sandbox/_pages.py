"""Pages for people, served beside the tenant: what it is, its operations, its requests; and its spec as JSON."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from . import _access as access
from ._ledger import Ledger, LedgerEntry, shown_target
from ._markup import Markup, facts, page, table, tag
from ._responses import HTTPError, Response
from ._spec import Operation, Spec
from ._store import TenantState

_SHOWN_REQUESTS = 1_000
_COMMON_HEADERS = {
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Pages:
    """Writes the pages.

    Args:
        spec: The spec.
        state: The tenant's data.
        ledger: The requests so far.

    Attributes:
        paths: Their paths.
    """

    def __init__(self, spec: Spec, state: TenantState, ledger: Ledger) -> None:
        self._spec = spec
        self._state = state
        self._ledger = ledger
        self._pages: dict[str, Callable[[str], Response]] = {
            "/": self._home,
            "/docs": self._operations,
            "/openapi.json": self._openapi,
            "/requests": self._requests,
            # Browsers ask for it unasked.
            "/favicon.ico": lambda _: Response(204),
        }
        self.paths = frozenset(self._pages)

    def respond(self, method: str, path: str, origin: str) -> Response:
        """Return a page.

        Args:
            method: Method of the request.
            path: One of `paths`.
            origin: Address by which the tenant was reached.

        Raises:
            HTTPError: With status 405.
        """
        if method not in ("GET", "HEAD"):
            raise HTTPError(405, "This page can only be read.", {"Allow": "GET, HEAD"})
        response = self._pages[path](origin)
        return Response(response.status, response.body, {**_COMMON_HEADERS, **response.headers})

    def _home(self, origin: str) -> Response:
        with self._state.lock:
            counts = {
                kind: f"{sum(1 for _ in getattr(self._state, kind)):,}"
                for kind in ("connections", "automations", "connectors", "users", "spaces")
            }
        return page(
            "/",
            "A sandbox tenant",
            tag(
                "p",
                "A fake Qlik Cloud tenant on this machine, with the operations of the automation connections API.",
                " It is strict about the spec, and answers as the service does. What it holds is lost when it stops.",
            ),
            facts(
                {
                    "Address": tag("code", origin),
                    "API key": Markup(f"{tag('code', access.API_KEY)} (an administrator's)"),
                    "User's key": Markup(f"{tag('code', access.USER_API_KEY)} (sees only their own connections)"),
                    "OAuth client": Markup(
                        f"{tag('code', access.CLIENT_ID)}, secret {tag('code', access.CLIENT_SECRET)}"
                    ),
                }
            ),
            tag("p", "The first two connections:"),
            tag("pre", self._curl(self._spec.operations["getAutomationConnections"], origin)),
            tag("h2", "What it holds"),
            facts({kind.capitalize(): number for kind, number in counts.items()}),
        )

    def _openapi(self, origin: str) -> Response:
        server = {"url": origin, "description": "A sandbox tenant."}
        return Response.of_json(200, {**self._spec.document, "servers": [server]})

    def _requests(self, _: str) -> Response:
        entries = self._ledger.snapshot()
        newest = entries[: -_SHOWN_REQUESTS - 1 : -1]
        known = {user.id: user.name for user in self._state.users}
        total = entries[-1].number if entries else 0
        return page(
            "/requests",
            "Requests",
            tag("p", f"The latest {len(newest):,} of {total:,}, newest first." if entries else "None so far."),
            table(("Request", "Response"), (self._row(entry, known) for entry in newest)),
        )

    def _row(self, entry: LedgerEntry, names: Mapping[str, str]) -> tuple[str, str]:
        caller = entry.principal and entry.principal.partition(":")[2]
        about = (
            f"{entry.number}, after {entry.time:.1f} s",
            entry.operation or "no operation",
            names.get(caller or "", caller),
        )
        status = "dropped" if entry.status is None else str(entry.status)
        return (
            _with_remark(
                tag("code", f"{entry.method} {shown_target(entry, self._spec)}"), " · ".join(filter(None, about))
            ),
            tag("span", status, class_="" if status < "4" else "failed"),
        )

    def _operations(self, origin: str) -> Response:
        described = {
            entry["operationId"]: {**entry, "parameters": [*item.get("parameters", []), *entry.get("parameters", [])]}
            for item in self._spec.document["paths"].values()
            for entry in item.values()
            if "operationId" in entry
        }
        sections = [
            section
            for name, entry in described.items()
            for section in self._section(self._spec.operations[name], entry, origin)
        ]
        contents = [tag("li", tag("a", entry["summary"], href=f"#{name}")) for name, entry in described.items()]
        return page("/docs", "Operations", tag("ul", *contents), *sections)

    def _section(self, operation: Operation, entry: Mapping[str, Any], origin: str) -> Iterator[Markup]:
        yield tag("h2", entry["summary"], id=operation.id)
        yield tag("code", operation.method, " ", operation.path)
        yield tag("p", f"{entry.get('description', '')} ", tag("small", f"{operation.id}, rate tier {operation.tier}"))
        yield table(("Parameter", "Meaning"), self._parameters(operation, entry))
        yield table(("Response", "Meaning"), self._responses(entry))
        yield tag("pre", self._curl(operation, origin))

    def _parameters(self, operation: Operation, entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for parameter in map(self._resolved, entry["parameters"]):
            meaning, required = parameter.get("description", ""), parameter.get("required", False)
            yield _parameter(parameter["name"], parameter["in"], parameter["schema"], meaning, required=required)
        if operation.body:
            schema = self._schema(operation.body)
            for name, field in schema["properties"].items():
                required = name in schema.get("required", ())
                yield _parameter(name, "body", field, field.get("description", ""), required=required)

    def _responses(self, entry: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
        for status, given in entry["responses"].items():
            response = self._resolved(given)
            content = response.get("content", {}).get("application/json", {}).get("schema", {})
            example = self._resolved(content).get("example") if status < "3" else None
            shown = json.dumps(example, ensure_ascii=False, indent=2) if example is not None else ""
            more = tag("details", tag("summary", "Example"), tag("pre", shown)) if shown else Markup()
            yield status, Markup(f"{tag('span', response['description'])}{more}")

    def _schema(self, name: str) -> Mapping[str, Any]:
        schema: Mapping[str, Any] = self._spec.document["components"]["schemas"][name]
        return schema

    def _resolved(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """Follow a reference within the spec."""
        if "$ref" in node:
            found: Any = self._spec.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            node = found
        return node

    def _curl(self, operation: Operation, origin: str) -> str:
        """Return a command that works here. Its quotes suit every shell; --noproxy bypasses the environment's proxy."""
        path = re.sub(r"\{\w+\}", self._example_id(operation), operation.path)
        words = ['curl --noproxy "*"', f'-H "Authorization: Bearer {access.API_KEY}"']
        if operation.method != "GET":
            words.insert(1, f"-X {operation.method}")
        if operation.status >= 300:
            words.append("--location")
        if operation.body:
            text = json.dumps(self._example_body(operation.body)).replace('"', '\\"')
            words += ['-H "Content-Type: application/json"', f'-d "{text}"']
        query = "?limit=2" if "limit" in operation.query else ""
        if operation.noun == "connection" and query:
            query += "&listAll=true"
        return " ".join((*words, f'"{origin}{path}{query}"'))

    def _example_id(self, operation: Operation) -> str:
        """Return the id of an item that the administrator may read, change and delete."""
        noun = operation.noun
        with self._state.lock:
            used, admin = self._state.in_use(), self._state.users[0].id
            fitting: list[str] = [
                item.id
                for item in getattr(self._state, f"{noun}s")
                if item.id not in used
                and (noun != "connection" or not item.connector.managed)
                and (noun != "automation" or item.owner_id == admin)
            ]
        # Another one is deleted than the other lines are about, so that all of them work.
        return (fitting or ["none"])[-1 if operation.method == "DELETE" else 0]

    def _example_body(self, schema: str) -> dict[str, Any]:
        """Return the spec's example with ids of this tenant, and without params, which depend on the connector."""
        ids = {
            "connectorId": next(each.id for each in self._state.connectors if not each.managed),
            "userId": self._state.users[1].id,
            "spaceId": next((space.id for space in self._state.spaces), ""),
        }
        example: Mapping[str, Any] = self._schema(schema).get("example", {})
        return {name: ids.get(name, value) for name, value in example.items() if name != "params"}


def _with_remark(text: str, remark: str) -> Markup:
    return Markup(f"{tag('span', text)}<br>{tag('small', remark)}")


def _parameter(name: str, place: str, schema: Mapping[str, Any], meaning: str, *, required: bool) -> tuple[str, str]:
    where = f"{place}, required" if required else place
    return _with_remark(tag("code", name), where), _with_remark(meaning, _type(schema))


def _type(schema: Mapping[str, Any]) -> str:
    kind = str(schema.get("type", "object"))
    default = f", by default {json.dumps(schema['x-default'])}" if "x-default" in schema else ""
    bounds = f", {schema['minimum']} to {schema['maximum']}" if {"minimum", "maximum"} <= schema.keys() else ""
    choices = f": {', '.join(schema['enum'])}" if "enum" in schema else ""
    return f"{kind}{bounds}{default}{choices}"

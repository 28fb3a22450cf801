"""Takes out of a recording whatever could tell where and by whom it was made, before it is written.

Everything that is not known to be harmless is replaced. A replacement depends on the order of first sight alone, so
that the same exchanges give the same cassette, and one original has one replacement, so that a replay hangs together.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from qlik_automation_connections_api.operations import OPERATIONS

HOST = "tenant.example.com"
ORIGIN = f"https://{HOST}"
REQUEST_HEADERS = frozenset({"accept", "content-type"})
RESPONSE_HEADERS = frozenset({"content-type", "deprecation", "location", "retry-after", "sunset"})

_PATH_WORDS = {
    word
    for operation in OPERATIONS.values()
    for path in (operation.path, operation.v1_path)
    for word in path.split("/")
    if not word.startswith("{")
}
_PLAIN_QUERY = {"limit", "sort", "listAll", "forced", "type"}
_TEXTS = {"title", "detail", "documentation"}
_PLAIN = {"code", "fieldType", "order", "isOptional", "isConnected", "connected", "is_connected"}
_PLAIN |= {"status", "type", "level", "optional", "runMode", "state", "lastRunStatus", "maxConcurrentRuns", "interval"}
_IDS = {"id", "ownerId", "spaceId", "connectorId", "connectorIds", "userId"}
_TIMES = {"createdAt", "updatedAt", "lastUpdatedAt", "lastRunAt", "lastStartedAt"}
_CONTAINERS = {"data", "links", "next", "prev", "params", "paramOptions", "errors", "assignedRoles", "schedules"}

_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?")
_TELLING = re.compile(
    r"(?i:authorization)\S*|(?i:bearer)(?:\s+\S+)?|https?://\S+|\S+@\S+|eyJ[\w.-]+|[\w.-]+\.qlikcloud\.com|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,}"
)
_SHORTEST_IN_TEXT = 4
_FIRST_MOMENT = datetime(2025, 1, 1)


class Masker:
    """Masks one recording.

    Args:
        replacements: replacements that the tests must know beforehand, by original.
        kept: words that stay, for they come from the tests themselves.
    """

    def __init__(self, replacements: Mapping[str, str], kept: Iterable[str]) -> None:
        self._replacements = {**replacements, **{word: word for word in kept}}
        self._fixed = frozenset(self._replacements.values())
        self._counts: Counter[str] = Counter()
        self._moments: dict[str, str] = {}

    def mask(self, cassette: Mapping[str, Any]) -> dict[str, Any]:
        """A masked copy of a cassette's document."""
        # What is found late may stand in a text that came early, and moments are replaced in their own order.
        self._document(cassette)
        for number, moment in enumerate(sorted(self._moments)):
            self._moments[moment] = _moment(number, moment)
        return self._document(cassette)

    def _document(self, cassette: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "version": cassette["version"],
            "interactions": [
                {"request": self._request(entry["request"]), "response": self._response(entry["response"])}
                for entry in cassette["interactions"]
            ],
        }

    def _request(self, request: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "method": request["method"],
            "uri": self._address(request["uri"]),
            "headers": _allowed(request["headers"], REQUEST_HEADERS),
            "body": self._body(request["body"]),
        }

    def _response(self, response: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "status": {"code": response["status"]["code"], "message": response["status"]["message"]},
            "headers": self._response_headers(response["headers"]),
            "body": {"string": self._body(response["body"]["string"])},
        }

    def _response_headers(self, headers: Mapping[str, Any]) -> dict[str, Any]:
        kept = _allowed(headers, RESPONSE_HEADERS)
        if "location" in kept:
            kept["location"] = [self._address(address) for address in kept["location"]]
        return kept

    def _body(self, body: str | bytes | None) -> str:
        if not body:
            return ""
        try:
            document = json.loads(body)
        except ValueError:
            return "masked text"
        return json.dumps(self._value("", document, inside="connection"), ensure_ascii=False, separators=(",", ":"))

    def _address(self, address: str) -> str:
        parts = urlsplit(address)
        path = "/".join(
            segment if segment in _PATH_WORDS else quote(self._id(unquote(segment)), safe="")
            for segment in parts.path.split("/")
        )
        query = [(name, self._query(name, value)) for name, value in parse_qsl(parts.query, keep_blank_values=True)]
        return f"{ORIGIN}{path}" + (f"?{urlencode(query, quote_via=quote)}" if query else "")

    def _query(self, name: str, value: str) -> str:
        if name in _PLAIN_QUERY:
            return value
        if name == "filter":
            return _LITERAL.sub(lambda found: self._literal(found.group()), value)
        if name in _IDS or name == "name":
            return self._known(value)
        return self._replaced(name, value, lambda number: f"{name}-{number}")

    def _literal(self, literal: str) -> str:
        try:
            text = json.loads(literal)
        except ValueError:
            text = literal
        return json.dumps(self._known(text), ensure_ascii=False)

    def _known(self, text: str) -> str:
        """A literal of a filter is a name or an id."""
        return self._id(text) if _TELLING.fullmatch(text) else self._replaced("name", text)

    def _value(self, key: str, value: Any, *, inside: str) -> Any:
        """Masks a JSON value by its key; what is called `name` depends on what it is inside of."""
        if value is None or isinstance(value, bool) or value == "":
            return value
        if isinstance(value, list):
            return [self._value(key, item, inside=inside) for item in value]
        if isinstance(value, dict):
            within = "param" if key == "params" else inside
            if key and key not in _CONTAINERS:
                within = "unknown"
            return {name: self._value(name, item, inside=within) for name, item in value.items()}
        if inside == "unknown":
            return self._opaque("text", value)
        if key in _IDS:
            return self._id(value) if isinstance(value, str) else int(self._id(str(value)))
        if key in _PLAIN:
            return _TELLING.sub("masked", value) if isinstance(value, str) else value
        if key in _TEXTS and isinstance(value, str):
            return self._text(value)
        if key in _TIMES and isinstance(value, str) and _MOMENT.fullmatch(value):
            return self._moments.setdefault(value, value)
        if key == "href" and isinstance(value, str):
            return self._address(value)
        if key == "traceId" and isinstance(value, str):
            return self._replaced("trace", value, lambda number: f"{number:032x}")
        if key == "redirect" and isinstance(value, str):
            return self._replaced("redirect", value, lambda number: f"{ORIGIN}/redirect-{number}")
        kinds = {"name": "param" if inside == "param" else "name", "exampleValue": "example"}
        kinds |= dict.fromkeys(("value", "options"), "value")
        return self._opaque(kinds.get(key, "account" if key == "oauthAccountName" else "text"), value)

    def _opaque(self, kind: str, value: str | int | float) -> str | int | float:
        return self._replaced(kind, value) if isinstance(value, str) else type(value)(0)

    def _replaced(self, kind: str, original: str, form: Callable[[int], str] | None = None) -> str:
        if original not in self._replacements:
            self._counts[kind] += 1
            number = self._counts[kind]
            self._replacements[original] = form(number) if form else f"{kind} {number}"
        return self._replacements[original]

    def _id(self, original: str) -> str:
        if not original:
            return original
        if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", original):
            return self._replaced("uuid", original, lambda number: f"00000000-0000-4000-8000-{number:012d}")
        if re.fullmatch(r"[0-9a-f]{24}", original):
            return self._replaced("hex", original, lambda number: f"{number:024d}")
        if original.isdecimal():
            return self._replaced("number", original, lambda number: str(1000 + number))
        return self._replaced("id", original, lambda number: f"id-{number}")

    def _text(self, text: str) -> str:
        for original in sorted(self._replacements, key=len, reverse=True):
            if len(original) >= _SHORTEST_IN_TEXT and original not in self._fixed:
                text = text.replace(original, self._replacements[original])
        harmless = set(self._replacements.values())
        return _TELLING.sub(lambda found: found.group() if found.group() in harmless else "masked", text)


def _allowed(headers: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name.lower(): value for name, value in sorted(headers.items()) if name.lower() in names}


def _moment(number: int, original: str) -> str:
    found = _MOMENT.fullmatch(original)
    assert found is not None
    digits, zone = found.groups()
    moment = (_FIRST_MOMENT + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = "." + "123456789"[: len(digits)] if digits else ""
    return moment + fraction + (zone or "")

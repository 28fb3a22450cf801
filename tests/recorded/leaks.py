"""Finds in a cassette what must not be there. Shares no code with what masks it, so as not to share its mistakes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import yaml

from qlik_automation_connections.sandbox import Sandbox
from qlik_automation_connections_api.fields import FIELDS
from recorded.places import REPLAYED
from recorded.scenarios import KEPT

REQUEST_HEADERS: Final = {"accept", "content-type"}
RESPONSE_HEADERS: Final = {"content-type", "deprecation", "location", "retry-after", "sunset"}

_FORBIDDEN: Final = {
    "a credential": r"(?i)authorization|bearer|sandbox-\w+-(key|secret)|no-such-key",
    "a cookie": r"(?i)cookie",
    "a token": r"eyJ",
    "an address of this machine": r"127\.0\.0\.1|localhost|\[::1\]",
    "a tenant's host": r"(?i)qlikcloud",
    "another host": r"(?i)\b[a-z]+://(?!tenant\.example\.com[/\"'\s])",
    "an e-mail address": r"\w@\w",
}
_TEST_WORDS: Final = KEPT | {
    REPLAYED.connector_id,
    REPLAYED.param,
    REPLAYED.user_id,
    REPLAYED.space_id,
    REPLAYED.managed_id,
    REPLAYED.in_use_id,
}
_MASKED_ID: Final = re.compile(r"0{8}-0000-4000-8000-\d{12}|0{20}\d{4}|id-\d+|1\d{3}")
_MASKED_WORD: Final = re.compile(r"(name|param|value|example|account|text) \d+")
_MASKED_TRACE: Final = re.compile(r"0{24}[0-9a-f]{8}")
_TELLING: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[0-9a-f]{24,}")
_IDS: Final = {"id", "ownerId", "spaceId", "connectorId", "connectorIds", "userId"}
_WORDS: Final = {"name", "value", "exampleValue", "oauthAccountName", "options", "executionToken"}
_NUMBERS: Final = {"order", "maxConcurrentRuns", "interval", *_IDS}
_KNOWN: Final = {name for fields in FIELDS.values() for name in fields}
_COLLECTION: Final = re.compile(
    r"/api/(workflows|v1)/automation-connections(/(?P<id>[^/]+)(/actions/(change-owner|change-space|check))?)?"
    r"|/api/(workflows|v1)/automation-connectors(/(?P<connector>[^/]+))?"
    r"|/api/(workflows|v1)/automations(/(?P<automation>[^/]+)(/actions/(change-owner|change-space|enable|disable))?)?"
    r"|/api/v1/(users|spaces)(/(me|(?P<named>[^/]+)))?"
)


def _originals() -> set[str]:
    found = set()
    sandbox = Sandbox()
    for automation in sandbox.automations:
        found |= {automation.id, automation.name, automation.execution_token or ""}
    found |= {text for user in sandbox.users for text in (user.id, user.name, user.email, user.subject)}
    found |= {text for space in sandbox.spaces for text in (space.id, space.name)}
    found |= {text for connector in sandbox.connectors for text in (connector.id, connector.name)} - _TEST_WORDS
    for connection in sandbox.snapshot(secrets=True):
        found |= {connection["id"], connection["ownerId"], connection["spaceId"], connection["name"]}
        found |= {param["id"] for param in connection["params"]} | {param["value"] for param in connection["params"]}
        found.add(connection.get("oauthAccountName", ""))
    # Short ones are words like any other.
    return {text for text in found if len(text) > 5}


_ORIGINALS: Final = _originals()


def leaks(text: str) -> list[str]:
    """What must not be in the text of a cassette, each in a few words."""
    found = [what for what, pattern in _FORBIDDEN.items() if re.search(pattern, text)]
    found += [f"the sandbox's own {original!r}" for original in _ORIGINALS if original in text]
    for entry in yaml.load(text, Loader=yaml.CSafeLoader)["interactions"]:
        request, response = entry["request"], entry["response"]
        found += [f"request header {name}" for name in request["headers"] if name not in REQUEST_HEADERS]
        found += [f"response header {name}" for name in response["headers"] if name not in RESPONSE_HEADERS]
        for address in (request["uri"], *response["headers"].get("location", [])):
            found += _address(address)
        for body in (request["body"], response["body"]["string"]):
            found += _body(body)
    return found


def _body(body: str) -> Iterator[str]:
    if body in ("", "masked text"):
        return
    try:
        document = json.loads(body)
    except ValueError:
        yield "a body that is not JSON"
        return
    yield from _value("", document)


def _value(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _value(key, item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _value(name, item)
    elif isinstance(value, str) and value and not _is_masked(key, value):
        yield from _address(value) if key == "href" else [f"{key} {value!r}"]
    elif isinstance(value, int | float) and not isinstance(value, bool) and value and key not in _NUMBERS:
        yield f"{key} {value!r}"


def _is_masked(key: str, text: str) -> bool:
    if key in _IDS or key in _WORDS or key not in _KNOWN:
        return _is_replaced(text)
    if key == "traceId":
        return bool(_MASKED_TRACE.fullmatch(text))
    if key == "redirect":
        return bool(re.fullmatch(r"https://tenant\.example\.com/redirect-\d+", text))
    return key != "href" and not [part for part in _TELLING.findall(text) if not _is_replaced(part)]


def _is_replaced(text: str) -> bool:
    # A text that was no id where it was first met may be one elsewhere.
    return text in _TEST_WORDS or bool(_MASKED_ID.fullmatch(text) or _MASKED_WORD.fullmatch(text))


def _address(address: str) -> Iterator[str]:
    parts = urlsplit(address)
    if f"{parts.scheme}://{parts.netloc}" != "https://tenant.example.com":
        yield f"host {parts.netloc}"
    path = _COLLECTION.fullmatch(parts.path)
    if path is None:
        yield f"path {parts.path}"
    else:
        yield from (f"id {id} in a path" for id in path.groupdict().values() if id and not _is_replaced(id))
    for name, value in parse_qsl(parts.query):
        if name in ("cursor", "next", "prev") and not re.fullmatch(rf"{name}-\d+", value):
            yield f"cursor {value}"
        if name == "filter":
            for literal in re.findall(r'"([^"]*)"', value):
                if not _is_replaced(literal):
                    yield f"{literal!r} in a filter"

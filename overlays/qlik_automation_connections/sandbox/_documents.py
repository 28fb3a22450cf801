"""The JSON documents that the tenant sends: written from the spec, then changed by the quirks that are on.

A quirk of the client's table without an entry here sends its sample and is off by default.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import attrs

from .. import _quirks as client_table
from ._deterministic import timestamp
from ._seed import creation_time_of
from ._spec import Spec

Document = dict[str, Any]
Change = Callable[[Document], None]

# What a person gave to the last run of an automation.
RUN_INPUT = "pretend-input"
UNREADABLE_TIMESTAMP = "0000-00-00T00:00:00.000000Z"
_FIRST_TIME_OF_DAY = timestamp(creation_time_of(0, datetime(2000, 1, 1, tzinfo=UTC))).partition("T")[2]

CONNECTIONS = "AutomationConnectionsList"
CONNECTION = "AutomationConnectionDetailObject"
CHECK = "AutomationConnectionCheckObject"
ERROR = "ErrorResponse"
_CONNECTORS = "AutomationConnectorsList"
_CONNECTOR = "AutomationConnectorDetail"
_AUTOMATIONS = "AutomationList"
AUTOMATION = "AutomationDetailResponseObject"
# Schemas of the responses named in the client's table.
_OF_SAMPLE = {"list": CONNECTIONS, "connection": CONNECTION, "check": CHECK, "error": ERROR}


@attrs.frozen
class Switch:
    """One difference between what is sent and what the spec says.

    Attributes:
        name: Name of the quirk.
        changes: How it changes a document in place, by the document's schema.
        default: Whether it is on by default.
        changes_when_off: The same while the quirk is off, for a quirk that unchanged documents show.
    """

    name: str
    changes: Mapping[str, Change]
    default: bool = False
    changes_when_off: Mapping[str, Change] = attrs.field(factory=dict)

    @property
    def schemas(self) -> frozenset[str]:
        """Schemas of the documents that the quirk affects."""
        return frozenset({*self.changes, *self.changes_when_off})


def _in_connections(change: Change) -> Mapping[str, Change]:
    """Apply a change to a single connection and to each connection of a list."""

    def change_list(document: Document) -> None:
        for item in document["data"]:
            change(item)

    return {CONNECTIONS: change_list, CONNECTION: change}


def _in_params(change: Change) -> Change:
    def change_document(document: Document) -> None:
        for param in document["params"]:
            change(param)

    return change_document


def _spell_boolean(name: str) -> Change:
    return _in_params(lambda param: param.update({name: "true" if param[name] else "false"}))


def _add_nulls(*names: str) -> Change:
    return lambda document: document.update({name: None for name in names if name not in document})


def _spell_check(document: Document) -> None:
    # As the vendor declared it until February 2026.
    document["isConnected"] = document.pop("connected")
    del document["is_connected"]


def _null_links(document: Document) -> None:
    for link in document["links"].values():
        link.setdefault("href", None)


def _null_in_automation(document: Document) -> None:
    """Add what the spec leaves out."""
    ended, status = document.setdefault("lastRunAt", None), document["lastRunStatus"]
    failure = [{"message": "A block failed."}] if status == "failed" else None
    inputs = {"text": RUN_INPUT}
    run = {
        "id": document["id"],
        "status": status,
        "stopTime": ended,
        "inputs": inputs,
        "error": failure,
        "metrics": None,
    }
    document["lastRun"] = None if ended is None else run
    for schedule in document.get("schedules", ()):
        schedule.update(stopAt=schedule.get("stopAt"), lastStartedAt=schedule.get("lastStartedAt"))


def _null_in_automations(document: Document) -> None:
    _null_links(document)
    for item in document["data"]:
        _null_in_automation(item)
        item["workspace"] = None


def _swap_empties(document: Document) -> None:
    document["error"] = document["error"] or []
    for param in document["params"]:
        if param["order"] % 2 == 0:
            param["meta"] = param["meta"] or {}


def _wrap(document: Document) -> None:
    inner = dict(document)
    document.clear()
    document["data"] = inner


def _spoil_timestamp(document: Document) -> None:
    # The first connection, whatever the day: only the time of day is the same in all tenants.
    if document["createdAt"].partition("T")[2] == _FIRST_TIME_OF_DAY:
        document["createdAt"] = UNREADABLE_TIMESTAMP


def _remove_zones(document: Document) -> None:
    for name in ("createdAt", "updatedAt"):
        document[name] = document[name].removesuffix("Z")


def _remove_empty_space(document: Document) -> None:
    if document["spaceId"] == "":
        del document["spaceId"]


def _error_as_text(document: Document) -> None:
    document["error"] = document["error"].get("message", "") if isinstance(document["error"], dict) else ""


def _meta_as_object(param: Document) -> None:
    if isinstance(param["meta"], list):
        param["meta"] = {"entries": param["meta"]}


def _options_as_texts(param: Document) -> None:
    param["paramOptions"] = [option["value"] for option in param["paramOptions"]]


def _options_as_objects(param: Document) -> None:
    param["options"] = [{"id": str(number), "value": option} for number, option in enumerate(param["options"], 1)]


def _reword_error(document: Document) -> None:
    errors = document["errors"]
    error = errors if isinstance(errors, dict) else errors[0]
    # As Laravel does.
    document.update(message=error["title"], errors={error["code"]: [error["detail"]]})


def _number_params(document: Document) -> None:
    document["params"] = {str(number): param for number, param in enumerate(document["params"])} or []


def _shorten_links(document: Document) -> None:
    href = document["links"]["next"].get("href")
    if href is None:
        document["links"] = {"next": None}
    else:
        # The tenant's own address precedes the path.
        document["links"]["next"]["href"] = "/" + href.split("/", 3)[3]


def _merge(sample: Document) -> Change:
    return lambda document: document.update(_merged(document, sample))


def _merged(document: Any, sample: Any) -> Any:
    """Return the document with the sample's fields; the sample of a list's element applies to every element."""
    if isinstance(document, dict) and isinstance(sample, dict):
        return {**document, **{name: _merged(document.get(name), part) for name, part in sample.items()}}
    if document and isinstance(document, list) and sample and isinstance(sample, list):
        return [_merged(element, sample[0]) for element in document]
    return sample


_OWN = (
    Switch("empty-space-id", {}, default=True, changes_when_off=_in_connections(_remove_empty_space)),
    Switch("unreadable-value", _in_connections(_spoil_timestamp)),
    Switch("timestamp-without-zone", _in_connections(_remove_zones)),
    Switch(
        "boolean-spelling",
        {CONNECTION: _spell_boolean("isOptional"), _CONNECTOR: _spell_boolean("optional")},
        default=True,
    ),
    Switch(
        "null-values",
        {
            CONNECTION: _add_nulls("redirect", "oauthAccountName"),
            _CONNECTOR: _add_nulls("connectDocumentation"),
            AUTOMATION: _null_in_automation,
            **dict.fromkeys((CONNECTIONS, _CONNECTORS), _null_links),
            _AUTOMATIONS: _null_in_automations,
        },
        default=True,
    ),
    Switch("empty-object-as-list", {CONNECTION: _swap_empties}, default=True),
    Switch("meta-not-a-list", {CONNECTION: _in_params(_meta_as_object)}),
    Switch("error-not-an-object", {CONNECTION: _error_as_text}),
    Switch("other-scalar", {CONNECTION: _in_params(lambda param: param.update(order=str(param["order"])))}),
    Switch("check-spelling", {CHECK: _spell_check}),
    Switch("option-spelling", {CONNECTION: _in_params(_options_as_texts), _CONNECTOR: _in_params(_options_as_objects)}),
    Switch("unknown-field", _in_connections(lambda document: document.update(labels=[]))),
    Switch("link-without-page", {CONNECTIONS: _shorten_links}),
)
# Applied last, because these move fields that other quirks change.
_LAST = (
    Switch("params-as-mapping", {CONNECTION: _number_params}),
    Switch("errors-not-a-list", {ERROR: lambda document: document.update(errors=document["errors"][0])}),
    Switch("error-in-other-words", {ERROR: _reword_error}),
    Switch("trace-id-number", {ERROR: lambda document: document.update(traceId=int(document["traceId"], 16) % 2**63)}),
    Switch("wrapped-in-data", dict.fromkeys((CONNECTION, _CONNECTOR, AUTOMATION), _wrap)),
)


def switches(quirks: Iterable[client_table.Quirk]) -> tuple[Switch, ...]:
    """Return a switch for each quirk of the client's table, in the order of application."""
    own = {switch.name for switch in (*_OWN, *_LAST)}
    by_sample = (
        Switch(quirk.name, {_OF_SAMPLE[quirk.response]: _merge(json.loads(quirk.sample))})
        for quirk in quirks
        if quirk.name not in own
    )
    return (*_OWN, *by_sample, *_LAST)


QUIRKS: Mapping[str, Switch] = {switch.name: switch for switch in switches(client_table.QUIRKS)}
DEFAULT_QUIRKS = frozenset(switch.name for switch in QUIRKS.values() if switch.default)


def selected(quirks: bool | Collection[str]) -> frozenset[str]:
    """Return the names of the quirks to turn on.

    Args:
        quirks: True for the default quirks, False for none, or names.

    Raises:
        ValueError: A name is unknown.
    """
    if isinstance(quirks, bool):
        return DEFAULT_QUIRKS if quirks else frozenset()
    names = frozenset({quirks} if isinstance(quirks, str) else map(str, quirks))
    if unknown := sorted(names - set(QUIRKS)):
        raise ValueError(f"unknown quirks: {', '.join(unknown)}; allowed are True, False, {', '.join(QUIRKS)}")
    return names


class Documents:
    """Writes documents.

    Args:
        spec: The spec.
        quirks: Names of the quirks that are on.
    """

    def __init__(self, spec: Spec, quirks: Collection[str]) -> None:
        self._quirks = quirks
        self._fields = cache(spec.fields)

    def write(self, schema: str, item: object) -> Document:
        """Write an item as the spec declares it, without quirks. Fields that are absent or None are left out.

        Args:
            schema: Schema of the document.
            item: The item. Its attributes are named after the schema's fields.
        """
        document: Document = {}
        for field in self._fields(schema):
            value = getattr(item, field.attribute, None)
            if isinstance(value, tuple):
                value = [self.write(field.items, element) if field.items else element for element in value]
            if value is not None:
                document[field.name] = value
        return document

    def apply_quirks(self, schema: str, document: Document) -> Document:
        """Apply the active quirks to a document in place, and return it."""
        for switch in QUIRKS.values():
            changes = switch.changes if switch.name in self._quirks else switch.changes_when_off
            if schema in changes:
                changes[schema](document)
        return document

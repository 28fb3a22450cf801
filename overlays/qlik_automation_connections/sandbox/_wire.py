"""What the service sends differently from its spec: a switch for each quirk, applied to clean JSON before it is sent.

A quirk of the client's table that has no switch of its own here sends its sample, off by default.
"""

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal

import attrs

from .. import _quirks as table
from ._seed import created_at

Kind = Literal["list", "connection", "check", "error"]
Document = dict[str, Any]

UNREADABLE_TIMESTAMP = "0000-00-00T00:00:00.000000Z"


def _as_it_is(document: Document) -> Document:
    return document


@attrs.frozen
class Switch:
    """One difference between wire and spec.

    Attributes:
        name: What switches it on.
        default: Whether it is on unless the switches say otherwise.
        kinds: The documents that it touches.
        apply: Turns the clean document, which it may change in place, into the one that is sent.
        otherwise: The same, where the quirk is off.
    """

    name: str
    default: bool
    kinds: frozenset[Kind]
    apply: Callable[[Document], Document]
    otherwise: Callable[[Document], Document] = _as_it_is


def _connections(document: Document) -> list[Document]:
    found: list[Document] = document["data"] if "links" in document else [document]
    return found


def _spell_booleans(document: Document) -> Document:
    for param in document["params"]:
        param["isOptional"] = "true" if param["isOptional"] else "false"
    return document


def _null_connection(document: Document) -> Document:
    for name in ("redirect", "oauthAccountName"):
        document.setdefault(name, None)
    return document


def _null_links(document: Document) -> Document:
    for link in document["links"].values():
        link.setdefault("href", None)
    return document


def _nulls(document: Document) -> Document:
    return _null_links(document) if "links" in document else _null_connection(document)


def _swap_empties(document: Document) -> Document:
    document["error"] = document["error"] or []
    for param in document["params"]:
        if param["order"] % 2 == 0:
            param["meta"] = param["meta"] or {}
    return document


def _wrap(document: Document) -> Document:
    return {"data": document}


def _one_spelling(document: Document) -> Document:
    return {"is_connected": document["is_connected"]}


_SPOILT = created_at(0)


def _spoil_timestamp(document: Document) -> Document:
    for item in _connections(document):
        if item["createdAt"] == _SPOILT:
            item["createdAt"] = UNREADABLE_TIMESTAMP
    return document


def _cut_zones(document: Document) -> Document:
    for item in _connections(document):
        for name in ("createdAt", "updatedAt"):
            item[name] = item[name].removesuffix("Z")
    return document


def _without_empty_space(document: Document) -> Document:
    for item in _connections(document):
        if item["spaceId"] == "":
            del item["spaceId"]
    return document


def _orders_as_text(document: Document) -> Document:
    for param in document["params"]:
        param["order"] = str(param["order"])
    return document


def _error_as_text(document: Document) -> Document:
    document["error"] = document["error"].get("message", "") if isinstance(document["error"], dict) else ""
    return document


def _meta_as_object(document: Document) -> Document:
    for param in document["params"]:
        if isinstance(param["meta"], list):
            param["meta"] = {"entries": param["meta"]}
    return document


def _params_by_number(document: Document) -> Document:
    document["params"] = {str(number): param for number, param in enumerate(document["params"])} or []
    return document


def _one_error(document: Document) -> Document:
    document["errors"] = document["errors"][0]
    return document


def _trace_id_as_number(document: Document) -> Document:
    document["traceId"] = int(document["traceId"], 16) % 2**63
    return document


def _label(document: Document) -> Document:
    for item in _connections(document):
        item["labels"] = []
    return document


def _cut_links(document: Document) -> Document:
    links = document["links"]
    if links["next"].get("href") is None:
        document["links"] = {"next": None}
    else:
        # What stands before the path is the tenant's own address.
        links["next"]["href"] = "/" + links["next"]["href"].split("/", 3)[3]
    return document


def _sample(sample: Document) -> Callable[[Document], Document]:
    def send(document: Document) -> Document:
        merged: Document = _merged(document, sample)
        return merged

    return send


def _merged(document: Any, sample: Any) -> Any:
    """The document with the sample's fields; what the sample says of a list's element holds for each of them."""
    if isinstance(document, dict) and isinstance(sample, dict):
        return {**document, **{name: _merged(document.get(name), part) for name, part in sample.items()}}
    if document and isinstance(document, list) and sample and isinstance(sample, list):
        return [_merged(element, sample[0]) for element in document]
    return sample


_LIST: frozenset[Kind] = frozenset({"list"})
_CONNECTION: frozenset[Kind] = frozenset({"connection"})
_CHECK: frozenset[Kind] = frozenset({"check"})
_ERROR: frozenset[Kind] = frozenset({"error"})

_OWN = (
    Switch("empty-space-id", True, _LIST | _CONNECTION, _as_it_is, _without_empty_space),
    Switch("unreadable-value", False, _LIST | _CONNECTION, _spoil_timestamp),
    Switch("timestamp-without-zone", False, _LIST | _CONNECTION, _cut_zones),
    Switch("boolean-spelling", True, _CONNECTION, _spell_booleans),
    Switch("null-values", True, _LIST | _CONNECTION, _nulls),
    Switch("empty-object-as-list", True, _CONNECTION, _swap_empties),
    Switch("meta-not-a-list", False, _CONNECTION, _meta_as_object),
    Switch("error-not-an-object", False, _CONNECTION, _error_as_text),
    Switch("other-scalar", False, _CONNECTION, _orders_as_text),
    Switch("check-spelling", False, _CHECK, _one_spelling),
    Switch("unknown-field", False, _LIST | _CONNECTION, _label),
    Switch("link-without-page", False, _LIST, _cut_links),
)
# What changes where the other fields are comes last.
_LAST = (
    Switch("params-as-mapping", False, _CONNECTION, _params_by_number),
    Switch("errors-not-a-list", False, _ERROR, _one_error),
    Switch("trace-id-number", False, _ERROR, _trace_id_as_number),
    Switch("wrapped-in-data", False, _CONNECTION, _wrap),
)


def switches(quirks: Collection[table.Quirk]) -> tuple[Switch, ...]:
    """Return the switches of the client's quirks.

    Args:
        quirks: The client's table.

    Returns:
        A switch for each, in the order in which they are applied: the wrapping comes last.
    """
    own = {quirk.name for quirk in (*_OWN, *_LAST)}
    by_sample = (
        Switch(quirk.name, False, frozenset({quirk.response}), _sample(json.loads(quirk.sample)))
        for quirk in quirks
        if quirk.name not in own
    )
    return (*_OWN, *by_sample, *_LAST)


_TABLE = switches(table.QUIRKS)

QUIRKS: Mapping[str, Switch] = {quirk.name: quirk for quirk in _TABLE}
DEFAULT_QUIRKS = frozenset(quirk.name for quirk in _TABLE if quirk.default)


def chosen(quirks: bool | Collection[str]) -> tuple[Switch, ...]:
    """Return the quirks that are switched on.

    Args:
        quirks: True for the default ones, False for none, or the names of those that are wanted.

    Returns:
        The quirks, in the order in which they are applied.

    Raises:
        ValueError: A name is not in the table.
    """
    if isinstance(quirks, bool):
        names: Collection[str] = DEFAULT_QUIRKS if quirks else ()
    else:
        names = (quirks,) if isinstance(quirks, str) else quirks
    unknown = sorted(set(map(str, names)) - set(QUIRKS))
    if unknown:
        raise ValueError(f"unknown quirks: {', '.join(unknown)}; allowed are True, False, {', '.join(QUIRKS)}")
    return tuple(quirk for quirk in _TABLE if quirk.name in names)


def send_form(kind: Kind, document: Document, quirks: Collection[Switch]) -> Document:
    """Turn a clean document into what is sent.

    Args:
        kind: What the document is.
        document: The clean document; may be changed in place.
        quirks: The quirks that are on.

    Returns:
        The document to send.
    """
    for quirk in _TABLE:
        if kind in quirk.kinds:
            document = (quirk.apply if quirk in quirks else quirk.otherwise)(document)
    return document

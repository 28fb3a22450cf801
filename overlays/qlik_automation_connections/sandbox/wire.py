"""What the service sends differently from its spec: a table of quirks, applied to clean JSON before it is sent."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal

import attrs

from .seed import created_at

Kind = Literal["list", "connection", "check"]
Document = dict[str, Any]

UNREADABLE_TIMESTAMP = "0000-00-00T00:00:00.000000Z"


@attrs.frozen
class Quirk:
    """One difference between wire and spec.

    Attributes:
        name: What switches it on.
        default: Whether it is on unless the switches say otherwise.
        kinds: The documents that it touches.
        apply: Turns the clean document, which it may change in place, into the one that is sent.
    """

    name: str
    default: bool
    kinds: frozenset[Kind]
    apply: Callable[[Document], Document]


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
    for item in document["data"] if "links" in document else [document]:
        if item["createdAt"] == _SPOILT:
            item["createdAt"] = UNREADABLE_TIMESTAMP
    return document


_LIST: frozenset[Kind] = frozenset({"list"})
_CONNECTION: frozenset[Kind] = frozenset({"connection"})
_CHECK: frozenset[Kind] = frozenset({"check"})

# In the order in which they are applied: the wrapping comes last.
_TABLE = (
    Quirk("boolean-spelling", True, _CONNECTION, _spell_booleans),
    Quirk("null-values", True, _LIST | _CONNECTION, _nulls),
    Quirk("empty-object-as-list", True, _CONNECTION, _swap_empties),
    Quirk("check-spelling", False, _CHECK, _one_spelling),
    Quirk("unreadable-value", False, _LIST | _CONNECTION, _spoil_timestamp),
    Quirk("wrapped-in-data", False, _CONNECTION, _wrap),
)

QUIRKS: Mapping[str, Quirk] = {quirk.name: quirk for quirk in _TABLE}
DEFAULT_QUIRKS = frozenset(quirk.name for quirk in _TABLE if quirk.default)


def chosen(quirks: bool | Collection[str]) -> tuple[Quirk, ...]:
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


def send_form(kind: Kind, document: Document, quirks: Collection[Quirk]) -> Document:
    """Turn a clean document into what is sent.

    Args:
        kind: What the document is.
        document: The clean document; may be changed in place.
        quirks: The quirks that are on.

    Returns:
        The document to send.
    """
    for quirk in quirks:
        if kind in quirk.kinds:
            document = quirk.apply(document)
    return document

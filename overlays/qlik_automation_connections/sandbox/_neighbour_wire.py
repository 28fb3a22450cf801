"""What of the quirks connectors and automations show; the switches are those of `wire`."""

from collections.abc import Callable, Collection
from typing import Any, Literal

Kind = Literal["list", "connector", "automation"]
Document = dict[str, Any]


def _spell_booleans(connector: Document) -> Document:
    for param in connector["params"]:
        param["optional"] = "true" if param["optional"] else "false"
    return connector


def _null_links(page: Document) -> Document:
    for link in page["links"].values():
        link.setdefault("href", None)
    return page


# In the order in which they are applied: the name of the switch, the documents that it touches, and how.
_TABLE: tuple[tuple[str, frozenset[Kind], Callable[[Document], Document]], ...] = (
    ("boolean-spelling", frozenset({"connector"}), _spell_booleans),
    ("null-values", frozenset({"list"}), _null_links),
    ("null-values", frozenset({"connector"}), lambda connector: {"connectDocumentation": None, **connector}),
    ("null-values", frozenset({"automation"}), lambda automation: {"lastRunAt": None, **automation}),
    ("wrapped-in-data", frozenset({"connector", "automation"}), lambda document: {"data": document}),
)


def send_form(kind: Kind, document: Document, switches: Collection[str]) -> Document:
    """Turn a clean document into what is sent.

    Args:
        kind: What the document is.
        document: The clean document; may be changed in place.
        switches: Names of the quirks that are on.

    Returns:
        The document to send.
    """
    for name, kinds, apply in _TABLE:
        if name in switches and kind in kinds:
            document = apply(document)
    return document

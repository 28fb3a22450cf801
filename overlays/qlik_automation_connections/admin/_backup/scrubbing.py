"""Remove from a connection's document everything that the spec does not declare free of secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import define, field

from qlik_automation_connections_api.api.automation_connections.get_automation_connection import OPERATION
from qlik_automation_connections_api.fields import FIELDS, Field

from ..._arguments import is_identifier
from .._remap.id_finder import IdFinder
from .._remap.workspaces import search

_CONNECTION: Final = OPERATION.result or ""
# Strings accepted for other declared types, such as "false" for a boolean; other strings could hold anything.
_FORMS: Final = {
    "date-time": re.compile(r"[0-9:.TtZz +-]{0,40}"),
    "boolean": re.compile(r"true|false|yes|no|[01]|", re.IGNORECASE),
    "integer": re.compile(r"-?[0-9]{0,10}"),
}
_OF_A_PARAM: Final = frozenset({"fieldType", "isOptional"})
_EXECUTION: Final = "executionToken"
_OF_A_RUN: Final = frozenset({"inputs", "error"})


@define
class Scrubbed:
    """A document without secrets.

    Attributes:
        document: The JSON, in its original order.
        dropped: Paths of the fields left out, except values of params.
    """

    document: dict[str, Any]
    dropped: list[str] = field(factory=list)


def without_secrets(document: dict[str, Any]) -> Scrubbed:
    """Return the parts of a document that the spec declares free of secrets.

    Declared fields are kept unchanged, except those that may hold a secret or have no declared form. Query and
    fragment of the `redirect` address are removed.

    Args:
        document: The JSON of a connection; not modified.
    """
    scrubbed = Scrubbed({})
    inner = document.get("data")
    if isinstance(inner, dict) and FIELDS[_CONNECTION].keys().isdisjoint(document):
        scrubbed.document = {"data": _kept_of(inner, _CONNECTION, "", scrubbed.dropped)}
    else:
        scrubbed.document = _kept_of(document, _CONNECTION, "", scrubbed.dropped)
    scrubbed.dropped = list(dict.fromkeys(scrubbed.dropped))
    return scrubbed


def _kept_of(value: dict[str, Any], schema: str, path: str, dropped: list[str]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, part in value.items():
        declared = FIELDS[schema].get(name)
        where = f"{path}{name}"
        if declared is not None and declared.secret:
            continue
        if declared is None:
            # Undeclared names come from outside, and may not be safe to show.
            dropped.append(where if re.fullmatch(r"\w{1,40}", name) else f"{path}…")
        elif part is None or isinstance(part, bool) or part in ("", [], {}):
            kept[name] = part
        elif declared.kind == "array" and declared.schema is not None:
            items = _kept_items(part, declared.schema, f"{where}[].", dropped)
            if items is None:
                dropped.append(where)
            else:
                kept[name] = items
        elif _is_plain(part, declared):
            kept[name] = re.split(r"[?#]", part)[0] if name == "redirect" and isinstance(part, str) else part
        else:
            dropped.append(where)
    return kept


def _kept_items(value: object, schema: str, path: str, dropped: list[str]) -> list[Any] | dict[str, Any] | None:
    """Return a list of objects, or a mapping of objects by number or name; None for anything else."""
    if isinstance(value, list):
        if not all(isinstance(item, dict) for item in value):
            dropped.append(path.removesuffix("."))
        return [_kept_of(item, schema, path, dropped) for item in value if isinstance(item, dict)]
    if isinstance(value, dict) and all(_is_item(key, item) for key, item in value.items()):
        return {key: _kept_of(item, schema, path, dropped) for key, item in value.items()}
    return None


def _is_item(key: str, item: object) -> bool:
    # Items by name must look like params: a mapping of names to values may hold objects as well.
    return isinstance(item, dict) and (key.isdecimal() or not _OF_A_PARAM.isdisjoint(item))


def _is_plain(value: object, declared: Field) -> bool:
    if isinstance(value, dict | list) or declared.kind in ("array", "object"):
        return False
    form = _FORMS.get(declared.kind)
    return form is None or not isinstance(value, str) or form.fullmatch(value) is not None


def automation_without_secrets(document: dict[str, Any]) -> Scrubbed:
    """Return an automation as it came, without execution tokens and without the inputs and errors of its last run.

    What somebody typed into a block stays, as it can't be told from the rest.

    Args:
        document: The JSON of an automation; not modified.
    """
    scrubbed = Scrubbed({})
    scrubbed.document = _without_tokens(document, "", scrubbed.dropped)
    inner = scrubbed.document.get("data")
    for each in (scrubbed.document, inner if isinstance(inner, dict) else {}):
        if isinstance(run := each.get("lastRun"), dict):
            each["lastRun"] = {name: value for name, value in run.items() if name not in _OF_A_RUN}
    return scrubbed


def _without_tokens(value: Any, path: str, dropped: list[str]) -> Any:
    if isinstance(value, list):
        return [_without_tokens(item, f"{path}[]", dropped) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(_EXECUTION) is not None and path not in ("", ".data"):
        dropped.append(f"{path[1:]}.{_EXECUTION}")
    return {
        name: _without_tokens(part, f"{path}.{name}", dropped) for name, part in value.items() if name != _EXECUTION
    }


def used_connections(automation: Mapping[str, Any]) -> Iterator[str]:
    """Yield the connections that the blocks of an automation use; not those of expressions."""
    for found in search({"workspace": automation.get("workspace")}, IdFinder(())).references:
        if isinstance(found.value, str) and "{" not in found.value and is_identifier(found.value):
            yield found.value

"""Keeps of a connection's document what the spec knows to be no secret."""

from __future__ import annotations

import re
from typing import Any, Final

from attrs import define, field

from qlik_automation_connections_api.api.automation_connections.get_automation_connection import OPERATION
from qlik_automation_connections_api.fields import FIELDS, Field

_CONNECTION: Final = OPERATION.result or ""
# What is sent where another type is declared, such as "false" for a boolean; anything else may be any text.
_FORMS: Final = {
    "date-time": re.compile(r"[0-9:.TtZz +-]{0,40}"),
    "boolean": re.compile(r"true|false|yes|no|[01]|", re.IGNORECASE),
    "integer": re.compile(r"-?[0-9]{0,10}"),
}
_OF_A_PARAM: Final = frozenset({"fieldType", "isOptional"})


@define
class Scrubbed:
    """What is kept of a document.

    Attributes:
        document: The JSON, in the order in which it came.
        dropped: What was left out, by the paths of the fields, but for the values of params.
    """

    document: dict[str, Any]
    dropped: list[str] = field(factory=list)


def without_secrets(document: dict[str, Any]) -> Scrubbed:
    """Return what the spec knows to be no secret.

    Declared fields stay as they came, but for those that may hold a secret and those without a declared form. Of an
    address the query and the fragment go.

    Args:
        document: The JSON of a connection; it is not changed.
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
            # Its name came from outside, too.
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
    """A list of objects, or a mapping of objects by number or by name; None for anything else."""
    if isinstance(value, list):
        if not all(isinstance(item, dict) for item in value):
            dropped.append(path.removesuffix("."))
        return [_kept_of(item, schema, path, dropped) for item in value if isinstance(item, dict)]
    if isinstance(value, dict) and all(_is_item(key, item) for key, item in value.items()):
        return {key: _kept_of(item, schema, path, dropped) for key, item in value.items()}
    return None


def _is_item(key: str, item: object) -> bool:
    # By name it must look like a param: a mapping to the values themselves may hold objects, too.
    return isinstance(item, dict) and (key.isdecimal() or not _OF_A_PARAM.isdisjoint(item))


def _is_plain(value: object, declared: Field) -> bool:
    if isinstance(value, dict | list) or declared.kind in ("array", "object"):
        return False
    form = _FORMS.get(declared.kind)
    return form is None or not isinstance(value, str) or form.fullmatch(value) is not None

"""By which sign an answer shows a quirk: the raw JSON held against the fields that the spec declares.

A sign tells a field and the form of what was sent, never a value. What no quirk explains is a sign too, without a name.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

from attrs import frozen

from qlik_automation_connections.quirks import QUIRKS, Mender, Quirk
from qlik_automation_connections_api.fields import FIELDS, Field

SCHEMAS: Final = {
    "list": "AutomationConnectionsList",
    "connection": "AutomationConnectionDetailObject",
    "check": "AutomationConnectionCheckObject",
}
"""The schema of each kind of answer."""

NAMED: Final = frozenset(
    {
        *("boolean-spelling", "check-spelling", "null-values", "other-scalar", "unreadable-value"),
        *("timestamp-without-zone", "empty-object-as-list", "meta-not-a-list", "error-not-an-object"),
        *("empty-space-id", "wrapped-in-data", "unknown-field", "link-without-page"),
    }
)
"""Quirks whose sign is written here; that of any other is what its sample shows and these do not explain."""

_SPELLINGS: Final = {"boolean": "boolean-spelling"}
_CONFORMING: Final = {"boolean": bool, "integer": int, "number": float, "string": str}
_LINKS: Final = frozenset({"Links", "PaginationLink"})
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z_]{0,39}[0-9]{0,2}")


@frozen
class Sighting:
    """A sign.

    Attributes:
        quirk: the quirk, None if none explains it.
        field: where it was, such as `params[].isOptional`.
        form: in what form, such as `a string`.
    """

    quirk: str | None
    field: str
    form: str


def form_of(value: object) -> str:
    """The form of a JSON value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, dict):
        return "an object" if value else "an empty object"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, str):
        return "a string" if value else "an empty string"
    return "a number"


def sightings(
    content: Any, schema: str, *, last_page: bool = True, quirks: Iterable[Quirk] | None = None
) -> list[Sighting]:
    """Finds the signs in one answer.

    Args:
        content: the decoded JSON, as it came.
        schema: the schema of the answer; nothing is found if the service sends no such schema.
        last_page: whether a list's page must be the last one if it names no next page.
        quirks: the table of quirks, the client's if None; what it does not have explains nothing.
    """
    if schema not in FIELDS:
        return []
    quirks = tuple(QUIRKS if quirks is None else quirks)
    names = {quirk.name for quirk in quirks}
    found = [
        each if each.quirk in names else Sighting(None, each.field, each.form)
        for each in _answer(content, schema, last_page)
    ]
    if all(sighting.quirk for sighting in found):
        return found
    by_sample = {
        (sighting.field, sighting.form): quirk.name
        for quirk in quirks
        if quirk.name not in NAMED and SCHEMAS[quirk.answer] == schema
        for sighting in _answer(json.loads(quirk.sample), schema, last_page)
    }
    return [
        Sighting(by_sample.get((each.field, each.form)), each.field, each.form) if each.quirk is None else each
        for each in found
    ]


def _answer(content: Any, schema: str, last_page: bool) -> Iterator[Sighting]:
    if not isinstance(content, dict):
        yield Sighting(None, "the answer", form_of(content))
        return
    declared = FIELDS[schema]
    if isinstance(content.get("data"), dict) and declared.keys().isdisjoint(content):
        yield Sighting("wrapped-in-data", "data", "an object")
        content = content["data"]
    yield from _object(content, schema, "")
    if schema == SCHEMAS["check"]:
        yield from _check(content)
    if schema == SCHEMAS["list"] and last_page:
        yield from _links(content)


def _check(content: Mapping[str, Any]) -> Iterator[Sighting]:
    names = ("connected", "is_connected")
    there = [name for name in names if content.get(name) is not None]
    if len(there) == 1:
        yield Sighting("check-spelling", there[0], "alone")
    elif content.get(names[0]) != content.get(names[1]):
        yield Sighting("check-spelling", " and ".join(names), "unlike")


def _links(content: Mapping[str, Any]) -> Iterator[Sighting]:
    """The form in which a page says that it is the last one, or the next one's address if that is no absolute one."""
    value: Any = content
    path = ""
    for name in ("links", "next", "href"):
        path = f"{path}.{name}".lstrip(".")
        if name not in value:
            yield Sighting("link-without-page", path, "missing")
            return
        value = value[name]
        if value in (None, "", []):
            yield Sighting("link-without-page", path, form_of(value))
            return
        if name != "href" and not isinstance(value, dict):
            return
    if isinstance(value, str) and "://" not in value.partition("?")[0]:
        yield Sighting("link-without-page", path, "a relative address")


def _object(content: Mapping[str, Any], schema: str, path: str) -> Iterator[Sighting]:
    declared = FIELDS[schema]
    if schema not in _LINKS and schema != SCHEMAS["check"]:
        for name in declared.keys() - content.keys():
            yield Sighting("null-values", f"{path}{name}", "missing")
    for name, value in content.items():
        if name in declared:
            yield from _field(value, declared[name], schema, name, f"{path}{name}")
        else:
            yield Sighting("unknown-field", f"{path}{_shown(name)}", form_of(value))


def _shown(name: str) -> str:
    # A key that looks like an identifier of something, or like text, may say whose tenant it is.
    return name if _PLAIN_NAME.fullmatch(name) else "(a name that is not shown)"


def _field(value: Any, field: Field, schema: str, name: str, path: str) -> Iterator[Sighting]:
    if value is None:
        yield Sighting("null-values", path, "null")
    elif name == "spaceId" and value == "":
        yield Sighting("empty-space-id", path, "an empty string")
    elif name == "meta" and not isinstance(value, list):
        yield Sighting("empty-object-as-list" if value == {} else "meta-not-a-list", path, form_of(value))
    elif name == "error" and not isinstance(value, dict):
        yield Sighting("empty-object-as-list" if value == [] else "error-not-an-object", path, form_of(value))
    elif field.kind == "array":
        yield from _array(value, field, path)
    elif field.kind == "object":
        if value in ([], ""):
            yield Sighting("empty-object-as-list", path, form_of(value))
        elif not isinstance(value, dict):
            yield Sighting(None, path, form_of(value))
        elif field.schema is not None:
            yield from _object(value, field.schema, f"{path}.")
    elif field.kind == "date-time" or type(value) is not _CONFORMING[field.kind]:
        yield from _scalar(value, field.kind, schema, name, path)


def _array(value: Any, field: Field, path: str) -> Iterator[Sighting]:
    if value == {}:
        yield Sighting("empty-object-as-list", path, "an empty object")
        return
    if not isinstance(value, list):
        yield Sighting(None, path, form_of(value))
        return
    for element in value if field.schema is not None else ():
        if element is None:
            yield Sighting("null-values", f"{path}[]", "null")
        elif not isinstance(element, dict):
            yield Sighting(None, f"{path}[]", form_of(element))
        else:
            yield from _object(element, field.schema or "", f"{path}[].")


def _scalar(value: Any, kind: str, schema: str, name: str, path: str) -> Iterator[Sighting]:
    mender = Mender()
    mended = mender.mend({name: deepcopy(value)}, schema)
    if mender.unread:
        yield Sighting("unreadable-value", path, form_of(value))
    elif kind != "date-time":
        yield Sighting(_SPELLINGS.get(kind, "other-scalar"), path, form_of(value))
    elif mended[name] is None:
        yield Sighting("null-values", path, "an empty string")
    elif datetime.datetime.fromisoformat(mended[name]).tzinfo is None:
        yield Sighting("timestamp-without-zone", path, "a string")

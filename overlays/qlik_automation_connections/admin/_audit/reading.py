"""Reads the JSON document of an audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import NoneType
from typing import Any, Final, TypeVar

from attrs import fields

from .._errors import JobError
from .finding_kinds import CODES, FINDING_KINDS, FindingCode
from .report import FORMAT, VERSION, AuditedConnection, AuditReport, Finding

T = TypeVar("T")

_Kinds = tuple[type, ...]
_TEXT: Final[_Kinds] = (str,)
_MAYBE_TEXT: Final[_Kinds] = (str, NoneType)
_CONNECTION: Final[Mapping[str, _Kinds]] = {
    **dict.fromkeys((attribute.name for attribute in fields(AuditedConnection)), _MAYBE_TEXT),
    "is_connected": (bool, NoneType),
    "managed": (bool,),
}
_FINDING: Final[Mapping[str, _Kinds]] = {
    **dict.fromkeys(("code", "severity", "sentence"), _TEXT),
    "connection_id": _MAYBE_TEXT,
}
_SETTINGS: Final[Mapping[str, _Kinds]] = {
    "untouched_days": (int,),
    "active_users": (int, NoneType),
    "filter": _MAYBE_TEXT,
}
_CODES: Final[Mapping[str, FindingCode]] = {code: code for code in CODES}
_REPORT: Final[Mapping[str, _Kinds]] = {
    **dict.fromkeys(("tenant", "made_at"), _TEXT),
    "list_all": (bool,),
    "settings": (dict,),
    **dict.fromkeys(("connections", "findings"), (list,)),
}


class _Damaged(Exception):
    pass


def report_of(document: object) -> AuditReport:
    """Read the report of a document, without its changes.

    Raises:
        JobError: it is something else, has another version, or is damaged.
    """
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise JobError(f"Not an audit: expected an object whose format is {FORMAT!r}.")
    version = document.get("version")
    if version != VERSION:
        newer = isinstance(version, int) and version > VERSION
        advice = "A newer release of qlik-automation-connections wrote it: upgrade" if newer else "Make it again"
        raise JobError(f"This audit has version {version!r}; this release reads {VERSION}. {advice}.")
    try:
        return _report(document)
    except _Damaged as error:
        raise JobError(f"Not a valid audit: {error}. Give it as it was written, or make it again.") from None


def _report(document: Mapping[str, Any]) -> AuditReport:
    _check(document, _REPORT, "it")
    settings = document["settings"]
    _check(settings, _SETTINGS, "settings")
    return AuditReport(
        tenant=document["tenant"],
        made_at=_moment(document["made_at"], "made_at"),
        list_all=document["list_all"],
        untouched_days=settings["untouched_days"],
        active_users=settings["active_users"],
        connections=_each(document["connections"], "connections", _connection),
        findings=_each(document["findings"], "findings", _finding),
        filter=settings["filter"],
    )


def _check(part: object, kinds: Mapping[str, _Kinds], where: str) -> None:
    if not isinstance(part, Mapping):
        raise _Damaged(f"{where} is not an object")
    for name, allowed in kinds.items():
        if name not in part:
            raise _Damaged(f"{where} has no {name!r}")
        # The very type: a bool would pass for an int.
        if type(part[name]) not in allowed:
            raise _Damaged(f"{name!r} of {where} has the wrong type")


def _each(items: Sequence[Any], name: str, read: Callable[[Any, str], T]) -> list[T]:
    return [read(item, f"{name}[{number}]") for number, item in enumerate(items)]


def _moment(text: str, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _Damaged(f"{where} is not a timestamp") from None
    if moment.tzinfo is None:
        raise _Damaged(f"{where} is a timestamp without a zone")
    return moment


def _connection(item: Mapping[str, Any], where: str) -> AuditedConnection:
    _check(item, _CONNECTION, where)
    values = {name: item[name] for name in _CONNECTION}
    for name in ("created_at", "updated_at"):
        if values[name] is not None:
            values[name] = _moment(values[name], f"{name!r} of {where}")
    return AuditedConnection(**values)


def _finding(item: Mapping[str, Any], where: str) -> Finding:
    _check(item, _FINDING, where)
    code = _CODES.get(item["code"])
    if code is None or FINDING_KINDS[code].severity != item["severity"]:
        raise _Damaged(f"{where} is not a finding of this version")
    return Finding(code, FINDING_KINDS[code].severity, item["connection_id"], item["sentence"])

"""Validation of users' arguments, before anything is sent."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast, get_args

from qlik_automation_connections_api import models
from qlik_automation_connections_api.operations import Operation
from qlik_automation_connections_api.param_dicts import (
    AutomationConnectionParamCreateObject,
    AutomationConnectionParamPutObject,
    ScheduleRequestObject,
)

from ._secrets import Secret, without_frames
from .errors import ConfigurationError

if TYPE_CHECKING:
    from qlik_automation_connections_api.models.schedule import Schedule

CreateParams = Mapping[str, str] | Sequence[AutomationConnectionParamCreateObject]
UpdateParams = Mapping[str, str] | Sequence[AutomationConnectionParamPutObject]
Schedules = Sequence["Schedule | ScheduleRequestObject"]
Workspace = Mapping[str, object]

_DOTS = frozenset({".", ".."})
_SCHEDULE: dict[str, type] = {"startAt": str, "stopAt": str, "interval": int, "timezone": str}
_SAID = {str: "a string", int: "a whole number"}
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def text(name: str, value: object) -> str:
    """Return `value` if it is a string that can be sent."""
    if not isinstance(value, str):
        raise ConfigurationError(f"{name} must be a string, not {type(value).__name__}.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ConfigurationError(f"{name} contains an unpaired surrogate, which can't be sent.") from None
    return value


def identifier(name: str, value: object) -> str:
    """Return `value` if it is a safe id.

    Ids that a server could resolve to another path are refused, so that `..` is never deleted.
    """
    identifier = text(name, value)
    if not identifier.strip():
        raise ConfigurationError(f"{name} is empty.")
    if identifier in _DOTS:
        raise ConfigurationError(f"{name} is {identifier!r}, which is a path segment, not an id.")
    if _CONTROL_CHARACTER.search(identifier):
        raise ConfigurationError(f"{name} contains a control character: {identifier!r}.")
    return identifier


def is_identifier(value: str) -> bool:
    """Return whether `identifier` accepts `value`."""
    try:
        identifier("id", value)
    except ConfigurationError:
        return False
    return True


def boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ConfigurationError(f"{name} must be True or False, not {value!r}.")
    return value


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, judging by its name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def page_size(operation: Operation, limit: object) -> int:
    """Return `limit`, or by default the largest page size, to keep requests few."""
    smallest, largest = operation.bounds["limit"]
    if limit is None:
        return largest
    if not isinstance(limit, int) or isinstance(limit, bool) or not smallest <= limit <= largest:
        raise ConfigurationError(
            f"limit is the number of {operation.noun}s per page and must be {smallest} to {largest}, not {limit!r}."
        )
    return limit


def sort_key(sort: object, sorts: object) -> str:
    """Return `sort` if the literal type `sorts` allows it."""
    if sort not in get_args(sorts):
        raise ConfigurationError(f"sort must be one of {', '.join(get_args(sorts))}, not {sort!r}.")
    return cast(str, sort)


def filter_expression(filter: str | None, fields: Mapping[str, str | None]) -> str | None:
    """Return a SCIM filter that combines `filter` with an equality test for each field, or None if it is empty.

    Args:
        filter: The user's own expression.
        fields: Values by wire name. Those that are None are skipped.
    """
    parts = [
        # SCIM strings are JSON strings (RFC 7644, section 3.4.2.2).
        f"{name} eq {json.dumps(text(name, value), ensure_ascii=False)}"
        for name, value in fields.items()
        if value is not None
    ]
    if filter is not None:
        own = text("filter", filter)
        if not own.strip():
            raise ConfigurationError("filter is empty. Omit it to list everything.")
        parts.insert(0, f"({own})" if parts else own)
    return " and ".join(parts) or None


@without_frames
def param_pairs(given: Secret[Any], key: str) -> Secret[list[tuple[str, str]]]:
    """Return pairs of a param's name or id and its value.

    Messages never show a value, since it may be secret.

    Args:
        given: A mapping, or a sequence of mappings with the keys `key` and `value`.
        key: `name` or `id`.

    Raises:
        ConfigurationError: The params are of another type, or contain something other than strings.
    """
    value: object = given.get_secret_value()
    if isinstance(value, Mapping):
        pairs = list(value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        pairs = []
        for entry in value:
            if not isinstance(entry, Mapping) or set(entry) != {key, "value"}:
                raise ConfigurationError(f"Each entry of params must be a dict with the keys '{key}' and 'value'.")
            pairs.append((entry[key], entry["value"]))
    else:
        raise ConfigurationError(f"params must be a dict of names and values, not {type(value).__name__}.")
    return Secret([(text(f"The {key} of a param", name), text(f"The value of param {name!r}", v)) for name, v in pairs])


@without_frames
def json_object(name: str, given: Secret[Workspace]) -> Secret[dict[str, Any]]:
    """Return an object that can be sent as JSON.

    Raises:
        ConfigurationError: It is not a mapping, or JSON can't hold its content. The message shows no value.
    """
    value: object = given.get_secret_value()
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"{name} must be a dict, not {type(value).__name__}.")
    try:
        json.dumps(dict(value), ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):
        raise ConfigurationError(f"{name} contains something that can't be sent as JSON.") from None
    return Secret(dict(value))


def schedules(given: object) -> list[dict[str, Any]]:
    """Return schedules as they are sent: without an id, and without what is unset."""
    if not isinstance(given, Sequence) or isinstance(given, str | bytes):
        raise ConfigurationError(f"schedules must be a list, not {type(given).__name__}.")
    sent = []
    for entry in given:
        if isinstance(entry, models.Schedule):
            # As it was read, even a value of another type.
            read = entry.to_dict()
            sent.append({key: read[key] for key in _SCHEDULE if read.get(key) is not None})
        elif isinstance(entry, Mapping) and entry.keys() <= _SCHEDULE.keys():
            for key, kind in _SCHEDULE.items():
                if not isinstance(entry.get(key, kind()), kind) or isinstance(entry.get(key), bool):
                    raise ConfigurationError(f"{key} of a schedule must be {_SAID[kind]}, not {entry[key]!r}.")
            sent.append(dict(entry))
        else:
            raise ConfigurationError(
                f"Each entry of schedules must be a Schedule, or a dict with keys of {', '.join(_SCHEDULE)}."
            )
    return sent


def positive(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ConfigurationError(f"{name} must be a whole number above 0, not {value!r}.")
    return value

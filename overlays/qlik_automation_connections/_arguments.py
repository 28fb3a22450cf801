"""Checks what users pass, before anything is sent."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from qlik_automation_connections_api.operations import Operation
from qlik_automation_connections_api.param_dicts import (
    AutomationConnectionParamCreateObject,
    AutomationConnectionParamPutObject,
)

from ._secrets import Secret, without_frames
from .errors import ConfigurationError

CreateParams = Mapping[str, str] | Sequence[AutomationConnectionParamCreateObject]
UpdateParams = Mapping[str, str] | Sequence[AutomationConnectionParamPutObject]

_DOTS = frozenset({".", ".."})
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def text(name: str, value: object) -> str:
    """A string that can be sent."""
    if not isinstance(value, str):
        raise ConfigurationError(f"{name} must be a string, not {type(value).__name__}.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ConfigurationError(f"{name} holds half a surrogate pair, which can't be sent.") from None
    return value


def identifier(name: str, value: object) -> str:
    """An id. One that a server could read as another address is refused: a deletion of `..` must not happen."""
    identifier = text(name, value)
    if not identifier.strip():
        raise ConfigurationError(f"{name} is empty.")
    if identifier in _DOTS:
        raise ConfigurationError(f"{name} is {identifier!r}, which is no id but a step in a path.")
    if _CONTROL_CHARACTER.search(identifier):
        raise ConfigurationError(f"{name} holds a control character: {identifier!r}.")
    return identifier


def boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ConfigurationError(f"{name} must be True or False, not {value!r}.")
    return value


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, by its name alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def page_size(operation: Operation, limit: object) -> int | None:
    """The size of a page; the largest if none is given, for the fewest requests, and None where no largest is known."""
    smallest, largest = operation.bounds.get("limit", (1, None))
    if limit is None:
        return largest
    if not isinstance(limit, int) or isinstance(limit, bool) or not smallest <= limit <= (largest or limit):
        allowed = f"{smallest} or more" if largest is None else f"{smallest} to {largest}"
        raise ConfigurationError(
            f"limit is the number of {operation.noun}s a page and must be {allowed}, not {limit!r}."
        )
    return limit


def sort_key(sort: object, sorts: object) -> str:
    """One of the values of the literal type `sorts`."""
    if sort not in get_args(sorts):
        raise ConfigurationError(f"sort must be one of {', '.join(get_args(sorts))}, not {sort!r}.")
    return cast(str, sort)


def filter_expression(filter: str | None, fields: Mapping[str, str | None]) -> str | None:
    """The SCIM filter that meets `filter` and in which each field that is not None equals its value.

    Args:
        filter: an expression of the user's own.
        fields: values by wire name.
    """
    parts = [
        # SCIM writes strings as JSON does (RFC 7644, section 3.4.2.2).
        f"{name} eq {json.dumps(text(name, value), ensure_ascii=False)}"
        for name, value in fields.items()
        if value is not None
    ]
    if filter is not None:
        own = text("filter", filter)
        if not own.strip():
            raise ConfigurationError("filter is empty: leave it out to list all.")
        parts.insert(0, f"({own})" if parts else own)
    return " and ".join(parts) or None


@without_frames
def param_pairs(given: Secret[Any], key: str) -> Secret[list[tuple[str, str]]]:
    """Return pairs of what names a param and what to set it to. No message shows a value: it may be a secret.

    Args:
        given: a mapping, or a sequence of mappings with the entries `key` and `value`.
        key: `name` or `id`.

    Raises:
        ConfigurationError: it is something else, or holds what is not a string.
    """
    value: object = given.get_secret_value()
    if isinstance(value, Mapping):
        pairs = list(value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        pairs = []
        for entry in value:
            if not isinstance(entry, Mapping) or set(entry) != {key, "value"}:
                raise ConfigurationError(f"Each of params must be a dict with the keys '{key}' and 'value'.")
            pairs.append((entry[key], entry["value"]))
    else:
        raise ConfigurationError(f"params must be a dict of names and values, not {type(value).__name__}.")
    return Secret([(text(f"the {key} of a param", name), text(f"the value of param {name!r}", v)) for name, v in pairs])

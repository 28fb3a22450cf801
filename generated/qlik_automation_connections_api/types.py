# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

"""Contains some shared types for properties"""

import datetime
from collections.abc import Callable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any, Generic, Literal, TypeVar

from attrs import define


class Unset:
    def __bool__(self) -> Literal[False]:
        return False


UNSET: Unset = Unset()

T = TypeVar("T")

BOOLEANS = {"true": True, "false": False}

# Each takes a field out of a decoded object and returns it. A value of another type than the one declared is left
# there (and so becomes an additional property) and None is returned.


def _take(source: dict[str, Any], name: str, kind: type[T]) -> T | None:
    value = source.pop(name, None)
    if value is None or value.__class__ is kind:
        return value
    source[name] = value
    return None


def read_string(source: dict[str, Any], name: str) -> str | None:
    return _take(source, name, str)


def read_boolean(source: dict[str, Any], name: str) -> bool | None:
    return _take(source, name, bool)


def read_integer(source: dict[str, Any], name: str) -> int | None:
    return _take(source, name, int)


def read_number(source: dict[str, Any], name: str) -> float | None:
    return _take(source, name, float)


def read_datetime(source: dict[str, Any], name: str) -> datetime.datetime | None:
    """A timestamp without a zone is in UTC."""
    value = source.pop(name, None)
    if value is None:
        return None
    try:
        moment = datetime.datetime.fromisoformat(value)
    except (ValueError, TypeError):
        source[name] = value
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=datetime.timezone.utc)


def read_list(source: dict[str, Any], name: str) -> list[Any]:
    """A missing list is an empty one."""
    value = source.pop(name, None)
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError(f"{name} is not a list but a {type(value).__name__}")
    return value


def read_scalars(source: dict[str, Any], name: str, kind: type[T]) -> list[T]:
    """A list in which one element is of another type is left there as a whole."""
    value = source.pop(name, None)
    if value is None:
        return []
    if not isinstance(value, list) or any(element.__class__ is not kind for element in value):
        source[name] = value
        return []
    return value


def read_object(source: dict[str, Any], name: str, read: Callable[[Mapping[str, Any]], T]) -> T | None:
    value = source.pop(name, None)
    if value is None:
        return None
    if not isinstance(value, dict):
        raise TypeError(f"{name} is not an object but a {type(value).__name__}")
    return read(value)


@define
class Response(Generic[T]):
    """A response from an endpoint"""

    status_code: HTTPStatus
    content: bytes
    headers: MutableMapping[str, str]
    parsed: T | None


__all__ = [
    "BOOLEANS",
    "UNSET",
    "Response",
    "Unset",
    "read_boolean",
    "read_datetime",
    "read_integer",
    "read_list",
    "read_number",
    "read_object",
    "read_scalars",
    "read_string",
]

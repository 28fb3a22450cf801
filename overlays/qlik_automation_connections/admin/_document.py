"""Write attrs classes as JSON documents, and read them back: plans, reports, journals and archives.

All documents follow the same rules. A field without a default is required, even if it may be null. Unknown fields are
refused. Whole numbers are 0 or more, times have a zone, and an `Id` is not blank. Errors name the path in the document
and what was expected, but never show a value, which may be secret.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Final, Literal, Self, TypeVar, Union, cast, get_args, get_origin

import attrs

from .._arguments import identifier, text
from ..errors import ConfigurationError
from ._errors import JobError
from ._files import read_regular, reason, write_text

T = TypeVar("T")
Read = Callable[[Any], Any]

NAMESPACE: Final = "qlik-automation-connections/"
Id = Annotated[str, "not blank"]
"""A string that is not blank."""


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def timestamp(moment: datetime) -> str:
    """Format a time as documents do: ISO 8601 in UTC, ending in `Z`."""
    try:
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:  # within a day of datetime.min or datetime.max
        return moment.isoformat()


class Part:
    """Base of the attrs classes for objects within a document."""

    __slots__ = ()
    DERIVED: ClassVar[tuple[str, ...]] = ()
    """Properties that are also written, but not read back."""
    MAY_HOLD_SECRETS: ClassVar[bool] = False
    """Whether errors hide even the names of unknown fields, which may be secrets typed in the wrong place."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, ready for `json.dumps`."""
        return _fields_of(self)


def check_action(where: str, action: str, allowed: Sequence[str]) -> None:
    """Refuse an action that a program has misspelt; a file with one can't be read."""
    if action not in allowed:
        raise JobError(f"{where}: its action must be one of {', '.join(allowed)}, not {action!r}.")


def check_sendable(where: str, ids: Mapping[str, str | None], **texts: str | None) -> None:
    """Refuse ids and texts that no request could send, such as the id `..`.

    Args:
        where: The place in the document, for messages.
        ids: Ids by field name; None is skipped.
        texts: Texts by field name; None is skipped.

    Raises:
        JobError: One can't be sent.
    """
    try:
        for name, id in ids.items():
            if id is not None:
                identifier(name, id)
        for name, value in texts.items():
            if value is not None:
                text(name, value)
    except ConfigurationError as error:
        raise JobError(f"{where}: {error}") from None


class Document(Part):
    """Base of the attrs classes for JSON documents with a format and a version."""

    __slots__ = ()
    FORMAT: ClassVar[str]
    """Name of the format, after `NAMESPACE`."""
    VERSION: ClassVar[int] = 1
    TITLE: ClassVar[str]
    """Name in messages, such as `restore plan`."""

    def to_dict(self) -> dict[str, Any]:
        """Return the document as plain data, ready for `json.dumps`."""
        return {"format": NAMESPACE + self.FORMAT, "version": self.VERSION, **_fields_of(self)}

    def check(self) -> None:
        """Raise `JobError` if the fields contradict each other."""

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Read a document from the output of `to_dict`, edited or not.

        Args:
            document: The parsed JSON.

        Raises:
            JobError: The document is of another kind or version, malformed, or contradicts itself; the message names
                the place.
        """
        if not isinstance(document, Mapping) or document.get("format") != NAMESPACE + cls.FORMAT:
            raise JobError(f"Not {_article(cls.TITLE)}: expected an object whose format is {NAMESPACE + cls.FORMAT!r}.")
        version = document.get("version")
        if version != cls.VERSION or type(version) is not int:  # 1.0 and True equal 1
            newer = isinstance(version, int) and version > cls.VERSION
            advice = "A newer release of qlik-automation-connections wrote it: upgrade" if newer else "Create it again"
            raise JobError(f"This {cls.TITLE} has version {version!r}; this release reads {cls.VERSION}. {advice}.")
        found = read(cls, {key: document[key] for key in document if key not in HEAD}, cls.TITLE)
        found.check()
        return found

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a document from a file.

        Args:
            path: JSON file in UTF-8, as written by `write`.

        Raises:
            JobError: The file can't be read, or the document is of another kind or version, malformed, or contradicts
                itself; the message names the place.
        """
        document = read_json(path, cls.TITLE)
        try:
            return cls.from_dict(document)
        except JobError as error:
            raise JobError(f"{path}: {error}") from None

    def write(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the document to a file that only its owner can read.

        Args:
            path: The file.
            overwrite: Replace an existing file.

        Raises:
            JobError: The file can't be written; an existing file is left unchanged.
        """
        write_text(Path(path), json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n", overwrite=overwrite)


HEAD: Final = frozenset({"format", "version"})


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def read_json(path: str | Path, what: str) -> Any:
    """Read a JSON file.

    Args:
        path: The file, in UTF-8.
        what: Name of the document, for messages.

    Raises:
        JobError: The file can't be read, or is not JSON.
    """
    try:
        return json.loads(read_regular(path).decode("utf-8-sig"))
    except OSError as error:
        raise JobError(f"The {what} {path} can't be read: {reason(error)}.") from None
    except (ValueError, RecursionError) as error:
        raise JobError(f"The {what} {path} is not JSON: {error}.") from None


def to_json(value: Any) -> Any:
    """Convert a value to JSON types; an attrs object becomes an object of its fields."""
    if type(value) in _SCALARS:
        return value
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, Mapping):
        return {str(key): each if type(each) in _SCALARS else to_json(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [each if type(each) in _SCALARS else to_json(each) for each in value]
    return _fields_of(value)


_SCALARS: Final = frozenset({NoneType, str, bool, int, float})


def _fields_of(value: Any) -> dict[str, Any]:
    # Lists go last, so that a person who opens the file sees the short fields first.
    short: dict[str, Any] = {}
    long: dict[str, Any] = {}
    for name in (*field_types(cast(Any, type(value))), *getattr(type(value), "DERIVED", ())):
        held = getattr(value, name)
        into = long if isinstance(held, list | tuple) else short
        into[name] = held if type(held) in _SCALARS else to_json(held)
    return {**short, **long}


class Mismatch(Exception):
    """A document does not match its class; `path` is the place, innermost part first."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        self.path: list[str | int] = []

    def __str__(self) -> str:
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in reversed(self.path))
        return f"{path.removeprefix('.')}: {self.problem}" if path else self.problem


class Unexpected(Mismatch):
    """A value has the wrong type."""

    def __init__(self, expected: str) -> None:
        super().__init__(f"expected {expected}")

    def allow_null(self) -> None:
        """Add null to what was expected."""
        self.problem += " or null"


def read(cls: type[T], document: object, what: str) -> T:
    """Read an object that has no format and version.

    Args:
        cls: Its attrs class.
        document: The parsed JSON.
        what: Name of the object, for messages.

    Raises:
        JobError: The document does not match the class; the message names the path and what was expected.
    """
    try:
        reader: Any = _reader(cast(Any, cls))
        return cast(T, reader(document))
    except Mismatch as mismatch:
        raise JobError(f"Not a valid {what}: {mismatch}.") from None


@cache
def field_types(cls: Any) -> dict[str, Any]:
    """Return the types of a class's fields by name, in the order they are written."""
    attrs.resolve_types(cls, include_extras=True)
    return {field.name: field.type for field in attrs.fields(cls)}


@cache
def _reader(kind: Any) -> Read:
    """Return a function that reads a value of a type, and raises `Mismatch` for any other."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in (Any, object):
        return lambda value: value
    if origin in (Union, UnionType):
        (inner,) = (each for each in arguments if each is not NoneType)
        return _optional_reader(_reader(inner))
    if origin in (list, tuple, Sequence):
        return _list_reader(tuple if origin is tuple else list, _reader(arguments[0]))
    if origin in (dict, Mapping):
        return _mapping_reader(_reader(arguments[1]) if arguments[1] is not Any else None)
    if attrs.has(kind):
        return _object_reader(kind)
    if kind is datetime:
        return _read_time
    accepts = _ACCEPTS.get(kind) or (lambda value: isinstance(value, str) and value in arguments)
    expected = expectation(kind)

    def read_plain(value: Any) -> Any:
        if not accepts(value):
            raise Unexpected(expected)
        return value

    return read_plain


# type() instead of isinstance(), which would accept True as 1.
_ACCEPTS: Final[Mapping[Any, Callable[[Any], bool]]] = {
    str: lambda value: type(value) is str,
    bool: lambda value: type(value) is bool,
    int: lambda value: type(value) is int and value >= 0,
    float: lambda value: type(value) in (int, float),
    dict: lambda value: type(value) is dict,
    Id: lambda value: type(value) is str and bool(value.strip()),
}


def expectation(kind: Any) -> str:
    """Describe the values of a type."""
    if get_origin(kind) is Literal:
        return f"one of {', '.join(get_args(kind))}"
    words = {str: "a string", bool: "true or false", int: "a whole number, 0 or more", float: "a number"}
    return words.get(kind) or ("an object" if kind is dict else "a string that is not blank")


def _read_time(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unexpected("a time in ISO 8601") from None
    if moment.tzinfo is None:
        raise Unexpected("a time with its zone")
    return moment


def _optional_reader(read_inner: Read) -> Read:
    def read_optional(value: Any) -> Any:
        if value is None:
            return None
        try:
            return read_inner(value)
        except Unexpected as mismatch:
            if not mismatch.path:
                mismatch.allow_null()
            raise

    return read_optional


def _list_reader(make: Callable[[list[Any]], Any], read_item: Read) -> Read:
    def read_list(value: Any) -> Any:
        if not isinstance(value, list):
            raise Unexpected("a list")
        found: list[Any] = []
        try:
            for item in value:
                found.append(read_item(item))
        except Mismatch as mismatch:
            mismatch.path.append(len(found))
            raise
        return make(found)

    return read_list


def _mapping_reader(read_item: Read | None) -> Read:
    def read_mapping(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise Unexpected("an object")
        if read_item is None:
            return dict(value)
        found = {}
        key = None
        try:
            for key, each in value.items():
                found[key] = read_item(each)
        except Mismatch as mismatch:
            mismatch.path.append(str(key))
            raise
        return found

    return read_mapping


def _object_reader(cls: Any) -> Read:
    types = field_types(cls)
    readers = {name: _reader(kind) for name, kind in types.items()}
    passed_over = frozenset(getattr(cls, "DERIVED", ()))
    aliases = {field.name: field.alias or field.name for field in attrs.fields(cls)}
    required = [field.name for field in attrs.fields(cls) if field.default is attrs.NOTHING]

    def read_object(value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise Unexpected("an object")
        values: dict[str, Any] = {}
        name = None
        try:
            for name, each in value.items():
                if name in readers:
                    values[name] = readers[name](each)
                elif name not in passed_over:
                    break
            else:
                name = None
        except Mismatch as mismatch:
            mismatch.path.append(str(name))
            raise
        if name is not None:
            hidden = getattr(cls, "MAY_HOLD_SECRETS", False)
            raise Mismatch(f"expected only the fields {', '.join(readers)}" if hidden else f"unknown field {name!r}")
        for name in required:
            if name not in values:
                raise Mismatch(f"{name} is missing")
        return cls(**{aliases[name]: each for name, each in values.items()})

    return read_object

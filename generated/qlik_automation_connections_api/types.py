# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

"""Contains some shared types for properties"""

from collections.abc import Mapping, MutableMapping, Sequence
from http import HTTPStatus
from typing import Any, Generic, Literal, TypeVar

from attrs import define

from .fields import FIELDS


class Unset:
    def __bool__(self) -> Literal[False]:
        return False


UNSET: Unset = Unset()

T = TypeVar("T")


# Of these types are empty strings, and free-form values.
_KEPT: Mapping[str, type] = {"string": str, "object": dict, "array": list}


class Normalizer:
    """Reads what is not as the spec declares it. This one knows no quirk: what is of another type is left as it came."""

    def object(self, schema: str, source: Any, fields: Sequence[str], extra: dict[str, Any]) -> Mapping[str, Any]:
        """Returns the declared fields of an object, None for those that are missing.

        Args:
            schema: name of the object's schema.
            source: what came as the object.
            fields: names of the declared fields.
            extra: takes what is not declared.

        Raises:
            TypeError: it is no object.
        """
        if not isinstance(source, Mapping):
            raise TypeError(f"{schema} is not an object but a {type(source).__name__}")
        extra.update({name: value for name, value in source.items() if name not in fields})
        return {name: source.get(name) for name in fields}

    def field(self, schema: str, source: Mapping[str, Any], name: str, extra: dict[str, Any]) -> Any:
        """Returns the value of a field that is null, missing, free-form, or not of the declared type.

        Args:
            schema: name of the schema of the object that it belongs to.
            source: the object.
            name: name of the field.
            extra: takes the value as it came where it can't be read.

        Returns:
            A value of the declared type, or None.
        """
        value = source[name]
        if isinstance(value, _KEPT.get(FIELDS[schema][name].kind, ())):
            return value
        if value is not None:
            extra[name] = value
        return None

    def skip(self) -> bool:
        """Returns False, for a null among the elements of a list, which is left out."""
        return False


NORMALIZER = Normalizer()


@define
class Response(Generic[T]):
    """A response from an endpoint"""

    status_code: HTTPStatus
    content: bytes
    headers: MutableMapping[str, str]
    parsed: T | None


__all__ = ["NORMALIZER", "UNSET", "Normalizer", "Response", "Unset"]

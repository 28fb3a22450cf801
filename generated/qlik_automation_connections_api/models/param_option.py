# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    read_string,
)

T = TypeVar("T", bound="ParamOption")

# What an object without fields says.
_NOTHING = {
    "id": None,
    "value": None,
}


@_attrs_define
class ParamOption:
    """One of the values that a param can be set to."""

    id: str | None = None
    """ Identifier of the option. """
    value: str | None = None
    """ The value. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.id is not None:
            field_dict["id"] = self.id
        if self.value is not None:
            field_dict["value"] = self.value
        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        param_option = cls(
            id=read_string(d, "id"),
            value=read_string(d, "value"),
        )
        param_option.additional_properties = d
        return param_option

    @classmethod
    def from_exact(cls: type[T], source: Any) -> T:
        """Reads an object as it usually is: declared fields alone, each of its type or null, and free-form ones empty.

        Raises:
            KeyError, TypeError, ValueError: it is not like that, so it takes `from_dict`.
        """
        if len(source) != 2:
            source = {**_NOTHING, **source}
            if len(source) != 2:
                raise ValueError
        _id = source["id"]
        _value = source["value"]
        if type(_id) is not str and _id is not None:
            raise TypeError

        if type(_value) is not str and _value is not None:
            raise TypeError

        return cls(
            _id,
            _value,
        )

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties

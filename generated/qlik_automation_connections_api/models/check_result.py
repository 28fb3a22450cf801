# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    read_boolean,
)

T = TypeVar("T", bound="CheckResult")

# What an object without fields says.
_NOTHING = {
    "connected": None,
    "is_connected": None,
}


@_attrs_define
class CheckResult:
    """What a check found, in two spellings."""

    connected: bool | None = None
    """ Whether the connection works. """
    is_connected: bool | None = None
    """ Whether the connection works. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.connected is not None:
            field_dict["connected"] = self.connected
        if self.is_connected is not None:
            field_dict["is_connected"] = self.is_connected
        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        check_result = cls(
            connected=read_boolean(d, "connected"),
            is_connected=read_boolean(d, "is_connected"),
        )
        check_result.additional_properties = d
        return check_result

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
        _connected = source["connected"]
        _is_connected = source["is_connected"]
        if type(_connected) is not bool and _connected is not None:
            raise TypeError

        if type(_is_connected) is not bool and _is_connected is not None:
            raise TypeError

        return cls(
            _connected,
            _is_connected,
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

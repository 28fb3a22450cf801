# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    read_string,
)

T = TypeVar("T", bound="ErrorDetail")

# What an object without fields says.
_NOTHING = {
    "code": None,
    "title": None,
    "detail": None,
}


@_attrs_define
class ErrorDetail:
    """One reason why a request was not served."""

    code: str | None = None
    """ Identifies the kind of error. """
    title: str | None = None
    """ What went wrong, in short. """
    detail: str | None = None
    """ What went wrong, in full. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.code is not None:
            field_dict["code"] = self.code
        if self.title is not None:
            field_dict["title"] = self.title
        if self.detail is not None:
            field_dict["detail"] = self.detail
        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        error_detail = cls(
            code=read_string(d, "code"),
            title=read_string(d, "title"),
            detail=read_string(d, "detail"),
        )
        error_detail.additional_properties = d
        return error_detail

    @classmethod
    def from_exact(cls: type[T], source: Any) -> T:
        """Reads an object as it usually is: declared fields alone, each of its type or null, and free-form ones empty.

        Raises:
            KeyError, TypeError, ValueError: it is not like that, so it takes `from_dict`.
        """
        if len(source) != 3:
            source = {**_NOTHING, **source}
            if len(source) != 3:
                raise ValueError
        _code = source["code"]
        _title = source["title"]
        _detail = source["detail"]
        if type(_code) is not str and _code is not None:
            raise TypeError

        if type(_title) is not str and _title is not None:
            raise TypeError

        if type(_detail) is not str and _detail is not None:
            raise TypeError

        return cls(
            _code,
            _title,
            _detail,
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

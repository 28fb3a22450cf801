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

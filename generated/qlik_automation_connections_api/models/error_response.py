# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    read_list,
    read_string,
)

if TYPE_CHECKING:
    from ..models.error_detail import ErrorDetail


T = TypeVar("T", bound="ErrorResponse")

# What an object without fields says.
_NOTHING = {
    "errors": None,
    "traceId": None,
}


@_attrs_define
class ErrorResponse:
    """Why a request was not served."""

    errors: list[ErrorDetail] = _attrs_field(factory=list)
    """ What went wrong. """
    trace_id: str | None = None
    """ Identifies the request in the service's own records. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        field_dict["errors"] = [item.to_dict() for item in self.errors]
        if self.trace_id is not None:
            field_dict["traceId"] = self.trace_id
        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.error_detail import ErrorDetail  # noqa: PLC0415

        d = dict(src_dict)
        error_response = cls(
            errors=[ErrorDetail.from_dict(item) for item in read_list(d, "errors")],
            trace_id=read_string(d, "traceId"),
        )
        error_response.additional_properties = d
        return error_response

    @classmethod
    def from_exact(cls: type[T], source: Any) -> T:
        """Reads an object as it usually is: declared fields alone, each of its type or null, and free-form ones empty.

        Raises:
            KeyError, TypeError, ValueError: it is not like that, so it takes `from_dict`.
        """
        from ..models.error_detail import ErrorDetail  # noqa: PLC0415

        if len(source) != 2:
            source = {**_NOTHING, **source}
            if len(source) != 2:
                raise ValueError
        _errors = source["errors"]
        _trace_id = source["traceId"]
        if type(_errors) is not list:
            if _errors is not None and _errors != {}:
                raise TypeError
            _errors = []
        _errors = [ErrorDetail.from_exact(item) for item in _errors]

        if type(_trace_id) is not str and _trace_id is not None:
            raise TypeError

        return cls(
            _errors,
            _trace_id,
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

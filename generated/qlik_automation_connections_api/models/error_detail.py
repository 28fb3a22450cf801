# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from operator import itemgetter
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, Normalizer, Row, html_table

T = TypeVar("T", bound="ErrorDetail")

_SCHEMA = "Error"
_FIELDS = (
    "code",
    "title",
    "detail",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class ErrorDetail:
    """An error."""

    code: str | None = None
    """ Code of the error. """
    title: str | None = None
    """ Summary of the error. """
    detail: str | None = None
    """ Details of the error. """
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

    def to_row(self) -> Row:
        """Return the plain values by attribute, as a row of a table: no lists, no objects, no secrets."""
        return {
            "code": self.code,
            "title": self.title,
            "detail": self.detail,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("ErrorDetail", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        extra: dict[str, Any] = {}
        try:
            if len(source) != 3:
                raise KeyError
            (
                _code,
                _title,
                _detail,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _code,
                _title,
                _detail,
            ) = _values(source)
        if type(_code) is not str:
            _code = normalizer.field(_SCHEMA, source, "code", extra)

        if type(_title) is not str:
            _title = normalizer.field(_SCHEMA, source, "title", extra)

        if type(_detail) is not str:
            _detail = normalizer.field(_SCHEMA, source, "detail", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        error_detail = cls.__new__(cls)
        error_detail.code = _code
        error_detail.title = _title
        error_detail.detail = _detail
        error_detail.additional_properties = extra
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

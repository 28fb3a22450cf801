# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, Normalizer, Row, html_table

if TYPE_CHECKING:
    from ..models.error_detail import ErrorDetail


T = TypeVar("T", bound="ErrorResponse")

_SCHEMA = "ErrorResponse"
_FIELDS = (
    "errors",
    "traceId",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class ErrorResponse:
    """An error response."""

    errors: list[ErrorDetail] = _attrs_field(factory=list)
    """ The errors. """
    trace_id: str | None = None
    """ Identifier of the request in the service's logs. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.errors or "errors" not in field_dict:
            field_dict["errors"] = [item.to_dict() for item in self.errors]
        if self.trace_id is not None:
            field_dict["traceId"] = self.trace_id
        return field_dict

    def to_row(self) -> Row:
        """Return the plain values by attribute, as a row of a table: no lists, no objects, no secrets."""
        return {
            "trace_id": self.trace_id,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("ErrorResponse", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        from ..models.error_detail import ErrorDetail  # noqa: PLC0415

        extra: dict[str, Any] = {}
        try:
            if len(source) != 2:
                raise KeyError
            (
                _errors,
                _trace_id,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _errors,
                _trace_id,
            ) = _values(source)
        if type(_errors) is not list or not {*map(type, _errors)} <= {dict}:
            _errors = normalizer.field(_SCHEMA, source, "errors", extra) or []
        _errors = [ErrorDetail.from_dict(item, normalizer) for item in _errors]

        if type(_trace_id) is not str:
            _trace_id = normalizer.field(_SCHEMA, source, "traceId", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        error_response = cls.__new__(cls)
        error_response.errors = _errors
        error_response.trace_id = _trace_id
        error_response.additional_properties = extra
        return error_response

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

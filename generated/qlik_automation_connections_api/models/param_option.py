# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from operator import itemgetter
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, Normalizer, Row, html_table

T = TypeVar("T", bound="ParamOption")

_SCHEMA = "AutomationConnectionParamOptionObject"
_FIELDS = (
    "id",
    "value",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class ParamOption:
    """An allowed value of a param."""

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

    def to_row(self) -> Row:
        """Return the plain values by attribute, as a row of a table: no lists, no objects, no secrets."""
        return {
            "id": self.id,
            "value": self.value,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("ParamOption", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        extra: dict[str, Any] = {}
        try:
            if len(source) != 2:
                raise KeyError
            (
                _id,
                _value,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _id,
                _value,
            ) = _values(source)
        if type(_id) is not str:
            _id = normalizer.field(_SCHEMA, source, "id", extra)

        if type(_value) is not str:
            _value = normalizer.field(_SCHEMA, source, "value", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        param_option = cls.__new__(cls)
        param_option.id = _id
        param_option.value = _value
        param_option.additional_properties = extra
        return param_option

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

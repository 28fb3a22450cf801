# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from operator import itemgetter
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, Normalizer, Row, html_table

T = TypeVar("T", bound="ConnectorParam")

_SCHEMA = "AutomationConnectorParam"
_FIELDS = (
    "id",
    "name",
    "description",
    "exampleValue",
    "fieldType",
    "optional",
    "options",
    "setting",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class ConnectorParam:
    """A setting of a connector's connections."""

    id: str | None = None
    """ Identifier of the param. """
    name: str | None = None
    """ Name of the param. """
    description: str | None = None
    """ Description of the param. """
    example_value: str | None = None
    """ Example of a value. """
    field_type: str | None = None
    """ Type of the field in the form. """
    optional: bool | None = None
    """ Whether the param is optional. """
    options: list[str] = _attrs_field(factory=list)
    """ Allowed values. """
    setting: bool | None = None
    """ Whether the param is a setting. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.id is not None:
            field_dict["id"] = self.id
        if self.name is not None:
            field_dict["name"] = self.name
        if self.description is not None:
            field_dict["description"] = self.description
        if self.example_value is not None:
            field_dict["exampleValue"] = self.example_value
        if self.field_type is not None:
            field_dict["fieldType"] = self.field_type
        if self.optional is not None:
            field_dict["optional"] = self.optional
        if self.options or "options" not in field_dict:
            field_dict["options"] = self.options
        if self.setting is not None:
            field_dict["setting"] = self.setting
        return field_dict

    def to_row(self) -> Row:
        """Return the plain values by attribute, as a row of a table: no lists, no objects, no secrets."""
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "example_value": self.example_value,
            "field_type": self.field_type,
            "optional": self.optional,
            "setting": self.setting,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("ConnectorParam", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        extra: dict[str, Any] = {}
        try:
            if len(source) != 8:
                raise KeyError
            (
                _id,
                _name,
                _description,
                _example_value,
                _field_type,
                _optional,
                _options,
                _setting,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _id,
                _name,
                _description,
                _example_value,
                _field_type,
                _optional,
                _options,
                _setting,
            ) = _values(source)
        if type(_id) is not str:
            _id = normalizer.field(_SCHEMA, source, "id", extra)

        if type(_name) is not str:
            _name = normalizer.field(_SCHEMA, source, "name", extra)

        if type(_description) is not str:
            _description = normalizer.field(_SCHEMA, source, "description", extra)

        if type(_example_value) is not str:
            _example_value = normalizer.field(_SCHEMA, source, "exampleValue", extra)

        if type(_field_type) is not str:
            _field_type = normalizer.field(_SCHEMA, source, "fieldType", extra)

        if type(_optional) is not bool:
            _optional = normalizer.field(_SCHEMA, source, "optional", extra)

        if type(_options) is not list or not {*map(type, _options)} <= {str}:
            _options = normalizer.field(_SCHEMA, source, "options", extra) or []

        if type(_setting) is not bool:
            _setting = normalizer.field(_SCHEMA, source, "setting", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        connector_param = cls.__new__(cls)
        connector_param.id = _id
        connector_param.name = _name
        connector_param.description = _description
        connector_param.example_value = _example_value
        connector_param.field_type = _field_type
        connector_param.optional = _optional
        connector_param.options = _options
        connector_param.setting = _setting
        connector_param.additional_properties = extra
        return connector_param

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

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, Normalizer, Row, html_table

if TYPE_CHECKING:
    from ..models.param_option import ParamOption


T = TypeVar("T", bound="Param")

_SCHEMA = "AutomationConnectionParamObject"
_FIELDS = (
    "id",
    "meta",
    "name",
    "order",
    "value",
    "fieldType",
    "isOptional",
    "exampleValue",
    "paramOptions",
    "documentation",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class Param:
    """A setting of a connection."""

    id: str | None = None
    """ Identifier of the param. """
    meta: list[Any] = _attrs_field(factory=list)
    """ Further information about the param. """
    name: str | None = None
    """ Name of the param. """
    order: int | None = None
    """ Position of the param in the form. """
    value: str | None = _attrs_field(default=None, repr=False)
    """ Value of the param. May be a secret. """
    field_type: str | None = None
    """ Type of the field in the form. """
    is_optional: bool | None = None
    """ Whether the param is optional. """
    example_value: str | None = None
    """ Example of a value. """
    param_options: list[ParamOption] = _attrs_field(factory=list)
    """ Allowed values. """
    documentation: str | None = None
    """ Documentation of the param. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.id is not None:
            field_dict["id"] = self.id
        if self.meta or "meta" not in field_dict:
            field_dict["meta"] = self.meta
        if self.name is not None:
            field_dict["name"] = self.name
        if self.order is not None:
            field_dict["order"] = self.order
        if self.value is not None:
            field_dict["value"] = self.value
        if self.field_type is not None:
            field_dict["fieldType"] = self.field_type
        if self.is_optional is not None:
            field_dict["isOptional"] = self.is_optional
        if self.example_value is not None:
            field_dict["exampleValue"] = self.example_value
        if self.param_options or "paramOptions" not in field_dict:
            field_dict["paramOptions"] = [item.to_dict() for item in self.param_options]
        if self.documentation is not None:
            field_dict["documentation"] = self.documentation
        return field_dict

    def to_row(self) -> Row:
        """Return the plain values by attribute, as a row of a table: no lists, no objects, no secrets."""
        return {
            "id": self.id,
            "name": self.name,
            "order": self.order,
            "field_type": self.field_type,
            "is_optional": self.is_optional,
            "example_value": self.example_value,
            "documentation": self.documentation,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("Param", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        from ..models.param_option import ParamOption  # noqa: PLC0415

        extra: dict[str, Any] = {}
        try:
            if len(source) != 10:
                raise KeyError
            (
                _id,
                _meta,
                _name,
                _order,
                _value,
                _field_type,
                _is_optional,
                _example_value,
                _param_options,
                _documentation,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _id,
                _meta,
                _name,
                _order,
                _value,
                _field_type,
                _is_optional,
                _example_value,
                _param_options,
                _documentation,
            ) = _values(source)
        if type(_id) is not str:
            _id = normalizer.field(_SCHEMA, source, "id", extra)

        if type(_meta) is not list or _meta:
            _meta = normalizer.field(_SCHEMA, source, "meta", extra) or []

        if type(_name) is not str:
            _name = normalizer.field(_SCHEMA, source, "name", extra)

        if type(_order) is not int:
            _order = normalizer.field(_SCHEMA, source, "order", extra)

        if type(_value) is not str:
            _value = normalizer.field(_SCHEMA, source, "value", extra)

        if type(_field_type) is not str:
            _field_type = normalizer.field(_SCHEMA, source, "fieldType", extra)

        if type(_is_optional) is not bool:
            _is_optional = normalizer.field(_SCHEMA, source, "isOptional", extra)

        if type(_example_value) is not str:
            _example_value = normalizer.field(_SCHEMA, source, "exampleValue", extra)

        if type(_param_options) is not list or not {*map(type, _param_options)} <= {dict}:
            _param_options = normalizer.field(_SCHEMA, source, "paramOptions", extra) or []
        _param_options = [ParamOption.from_dict(item, normalizer) for item in _param_options]

        if type(_documentation) is not str:
            _documentation = normalizer.field(_SCHEMA, source, "documentation", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        param = cls.__new__(cls)
        param.id = _id
        param.meta = _meta
        param.name = _name
        param.order = _order
        param.value = _value
        param.field_type = _field_type
        param.is_optional = _is_optional
        param.example_value = _example_value
        param.param_options = _param_options
        param.documentation = _documentation
        param.additional_properties = extra
        return param

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

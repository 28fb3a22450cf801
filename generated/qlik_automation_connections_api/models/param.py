# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    BOOLEANS,
    read_boolean,
    read_integer,
    read_list,
    read_string,
)

if TYPE_CHECKING:
    from ..models.param_option import ParamOption


T = TypeVar("T", bound="Param")

# What an object without fields says.
_NOTHING = {
    "id": None,
    "meta": None,
    "name": None,
    "order": None,
    "value": None,
    "fieldType": None,
    "isOptional": None,
    "exampleValue": None,
    "paramOptions": None,
    "documentation": None,
}


@_attrs_define
class Param:
    """One setting of a connection."""

    id: str | None = None
    """ Identifier of the param. """
    meta: list[Any] = _attrs_field(factory=list)
    """ What else the connector says about the param. """
    name: str | None = None
    """ Name of the param. """
    order: int | None = None
    """ Position of the param among the fields that a person fills in. """
    value: str | None = _attrs_field(default=None, repr=False)
    """ What the param is set to. May be a secret. """
    field_type: str | None = None
    """ Kind of field that a person fills in. """
    is_optional: bool | None = None
    """ Whether the param may be left out. """
    example_value: str | None = None
    """ A value as an example. """
    param_options: list[ParamOption] = _attrs_field(factory=list)
    """ The values to choose from. """
    documentation: str | None = None
    """ What the connector's author says about the param. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.id is not None:
            field_dict["id"] = self.id
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
        field_dict["paramOptions"] = [item.to_dict() for item in self.param_options]
        if self.documentation is not None:
            field_dict["documentation"] = self.documentation
        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.param_option import ParamOption  # noqa: PLC0415

        d = dict(src_dict)
        param = cls(
            id=read_string(d, "id"),
            meta=read_list(d, "meta"),
            name=read_string(d, "name"),
            order=read_integer(d, "order"),
            value=read_string(d, "value"),
            field_type=read_string(d, "fieldType"),
            is_optional=read_boolean(d, "isOptional"),
            example_value=read_string(d, "exampleValue"),
            param_options=[ParamOption.from_dict(item) for item in read_list(d, "paramOptions")],
            documentation=read_string(d, "documentation"),
        )
        param.additional_properties = d
        return param

    @classmethod
    def from_exact(cls: type[T], source: Any) -> T:
        """Reads an object as it usually is: declared fields alone, each of its type or null, and free-form ones empty.

        Raises:
            KeyError, TypeError, ValueError: it is not like that, so it takes `from_dict`.
        """
        from ..models.param_option import ParamOption  # noqa: PLC0415

        if len(source) != 10:
            source = {**_NOTHING, **source}
            if len(source) != 10:
                raise ValueError
        _id = source["id"]
        _meta = source["meta"]
        _name = source["name"]
        _order = source["order"]
        _value = source["value"]
        _field_type = source["fieldType"]
        _is_optional = source["isOptional"]
        _example_value = source["exampleValue"]
        _param_options = source["paramOptions"]
        _documentation = source["documentation"]
        if type(_id) is not str and _id is not None:
            raise TypeError

        if type(_meta) is not list:
            if _meta is not None and _meta != {}:
                raise TypeError
            _meta = []
        if _meta:
            raise ValueError

        if type(_name) is not str and _name is not None:
            raise TypeError

        if type(_order) is not int and _order is not None:
            raise TypeError

        if type(_value) is not str and _value is not None:
            raise TypeError

        if type(_field_type) is not str and _field_type is not None:
            raise TypeError

        if type(_is_optional) is str:
            _is_optional = BOOLEANS[_is_optional]
        if type(_is_optional) is not bool and _is_optional is not None:
            raise TypeError

        if type(_example_value) is not str and _example_value is not None:
            raise TypeError

        if type(_param_options) is not list:
            if _param_options is not None and _param_options != {}:
                raise TypeError
            _param_options = []
        _param_options = [ParamOption.from_exact(item) for item in _param_options]

        if type(_documentation) is not str and _documentation is not None:
            raise TypeError

        return cls(
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

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    read_boolean,
    read_scalars,
    read_string,
)

T = TypeVar("T", bound="ConnectorParam")

# What an object without fields says.
_NOTHING = {
    "id": None,
    "name": None,
    "description": None,
    "exampleValue": None,
    "fieldType": None,
    "optional": None,
    "options": None,
    "setting": None,
}


@_attrs_define
class ConnectorParam:
    """One setting that a connector asks its connections for."""

    id: str | None = None
    """ Identifier of the param. """
    name: str | None = None
    """ Name of the param. """
    description: str | None = None
    """ What the param is for. """
    example_value: str | None = None
    """ A value as an example. """
    field_type: str | None = None
    """ Kind of field that a person fills in. """
    optional: bool | None = None
    """ Whether the param may be left out. """
    options: list[str] = _attrs_field(factory=list)
    """ The values to choose from. """
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
        field_dict["options"] = self.options
        if self.setting is not None:
            field_dict["setting"] = self.setting
        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        connector_param = cls(
            id=read_string(d, "id"),
            name=read_string(d, "name"),
            description=read_string(d, "description"),
            example_value=read_string(d, "exampleValue"),
            field_type=read_string(d, "fieldType"),
            optional=read_boolean(d, "optional"),
            options=read_scalars(d, "options", str),
            setting=read_boolean(d, "setting"),
        )
        connector_param.additional_properties = d
        return connector_param

    @classmethod
    def from_exact(cls: type[T], source: Any) -> T:
        """Reads an object as it usually is: declared fields alone, each of its type or null, and free-form ones empty.

        Raises:
            KeyError, TypeError, ValueError: it is not like that, so it takes `from_dict`.
        """
        if len(source) != 8:
            source = {**_NOTHING, **source}
            if len(source) != 8:
                raise ValueError
        _id = source["id"]
        _name = source["name"]
        _description = source["description"]
        _example_value = source["exampleValue"]
        _field_type = source["fieldType"]
        _optional = source["optional"]
        _options = source["options"]
        _setting = source["setting"]
        if type(_id) is not str and _id is not None:
            raise TypeError

        if type(_name) is not str and _name is not None:
            raise TypeError

        if type(_description) is not str and _description is not None:
            raise TypeError

        if type(_example_value) is not str and _example_value is not None:
            raise TypeError

        if type(_field_type) is not str and _field_type is not None:
            raise TypeError

        if type(_optional) is not bool and _optional is not None:
            raise TypeError

        if type(_options) is not list:
            if _options is not None and _options != {}:
                raise TypeError
            _options = []
        for item in _options:
            if type(item) is not str:
                raise TypeError

        if type(_setting) is not bool and _setting is not None:
            raise TypeError

        return cls(
            _id,
            _name,
            _description,
            _example_value,
            _field_type,
            _optional,
            _options,
            _setting,
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

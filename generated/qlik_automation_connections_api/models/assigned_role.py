# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from operator import itemgetter
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, Normalizer, Row, html_table

T = TypeVar("T", bound="AssignedRole")

_SCHEMA = "AssignedRole"
_FIELDS = (
    "id",
    "name",
    "type",
    "level",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class AssignedRole:
    """A role of a user."""

    id: str | None = None
    """ Identifier of the role. """
    name: str | None = None
    """ Name of the role. """
    type_: str | None = None
    """ Type of the role, such as default or custom. """
    level: str | None = None
    """ Level of the role, such as admin or user. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.id is not None:
            field_dict["id"] = self.id
        if self.name is not None:
            field_dict["name"] = self.name
        if self.type_ is not None:
            field_dict["type"] = self.type_
        if self.level is not None:
            field_dict["level"] = self.level
        return field_dict

    def to_row(self) -> Row:
        """Return the plain values by attribute, as a row of a table: no lists, no objects, no secrets."""
        return {
            "id": self.id,
            "name": self.name,
            "type_": self.type_,
            "level": self.level,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("AssignedRole", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        extra: dict[str, Any] = {}
        try:
            if len(source) != 4:
                raise KeyError
            (
                _id,
                _name,
                _type_,
                _level,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _id,
                _name,
                _type_,
                _level,
            ) = _values(source)
        if type(_id) is not str:
            _id = normalizer.field(_SCHEMA, source, "id", extra)

        if type(_name) is not str:
            _name = normalizer.field(_SCHEMA, source, "name", extra)

        if type(_type_) is not str:
            _type_ = normalizer.field(_SCHEMA, source, "type", extra)

        if type(_level) is not str:
            _level = normalizer.field(_SCHEMA, source, "level", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        assigned_role = cls.__new__(cls)
        assigned_role.id = _id
        assigned_role.name = _name
        assigned_role.type_ = _type_
        assigned_role.level = _level
        assigned_role.additional_properties = extra
        return assigned_role

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

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

import datetime
from operator import itemgetter
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, MissingId, Normalizer, Row, html_table

T = TypeVar("T", bound="Space")

_SCHEMA = "Space"
_moment = datetime.datetime.fromisoformat
_FIELDS = (
    "id",
    "name",
    "type",
    "ownerId",
    "description",
    "createdAt",
    "updatedAt",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class Space:
    """A space that users share."""

    id: str
    """ Identifier of the space. """
    name: str | None = None
    """ Name of the space. """
    type_: str | None = None
    """ Type of the space, such as shared, managed or data. """
    owner_id: str | None = None
    """ Identifier of the user who owns the space. """
    description: str | None = None
    """ Description of the space. """
    created_at: datetime.datetime | None = None
    """ When the space was created. """
    updated_at: datetime.datetime | None = None
    """ When the space was last changed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        field_dict["id"] = self.id
        if self.name is not None:
            field_dict["name"] = self.name
        if self.type_ is not None:
            field_dict["type"] = self.type_
        if self.owner_id is not None:
            field_dict["ownerId"] = self.owner_id
        if self.description is not None:
            field_dict["description"] = self.description
        if self.created_at is not None:
            field_dict["createdAt"] = self.created_at.isoformat()
        if self.updated_at is not None:
            field_dict["updatedAt"] = self.updated_at.isoformat()
        return field_dict

    def to_row(self) -> Row:
        """Return the plain values by attribute, as a row of a table: no lists, no objects, no secrets."""
        return {
            "id": self.id,
            "name": self.name,
            "type_": self.type_,
            "owner_id": self.owner_id,
            "description": self.description,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("Space", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        extra: dict[str, Any] = {}
        try:
            if len(source) != 7:
                raise KeyError
            (
                _id,
                _name,
                _type_,
                _owner_id,
                _description,
                _created_at,
                _updated_at,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _id,
                _name,
                _type_,
                _owner_id,
                _description,
                _created_at,
                _updated_at,
            ) = _values(source)
        if type(_id) is not str:
            _id = normalizer.field(_SCHEMA, source, "id", extra)
        if _id is None or not _id.strip():
            raise MissingId(_SCHEMA)

        if type(_name) is not str:
            _name = normalizer.field(_SCHEMA, source, "name", extra)

        if type(_type_) is not str:
            _type_ = normalizer.field(_SCHEMA, source, "type", extra)

        if type(_owner_id) is not str:
            _owner_id = normalizer.field(_SCHEMA, source, "ownerId", extra)

        if type(_description) is not str:
            _description = normalizer.field(_SCHEMA, source, "description", extra)

        try:
            _created_at = _moment(_created_at)
            if _created_at.tzinfo is None:
                raise ValueError
        except (TypeError, ValueError):
            _created_at = normalizer.field(_SCHEMA, source, "createdAt", extra)

        try:
            _updated_at = _moment(_updated_at)
            if _updated_at.tzinfo is None:
                raise ValueError
        except (TypeError, ValueError):
            _updated_at = normalizer.field(_SCHEMA, source, "updatedAt", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        space = cls.__new__(cls)
        space.id = _id
        space.name = _name
        space.type_ = _type_
        space.owner_id = _owner_id
        space.description = _description
        space.created_at = _created_at
        space.updated_at = _updated_at
        space.additional_properties = extra
        return space

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

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

import datetime
from operator import itemgetter
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, MissingId, Normalizer, Row, html_table

T = TypeVar("T", bound="ConnectionSummary")

_SCHEMA = "AutomationConnectionsListObject"
_moment = datetime.datetime.fromisoformat
_FIELDS = (
    "id",
    "name",
    "ownerId",
    "spaceId",
    "createdAt",
    "updatedAt",
    "connectorId",
    "isConnected",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class ConnectionSummary:
    """A connection in a list, without its params."""

    id: str
    """ Identifier of the connection. """
    name: str | None = None
    """ Name of the connection. """
    owner_id: str | None = None
    """ Identifier of the connection's owner. """
    space_id: str | None = None
    """ Identifier of the connection's space. """
    created_at: datetime.datetime | None = None
    """ When the connection was created. """
    updated_at: datetime.datetime | None = None
    """ When the connection was last changed. """
    connector_id: str | None = None
    """ Identifier of the connection's connector. """
    is_connected: bool | None = None
    """ Whether the connection is connected. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        field_dict["id"] = self.id
        if self.name is not None:
            field_dict["name"] = self.name
        if self.owner_id is not None:
            field_dict["ownerId"] = self.owner_id
        if self.space_id is not None:
            field_dict["spaceId"] = self.space_id
        if self.created_at is not None:
            field_dict["createdAt"] = self.created_at.isoformat()
        if self.updated_at is not None:
            field_dict["updatedAt"] = self.updated_at.isoformat()
        if self.connector_id is not None:
            field_dict["connectorId"] = self.connector_id
        if self.is_connected is not None:
            field_dict["isConnected"] = self.is_connected
        return field_dict

    def to_row(self) -> Row:
        """Return the plain values by attribute, as a row of a table: no lists, no objects, no secrets."""
        return {
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner_id,
            "space_id": self.space_id,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "connector_id": self.connector_id,
            "is_connected": self.is_connected,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("ConnectionSummary", rows)

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
                _owner_id,
                _space_id,
                _created_at,
                _updated_at,
                _connector_id,
                _is_connected,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _id,
                _name,
                _owner_id,
                _space_id,
                _created_at,
                _updated_at,
                _connector_id,
                _is_connected,
            ) = _values(source)
        if type(_id) is not str:
            _id = normalizer.field(_SCHEMA, source, "id", extra)
        if _id is None or not _id.strip():
            raise MissingId(_SCHEMA)

        if type(_name) is not str:
            _name = normalizer.field(_SCHEMA, source, "name", extra)

        if type(_owner_id) is not str:
            _owner_id = normalizer.field(_SCHEMA, source, "ownerId", extra)

        if type(_space_id) is not str or not _space_id:
            _space_id = normalizer.field(_SCHEMA, source, "spaceId", extra)

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

        if type(_connector_id) is not str:
            _connector_id = normalizer.field(_SCHEMA, source, "connectorId", extra)

        if type(_is_connected) is not bool:
            _is_connected = normalizer.field(_SCHEMA, source, "isConnected", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        connection_summary = cls.__new__(cls)
        connection_summary.id = _id
        connection_summary.name = _name
        connection_summary.owner_id = _owner_id
        connection_summary.space_id = _space_id
        connection_summary.created_at = _created_at
        connection_summary.updated_at = _updated_at
        connection_summary.connector_id = _connector_id
        connection_summary.is_connected = _is_connected
        connection_summary.additional_properties = extra
        return connection_summary

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

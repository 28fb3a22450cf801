# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    read_boolean,
    read_datetime,
    read_string,
)

T = TypeVar("T", bound="ConnectionSummary")

# What an object without fields says.
_NOTHING = {
    "id": None,
    "name": None,
    "ownerId": None,
    "spaceId": None,
    "createdAt": None,
    "updatedAt": None,
    "connectorId": None,
    "isConnected": None,
}


@_attrs_define
class ConnectionSummary:
    """A connection as it stands in lists, without its params."""

    id: str | None = None
    """ Identifier of the connection. """
    name: str | None = None
    """ Name of the connection. """
    owner_id: str | None = None
    """ Identifier of the user who owns the connection. """
    space_id: str | None = None
    """ Identifier of the space that holds the connection. """
    created_at: datetime.datetime | None = None
    """ When the connection was created. """
    updated_at: datetime.datetime | None = None
    """ When the connection was last changed. """
    connector_id: str | None = None
    """ Identifier of the connector that the connection belongs to. """
    is_connected: bool | None = None
    """ Whether the connection is connected. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.id is not None:
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

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        connection_summary = cls(
            id=read_string(d, "id"),
            name=read_string(d, "name"),
            owner_id=read_string(d, "ownerId"),
            space_id=read_string(d, "spaceId"),
            created_at=read_datetime(d, "createdAt"),
            updated_at=read_datetime(d, "updatedAt"),
            connector_id=read_string(d, "connectorId"),
            is_connected=read_boolean(d, "isConnected"),
        )
        connection_summary.additional_properties = d
        return connection_summary

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
        _owner_id = source["ownerId"]
        _space_id = source["spaceId"]
        _created_at = source["createdAt"]
        _updated_at = source["updatedAt"]
        _connector_id = source["connectorId"]
        _is_connected = source["isConnected"]
        if type(_id) is not str and _id is not None:
            raise TypeError

        if type(_name) is not str and _name is not None:
            raise TypeError

        if type(_owner_id) is not str and _owner_id is not None:
            raise TypeError

        if type(_space_id) is not str and _space_id is not None:
            raise TypeError
        _space_id = _space_id or None

        if _created_at is not None:
            _created_at = datetime.datetime.fromisoformat(_created_at)
            if _created_at.tzinfo is None:
                raise ValueError

        if _updated_at is not None:
            _updated_at = datetime.datetime.fromisoformat(_updated_at)
            if _updated_at.tzinfo is None:
                raise ValueError

        if type(_connector_id) is not str and _connector_id is not None:
            raise TypeError

        if type(_is_connected) is not bool and _is_connected is not None:
            raise TypeError

        return cls(
            _id,
            _name,
            _owner_id,
            _space_id,
            _created_at,
            _updated_at,
            _connector_id,
            _is_connected,
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

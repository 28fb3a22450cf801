# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    read_boolean,
    read_datetime,
    read_list,
    read_object,
    read_string,
)

if TYPE_CHECKING:
    from ..models.creation_error import CreationError
    from ..models.param import Param


T = TypeVar("T", bound="Connection")

# What an object without fields says.
_NOTHING = {
    "id": None,
    "name": None,
    "error": None,
    "params": None,
    "ownerId": None,
    "spaceId": None,
    "redirect": None,
    "createdAt": None,
    "updatedAt": None,
    "connectorId": None,
    "isConnected": None,
    "oauthAccountName": None,
}


@_attrs_define
class Connection:
    """A connection with its params."""

    id: str | None = None
    """ Identifier of the connection. """
    name: str | None = None
    """ Name of the connection. """
    error: CreationError | None = _attrs_field(default=None, repr=False)
    """ What went wrong while the connection was created. """
    params: list[Param] = _attrs_field(factory=list)
    """ The settings that the connector asks for. """
    owner_id: str | None = None
    """ Identifier of the user who owns the connection. """
    space_id: str | None = None
    """ Identifier of the space that holds the connection. """
    redirect: str | None = None
    """ Address where a person gives an OAuth account's consent. """
    created_at: datetime.datetime | None = None
    """ When the connection was created. """
    updated_at: datetime.datetime | None = None
    """ When the connection was last changed. """
    connector_id: str | None = None
    """ Identifier of the connector that the connection belongs to. """
    is_connected: bool | None = None
    """ Whether the connection is connected. """
    oauth_account_name: str | None = None
    """ Name of the OAuth account that the connection uses. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.id is not None:
            field_dict["id"] = self.id
        if self.name is not None:
            field_dict["name"] = self.name
        if self.error is not None:
            field_dict["error"] = self.error.to_dict()
        field_dict["params"] = [item.to_dict() for item in self.params]
        if self.owner_id is not None:
            field_dict["ownerId"] = self.owner_id
        if self.space_id is not None:
            field_dict["spaceId"] = self.space_id
        if self.redirect is not None:
            field_dict["redirect"] = self.redirect
        if self.created_at is not None:
            field_dict["createdAt"] = self.created_at.isoformat()
        if self.updated_at is not None:
            field_dict["updatedAt"] = self.updated_at.isoformat()
        if self.connector_id is not None:
            field_dict["connectorId"] = self.connector_id
        if self.is_connected is not None:
            field_dict["isConnected"] = self.is_connected
        if self.oauth_account_name is not None:
            field_dict["oauthAccountName"] = self.oauth_account_name
        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.creation_error import CreationError  # noqa: PLC0415
        from ..models.param import Param  # noqa: PLC0415

        d = dict(src_dict)
        connection = cls(
            id=read_string(d, "id"),
            name=read_string(d, "name"),
            error=read_object(d, "error", CreationError.from_dict),
            params=[Param.from_dict(item) for item in read_list(d, "params")],
            owner_id=read_string(d, "ownerId"),
            space_id=read_string(d, "spaceId"),
            redirect=read_string(d, "redirect"),
            created_at=read_datetime(d, "createdAt"),
            updated_at=read_datetime(d, "updatedAt"),
            connector_id=read_string(d, "connectorId"),
            is_connected=read_boolean(d, "isConnected"),
            oauth_account_name=read_string(d, "oauthAccountName"),
        )
        connection.additional_properties = d
        return connection

    @classmethod
    def from_exact(cls: type[T], source: Any) -> T:
        """Reads an object as it usually is: declared fields alone, each of its type or null, and free-form ones empty.

        Raises:
            KeyError, TypeError, ValueError: it is not like that, so it takes `from_dict`.
        """
        from ..models.creation_error import CreationError  # noqa: PLC0415
        from ..models.param import Param  # noqa: PLC0415

        if len(source) != 12:
            source = {**_NOTHING, **source}
            if len(source) != 12:
                raise ValueError
        _id = source["id"]
        _name = source["name"]
        _error = source["error"]
        _params = source["params"]
        _owner_id = source["ownerId"]
        _space_id = source["spaceId"]
        _redirect = source["redirect"]
        _created_at = source["createdAt"]
        _updated_at = source["updatedAt"]
        _connector_id = source["connectorId"]
        _is_connected = source["isConnected"]
        _oauth_account_name = source["oauthAccountName"]
        if type(_id) is not str and _id is not None:
            raise TypeError

        if type(_name) is not str and _name is not None:
            raise TypeError

        if _error is not None:
            _error = CreationError.from_exact(_error)

        if type(_params) is not list:
            if _params is not None and _params != {}:
                raise TypeError
            _params = []
        _params = [Param.from_exact(item) for item in _params]

        if type(_owner_id) is not str and _owner_id is not None:
            raise TypeError

        if type(_space_id) is not str and _space_id is not None:
            raise TypeError
        _space_id = _space_id or None

        if type(_redirect) is not str and _redirect is not None:
            raise TypeError

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

        if type(_oauth_account_name) is not str and _oauth_account_name is not None:
            raise TypeError

        return cls(
            _id,
            _name,
            _error,
            _params,
            _owner_id,
            _space_id,
            _redirect,
            _created_at,
            _updated_at,
            _connector_id,
            _is_connected,
            _oauth_account_name,
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

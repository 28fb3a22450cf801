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

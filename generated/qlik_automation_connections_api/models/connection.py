# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, MissingId, Normalizer, Row, html_table

if TYPE_CHECKING:
    from ..models.creation_error import CreationError
    from ..models.param import Param


T = TypeVar("T", bound="Connection")

_SCHEMA = "AutomationConnectionDetailObject"
_moment = datetime.datetime.fromisoformat
_FIELDS = (
    "id",
    "name",
    "error",
    "params",
    "ownerId",
    "spaceId",
    "redirect",
    "createdAt",
    "updatedAt",
    "connectorId",
    "isConnected",
    "oauthAccountName",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class Connection:
    """A connection with its params."""

    id: str
    """ Identifier of the connection. """
    name: str | None = None
    """ Name of the connection. """
    error: CreationError | None = _attrs_field(default=None, repr=False)
    """ Error that occurred while the connection was created. """
    params: list[Param] = _attrs_field(factory=list)
    """ The settings that the connector requires or accepts. """
    owner_id: str | None = None
    """ Identifier of the connection's owner. """
    space_id: str | None = None
    """ Identifier of the connection's space. """
    redirect: str | None = _attrs_field(default=None, repr=False)
    """ URL where a person consents for an OAuth account. """
    created_at: datetime.datetime | None = None
    """ When the connection was created. """
    updated_at: datetime.datetime | None = None
    """ When the connection was last changed. """
    connector_id: str | None = None
    """ Identifier of the connection's connector. """
    is_connected: bool | None = None
    """ Whether the connection is connected. """
    oauth_account_name: str | None = None
    """ Name of the OAuth account that the connection uses. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        field_dict["id"] = self.id
        if self.name is not None:
            field_dict["name"] = self.name
        if self.error is not None:
            field_dict["error"] = self.error.to_dict()
        if self.params or "params" not in field_dict:
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
            "oauth_account_name": self.oauth_account_name,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("Connection", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        from ..models.creation_error import CreationError  # noqa: PLC0415
        from ..models.param import Param  # noqa: PLC0415

        extra: dict[str, Any] = {}
        try:
            if len(source) != 12:
                raise KeyError
            (
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
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
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
            ) = _values(source)
        if type(_id) is not str:
            _id = normalizer.field(_SCHEMA, source, "id", extra)
        if _id is None or not _id.strip():
            raise MissingId(_SCHEMA)

        if type(_name) is not str:
            _name = normalizer.field(_SCHEMA, source, "name", extra)

        if type(_error) is not dict or _error:
            _error = normalizer.field(_SCHEMA, source, "error", extra)
        if _error is not None:
            _error = CreationError(_error)

        if type(_params) is not list or not {*map(type, _params)} <= {dict}:
            _params = normalizer.field(_SCHEMA, source, "params", extra) or []
        _params = [Param.from_dict(item, normalizer) for item in _params]

        if type(_owner_id) is not str:
            _owner_id = normalizer.field(_SCHEMA, source, "ownerId", extra)

        if type(_space_id) is not str or not _space_id:
            _space_id = normalizer.field(_SCHEMA, source, "spaceId", extra)

        if type(_redirect) is not str:
            _redirect = normalizer.field(_SCHEMA, source, "redirect", extra)

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

        if type(_oauth_account_name) is not str:
            _oauth_account_name = normalizer.field(_SCHEMA, source, "oauthAccountName", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        connection = cls.__new__(cls)
        connection.id = _id
        connection.name = _name
        connection.error = _error
        connection.params = _params
        connection.owner_id = _owner_id
        connection.space_id = _space_id
        connection.redirect = _redirect
        connection.created_at = _created_at
        connection.updated_at = _updated_at
        connection.connector_id = _connector_id
        connection.is_connected = _is_connected
        connection.oauth_account_name = _oauth_account_name
        connection.additional_properties = extra
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

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    read_boolean,
    read_list,
    read_string,
)

if TYPE_CHECKING:
    from ..models.connector_param import ConnectorParam


T = TypeVar("T", bound="Connector")

# What an object without fields says.
_NOTHING = {
    "id": None,
    "name": None,
    "params": None,
    "billable": None,
    "description": None,
    "hasWebhooks": None,
    "connectDocumentation": None,
}


@_attrs_define
class Connector:
    """A connector with the params that its connections take."""

    id: str | None = None
    """ Identifier of the connector. """
    name: str | None = None
    """ Name of the connector. """
    params: list[ConnectorParam] = _attrs_field(factory=list)
    """ What a connection of this connector asks for. """
    billable: bool | None = None
    """ Whether its use is charged for. """
    description: str | None = None
    """ What the connector is for. """
    has_webhooks: bool | None = None
    """ Whether the connector can start automations by webhook. """
    connect_documentation: str | None = None
    """ How a connection of this connector is set up. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.id is not None:
            field_dict["id"] = self.id
        if self.name is not None:
            field_dict["name"] = self.name
        field_dict["params"] = [item.to_dict() for item in self.params]
        if self.billable is not None:
            field_dict["billable"] = self.billable
        if self.description is not None:
            field_dict["description"] = self.description
        if self.has_webhooks is not None:
            field_dict["hasWebhooks"] = self.has_webhooks
        if self.connect_documentation is not None:
            field_dict["connectDocumentation"] = self.connect_documentation
        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.connector_param import ConnectorParam  # noqa: PLC0415

        d = dict(src_dict)
        connector = cls(
            id=read_string(d, "id"),
            name=read_string(d, "name"),
            params=[ConnectorParam.from_dict(item) for item in read_list(d, "params")],
            billable=read_boolean(d, "billable"),
            description=read_string(d, "description"),
            has_webhooks=read_boolean(d, "hasWebhooks"),
            connect_documentation=read_string(d, "connectDocumentation"),
        )
        connector.additional_properties = d
        return connector

    @classmethod
    def from_exact(cls: type[T], source: Any) -> T:
        """Reads an object as it usually is: declared fields alone, each of its type or null, and free-form ones empty.

        Raises:
            KeyError, TypeError, ValueError: it is not like that, so it takes `from_dict`.
        """
        from ..models.connector_param import ConnectorParam  # noqa: PLC0415

        if len(source) != 7:
            source = {**_NOTHING, **source}
            if len(source) != 7:
                raise ValueError
        _id = source["id"]
        _name = source["name"]
        _params = source["params"]
        _billable = source["billable"]
        _description = source["description"]
        _has_webhooks = source["hasWebhooks"]
        _connect_documentation = source["connectDocumentation"]
        if type(_id) is not str and _id is not None:
            raise TypeError

        if type(_name) is not str and _name is not None:
            raise TypeError

        if type(_params) is not list:
            if _params is not None and _params != {}:
                raise TypeError
            _params = []
        _params = [ConnectorParam.from_exact(item) for item in _params]

        if type(_billable) is not bool and _billable is not None:
            raise TypeError

        if type(_description) is not str and _description is not None:
            raise TypeError

        if type(_has_webhooks) is not bool and _has_webhooks is not None:
            raise TypeError

        if type(_connect_documentation) is not str and _connect_documentation is not None:
            raise TypeError

        return cls(
            _id,
            _name,
            _params,
            _billable,
            _description,
            _has_webhooks,
            _connect_documentation,
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

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.create_param import CreateParam


T = TypeVar("T", bound="CreateConnection")


@_attrs_define
class CreateConnection:
    """A connection to create."""

    connector_id: str
    """ Identifier of the connection's connector. """
    name: str | Unset = UNSET
    """ Name of the new connection. """
    params: list[CreateParam] | Unset = UNSET
    """ Settings of the new connection. """
    space_id: str | Unset = UNSET
    """ Identifier of the connection's space. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        connector_id = self.connector_id

        name = self.name

        params: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.params, Unset):
            params = []
            for params_item_data in self.params:
                params_item = params_item_data.to_dict()
                params.append(params_item)

        space_id = self.space_id

        field_dict: dict[str, Any] = dict(self.additional_properties)
        field_dict["connectorId"] = connector_id
        if name is not UNSET:
            field_dict["name"] = name
        if params is not UNSET:
            field_dict["params"] = params
        if space_id is not UNSET:
            field_dict["spaceId"] = space_id
        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.create_param import CreateParam  # noqa: PLC0415

        d = dict(src_dict)
        connector_id = d.pop("connectorId")

        name = d.pop("name", UNSET)

        _params = d.pop("params", UNSET)
        params: list[CreateParam] | Unset = UNSET
        if _params is not UNSET:
            params = []
            for params_item_data in _params:
                params_item = CreateParam.from_dict(params_item_data)

                params.append(params_item)

        space_id = d.pop("spaceId", UNSET)

        create_connection = cls(
            connector_id=connector_id,
            name=name,
            params=params,
            space_id=space_id,
        )
        create_connection.additional_properties = d
        return create_connection

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

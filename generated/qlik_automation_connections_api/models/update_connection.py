# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.update_param import UpdateParam


T = TypeVar("T", bound="UpdateConnection")


@_attrs_define
class UpdateConnection:
    """Changes to a connection. Omitted fields stay the same."""

    name: str | Unset = UNSET
    """ New name of the connection. """
    params: list[UpdateParam] | Unset = UNSET
    """ Settings to change. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        params: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.params, Unset):
            params = []
            for params_item_data in self.params:
                params_item = params_item_data.to_dict()
                params.append(params_item)

        field_dict: dict[str, Any] = dict(self.additional_properties)
        if name is not UNSET:
            field_dict["name"] = name
        if params is not UNSET:
            field_dict["params"] = params
        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.update_param import UpdateParam  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name", UNSET)

        _params = d.pop("params", UNSET)
        params: list[UpdateParam] | Unset = UNSET
        if _params is not UNSET:
            params = []
            for params_item_data in _params:
                params_item = UpdateParam.from_dict(params_item_data)

                params.append(params_item)

        update_connection = cls(
            name=name,
            params=params,
        )
        update_connection.additional_properties = d
        return update_connection

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

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    read_list,
    read_object,
)

if TYPE_CHECKING:
    from ..models.connection_summary import ConnectionSummary
    from ..models.links import Links


T = TypeVar("T", bound="ConnectionList")

# What an object without fields says.
_NOTHING = {
    "data": None,
    "links": None,
}


@_attrs_define
class ConnectionList:
    """One page of connections."""

    data: list[ConnectionSummary] = _attrs_field(factory=list)
    """ The connections of this page. """
    links: Links | None = _attrs_field(default=None, repr=False)
    """ Where the neighbouring pages are. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        field_dict["data"] = [item.to_dict() for item in self.data]
        if self.links is not None:
            field_dict["links"] = self.links.to_dict()
        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.connection_summary import ConnectionSummary  # noqa: PLC0415
        from ..models.links import Links  # noqa: PLC0415

        d = dict(src_dict)
        connection_list = cls(
            data=[ConnectionSummary.from_dict(item) for item in read_list(d, "data")],
            links=read_object(d, "links", Links.from_dict),
        )
        connection_list.additional_properties = d
        return connection_list

    @classmethod
    def from_exact(cls: type[T], source: Any) -> T:
        """Reads an object as it usually is: declared fields alone, each of its type or null, and free-form ones empty.

        Raises:
            KeyError, TypeError, ValueError: it is not like that, so it takes `from_dict`.
        """
        from ..models.connection_summary import ConnectionSummary  # noqa: PLC0415
        from ..models.links import Links  # noqa: PLC0415

        if len(source) != 2:
            source = {**_NOTHING, **source}
            if len(source) != 2:
                raise ValueError
        _data = source["data"]
        _links = source["links"]
        if type(_data) is not list:
            if _data is not None and _data != {}:
                raise TypeError
            _data = []
        _data = [ConnectionSummary.from_exact(item) for item in _data]

        if _links is not None:
            _links = Links.from_exact(_links)

        return cls(
            _data,
            _links,
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

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    read_object,
)

if TYPE_CHECKING:
    from ..models.pagination_link import PaginationLink


T = TypeVar("T", bound="Links")

# What an object without fields says.
_NOTHING = {
    "next": None,
    "prev": None,
}


@_attrs_define
class Links:
    """Where the neighbouring pages are."""

    next_: PaginationLink | None = _attrs_field(default=None, repr=False)
    """ Where one neighbouring page is. """
    prev: PaginationLink | None = _attrs_field(default=None, repr=False)
    """ Where one neighbouring page is. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.next_ is not None:
            field_dict["next"] = self.next_.to_dict()
        if self.prev is not None:
            field_dict["prev"] = self.prev.to_dict()
        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.pagination_link import PaginationLink  # noqa: PLC0415

        d = dict(src_dict)
        links = cls(
            next_=read_object(d, "next", PaginationLink.from_dict),
            prev=read_object(d, "prev", PaginationLink.from_dict),
        )
        links.additional_properties = d
        return links

    @classmethod
    def from_exact(cls: type[T], source: Any) -> T:
        """Reads an object as it usually is: declared fields alone, each of its type or null, and free-form ones empty.

        Raises:
            KeyError, TypeError, ValueError: it is not like that, so it takes `from_dict`.
        """
        from ..models.pagination_link import PaginationLink  # noqa: PLC0415

        if len(source) != 2:
            source = {**_NOTHING, **source}
            if len(source) != 2:
                raise ValueError
        _next_ = source["next"]
        _prev = source["prev"]
        if _next_ is not None:
            _next_ = PaginationLink.from_exact(_next_)

        if _prev is not None:
            _prev = PaginationLink.from_exact(_prev)

        return cls(
            _next_,
            _prev,
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

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, Normalizer

if TYPE_CHECKING:
    from ..models.links import Links
    from ..models.space import Space


T = TypeVar("T", bound="SpaceList")

_SCHEMA = "Spaces"
_FIELDS = (
    "data",
    "links",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class SpaceList:
    """One page of spaces."""

    data: list[Space] = _attrs_field(factory=list)
    """ The spaces of this page. """
    links: Links | None = None
    """ Links to the next and previous pages. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.data or "data" not in field_dict:
            field_dict["data"] = [item.to_dict() for item in self.data]
        if self.links is not None:
            field_dict["links"] = self.links.to_dict()
        return field_dict

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        from ..models.links import Links  # noqa: PLC0415
        from ..models.space import Space  # noqa: PLC0415

        extra: dict[str, Any] = {}
        try:
            if len(source) != 2:
                raise KeyError
            (
                _data,
                _links,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _data,
                _links,
            ) = _values(source)
        if type(_data) is not list or not {*map(type, _data)} <= {dict}:
            _data = normalizer.field(_SCHEMA, source, "data", extra) or []
        _data = normalizer.identified(Space.from_dict, _data)

        if type(_links) is not dict:
            _links = normalizer.field(_SCHEMA, source, "links", extra)
        if _links is not None:
            _links = Links.from_dict(_links, normalizer)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        space_list = cls.__new__(cls)
        space_list.data = _data
        space_list.links = _links
        space_list.additional_properties = extra
        return space_list

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

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, Normalizer

if TYPE_CHECKING:
    from ..models.pagination_link import PaginationLink


T = TypeVar("T", bound="Links")

_SCHEMA = "Links"
_FIELDS = (
    "next",
    "prev",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class Links:
    """Links to the next and previous pages."""

    next_: PaginationLink | None = None
    """ A link to a page. """
    prev: PaginationLink | None = None
    """ A link to a page. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.next_ is not None:
            field_dict["next"] = self.next_.to_dict()
        if self.prev is not None:
            field_dict["prev"] = self.prev.to_dict()
        return field_dict

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        from ..models.pagination_link import PaginationLink  # noqa: PLC0415

        extra: dict[str, Any] = {}
        try:
            if len(source) != 2:
                raise KeyError
            (
                _next_,
                _prev,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _next_,
                _prev,
            ) = _values(source)
        if type(_next_) is not dict:
            _next_ = normalizer.field(_SCHEMA, source, "next", extra)
        if _next_ is not None:
            _next_ = PaginationLink.from_dict(_next_, normalizer)

        if type(_prev) is not dict:
            _prev = normalizer.field(_SCHEMA, source, "prev", extra)
        if _prev is not None:
            _prev = PaginationLink.from_dict(_prev, normalizer)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        links = cls.__new__(cls)
        links.next_ = _next_
        links.prev = _prev
        links.additional_properties = extra
        return links

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

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, Normalizer, Row, html_table

T = TypeVar("T", bound="PaginationLink")

_SCHEMA = "PaginationLink"
_FIELDS = ("href",)


@_attrs_define
class PaginationLink:
    """A link to a page."""

    href: str | None = None
    """ URL of the page. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.href is not None:
            field_dict["href"] = self.href
        return field_dict

    def to_row(self) -> Row:
        """Return the plain values by attribute, as a row of a table: no lists, no objects, no secrets."""
        return {
            "href": self.href,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("PaginationLink", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        extra: dict[str, Any] = {}
        try:
            if len(source) != 1:
                raise KeyError
            _href = source[_FIELDS[0]]
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            _href = source[_FIELDS[0]]
        if type(_href) is not str:
            _href = normalizer.field(_SCHEMA, source, "href", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        pagination_link = cls.__new__(cls)
        pagination_link.href = _href
        pagination_link.additional_properties = extra
        return pagination_link

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

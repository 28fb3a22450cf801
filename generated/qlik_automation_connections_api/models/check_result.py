# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from operator import itemgetter
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, Normalizer, Row, html_table

T = TypeVar("T", bound="CheckResult")

_SCHEMA = "AutomationConnectionCheckObject"
_FIELDS = (
    "connected",
    "is_connected",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class CheckResult:
    """The result of a check, in two spellings."""

    connected: bool | None = None
    """ Whether the connection works. """
    is_connected: bool | None = None
    """ Whether the connection works. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.connected is not None:
            field_dict["connected"] = self.connected
        if self.is_connected is not None:
            field_dict["is_connected"] = self.is_connected
        return field_dict

    def to_row(self) -> Row:
        """Return the plain values by attribute, as a row of a table: no lists, no objects, no secrets."""
        return {
            "connected": self.connected,
            "is_connected": self.is_connected,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("CheckResult", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        extra: dict[str, Any] = {}
        try:
            if len(source) != 2:
                raise KeyError
            (
                _connected,
                _is_connected,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _connected,
                _is_connected,
            ) = _values(source)
        if type(_connected) is not bool:
            _connected = normalizer.field(_SCHEMA, source, "connected", extra)

        if type(_is_connected) is not bool:
            _is_connected = normalizer.field(_SCHEMA, source, "is_connected", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        check_result = cls.__new__(cls)
        check_result.connected = _connected
        check_result.is_connected = _is_connected
        check_result.additional_properties = extra
        return check_result

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

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from operator import itemgetter
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, MissingId, Normalizer, Row, html_table

T = TypeVar("T", bound="ConnectorSummary")

_SCHEMA = "AutomationConnectorsListObject"
_FIELDS = (
    "id",
    "name",
    "billable",
    "description",
    "hasWebhooks",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class ConnectorSummary:
    """A connector in a list, without its params."""

    id: str
    """ Identifier of the connector. """
    name: str | None = None
    """ Name of the connector. """
    billable: bool | None = None
    """ Whether use of the connector is charged for. """
    description: str | None = None
    """ Description of the connector. """
    has_webhooks: bool | None = None
    """ Whether the connector can start automations by webhook. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        field_dict["id"] = self.id
        if self.name is not None:
            field_dict["name"] = self.name
        if self.billable is not None:
            field_dict["billable"] = self.billable
        if self.description is not None:
            field_dict["description"] = self.description
        if self.has_webhooks is not None:
            field_dict["hasWebhooks"] = self.has_webhooks
        return field_dict

    def to_row(self) -> Row:
        """Return the plain values by attribute, as a row of a table: no lists, no objects, no secrets."""
        return {
            "id": self.id,
            "name": self.name,
            "billable": self.billable,
            "description": self.description,
            "has_webhooks": self.has_webhooks,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("ConnectorSummary", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        extra: dict[str, Any] = {}
        try:
            if len(source) != 5:
                raise KeyError
            (
                _id,
                _name,
                _billable,
                _description,
                _has_webhooks,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _id,
                _name,
                _billable,
                _description,
                _has_webhooks,
            ) = _values(source)
        if type(_id) is not str:
            _id = normalizer.field(_SCHEMA, source, "id", extra)
        if _id is None or not _id.strip():
            raise MissingId(_SCHEMA)

        if type(_name) is not str:
            _name = normalizer.field(_SCHEMA, source, "name", extra)

        if type(_billable) is not bool:
            _billable = normalizer.field(_SCHEMA, source, "billable", extra)

        if type(_description) is not str:
            _description = normalizer.field(_SCHEMA, source, "description", extra)

        if type(_has_webhooks) is not bool:
            _has_webhooks = normalizer.field(_SCHEMA, source, "hasWebhooks", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        connector_summary = cls.__new__(cls)
        connector_summary.id = _id
        connector_summary.name = _name
        connector_summary.billable = _billable
        connector_summary.description = _description
        connector_summary.has_webhooks = _has_webhooks
        connector_summary.additional_properties = extra
        return connector_summary

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

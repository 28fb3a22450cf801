# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, MissingId, Normalizer, Row, html_table

if TYPE_CHECKING:
    from ..models.connector_param import ConnectorParam


T = TypeVar("T", bound="Connector")

_SCHEMA = "AutomationConnectorDetail"
_FIELDS = (
    "id",
    "name",
    "params",
    "billable",
    "description",
    "hasWebhooks",
    "connectDocumentation",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class Connector:
    """A connector with the params of its connections."""

    id: str
    """ Identifier of the connector. """
    name: str | None = None
    """ Name of the connector. """
    params: list[ConnectorParam] = _attrs_field(factory=list)
    """ The params of a connection of this connector. """
    billable: bool | None = None
    """ Whether use of the connector is charged for. """
    description: str | None = None
    """ Description of the connector. """
    has_webhooks: bool | None = None
    """ Whether the connector can start automations by webhook. """
    connect_documentation: str | None = None
    """ Instructions for connecting. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        field_dict["id"] = self.id
        if self.name is not None:
            field_dict["name"] = self.name
        if self.params or "params" not in field_dict:
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

    def to_row(self) -> Row:
        """Return the plain values by attribute, as a row of a table: no lists, no objects, no secrets."""
        return {
            "id": self.id,
            "name": self.name,
            "billable": self.billable,
            "description": self.description,
            "has_webhooks": self.has_webhooks,
            "connect_documentation": self.connect_documentation,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("Connector", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        from ..models.connector_param import ConnectorParam  # noqa: PLC0415

        extra: dict[str, Any] = {}
        try:
            if len(source) != 7:
                raise KeyError
            (
                _id,
                _name,
                _params,
                _billable,
                _description,
                _has_webhooks,
                _connect_documentation,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _id,
                _name,
                _params,
                _billable,
                _description,
                _has_webhooks,
                _connect_documentation,
            ) = _values(source)
        if type(_id) is not str:
            _id = normalizer.field(_SCHEMA, source, "id", extra)
        if _id is None or not _id.strip():
            raise MissingId(_SCHEMA)

        if type(_name) is not str:
            _name = normalizer.field(_SCHEMA, source, "name", extra)

        if type(_params) is not list or not {*map(type, _params)} <= {dict}:
            _params = normalizer.field(_SCHEMA, source, "params", extra) or []
        _params = [ConnectorParam.from_dict(item, normalizer) for item in _params]

        if type(_billable) is not bool:
            _billable = normalizer.field(_SCHEMA, source, "billable", extra)

        if type(_description) is not str:
            _description = normalizer.field(_SCHEMA, source, "description", extra)

        if type(_has_webhooks) is not bool:
            _has_webhooks = normalizer.field(_SCHEMA, source, "hasWebhooks", extra)

        if type(_connect_documentation) is not str:
            _connect_documentation = normalizer.field(_SCHEMA, source, "connectDocumentation", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        connector = cls.__new__(cls)
        connector.id = _id
        connector.name = _name
        connector.params = _params
        connector.billable = _billable
        connector.description = _description
        connector.has_webhooks = _has_webhooks
        connector.connect_documentation = _connect_documentation
        connector.additional_properties = extra
        return connector

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

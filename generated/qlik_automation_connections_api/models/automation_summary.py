# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

import datetime
from operator import itemgetter
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.automation_last_run_status import (
    AutomationLastRunStatus,
)
from ..models.automation_run_mode import AutomationRunMode
from ..models.automation_state import AutomationState
from ..types import NORMALIZER, MissingId, Normalizer, Row, html_table

T = TypeVar("T", bound="AutomationSummary")

_SCHEMA = "AutomationListObject"
_moment = datetime.datetime.fromisoformat
_FIELDS = (
    "id",
    "name",
    "state",
    "ownerId",
    "runMode",
    "spaceId",
    "createdAt",
    "lastRunAt",
    "updatedAt",
    "description",
    "connectorIds",
    "lastRunStatus",
    "executionToken",
    "maxConcurrentRuns",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class AutomationSummary:
    """An automation in a list."""

    id: str
    """ Identifier of the automation. """
    name: str | None = None
    """ Name of the automation. """
    state: AutomationState | None = None
    """ State of the automation. """
    owner_id: str | None = None
    """ Identifier of the automation's owner. """
    run_mode: AutomationRunMode | None = None
    """ How the automation is started. """
    space_id: str | None = None
    """ Identifier of the automation's space. """
    created_at: datetime.datetime | None = None
    """ When the automation was created. """
    last_run_at: datetime.datetime | None = None
    """ When the last run ended. """
    updated_at: datetime.datetime | None = None
    """ When the automation was last changed. """
    description: str | None = None
    """ Description of the automation. """
    connector_ids: list[str] = _attrs_field(factory=list)
    """ Identifiers of the connectors in the workspace, in no particular order. """
    last_run_status: AutomationLastRunStatus | None = None
    """ Status of the last run. """
    execution_token: str | None = _attrs_field(default=None, repr=False)
    """ Token that allows running the automation. A secret, sent in clear text. """
    max_concurrent_runs: int | None = None
    """ Maximum number of concurrent runs. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        field_dict["id"] = self.id
        if self.name is not None:
            field_dict["name"] = self.name
        if self.state is not None:
            field_dict["state"] = self.state
        if self.owner_id is not None:
            field_dict["ownerId"] = self.owner_id
        if self.run_mode is not None:
            field_dict["runMode"] = self.run_mode
        if self.space_id is not None:
            field_dict["spaceId"] = self.space_id
        if self.created_at is not None:
            field_dict["createdAt"] = self.created_at.isoformat()
        if self.last_run_at is not None:
            field_dict["lastRunAt"] = self.last_run_at.isoformat()
        if self.updated_at is not None:
            field_dict["updatedAt"] = self.updated_at.isoformat()
        if self.description is not None:
            field_dict["description"] = self.description
        if self.connector_ids or "connectorIds" not in field_dict:
            field_dict["connectorIds"] = self.connector_ids
        if self.last_run_status is not None:
            field_dict["lastRunStatus"] = self.last_run_status
        if self.execution_token is not None:
            field_dict["executionToken"] = self.execution_token
        if self.max_concurrent_runs is not None:
            field_dict["maxConcurrentRuns"] = self.max_concurrent_runs
        return field_dict

    def to_row(self) -> Row:
        """Return the plain values by attribute, as a row of a table: no lists, no objects, no secrets."""
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "owner_id": self.owner_id,
            "run_mode": self.run_mode,
            "space_id": self.space_id,
            "created_at": self.created_at,
            "last_run_at": self.last_run_at,
            "updated_at": self.updated_at,
            "description": self.description,
            "last_run_status": self.last_run_status,
            "max_concurrent_runs": self.max_concurrent_runs,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("AutomationSummary", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        extra: dict[str, Any] = {}
        try:
            if len(source) != 14:
                raise KeyError
            (
                _id,
                _name,
                _state,
                _owner_id,
                _run_mode,
                _space_id,
                _created_at,
                _last_run_at,
                _updated_at,
                _description,
                _connector_ids,
                _last_run_status,
                _execution_token,
                _max_concurrent_runs,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _id,
                _name,
                _state,
                _owner_id,
                _run_mode,
                _space_id,
                _created_at,
                _last_run_at,
                _updated_at,
                _description,
                _connector_ids,
                _last_run_status,
                _execution_token,
                _max_concurrent_runs,
            ) = _values(source)
        if type(_id) is not str:
            _id = normalizer.field(_SCHEMA, source, "id", extra)
        if _id is None or not _id.strip():
            raise MissingId(_SCHEMA)

        if type(_name) is not str:
            _name = normalizer.field(_SCHEMA, source, "name", extra)

        if _state.__class__ is not str:
            _state = normalizer.field(_SCHEMA, source, "state", extra)

        if type(_owner_id) is not str:
            _owner_id = normalizer.field(_SCHEMA, source, "ownerId", extra)

        if _run_mode.__class__ is not str:
            _run_mode = normalizer.field(_SCHEMA, source, "runMode", extra)

        if type(_space_id) is not str or not _space_id:
            _space_id = normalizer.field(_SCHEMA, source, "spaceId", extra)

        try:
            _created_at = _moment(_created_at)
            if _created_at.tzinfo is None:
                raise ValueError
        except (TypeError, ValueError):
            _created_at = normalizer.field(_SCHEMA, source, "createdAt", extra)

        try:
            _last_run_at = _moment(_last_run_at)
            if _last_run_at.tzinfo is None:
                raise ValueError
        except (TypeError, ValueError):
            _last_run_at = normalizer.field(_SCHEMA, source, "lastRunAt", extra)

        try:
            _updated_at = _moment(_updated_at)
            if _updated_at.tzinfo is None:
                raise ValueError
        except (TypeError, ValueError):
            _updated_at = normalizer.field(_SCHEMA, source, "updatedAt", extra)

        if type(_description) is not str:
            _description = normalizer.field(_SCHEMA, source, "description", extra)

        if type(_connector_ids) is not list or not {*map(type, _connector_ids)} <= {str}:
            _connector_ids = normalizer.field(_SCHEMA, source, "connectorIds", extra) or []

        if _last_run_status.__class__ is not str:
            _last_run_status = normalizer.field(_SCHEMA, source, "lastRunStatus", extra)

        if type(_execution_token) is not str:
            _execution_token = normalizer.field(_SCHEMA, source, "executionToken", extra)

        if type(_max_concurrent_runs) is not int:
            _max_concurrent_runs = normalizer.field(_SCHEMA, source, "maxConcurrentRuns", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        automation_summary = cls.__new__(cls)
        automation_summary.id = _id
        automation_summary.name = _name
        automation_summary.state = _state
        automation_summary.owner_id = _owner_id
        automation_summary.run_mode = _run_mode
        automation_summary.space_id = _space_id
        automation_summary.created_at = _created_at
        automation_summary.last_run_at = _last_run_at
        automation_summary.updated_at = _updated_at
        automation_summary.description = _description
        automation_summary.connector_ids = _connector_ids
        automation_summary.last_run_status = _last_run_status
        automation_summary.execution_token = _execution_token
        automation_summary.max_concurrent_runs = _max_concurrent_runs
        automation_summary.additional_properties = extra
        return automation_summary

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

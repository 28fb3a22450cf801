# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.automation_last_run_status import (
    AutomationLastRunStatus,
)
from ..models.automation_run_mode import AutomationRunMode
from ..models.automation_state import AutomationState
from ..types import NORMALIZER, MissingId, Normalizer, Row, html_table

if TYPE_CHECKING:
    from ..models.automation_workspace import AutomationWorkspace
    from ..models.schedule import Schedule


T = TypeVar("T", bound="Automation")

_SCHEMA = "AutomationDetailResponseObject"
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
    "schedules",
    "updatedAt",
    "workspace",
    "description",
    "connectorIds",
    "lastRunStatus",
    "executionToken",
    "maxConcurrentRuns",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class Automation:
    """An automation with its workspace."""

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
    schedules: list[Schedule] = _attrs_field(factory=list)
    """ When the automation runs. """
    updated_at: datetime.datetime | None = None
    """ When the automation was last changed. """
    workspace: AutomationWorkspace | None = _attrs_field(default=None, repr=False)
    """ The automation's blocks and variables, as stored by the editor. A block's settings name its connection. """
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
        if self.schedules or "schedules" not in field_dict:
            field_dict["schedules"] = [item.to_dict() for item in self.schedules]
        if self.updated_at is not None:
            field_dict["updatedAt"] = self.updated_at.isoformat()
        if self.workspace is not None:
            field_dict["workspace"] = self.workspace.to_dict()
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
        return html_table("Automation", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        from ..models.automation_workspace import AutomationWorkspace  # noqa: PLC0415
        from ..models.schedule import Schedule  # noqa: PLC0415

        extra: dict[str, Any] = {}
        try:
            if len(source) != 16:
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
                _schedules,
                _updated_at,
                _workspace,
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
                _schedules,
                _updated_at,
                _workspace,
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

        if type(_schedules) is not list or not {*map(type, _schedules)} <= {dict}:
            _schedules = normalizer.field(_SCHEMA, source, "schedules", extra) or []
        _schedules = [Schedule.from_dict(item, normalizer) for item in _schedules]

        try:
            _updated_at = _moment(_updated_at)
            if _updated_at.tzinfo is None:
                raise ValueError
        except (TypeError, ValueError):
            _updated_at = normalizer.field(_SCHEMA, source, "updatedAt", extra)

        if type(_workspace) is not dict or _workspace:
            _workspace = normalizer.field(_SCHEMA, source, "workspace", extra)
        if _workspace is not None:
            _workspace = AutomationWorkspace(_workspace)

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
        automation = cls.__new__(cls)
        automation.id = _id
        automation.name = _name
        automation.state = _state
        automation.owner_id = _owner_id
        automation.run_mode = _run_mode
        automation.space_id = _space_id
        automation.created_at = _created_at
        automation.last_run_at = _last_run_at
        automation.schedules = _schedules
        automation.updated_at = _updated_at
        automation.workspace = _workspace
        automation.description = _description
        automation.connector_ids = _connector_ids
        automation.last_run_status = _last_run_status
        automation.execution_token = _execution_token
        automation.max_concurrent_runs = _max_concurrent_runs
        automation.additional_properties = extra
        return automation

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

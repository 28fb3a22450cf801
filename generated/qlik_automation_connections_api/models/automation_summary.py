# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    read_datetime,
    read_integer,
    read_scalars,
    read_string,
)

T = TypeVar("T", bound="AutomationSummary")

# What an object without fields says.
_NOTHING = {
    "id": None,
    "name": None,
    "state": None,
    "ownerId": None,
    "runMode": None,
    "spaceId": None,
    "createdAt": None,
    "lastRunAt": None,
    "updatedAt": None,
    "description": None,
    "connectorIds": None,
    "lastRunStatus": None,
    "executionToken": None,
    "maxConcurrentRuns": None,
}


@_attrs_define
class AutomationSummary:
    """An automation as it stands in lists."""

    id: str | None = None
    """ Identifier of the automation. """
    name: str | None = None
    """ Name of the automation. """
    state: str | None = None
    """ Whether it can run, one of available, unavailable and disabled. """
    owner_id: str | None = None
    """ Identifier of the user who owns the automation. """
    run_mode: str | None = None
    """ What starts it, one of manual, scheduled, triggered and webhook. """
    space_id: str | None = None
    """ Identifier of the space that holds the automation. """
    created_at: datetime.datetime | None = None
    """ When the automation was created. """
    last_run_at: datetime.datetime | None = None
    """ When its last run ended. """
    updated_at: datetime.datetime | None = None
    """ When the automation was last changed. """
    description: str | None = None
    """ What the owner says about the automation. """
    connector_ids: list[str] = _attrs_field(factory=list)
    """ Identifiers of the connectors that stand in the workspace, in no order. """
    last_run_status: str | None = None
    """ How its last run stands, such as finished, failed or running. """
    execution_token: str | None = _attrs_field(default=None, repr=False)
    """ What lets somebody run the automation. A secret, sent in clear. """
    max_concurrent_runs: int | None = None
    """ How many of its runs may take place at a time. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.id is not None:
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
        field_dict["connectorIds"] = self.connector_ids
        if self.last_run_status is not None:
            field_dict["lastRunStatus"] = self.last_run_status
        if self.execution_token is not None:
            field_dict["executionToken"] = self.execution_token
        if self.max_concurrent_runs is not None:
            field_dict["maxConcurrentRuns"] = self.max_concurrent_runs
        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        automation_summary = cls(
            id=read_string(d, "id"),
            name=read_string(d, "name"),
            state=read_string(d, "state"),
            owner_id=read_string(d, "ownerId"),
            run_mode=read_string(d, "runMode"),
            space_id=read_string(d, "spaceId"),
            created_at=read_datetime(d, "createdAt"),
            last_run_at=read_datetime(d, "lastRunAt"),
            updated_at=read_datetime(d, "updatedAt"),
            description=read_string(d, "description"),
            connector_ids=read_scalars(d, "connectorIds", str),
            last_run_status=read_string(d, "lastRunStatus"),
            execution_token=read_string(d, "executionToken"),
            max_concurrent_runs=read_integer(d, "maxConcurrentRuns"),
        )
        automation_summary.additional_properties = d
        return automation_summary

    @classmethod
    def from_exact(cls: type[T], source: Any) -> T:
        """Reads an object as it usually is: declared fields alone, each of its type or null, and free-form ones empty.

        Raises:
            KeyError, TypeError, ValueError: it is not like that, so it takes `from_dict`.
        """
        if len(source) != 14:
            source = {**_NOTHING, **source}
            if len(source) != 14:
                raise ValueError
        _id = source["id"]
        _name = source["name"]
        _state = source["state"]
        _owner_id = source["ownerId"]
        _run_mode = source["runMode"]
        _space_id = source["spaceId"]
        _created_at = source["createdAt"]
        _last_run_at = source["lastRunAt"]
        _updated_at = source["updatedAt"]
        _description = source["description"]
        _connector_ids = source["connectorIds"]
        _last_run_status = source["lastRunStatus"]
        _execution_token = source["executionToken"]
        _max_concurrent_runs = source["maxConcurrentRuns"]
        if type(_id) is not str and _id is not None:
            raise TypeError

        if type(_name) is not str and _name is not None:
            raise TypeError

        if type(_state) is not str and _state is not None:
            raise TypeError

        if type(_owner_id) is not str and _owner_id is not None:
            raise TypeError

        if type(_run_mode) is not str and _run_mode is not None:
            raise TypeError

        if type(_space_id) is not str and _space_id is not None:
            raise TypeError
        _space_id = _space_id or None

        if _created_at is not None:
            _created_at = datetime.datetime.fromisoformat(_created_at)
            if _created_at.tzinfo is None:
                raise ValueError

        if _last_run_at is not None:
            _last_run_at = datetime.datetime.fromisoformat(_last_run_at)
            if _last_run_at.tzinfo is None:
                raise ValueError

        if _updated_at is not None:
            _updated_at = datetime.datetime.fromisoformat(_updated_at)
            if _updated_at.tzinfo is None:
                raise ValueError

        if type(_description) is not str and _description is not None:
            raise TypeError

        if type(_connector_ids) is not list:
            if _connector_ids is not None and _connector_ids != {}:
                raise TypeError
            _connector_ids = []
        for item in _connector_ids:
            if type(item) is not str:
                raise TypeError

        if type(_last_run_status) is not str and _last_run_status is not None:
            raise TypeError

        if type(_execution_token) is not str and _execution_token is not None:
            raise TypeError

        if type(_max_concurrent_runs) is not int and _max_concurrent_runs is not None:
            raise TypeError

        return cls(
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

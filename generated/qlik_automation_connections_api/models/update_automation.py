# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.set_schedule import SetSchedule
    from ..models.update_automation_workspace import UpdateAutomationWorkspace


T = TypeVar("T", bound="UpdateAutomation")


@_attrs_define
class UpdateAutomation:
    """The definition of an automation. Whether omitted fields stay the same is not documented."""

    name: str | Unset = UNSET
    """ New name of the automation. """
    schedules: list[SetSchedule] | Unset = UNSET
    """ When the automation runs. """
    workspace: UpdateAutomationWorkspace | Unset = _attrs_field(default=UNSET, repr=False)
    """ Blocks and variables, as the editor writes them. """
    description: str | Unset = UNSET
    """ Description of the automation. """
    max_concurrent_runs: int | Unset = UNSET
    """ Maximum number of concurrent runs. The tenant's settings limit it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        schedules: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.schedules, Unset):
            schedules = []
            for schedules_item_data in self.schedules:
                schedules_item = schedules_item_data.to_dict()
                schedules.append(schedules_item)

        workspace: dict[str, Any] | Unset = UNSET
        if not isinstance(self.workspace, Unset):
            workspace = self.workspace.to_dict()

        description = self.description

        max_concurrent_runs = self.max_concurrent_runs

        field_dict: dict[str, Any] = dict(self.additional_properties)
        if name is not UNSET:
            field_dict["name"] = name
        if schedules is not UNSET:
            field_dict["schedules"] = schedules
        if workspace is not UNSET:
            field_dict["workspace"] = workspace
        if description is not UNSET:
            field_dict["description"] = description
        if max_concurrent_runs is not UNSET:
            field_dict["maxConcurrentRuns"] = max_concurrent_runs
        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.set_schedule import SetSchedule  # noqa: PLC0415
        from ..models.update_automation_workspace import UpdateAutomationWorkspace  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name", UNSET)

        _schedules = d.pop("schedules", UNSET)
        schedules: list[SetSchedule] | Unset = UNSET
        if _schedules is not UNSET:
            schedules = []
            for schedules_item_data in _schedules:
                schedules_item = SetSchedule.from_dict(schedules_item_data)

                schedules.append(schedules_item)

        _workspace = d.pop("workspace", UNSET)
        workspace: UpdateAutomationWorkspace | Unset
        if isinstance(_workspace, Unset):
            workspace = UNSET
        else:
            workspace = UpdateAutomationWorkspace.from_dict(_workspace)

        description = d.pop("description", UNSET)

        max_concurrent_runs = d.pop("maxConcurrentRuns", UNSET)

        update_automation = cls(
            name=name,
            schedules=schedules,
            workspace=workspace,
            description=description,
            max_concurrent_runs=max_concurrent_runs,
        )
        update_automation.additional_properties = d
        return update_automation

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

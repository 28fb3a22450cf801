# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="SetSchedule")


@_attrs_define
class SetSchedule:
    """A schedule to set."""

    stop_at: str | Unset = UNSET
    """ When the schedule ends, as a local time like 2025-03-05 02:00:00. """
    start_at: str | Unset = UNSET
    """ When the schedule begins, as a local time like 2025-03-05 02:00:00. """
    interval: int | Unset = UNSET
    """ Seconds between two runs, a multiple of 60. """
    timezone: str | Unset = UNSET
    """ Time zone of the local times, such as Europe/Oslo. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        stop_at = self.stop_at

        start_at = self.start_at

        interval = self.interval

        timezone = self.timezone

        field_dict: dict[str, Any] = dict(self.additional_properties)
        if stop_at is not UNSET:
            field_dict["stopAt"] = stop_at
        if start_at is not UNSET:
            field_dict["startAt"] = start_at
        if interval is not UNSET:
            field_dict["interval"] = interval
        if timezone is not UNSET:
            field_dict["timezone"] = timezone
        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        stop_at = d.pop("stopAt", UNSET)

        start_at = d.pop("startAt", UNSET)

        interval = d.pop("interval", UNSET)

        timezone = d.pop("timezone", UNSET)

        set_schedule = cls(
            stop_at=stop_at,
            start_at=start_at,
            interval=interval,
            timezone=timezone,
        )
        set_schedule.additional_properties = d
        return set_schedule

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

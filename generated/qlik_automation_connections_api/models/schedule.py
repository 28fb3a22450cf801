# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

import datetime
from operator import itemgetter
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, Normalizer, Row, html_table

T = TypeVar("T", bound="Schedule")

_SCHEMA = "ScheduleResponseObject"
_moment = datetime.datetime.fromisoformat
_FIELDS = (
    "id",
    "stopAt",
    "startAt",
    "interval",
    "timezone",
    "lastStartedAt",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class Schedule:
    """A schedule of an automation."""

    id: str | None = None
    """ Identifier of the schedule. """
    stop_at: str | None = None
    """ When the schedule ends, as a local time like 2025-03-05 02:00:00. """
    start_at: str | None = None
    """ When the schedule begins, as a local time like 2025-03-05 02:00:00. """
    interval: int | None = None
    """ Seconds between two runs. """
    timezone: str | None = None
    """ Time zone of the local times, such as Europe/Oslo. """
    last_started_at: datetime.datetime | None = None
    """ When the schedule last started a run. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        if self.id is not None:
            field_dict["id"] = self.id
        if self.stop_at is not None:
            field_dict["stopAt"] = self.stop_at
        if self.start_at is not None:
            field_dict["startAt"] = self.start_at
        if self.interval is not None:
            field_dict["interval"] = self.interval
        if self.timezone is not None:
            field_dict["timezone"] = self.timezone
        if self.last_started_at is not None:
            field_dict["lastStartedAt"] = self.last_started_at.isoformat()
        return field_dict

    def to_row(self) -> Row:
        """Return the plain values by attribute, as a row of a table: no lists, no objects, no secrets."""
        return {
            "id": self.id,
            "stop_at": self.stop_at,
            "start_at": self.start_at,
            "interval": self.interval,
            "timezone": self.timezone,
            "last_started_at": self.last_started_at,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("Schedule", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        extra: dict[str, Any] = {}
        try:
            if len(source) != 6:
                raise KeyError
            (
                _id,
                _stop_at,
                _start_at,
                _interval,
                _timezone,
                _last_started_at,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _id,
                _stop_at,
                _start_at,
                _interval,
                _timezone,
                _last_started_at,
            ) = _values(source)
        if type(_id) is not str:
            _id = normalizer.field(_SCHEMA, source, "id", extra)

        if type(_stop_at) is not str:
            _stop_at = normalizer.field(_SCHEMA, source, "stopAt", extra)

        if type(_start_at) is not str:
            _start_at = normalizer.field(_SCHEMA, source, "startAt", extra)

        if type(_interval) is not int:
            _interval = normalizer.field(_SCHEMA, source, "interval", extra)

        if type(_timezone) is not str:
            _timezone = normalizer.field(_SCHEMA, source, "timezone", extra)

        try:
            _last_started_at = _moment(_last_started_at)
            if _last_started_at.tzinfo is None:
                raise ValueError
        except (TypeError, ValueError):
            _last_started_at = normalizer.field(_SCHEMA, source, "lastStartedAt", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        schedule = cls.__new__(cls)
        schedule.id = _id
        schedule.stop_at = _stop_at
        schedule.start_at = _start_at
        schedule.interval = _interval
        schedule.timezone = _timezone
        schedule.last_started_at = _last_started_at
        schedule.additional_properties = extra
        return schedule

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

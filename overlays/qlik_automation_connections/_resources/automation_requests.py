"""Calls that create and update an automation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from qlik_automation_connections_api import models
from qlik_automation_connections_api.api.automations import create_automation, update_automation

from .. import _arguments as arguments
from .._arguments import Schedules, Workspace
from .._exchange.call import Call, call_about
from .._secrets import Secret
from ..errors import ConfigurationError

if TYPE_CHECKING:
    from qlik_automation_connections_api.models import Automation

_PARTS = ("name", "schedules", "workspace", "description", "maxConcurrentRuns")


class Definition(NamedTuple):
    """What a user gives of an automation's definition."""

    name: str | None
    description: str | None
    workspace: Secret[Workspace] | None
    schedules: Schedules | None
    max_concurrent_runs: int | None

    def to_json(self) -> dict[str, Any]:
        """Return the given parts, as they are sent.

        Raises:
            ConfigurationError: One of them can't be sent.
        """
        given: dict[str, Any] = {}
        for name, value in (("name", self.name), ("description", self.description)):
            if value is not None:
                given[name] = arguments.text(name, value)
        if self.schedules is not None:
            given["schedules"] = arguments.schedules(self.schedules)
        if self.max_concurrent_runs is not None:
            given["maxConcurrentRuns"] = arguments.positive("max_concurrent_runs", self.max_concurrent_runs)
        if self.workspace is not None:
            given["workspace"] = arguments.json_object("workspace", self.workspace).get_secret_value()
        return given


def create(definition: Definition, *, space_id: str | None) -> Call[Automation]:
    given = definition.to_json()
    if space_id is not None:
        given["spaceId"] = arguments.text("space_id", space_id)
    body = models.CreateAutomation.from_dict(given)
    return Call(
        create_automation.OPERATION, create_automation.request_arguments(body=body), create_automation.read_result
    )


class Update:
    """An update of an automation, which sends the whole definition.

    Whether the service keeps what a body leaves out is not known.
    """

    def __init__(self, definition: Definition) -> None:
        self._given = Secret(definition.to_json())
        if not self._given.get_secret_value():
            raise ConfigurationError(
                "Nothing to update. Pass name, description, workspace, schedules or max_concurrent_runs."
            )

    def call(self, id: str, automation: Automation) -> Call[Automation]:
        """Return the call that updates the automation, given as it was read."""
        read = automation.to_dict()
        whole = {part: read[part] for part in _PARTS if read.get(part) is not None}
        whole["schedules"] = arguments.schedules(automation.schedules)
        return call_about(
            update_automation, id, body=models.UpdateAutomation.from_dict(whole | self._given.get_secret_value())
        )

"""The operations on automations that change something.

Only the owner, or a machine with the scope admin.automations, may read or update an automation; administrators may
delete it, enable and disable it, and give it to another owner or space. Where the service's documentation is silent,
the sandbox chooses: an update resets whatever its body leaves out, except for the name; an automation belongs to the
bot of the machine that creates it; it has an execution token while something else than its owner starts it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ._call import Call, checked_name
from ._deterministic import now, uuid_id
from ._models import Automation, Schedule, without_connections
from ._store import TenantState

_MINUTE = 60
_OWNER = "its owner, or a machine with the scope admin.automations,"


def require_owner(call: Call, automation: Automation) -> None:
    """Refuse callers who may neither read nor update an automation.

    Raises:
        HTTPError: With status 403.
    """
    principal = call.principal
    call.require(principal.manages_automations or automation.owner_id == principal.owner_id, _OWNER)


class AutomationOperations:
    """Changes automations.

    Args:
        state: The tenant's data.
        get: Returns the automation that a call is about, if the caller may see it.
    """

    def __init__(self, state: TenantState, get: Callable[[Call], Automation]) -> None:
        self._state = state
        self._get = get
        self.actions: Mapping[str, Callable[[Call], Automation | None]] = {
            "createAutomation": self._create,
            "updateAutomation": self._update,
            "deleteAutomation": self._delete,
            "enableAutomation": lambda call: self._set_state(call, "available"),
            "disableAutomation": lambda call: self._set_state(call, "disabled"),
            "automationChangeOwner": self._change_owner,
            "automationChangeSpace": self._change_space,
        }

    def _create(self, call: Call) -> Automation:
        principal = call.principal
        call.require(
            principal.may_change or principal.manages_automations, "users, and machines with admin.automations,"
        )
        created = now()
        automation = Automation(
            id=self._state.new_id(),
            name=checked_name(call.body["name"]),
            owner_id=principal.owner_id,
            space_id=self._state.checked_space(call.body.get("spaceId", "")),
            created_at=created,
            updated_at=created,
        )
        self._define(automation, call.body)
        self._state.automations.put(automation)
        call.id = automation.id
        return automation

    def _update(self, call: Call) -> Automation:
        automation = self._get(call)
        require_owner(call, automation)
        automation.name = checked_name(call.body.get("name", automation.name))
        self._define(automation, call.body)
        return self._changed(automation)

    def _delete(self, call: Call) -> None:
        self._state.automations.remove(self._administered(call))

    def _set_state(self, call: Call, state: str) -> Automation:
        automation = self._administered(call)
        automation.state = state
        return self._changed(automation)

    def _change_owner(self, call: Call) -> Automation:
        automation = self._administered(call)
        automation.owner_id = self._state.checked_user(call.body["userId"])
        automation.workspace = without_connections(automation.workspace)
        automation.last_run_at, automation.last_run_status = None, "not started"
        return self._changed(automation)

    def _change_space(self, call: Call) -> Automation:
        automation = self._administered(call)
        automation.space_id = self._state.checked_space(call.body["spaceId"])
        return self._changed(automation)

    def _administered(self, call: Call) -> Automation:
        automation, principal = self._get(call), call.principal
        is_admin = principal.sees_all and principal.user_id is not None
        allowed = is_admin or principal.manages_automations or automation.owner_id == principal.owner_id
        call.require(allowed, "its owner, an administrator, or a machine with the scope admin.automations,")
        return automation

    def _define(self, automation: Automation, body: Mapping[str, Any]) -> None:
        automation.description = body.get("description", "")
        automation.max_concurrent_runs = body.get("maxConcurrentRuns", 1)
        automation.workspace = body.get("workspace", {})
        automation.schedules = tuple(
            Schedule(
                uuid_id(f"{automation.id}/schedule/{number}"),
                sent.get("startAt"),
                sent.get("stopAt"),
                # The service rounds to minutes.
                None if "interval" not in sent else (sent["interval"] + _MINUTE // 2) // _MINUTE * _MINUTE,
                sent.get("timezone"),
            )
            for number, sent in enumerate(body.get("schedules", []))
        )

    def _changed(self, automation: Automation) -> Automation:
        automation.updated_at = now()
        self._state.automations.put(automation)
        return automation

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

"""Contains all the data models used in inputs/outputs"""

from importlib import import_module

# Like typing.TYPE_CHECKING, without the cost of importing typing.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from .assigned_role import AssignedRole
    from .automation import Automation
    from .automation_last_run_status import AutomationLastRunStatus
    from .automation_list import AutomationList
    from .automation_run_mode import AutomationRunMode
    from .automation_sort import AutomationSort
    from .automation_state import AutomationState
    from .automation_summary import AutomationSummary
    from .automation_workspace import AutomationWorkspace
    from .change_automation_owner import ChangeAutomationOwner
    from .change_automation_space import ChangeAutomationSpace
    from .change_owner import ChangeOwner
    from .change_space import ChangeSpace
    from .check_result import CheckResult
    from .connection import Connection
    from .connection_list import ConnectionList
    from .connection_summary import ConnectionSummary
    from .connector import Connector
    from .connector_list import ConnectorList
    from .connector_param import ConnectorParam
    from .connector_sort import ConnectorSort
    from .connector_summary import ConnectorSummary
    from .create_automation import CreateAutomation
    from .create_automation_workspace import CreateAutomationWorkspace
    from .create_connection import CreateConnection
    from .create_param import CreateParam
    from .creation_error import CreationError
    from .error_detail import ErrorDetail
    from .error_response import ErrorResponse
    from .links import Links
    from .pagination_link import PaginationLink
    from .param import Param
    from .param_option import ParamOption
    from .schedule import Schedule
    from .set_schedule import SetSchedule
    from .sort import Sort
    from .space import Space
    from .space_list import SpaceList
    from .space_sort import SpaceSort
    from .update_automation import UpdateAutomation
    from .update_automation_workspace import UpdateAutomationWorkspace
    from .update_connection import UpdateConnection
    from .update_param import UpdateParam
    from .user import User
    from .user_list import UserList
    from .user_sort import UserSort

_HOME = {
    "AssignedRole": ".assigned_role",
    "Automation": ".automation",
    "AutomationLastRunStatus": ".automation_last_run_status",
    "AutomationList": ".automation_list",
    "AutomationRunMode": ".automation_run_mode",
    "AutomationSort": ".automation_sort",
    "AutomationState": ".automation_state",
    "AutomationSummary": ".automation_summary",
    "AutomationWorkspace": ".automation_workspace",
    "ChangeAutomationOwner": ".change_automation_owner",
    "ChangeAutomationSpace": ".change_automation_space",
    "ChangeOwner": ".change_owner",
    "ChangeSpace": ".change_space",
    "CheckResult": ".check_result",
    "Connection": ".connection",
    "ConnectionList": ".connection_list",
    "ConnectionSummary": ".connection_summary",
    "Connector": ".connector",
    "ConnectorList": ".connector_list",
    "ConnectorParam": ".connector_param",
    "ConnectorSort": ".connector_sort",
    "ConnectorSummary": ".connector_summary",
    "CreateAutomation": ".create_automation",
    "CreateAutomationWorkspace": ".create_automation_workspace",
    "CreateConnection": ".create_connection",
    "CreateParam": ".create_param",
    "CreationError": ".creation_error",
    "ErrorDetail": ".error_detail",
    "ErrorResponse": ".error_response",
    "Links": ".links",
    "PaginationLink": ".pagination_link",
    "Param": ".param",
    "ParamOption": ".param_option",
    "Schedule": ".schedule",
    "SetSchedule": ".set_schedule",
    "Sort": ".sort",
    "Space": ".space",
    "SpaceList": ".space_list",
    "SpaceSort": ".space_sort",
    "UpdateAutomation": ".update_automation",
    "UpdateAutomationWorkspace": ".update_automation_workspace",
    "UpdateConnection": ".update_connection",
    "UpdateParam": ".update_param",
    "User": ".user",
    "UserList": ".user_list",
    "UserSort": ".user_sort",
}

__all__ = (
    "AssignedRole",
    "Automation",
    "AutomationLastRunStatus",
    "AutomationList",
    "AutomationRunMode",
    "AutomationSort",
    "AutomationState",
    "AutomationSummary",
    "AutomationWorkspace",
    "ChangeAutomationOwner",
    "ChangeAutomationSpace",
    "ChangeOwner",
    "ChangeSpace",
    "CheckResult",
    "Connection",
    "ConnectionList",
    "ConnectionSummary",
    "Connector",
    "ConnectorList",
    "ConnectorParam",
    "ConnectorSort",
    "ConnectorSummary",
    "CreateAutomation",
    "CreateAutomationWorkspace",
    "CreateConnection",
    "CreateParam",
    "CreationError",
    "ErrorDetail",
    "ErrorResponse",
    "Links",
    "PaginationLink",
    "Param",
    "ParamOption",
    "Schedule",
    "SetSchedule",
    "Sort",
    "Space",
    "SpaceList",
    "SpaceSort",
    "UpdateAutomation",
    "UpdateAutomationWorkspace",
    "UpdateConnection",
    "UpdateParam",
    "User",
    "UserList",
    "UserSort",
)


if not TYPE_CHECKING:  # type checkers would accept any attribute

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_HOME[name], __name__), name)
        return value


def __dir__() -> list[str]:
    return sorted(__all__)

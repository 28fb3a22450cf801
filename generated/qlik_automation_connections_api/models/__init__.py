# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

"""Contains all the data models used in inputs/outputs"""

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

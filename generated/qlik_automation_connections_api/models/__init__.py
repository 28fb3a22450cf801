# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

"""Contains all the data models used in inputs/outputs"""

from .automation import Automation
from .automation_list import AutomationList
from .automation_sort import AutomationSort
from .automation_summary import AutomationSummary
from .automation_workspace import AutomationWorkspace
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
from .create_connection import CreateConnection
from .create_param import CreateParam
from .creation_error import CreationError
from .error_detail import ErrorDetail
from .error_response import ErrorResponse
from .links import Links
from .pagination_link import PaginationLink
from .param import Param
from .param_option import ParamOption
from .sort import Sort
from .update_connection import UpdateConnection
from .update_param import UpdateParam

__all__ = (
    "Automation",
    "AutomationList",
    "AutomationSort",
    "AutomationSummary",
    "AutomationWorkspace",
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
    "CreateConnection",
    "CreateParam",
    "CreationError",
    "ErrorDetail",
    "ErrorResponse",
    "Links",
    "PaginationLink",
    "Param",
    "ParamOption",
    "Sort",
    "UpdateConnection",
    "UpdateParam",
)

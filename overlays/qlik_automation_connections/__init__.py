"""Client for Qlik Cloud's automation connections API.

Public names are imported on first use.
"""

from __future__ import annotations

import importlib

# Like typing.TYPE_CHECKING, without the cost of importing typing.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from qlik_automation_connections_api.models import AssignedRole as AssignedRole
    from qlik_automation_connections_api.models import Automation as Automation
    from qlik_automation_connections_api.models import AutomationLastRunStatus as AutomationLastRunStatus
    from qlik_automation_connections_api.models import AutomationRunMode as AutomationRunMode
    from qlik_automation_connections_api.models import AutomationSort as AutomationSort
    from qlik_automation_connections_api.models import AutomationState as AutomationState
    from qlik_automation_connections_api.models import AutomationSummary as AutomationSummary
    from qlik_automation_connections_api.models import CheckResult as CheckResult
    from qlik_automation_connections_api.models import Connection as Connection
    from qlik_automation_connections_api.models import ConnectionSummary as ConnectionSummary
    from qlik_automation_connections_api.models import Connector as Connector
    from qlik_automation_connections_api.models import ConnectorParam as ConnectorParam
    from qlik_automation_connections_api.models import ConnectorSort as ConnectorSort
    from qlik_automation_connections_api.models import ConnectorSummary as ConnectorSummary
    from qlik_automation_connections_api.models import CreationError as CreationError
    from qlik_automation_connections_api.models import ErrorDetail as ErrorDetail
    from qlik_automation_connections_api.models import Param as Param
    from qlik_automation_connections_api.models import ParamOption as ParamOption
    from qlik_automation_connections_api.models import Schedule as Schedule
    from qlik_automation_connections_api.models import Sort as Sort
    from qlik_automation_connections_api.models import Space as Space
    from qlik_automation_connections_api.models import SpaceSort as SpaceSort
    from qlik_automation_connections_api.models import User as User
    from qlik_automation_connections_api.models import UserSort as UserSort

    from ._auth.contexts import Context as Context
    from ._auth.contexts import read_contexts as read_contexts
    from ._auth.oauth import ImpersonatedUser as ImpersonatedUser
    from ._auth.oauth import OAuthClient as OAuthClient
    from ._auth.tokens import ApiKey as ApiKey
    from ._auth.tokens import TokenCallable as TokenCallable
    from ._exchange.response_info import capture_responses as capture_responses
    from ._exchange.retry import Cause as Cause
    from ._exchange.retry import Retry as Retry
    from ._exchange.retry import RetryPolicy as RetryPolicy
    from ._pagination import AsyncPager as AsyncPager
    from ._pagination import Page as Page
    from ._pagination import Pager as Pager
    from ._quirks import QUIRKS as QUIRKS
    from ._quirks import Quirk as Quirk
    from ._raw_response import ResponseInfo as ResponseInfo
    from ._resources._async.automations import AsyncAutomations as AsyncAutomations
    from ._resources._async.connections import AsyncConnections as AsyncConnections
    from ._resources._async.connectors import AsyncConnectors as AsyncConnectors
    from ._resources._async.spaces import AsyncSpaces as AsyncSpaces
    from ._resources._async.users import AsyncUsers as AsyncUsers
    from ._resources._sync.automations import Automations as Automations
    from ._resources._sync.connections import Connections as Connections
    from ._resources._sync.connectors import Connectors as Connectors
    from ._resources._sync.spaces import Spaces as Spaces
    from ._resources._sync.users import Users as Users
    from ._tenant import AsyncTenant as AsyncTenant
    from ._tenant import Tenant as Tenant
    from ._version import __version__ as __version__
    from .errors import APIConnectionError as APIConnectionError
    from .errors import APIError as APIError
    from .errors import APIStatusError as APIStatusError
    from .errors import APITimeoutError as APITimeoutError
    from .errors import AuthenticationError as AuthenticationError
    from .errors import BadRequestError as BadRequestError
    from .errors import ConfigurationError as ConfigurationError
    from .errors import ConflictError as ConflictError
    from .errors import InsecureTransportWarning as InsecureTransportWarning
    from .errors import InternalServerError as InternalServerError
    from .errors import NotFoundError as NotFoundError
    from .errors import PermissionDeniedError as PermissionDeniedError
    from .errors import QlikError as QlikError
    from .errors import RateLimitError as RateLimitError
    from .errors import UnexpectedResponseError as UnexpectedResponseError
    from .errors import UnreadableValueWarning as UnreadableValueWarning
    from .pacing import Pacing as Pacing
    from .pacing import PacingWait as PacingWait

# By the module that defines them.
_NAMES = {
    "qlik_automation_connections_api.models": (
        "AssignedRole Automation AutomationLastRunStatus AutomationRunMode AutomationSort AutomationState "
        "AutomationSummary CheckResult Connection ConnectionSummary Connector ConnectorParam ConnectorSort "
        "ConnectorSummary CreationError ErrorDetail Param ParamOption Schedule Sort Space SpaceSort User UserSort"
    ),
    "._auth.contexts": "Context read_contexts",
    "._auth.tokens": "ApiKey TokenCallable",
    "._resources._async.automations": "AsyncAutomations",
    "._resources._sync.automations": "Automations",
    "._resources._async.connections": "AsyncConnections",
    "._resources._sync.connections": "Connections",
    "._resources._async.connectors": "AsyncConnectors",
    "._resources._async.spaces": "AsyncSpaces",
    "._resources._async.users": "AsyncUsers",
    "._resources._sync.connectors": "Connectors",
    "._resources._sync.spaces": "Spaces",
    "._resources._sync.users": "Users",
    ".errors": (
        "APIConnectionError APIError APIStatusError APITimeoutError AuthenticationError BadRequestError "
        "ConfigurationError ConflictError InsecureTransportWarning InternalServerError NotFoundError "
        "PermissionDeniedError QlikError RateLimitError UnexpectedResponseError UnreadableValueWarning"
    ),
    "._auth.oauth": "ImpersonatedUser OAuthClient",
    ".pacing": "Pacing PacingWait",
    "._pagination": "AsyncPager Page Pager",
    "._quirks": "QUIRKS Quirk",
    "._raw_response": "ResponseInfo",
    "._exchange.response_info": "capture_responses",
    "._exchange.retry": "Cause Retry RetryPolicy",
    "._tenant": "AsyncTenant Tenant",
    "._version": "__version__",
}
_HOME = {name: module for module, names in _NAMES.items() for name in names.split()}

# Spelled out for static analysis.
__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    "QUIRKS",
    "APIConnectionError",
    "APIError",
    "APIStatusError",
    "APITimeoutError",
    "ApiKey",
    "AssignedRole",
    "AsyncAutomations",
    "AsyncConnections",
    "AsyncConnectors",
    "AsyncPager",
    "AsyncSpaces",
    "AsyncTenant",
    "AsyncUsers",
    "AuthenticationError",
    "Automation",
    "AutomationLastRunStatus",
    "AutomationRunMode",
    "AutomationSort",
    "AutomationState",
    "AutomationSummary",
    "Automations",
    "BadRequestError",
    "Cause",
    "CheckResult",
    "ConfigurationError",
    "ConflictError",
    "Connection",
    "ConnectionSummary",
    "Connections",
    "Connector",
    "ConnectorParam",
    "ConnectorSort",
    "ConnectorSummary",
    "Connectors",
    "Context",
    "CreationError",
    "ErrorDetail",
    "ImpersonatedUser",
    "InsecureTransportWarning",
    "InternalServerError",
    "NotFoundError",
    "OAuthClient",
    "Pacing",
    "PacingWait",
    "Page",
    "Pager",
    "Param",
    "ParamOption",
    "PermissionDeniedError",
    "QlikError",
    "Quirk",
    "RateLimitError",
    "ResponseInfo",
    "Retry",
    "RetryPolicy",
    "Schedule",
    "Sort",
    "Space",
    "SpaceSort",
    "Spaces",
    "Tenant",
    "TokenCallable",
    "UnexpectedResponseError",
    "UnreadableValueWarning",
    "User",
    "UserSort",
    "Users",
    "__version__",
    "capture_responses",
    "read_contexts",
]


if not TYPE_CHECKING:  # type checkers would accept any attribute

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(importlib.import_module(_HOME[name], __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)

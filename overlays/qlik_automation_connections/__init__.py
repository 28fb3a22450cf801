"""Client for Qlik Cloud's automation connections API.

Everything public is here, and loaded when it is first used.
"""

from __future__ import annotations

import importlib

# As in typing, whose loading takes longer than all of this.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from qlik_automation_connections_api.models.automation import Automation as Automation
    from qlik_automation_connections_api.models.automation_sort import AutomationSort as AutomationSort
    from qlik_automation_connections_api.models.automation_summary import AutomationSummary as AutomationSummary
    from qlik_automation_connections_api.models.check_result import CheckResult as CheckResult
    from qlik_automation_connections_api.models.connection import Connection as Connection
    from qlik_automation_connections_api.models.connection_summary import ConnectionSummary as ConnectionSummary
    from qlik_automation_connections_api.models.connector import Connector as Connector
    from qlik_automation_connections_api.models.connector_param import ConnectorParam as ConnectorParam
    from qlik_automation_connections_api.models.connector_sort import ConnectorSort as ConnectorSort
    from qlik_automation_connections_api.models.connector_summary import ConnectorSummary as ConnectorSummary
    from qlik_automation_connections_api.models.creation_error import CreationError as CreationError
    from qlik_automation_connections_api.models.error_detail import ErrorDetail as ErrorDetail
    from qlik_automation_connections_api.models.param import Param as Param
    from qlik_automation_connections_api.models.param_option import ParamOption as ParamOption
    from qlik_automation_connections_api.models.sort import Sort as Sort

    from .auth import ApiKey as ApiKey
    from .auth import TokenCallable as TokenCallable
    from .automations import AsyncAutomations as AsyncAutomations
    from .automations import Automations as Automations
    from .connections import AsyncConnections as AsyncConnections
    from .connections import Connections as Connections
    from .connectors import AsyncConnectors as AsyncConnectors
    from .connectors import Connectors as Connectors
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
    from .oauth import ImpersonatedUser as ImpersonatedUser
    from .oauth import OAuthClient as OAuthClient
    from .pacing import Pacing as Pacing
    from .pacing import PacingWait as PacingWait
    from .pagination import AsyncPager as AsyncPager
    from .pagination import Page as Page
    from .pagination import Pager as Pager
    from .quirks import QUIRKS as QUIRKS
    from .quirks import Quirk as Quirk
    from .retry import Cause as Cause
    from .retry import Retry as Retry
    from .retry import RetryPolicy as RetryPolicy
    from .tenant import AsyncTenant as AsyncTenant
    from .tenant import Tenant as Tenant
    from .version import __version__ as __version__

_MODELS = "qlik_automation_connections_api.models"
_MODULES = {
    f"{_MODELS}.automation": ("Automation",),
    f"{_MODELS}.automation_sort": ("AutomationSort",),
    f"{_MODELS}.automation_summary": ("AutomationSummary",),
    f"{_MODELS}.check_result": ("CheckResult",),
    f"{_MODELS}.connection": ("Connection",),
    f"{_MODELS}.connection_summary": ("ConnectionSummary",),
    f"{_MODELS}.connector": ("Connector",),
    f"{_MODELS}.connector_param": ("ConnectorParam",),
    f"{_MODELS}.connector_sort": ("ConnectorSort",),
    f"{_MODELS}.connector_summary": ("ConnectorSummary",),
    f"{_MODELS}.creation_error": ("CreationError",),
    f"{_MODELS}.error_detail": ("ErrorDetail",),
    f"{_MODELS}.param": ("Param",),
    f"{_MODELS}.param_option": ("ParamOption",),
    f"{_MODELS}.sort": ("Sort",),
    ".auth": ("ApiKey", "TokenCallable"),
    ".automations": ("AsyncAutomations", "Automations"),
    ".connections": ("AsyncConnections", "Connections"),
    ".connectors": ("AsyncConnectors", "Connectors"),
    ".errors": (
        "APIConnectionError",
        "APIError",
        "APIStatusError",
        "APITimeoutError",
        "AuthenticationError",
        "BadRequestError",
        "ConfigurationError",
        "ConflictError",
        "InsecureTransportWarning",
        "InternalServerError",
        "NotFoundError",
        "PermissionDeniedError",
        "QlikError",
        "RateLimitError",
        "UnexpectedResponseError",
        "UnreadableValueWarning",
    ),
    ".oauth": ("ImpersonatedUser", "OAuthClient"),
    ".pacing": ("Pacing", "PacingWait"),
    ".pagination": ("AsyncPager", "Page", "Pager"),
    ".quirks": ("QUIRKS", "Quirk"),
    ".retry": ("Cause", "Retry", "RetryPolicy"),
    ".tenant": ("AsyncTenant", "Tenant"),
    ".version": ("__version__",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = sorted(_HOME)  # pyright: ignore[reportUnsupportedDunderAll]


if not TYPE_CHECKING:  # with it, checkers would take any name for one of the package

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(importlib.import_module(_HOME[name], __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})

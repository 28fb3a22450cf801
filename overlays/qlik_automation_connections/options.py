"""What a tenant's calls have in common."""

from __future__ import annotations

import functools
import ssl
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypedDict, TypeVar, get_args

import httpx
from attrs import evolve, field, frozen

from qlik_automation_connections_api.operations import V1_ENDS

from .calling_code import warn
from .concealed import Concealed
from .errors import ConfigurationError, InsecureTransportWarning
from .pacing import Pacing
from .retry import RetryPolicy

TimeoutTypes = float | httpx.Timeout
ClientT = TypeVar("ClientT", httpx.Client, httpx.AsyncClient)
ApiVersion = Literal["workflows", "v1"]
VerifyTypes = bool | str | Path | ssl.SSLContext

DEFAULT_TIMEOUT: Final = httpx.Timeout(30.0, connect=10.0, pool=None)
"""Seconds without a byte until a call gives up; a free connection is waited for, since others free theirs in time."""


def timeout_of(value: object) -> httpx.Timeout:
    """A time-out as httpx takes it."""
    if isinstance(value, httpx.Timeout):
        return value
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < float("inf"):
        raise ConfigurationError(f"timeout must be a number of seconds above 0 or an httpx.Timeout, not {value!r}.")
    return httpx.Timeout(value, pool=None)


def retries_of(value: object) -> RetryPolicy:
    """A retry policy, from one or from a number of tries after the first."""
    if isinstance(value, RetryPolicy):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return RetryPolicy(retries=value)
    raise ConfigurationError(f"retries must be 0, a positive number or a RetryPolicy, not {value!r}.")


def _check_api_version(value: object) -> None:
    if value not in get_args(ApiVersion):
        raise ConfigurationError(f"api_version must be one of {', '.join(get_args(ApiVersion))}, not {value!r}.")


class TenantOptions(TypedDict, Generic[ClientT], total=False):
    """Arguments of a tenant that say nothing of where it is and who asks."""

    api_version: ApiVersion
    timeout: TimeoutTypes | None
    retries: int | RetryPolicy | None
    pacing: str | Pacing | None
    verify: VerifyTypes
    proxy: str | httpx.Proxy | None
    http_client: ClientT | None


@frozen
class Options:
    """How calls are made; `changed` gives a copy."""

    timeout: httpx.Timeout = DEFAULT_TIMEOUT
    retries: RetryPolicy = field(factory=RetryPolicy)
    api_version: ApiVersion = "workflows"

    def changed(self, **changes: Any) -> Options:
        """A copy in which every change that is not None is made.

        Raises:
            ConfigurationError: a change is not one of the allowed values.
        """
        given = {name: value for name, value in changes.items() if value is not None}
        for name, convert in (("timeout", timeout_of), ("retries", retries_of)):
            if name in given:
                given[name] = convert(given[name])
        if "api_version" in given:
            _check_api_version(given["api_version"])
            if given["api_version"] == "v1" and self.api_version != "v1":
                warn(
                    f"The v1 paths of automation connections may stop on {V1_ENDS}: use api_version='workflows'.",
                    DeprecationWarning,
                )
        return evolve(self, **given)


@functools.cache
def _default_ssl_context() -> ssl.SSLContext:
    # Loading the certificates takes far longer than all else in making a client.
    return httpx.create_ssl_context()


def proxy_of(value: Concealed[str | httpx.Proxy | None]) -> Concealed[httpx.Proxy | None]:
    """A proxy as httpx takes it. No message repeats its address, which may hold a password."""
    found = _read_proxy(value)
    if found is None:
        raise ConfigurationError("proxy must be an address such as http://proxy.example:8080, or an httpx.Proxy.")
    return found


def _read_proxy(value: Concealed[str | httpx.Proxy | None]) -> Concealed[httpx.Proxy | None] | None:
    given = value.reveal()
    try:
        if given is None or isinstance(given, httpx.Proxy):
            return Concealed(given)
        return Concealed(httpx.Proxy(given))
    except (ValueError, TypeError, AttributeError, httpx.InvalidURL):
        return None


def ssl_context(verify: VerifyTypes) -> ssl.SSLContext:
    """How certificates are verified.

    Args:
        verify: True for certifi's authorities, the path of a file or folder with others, an `ssl.SSLContext` (with a
            client certificate, or truststore's), or False for no check, which warns.

    Raises:
        ConfigurationError: it is something else, or can't be read.
    """
    if verify is True:
        return _default_ssl_context()
    if isinstance(verify, ssl.SSLContext):
        return verify
    if verify is False:
        warn(
            "verify=False: anybody on the way can read and change what is sent, the token included.",
            InsecureTransportWarning,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    if not isinstance(verify, str | Path) or not str(verify).strip():
        raise ConfigurationError(f"verify must be True, False, a path or an ssl.SSLContext, not {verify!r}.")
    path = Path(verify)
    try:
        if path.is_dir():
            return ssl.create_default_context(capath=str(path))
        return ssl.create_default_context(cafile=str(path))
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(f"verify={str(path)!r} can't be read as certificates: {error}.") from None

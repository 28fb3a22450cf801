"""What a tenant is made with, checked: its address, time-outs, certificates, a proxy."""

from __future__ import annotations

import functools
import re
import ssl
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypedDict, TypeVar, get_args

from attrs import evolve, field, frozen

from qlik_automation_connections_api.operations import V1_ENDS

from ._arguments import is_loopback
from ._exchange.retry import RetryPolicy
from ._http import URL, AsyncClient, Client, InvalidURL, Proxy, Timeout, create_ssl_context
from ._log import warn_user
from ._secrets import Secret, without_frames
from .errors import ConfigurationError, InsecureTransportWarning
from .pacing import Pacing

TimeoutTypes = float | Timeout
ClientT = TypeVar("ClientT", Client, AsyncClient)
ApiVersion = Literal["workflows", "v1"]
VerifyTypes = bool | str | Path | ssl.SSLContext

DEFAULT_TIMEOUT: Final = Timeout(30.0, connect=10.0, pool=None)
"""Seconds without a byte until a call gives up; a free connection is waited for, since others free theirs in time."""
# What is left of a name once it is written in ASCII, or an IPv6 address.
_HOST: Final = re.compile(r"[a-z0-9.:_-]+")


class TenantOptions(TypedDict, Generic[ClientT], total=False):
    """Arguments of a tenant that say nothing of where it is and who asks."""

    api_version: ApiVersion
    timeout: TimeoutTypes | None
    retries: int | RetryPolicy | None
    pacing: str | Pacing | None
    verify: VerifyTypes
    proxy: str | Proxy | None
    http_client: ClientT | None


def _timeout(value: object) -> Timeout:
    if isinstance(value, Timeout):
        return value
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < float("inf"):
        raise ConfigurationError(f"timeout must be a number of seconds above 0 or an httpx.Timeout, not {value!r}.")
    return Timeout(value, pool=None)


def _retries(value: object) -> RetryPolicy:
    if isinstance(value, RetryPolicy):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return RetryPolicy(retries=value)
    raise ConfigurationError(f"retries must be 0, a positive number or a RetryPolicy, not {value!r}.")


def _api_version(value: object) -> object:
    if value not in get_args(ApiVersion):
        raise ConfigurationError(f"api_version must be one of {', '.join(get_args(ApiVersion))}, not {value!r}.")
    return value


@frozen
class Options:
    """How calls are made; `changed` gives a copy."""

    timeout: Timeout = DEFAULT_TIMEOUT
    retries: RetryPolicy = field(factory=RetryPolicy)
    api_version: ApiVersion = "workflows"

    def changed(self, **changes: Any) -> Options:
        """Return a copy in which every change that is not None is made.

        Raises:
            ConfigurationError: a change is not one of the allowed values.
        """
        checks = {"timeout": _timeout, "retries": _retries, "api_version": _api_version}
        given: dict[str, Any] = {name: checks[name](value) for name, value in changes.items() if value is not None}
        if given.get("api_version") == "v1" and self.api_version != "v1":
            warn_user(
                f"The v1 paths of automation connections may stop on {V1_ENDS}: use api_version='workflows'.",
                DeprecationWarning,
            )
        return evolve(self, **given)


@without_frames
def tenant_address(address: Secret[str]) -> URL:
    """Return the origin of a tenant, such as `https://acme.eu.qlikcloud.com`.

    Args:
        address: as a user gives it, with or without `https://` and slashes at the end.

    Raises:
        ConfigurationError: it is none, holds more than an origin, or is plain http and not on this machine. The
            message does not show a password that it may hold.
    """
    text: object = address.get_secret_value()
    if not isinstance(text, str) or not text.strip():
        raise ConfigurationError(
            "The tenant's address is missing: give it as in Tenant('https://your-tenant.us.qlikcloud.com')."
        )
    if "@" in text:
        raise ConfigurationError("The tenant's address holds a user name or password: leave it out.")
    scheme, separator, rest = text.strip().partition("://")
    given = f"{scheme}://{rest.rstrip('/')}" if separator else f"https://{scheme.rstrip('/')}"
    try:
        url = URL(given)
        host, port = url.host, url.port
    except (InvalidURL, UnicodeError, ValueError):
        raise ConfigurationError(f"The tenant's address can't be read as a URL: {given!r}.") from None
    if url.scheme not in ("https", "http") or not _HOST.fullmatch(host) or not (port is None or 0 < port < 65_536):
        raise ConfigurationError(f"The tenant's address must be https://HOST, not {given!r}.")
    if url.path not in ("", "/") or "?" in given or "#" in given:
        origin = f"{url.scheme}://{url.netloc.decode()}"
        raise ConfigurationError(
            f"The tenant's address must end with the host: {origin}, without path, query or fragment."
        )
    if url.scheme == "http" and not is_loopback(host):
        raise ConfigurationError(
            f"http://{host} would send the token in clear: use https (plain http is for this machine alone)."
        )
    return url.copy_with(path="/")


@without_frames
def proxy_of(value: Secret[str | Proxy | None]) -> Secret[Proxy | None]:
    """Return a proxy. No message repeats its address, which may hold a password."""
    given = value.get_secret_value()
    try:
        return Secret(given if given is None or isinstance(given, Proxy) else Proxy(given))
    except (ValueError, TypeError, AttributeError, InvalidURL):
        raise ConfigurationError(
            "proxy must be an address such as http://proxy.example:8080, or an httpx.Proxy."
        ) from None


@functools.cache
def _default_ssl_context() -> ssl.SSLContext:
    # Loading the certificates takes far longer than all else in making a client.
    return create_ssl_context()


def ssl_context(verify: VerifyTypes) -> ssl.SSLContext:
    """Return how certificates are verified.

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
        warn_user(
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

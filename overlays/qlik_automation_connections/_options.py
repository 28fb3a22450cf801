"""Validation of a tenant's options: address, timeouts, certificates, proxy."""

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
"""Seconds without a byte before a call fails. A call waits for a free connection without limit."""
# A host name, IDNA-encoded, or an IP address.
_HOST: Final = re.compile(r"[a-z0-9.:_-]+")


class TenantOptions(TypedDict, Generic[ClientT], total=False):
    """Arguments of a tenant other than its address and credentials."""

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
    """How calls are made."""

    timeout: Timeout = DEFAULT_TIMEOUT
    retries: RetryPolicy = field(factory=RetryPolicy)
    api_version: ApiVersion = "workflows"

    def changed(self, **changes: Any) -> Options:
        """Return a copy with the changes that are not None.

        Raises:
            ConfigurationError: A value is not allowed.
        """
        checks = {"timeout": _timeout, "retries": _retries, "api_version": _api_version}
        given: dict[str, Any] = {name: checks[name](value) for name, value in changes.items() if value is not None}
        if given.get("api_version") == "v1" and self.api_version != "v1":
            warn_user(
                f"The v1 paths of automation connections may stop working on {V1_ENDS}. Use api_version='workflows'.",
                DeprecationWarning,
            )
        return evolve(self, **given)


@without_frames
def tenant_address(address: Secret[str]) -> URL:
    """Return the origin of a tenant, such as `https://acme.eu.qlikcloud.com`.

    Args:
        address: The user's input, with or without `https://` and trailing slashes.

    Raises:
        ConfigurationError: The address is invalid, contains more than an origin, or is plain http to another machine.
            The message never shows a password.
    """
    text: object = address.get_secret_value()
    if not isinstance(text, str) or not text.strip():
        raise ConfigurationError(
            "The tenant's address is missing. Pass it, as in Tenant('https://your-tenant.us.qlikcloud.com')."
        )
    if "@" in text:
        raise ConfigurationError("The tenant's address contains a user name or password. Remove it.")
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
        raise ConfigurationError(f"The tenant's address must be {origin}, without a path, query or fragment.")
    if url.scheme == "http" and not is_loopback(host):
        raise ConfigurationError(
            f"http://{host} would send the token unencrypted. Use https; plain http is allowed for this machine only."
        )
    return url.copy_with(path="/")


@without_frames
def proxy_of(value: Secret[str | Proxy | None]) -> Secret[Proxy | None]:
    """Return a proxy. Messages never show its address, which may contain a password."""
    given = value.get_secret_value()
    try:
        return Secret(given if given is None or isinstance(given, Proxy) else Proxy(given))
    except (ValueError, TypeError, AttributeError, InvalidURL):
        raise ConfigurationError(
            "proxy must be an address such as http://proxy.example:8080, or an httpx.Proxy."
        ) from None


@functools.cache
def _default_ssl_context() -> ssl.SSLContext:
    # Loading the certificates is by far the slowest part of creating a client.
    return create_ssl_context()


def ssl_context(verify: VerifyTypes) -> ssl.SSLContext:
    """Return the SSL context for `verify`.

    Args:
        verify: True for certifi's CA certificates, the path of a file or folder with others, an `ssl.SSLContext` (with
            a client certificate, or from truststore), or False to skip verification, which warns.

    Raises:
        ConfigurationError: The value is of another type, or the certificates can't be loaded.
    """
    if verify is True:
        return _default_ssl_context()
    if isinstance(verify, ssl.SSLContext):
        return verify
    if verify is False:
        warn_user(
            "verify=False: anyone on the network can read and change the traffic, including the token.",
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
        raise ConfigurationError(f"verify={str(path)!r} can't be loaded as certificates: {error}.") from None

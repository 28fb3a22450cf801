"""Validation of a tenant's options: address, timeouts, retries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, NamedTuple, TypedDict, TypeVar, get_args

from qlik_automation_connections_api.operations import V1_ENDS

from ._arguments import is_loopback
from ._auth.tokens import ApiKey
from ._exchange.body import ACCEPT_ENCODING
from ._http import URL, AsyncClient, Auth, Client, InvalidURL, Proxy, Timeout
from ._log import warn_user
from ._network import HOST, VerifyTypes
from ._secrets import Secret, without_frames
from ._version import __version__
from .errors import ConfigurationError

if TYPE_CHECKING:
    from ._exchange.retry import RetryPolicy
    from .pacing import Pacing

TimeoutTypes = float | Timeout
ClientT = TypeVar("ClientT", Client, AsyncClient)
ApiVersion = Literal["workflows", "v1"]

DEFAULT_TIMEOUT: Final = Timeout(30.0, connect=10.0, pool=None)
"""Seconds without a byte before a call fails. A call waits for a free connection without limit."""

NEEDED_HEADERS: Final = {"Accept": "application/json", "Accept-Encoding": ACCEPT_ENCODING}
"""What the client relies on, whoever made the HTTP client."""
HEADERS: Final = {**NEEDED_HEADERS, "User-Agent": f"qlik-automation-connections/{__version__}"}


class TenantOptions(TypedDict, Generic[ClientT], total=False):
    """Arguments of a tenant other than its address and credentials."""

    automations_auth: Auth | None
    api_version: ApiVersion
    api_release: str | None
    timeout: TimeoutTypes | None
    retries: int | RetryPolicy | None
    pacing: str | Pacing | None
    verify: VerifyTypes
    proxy: str | Proxy | None
    http_client: ClientT | None
    headers: Mapping[str, str] | None
    telemetry: bool


def _timeout(value: object) -> Timeout:
    if isinstance(value, Timeout):
        return value
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < float("inf"):
        raise ConfigurationError(f"timeout must be a number of seconds above 0 or an httpx.Timeout, not {value!r}.")
    return Timeout(value, pool=None)


def _retries(value: object) -> RetryPolicy:
    from ._exchange.retry import RetryPolicy

    if isinstance(value, RetryPolicy):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return RetryPolicy(retries=value)
    raise ConfigurationError(f"retries must be 0, a positive number or a RetryPolicy, not {value!r}.")


def _api_version(value: object) -> object:
    if value not in get_args(ApiVersion):
        raise ConfigurationError(f"api_version must be one of {', '.join(get_args(ApiVersion))}, not {value!r}.")
    return value


def release_headers(release: object) -> dict[str, str]:
    """Return the header that names a release of the vendor's APIs; nothing for None.

    Raises:
        ConfigurationError: It does not look like a release.
    """
    if release is None:
        return {}
    if not isinstance(release, str) or not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", release):
        raise ConfigurationError(f"api_release must be a year and a month, such as 2026-11, or None, not {release!r}.")
    return {"qlik-api-version": release}


_REFUSED: Final = {
    "authorization": "pass api_key or auth",
    "cookie": "no cookie is sent",
    "host": "it is the tenant's",
    "proxy-authorization": "pass proxy",
    "qlik-api-version": "pass api_release",
    **dict.fromkeys(
        ("accept", "accept-encoding", "connection", "content-encoding", "content-length", "content-type"),
        "the client sets it",
    ),
    "transfer-encoding": "the client sets it",
}
"""Headers that nobody may add, and why."""


@without_frames
def _headers(given: Secret[Any]) -> dict[str, str]:
    """Return headers of the user's, by name in lower case.

    Raises:
        ConfigurationError: One can't be sent, or is not the user's to set. The message shows no value.
    """
    headers: object = given.get_secret_value() or {}
    if not isinstance(headers, Mapping):
        raise ConfigurationError(f"headers must be a mapping of names to values, not {type(headers).__name__}.")
    for name, value in headers.items():
        if not isinstance(name, str) or not re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", name, re.ASCII):
            raise ConfigurationError("headers has a name that is not an HTTP header's.")
        if name.lower() in _REFUSED:
            raise ConfigurationError(f"headers can't set {name}: {_REFUSED[name.lower()]}.")
        # Not shown: a value may be a credential.
        if not isinstance(value, str) or not value.strip() or not value.isascii() or not value.isprintable():
            raise ConfigurationError(f"headers: the value of {name} must be printable ASCII text, without line breaks.")
    return {name.lower(): value for name, value in headers.items()}


class Options(NamedTuple):
    """How calls are made."""

    retries: RetryPolicy
    timeout: Timeout = DEFAULT_TIMEOUT
    api_version: ApiVersion = "workflows"
    headers: Secret[Mapping[str, str]] = Secret({})
    telemetry: bool = True

    def changed(self, *, headers: Secret[Any] | None = None, **changes: Any) -> Options:
        """Return a copy with the changes that are not None; headers come beside those that are there.

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
        if headers is not None:
            given["headers"] = Secret({**self.headers.get_secret_value(), **_headers(headers)})
        return self._replace(**given)


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
    if url.scheme not in ("https", "http") or not HOST.fullmatch(host) or not (port is None or 0 < port < 65_536):
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
def auth_of(api_key: Secret[str | None], auth: object) -> Auth:
    """Return how to authenticate, given exactly one of a key and an `Auth`."""
    key = api_key.get_secret_value()
    if (key is None) == (auth is None):
        raise ConfigurationError("Pass exactly one of api_key and auth, or use Tenant.from_env().")
    return ApiKey(key or "") if auth is None else checked_auth("auth", Secret(auth))


@without_frames
def checked_auth(name: str, given: Secret[Any]) -> Auth:
    """Return a given `Auth`, or refuse what is none.

    Args:
        name: The argument, for messages.
        given: What was given.
    """
    auth: object = given.get_secret_value()
    if not isinstance(auth, Auth):
        raise ConfigurationError(f"{name} must be an httpx.Auth, such as ApiKey(…), not {type(auth).__name__}.")
    return auth

"""Tenants: one address, one principal, one connection pool."""

from __future__ import annotations

import functools
import os
from collections import defaultdict
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, Unpack

from qlik_automation_connections_api.client import AuthenticatedClient

from ._arguments import is_loopback
from ._auth import environment as settings
from ._auth.oauth import OAuthClient
from ._auth.principal import principal_of
from ._auth.tokens import ApiKey
from ._exchange.body import ACCEPT_ENCODING
from ._exchange.call import Call
from ._exchange.drivers import run, run_async
from ._exchange.retry import RetryPolicy
from ._exchange.send import Flow, send_with_retries
from ._exchange.signing import TIER, AsyncSigningClient, Signer, SigningClient
from ._http import URL, AsyncClient, Auth, Client, InvalidURL, Proxy, Request, Timeout
from ._normalizer import QuirksSeen
from ._options import (
    ApiVersion,
    ClientT,
    Options,
    TenantOptions,
    TimeoutTypes,
    VerifyTypes,
    proxy_of,
    ssl_context,
    tenant_address,
)
from ._resources._async.automations import AsyncAutomations
from ._resources._async.connections import AsyncConnections
from ._resources._async.connectors import AsyncConnectors
from ._resources._sync.automations import Automations
from ._resources._sync.connections import Connections
from ._resources._sync.connectors import Connectors
from ._secrets import Secret, without_frames
from ._version import __version__
from .errors import ConfigurationError
from .pacing import Pacing, pacer_for
from .pacing._settings import pacing_of

T = TypeVar("T")
_OF_ONE_TENANT = ("connections", "connectors", "automations")
_MACHINE_TO_MACHINE = (
    "A machine-to-machine OAuth client can read connections, but the service does not let it create, update or delete"
    " them. Use an API key or ImpersonatedUser."
)

_NEEDED_HEADERS = {"Accept": "application/json", "Accept-Encoding": ACCEPT_ENCODING}
_HEADERS = {**_NEEDED_HEADERS, "User-Agent": f"qlik-automation-connections/{__version__}"}


@without_frames
def _auth_of(api_key: Secret[str | None], auth: object) -> Auth:
    key = api_key.get_secret_value()
    if (key is None) == (auth is None):
        raise ConfigurationError("Pass exactly one of api_key and auth, or use Tenant.from_env().")
    if auth is None:
        return ApiKey(key or "")
    if not isinstance(auth, Auth):
        raise ConfigurationError(f"auth must be an httpx.Auth, such as ApiKey(…), not {type(auth).__name__}.")
    return auth


class _Base(Generic[ClientT]):
    """Everything about a tenant except I/O."""

    _client_class: type[ClientT]
    _signing_client: Callable[..., ClientT]
    _url = URL("")

    def __init__(
        self,
        url: str,
        *,
        api_key: str | None = None,
        auth: Auth | None = None,
        api_version: ApiVersion = "workflows",
        timeout: TimeoutTypes | None = None,
        retries: int | RetryPolicy | None = None,
        pacing: str | Pacing | None = None,
        verify: VerifyTypes = True,
        proxy: str | Proxy | None = None,
        http_client: ClientT | None = None,
    ) -> None:
        # Keep possible secrets out of this frame before anything can raise.
        address, key, via, store = Secret(url), Secret(api_key), Secret(proxy), Secret(pacing)
        del url, api_key, proxy, pacing
        self._url = tenant_address(address)
        signs = _auth_of(key, auth)
        paced = pacing_of(store.get_secret_value())
        pacer = None if paced is None else pacer_for(paced, self.url, principal_of(signs))
        self._signer = Signer(signs, self._url, pacer)
        self._options = Options().changed(timeout=timeout, retries=retries, api_version=api_version)
        self._owns_client = http_client is None
        self._headers = _HEADERS if http_client is None else _NEEDED_HEADERS
        self._quirks_seen: QuirksSeen = defaultdict(set)
        self._client: ClientT
        if http_client is None:
            self._client = self._signing_client(
                signer=self._signer,
                base_url=self._url,
                headers=_HEADERS,
                timeout=self._options.timeout,
                verify=ssl_context(verify),
                proxy=proxy_of(via).get_secret_value(),
                # Don't use a proxy from the environment for localhost.
                trust_env=not is_loopback(self._url.host),
            )
        elif verify is not True or via.get_secret_value() is not None:
            raise ConfigurationError("With an http_client, set verify and proxy on it instead.")
        elif not isinstance(http_client, self._client_class):
            raise ConfigurationError(
                f"http_client must be an httpx.{self._client_class.__name__}, not {type(http_client).__name__}."
            )
        else:
            self._client = http_client
            if timeout is None:
                self._options = self._options.changed(timeout=http_client.timeout)

    @classmethod
    def from_env(cls, environment: Mapping[str, str] | None = None, **options: Unpack[TenantOptions[ClientT]]) -> Self:
        """Create a tenant from environment variables.

        Reads `QLIK_TENANT_URL`, and either `QLIK_API_KEY` or, if that is absent, `QLIK_OAUTH_CLIENT_ID` and
        `QLIK_OAUTH_CLIENT_SECRET`.

        Args:
            environment: Variables to use instead of `os.environ`.
            options: Other arguments of the constructor, except `url`, `api_key` and `auth`.

        Raises:
            ConfigurationError: A variable is missing; the message names it.
        """
        values: Secret[Mapping[str, str]] = Secret(os.environ if environment is None else environment)
        given = Secret(options)
        del environment, options
        found = settings.from_environment(values)
        return cls(found.url.get_secret_value(), auth=found.auth, **given.get_secret_value())

    @classmethod
    def from_context(cls, name: str | None = None, **options: Unpack[TenantOptions[ClientT]]) -> Self:
        """Create a tenant from a context of Qlik's CLI.

        Reads `~/.qlik/contexts.yml`, or the one in `QLIK_CLI_USER_HOME_DIR`. Needs the extra `context`.

        Args:
            name: The context; the current one if None.
            options: Other arguments of the constructor, except `url`, `api_key` and `auth`. A context marked
                `insecure` is refused unless `verify` is one of them.

        Raises:
            ConfigurationError: The file, the context or one of its settings is missing; the message says which.
        """
        given = Secret(options)
        del options
        found = settings.from_context(name, verified="verify" in given.get_secret_value())
        return cls(found.url.get_secret_value(), auth=found.auth, **given.get_secret_value())

    @property
    def url(self) -> str:
        """The tenant's address, without a trailing slash."""
        return str(self._url).rstrip("/")

    @property
    def timeout(self) -> Timeout:
        """Default timeout of calls: seconds without a byte before a call fails."""
        return self._options.timeout

    @property
    def quirks_seen(self) -> dict[str, frozenset[str]]:
        """Quirks seen in this tenant's responses so far: fields, as `Schema.name`, by quirk."""
        return {name: frozenset(fields) for name, fields in sorted(dict(self._quirks_seen).items())}

    @property
    def is_closed(self) -> bool:
        """Whether the connection pool is closed."""
        return bool(self._client.is_closed)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"

    def with_options(
        self,
        *,
        timeout: TimeoutTypes | None = None,
        retries: int | RetryPolicy | None = None,
        api_version: ApiVersion | None = None,
    ) -> Self:
        """Return a copy with other options that shares the connection pool. Closing the copy leaves the pool open.

        Args:
            timeout: Seconds without a byte before a call fails, or an `httpx.Timeout`.
            retries: Tries after the first, or a `RetryPolicy`.
            api_version: `workflows` or `v1`.
        """
        copy = object.__new__(type(self))
        copy.__dict__.update({k: v for k, v in self.__dict__.items() if k not in _OF_ONE_TENANT})
        copy._owns_client = False
        copy._options = self._options.changed(timeout=timeout, retries=retries, api_version=api_version)
        return copy

    @functools.cached_property
    def _generated(self) -> AuthenticatedClient:
        # No token: the repr would show it, and the underlying httpx client signs requests.
        return AuthenticatedClient(base_url=self.url, token="")

    def _flow(self, call: Call[T], timeout: TimeoutTypes | None) -> Flow[T]:
        if self._client.is_closed:
            raise ConfigurationError(f"{self!r} is closed. Create another, or make calls inside its `with` block.")
        options = self._options if timeout is None else self._options.changed(timeout=timeout)
        writes = call.operation.method != "GET"
        hints = {403: _MACHINE_TO_MACHINE} if writes and isinstance(self._signer.auth, OAuthClient) else {}
        return send_with_retries(call, self._request(call, options), options.retries, hints, self._quirks_seen)

    def _request(self, call: Call[Any], options: Options) -> Request:
        try:
            return self._client.build_request(
                call.operation.method,
                self.url + call.url_path(options.api_version),
                params=call.arguments.get("params"),
                json=call.arguments.get("json"),
                headers=self._headers,
                timeout=options.timeout,
                extensions={TIER: call.operation.tier},
            )
        except InvalidURL:
            pass
        raise ConfigurationError(f"{call.operation.id}: an id, a filter or a cursor is too long for a URL.")


class Tenant(_Base[Client]):
    """A Qlik Cloud tenant. Use it as a context manager, or call `close()`. Threads may share it.

    Args:
        url: The tenant's address, such as `https://acme.eu.qlikcloud.com`. Plain http is allowed for this machine only.
        api_key: The API key. Exactly one of `api_key` and `auth` is required.
        auth: Another way to authenticate, as an `httpx.Auth`.
        api_version: `workflows`, or `v1` for the older paths until they are switched off.
        timeout: Seconds without a byte before a call fails, or an `httpx.Timeout`. None means 30, and 10 to connect.
        retries: Tries after the first, or a `RetryPolicy`. None means 4; 0 disables retries.
        pacing: None keeps this process within the published rate limits, and `off` disables that. The URL of a store
            (`sqlite:///path`, `redis://…`) shares the limits with other processes. Or a `Pacing`.
        verify: True for certifi's CA certificates, the path of others, an `ssl.SSLContext`, or False to skip
            verification.
        proxy: URL of a proxy. None uses those of the environment.
        http_client: An `httpx.Client` to use as is. Closing the tenant does not close it.

    Raises:
        ConfigurationError: An argument is missing or invalid.
    """

    _client_class = Client
    _signing_client = SigningClient

    @functools.cached_property
    def connections(self) -> Connections:
        """The automation connections of the tenant."""
        return Connections(self)

    @functools.cached_property
    def connectors(self) -> Connectors:
        """The automation connectors of the tenant, read-only."""
        return Connectors(self)

    @functools.cached_property
    def automations(self) -> Automations:
        """The automations of the tenant, read-only."""
        return Automations(self)

    @property
    def raw(self) -> AuthenticatedClient:
        """The generated client on the same connection pool, for what this package does not cover.

        Its calls are authenticated and paced, but not retried; errors are not typed and quirks are not handled. With
        your own `http_client`, that client's base_url and auth are used.
        """
        return self._generated.set_httpx_client(self._client)

    def send(self, call: Call[T], timeout: TimeoutTypes | None = None) -> T:
        """Send a call and return its result, as the methods of `connections` and its siblings do."""
        return run(self._flow(call, timeout), self._client, self._signer)

    def close(self) -> None:
        """Close the connection pool, unless it belongs to a given `http_client`."""
        if self._owns_client:
            self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncTenant(_Base[AsyncClient]):
    """A Qlik Cloud tenant, for asyncio and trio. Use it with `async with`, or call `aclose()`. Tasks may share it.

    It takes the arguments of `Tenant`, with an `httpx.AsyncClient` as `http_client`.
    """

    _client_class = AsyncClient
    _signing_client = AsyncSigningClient

    @functools.cached_property
    def connections(self) -> AsyncConnections:
        """The automation connections of the tenant."""
        return AsyncConnections(self)

    @functools.cached_property
    def connectors(self) -> AsyncConnectors:
        """The automation connectors of the tenant, read-only."""
        return AsyncConnectors(self)

    @functools.cached_property
    def automations(self) -> AsyncAutomations:
        """The automations of the tenant, read-only."""
        return AsyncAutomations(self)

    @property
    def raw(self) -> AuthenticatedClient:
        """The generated client on the same connection pool; see `Tenant.raw`."""
        return self._generated.set_async_httpx_client(self._client)

    async def send(self, call: Call[T], timeout: TimeoutTypes | None = None) -> T:
        """Send a call and return its result, as the methods of `connections` and its siblings do."""
        return await run_async(self._flow(call, timeout), self._client, self._signer)

    async def aclose(self) -> None:
        """Close the connection pool, unless it belongs to a given `http_client`."""
        if self._owns_client:
            await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

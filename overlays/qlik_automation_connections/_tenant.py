"""A tenant: one address, one principal, one pool of connections."""

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
    "An OAuth client that acts for itself can read connections, but the service lets it create, update and delete none:"
    " use an API key, or ImpersonatedUser."
)

_NEEDED_HEADERS = {"Accept": "application/json", "Accept-Encoding": ACCEPT_ENCODING}
_HEADERS = {**_NEEDED_HEADERS, "User-Agent": f"qlik-automation-connections/{__version__}"}


@without_frames
def _auth_of(api_key: Secret[str | None], auth: object) -> Auth:
    key = api_key.get_secret_value()
    if (key is None) == (auth is None):
        raise ConfigurationError("Give exactly one of api_key and auth (Tenant.from_env() reads the environment).")
    if auth is None:
        return ApiKey(key or "")
    if not isinstance(auth, Auth):
        raise ConfigurationError(f"auth must be an httpx.Auth, such as ApiKey(…), not {type(auth).__name__}.")
    return auth


class _Base(Generic[ClientT]):
    """All of a tenant that is not I/O."""

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
        # Whatever may hold a secret is out of this frame before anything can be raised.
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
                # A proxy from the environment has no business between this process and its own machine.
                trust_env=not is_loopback(self._url.host),
            )
        elif verify is not True or via.get_secret_value() is not None:
            raise ConfigurationError("verify and proxy belong to the http_client where one is given.")
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
        """The tenant that the environment names.

        Args:
            environment: where to look instead of `os.environ`.
            options: further arguments of the constructor, but for `url`, `api_key` and `auth`.

        Reads `QLIK_TENANT_URL`, and `QLIK_API_KEY` or, without it, `QLIK_OAUTH_CLIENT_ID` and
        `QLIK_OAUTH_CLIENT_SECRET`.

        Raises:
            ConfigurationError: one is missing; the message says which.
        """
        values: Secret[Mapping[str, str]] = Secret(os.environ if environment is None else environment)
        given = Secret(options)
        del environment, options
        found = settings.from_environment(values)
        return cls(found.url.get_secret_value(), auth=found.auth, **given.get_secret_value())

    @classmethod
    def from_context(cls, name: str | None = None, **options: Unpack[TenantOptions[ClientT]]) -> Self:
        """The tenant of a context of Qlik's command line.

        Args:
            name: the context; the current one if None.
            options: further arguments of the constructor, but for `url`, `api_key` and `auth`. A context that is
                marked `insecure` is refused unless `verify` is among them.

        Reads `~/.qlik/contexts.yml`, or the one in `QLIK_CLI_USER_HOME_DIR`. Needs the extra `context`.

        Raises:
            ConfigurationError: the file, the context or one of its settings is missing; the message says which.
        """
        given = Secret(options)
        del options
        found = settings.from_context(name, verified="verify" in given.get_secret_value())
        return cls(found.url.get_secret_value(), auth=found.auth, **given.get_secret_value())

    @property
    def url(self) -> str:
        """The tenant's address, without a slash at the end."""
        return str(self._url).rstrip("/")

    @property
    def timeout(self) -> Timeout:
        """Seconds without a byte until a call gives up, where the call names no time-out of its own."""
        return self._options.timeout

    @property
    def quirks_seen(self) -> dict[str, frozenset[str]]:
        """Which quirks of the table this tenant's responses have shown: the fields, as `Schema.name`, by quirk."""
        return {name: frozenset(fields) for name, fields in sorted(dict(self._quirks_seen).items())}

    @property
    def is_closed(self) -> bool:
        """Whether the pool of connections was closed."""
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
        """A cheap copy with other options, on the same pool of connections; closing the copy leaves the pool open.

        Args:
            timeout: seconds without a byte until a call gives up, or an `httpx.Timeout`.
            retries: tries after the first, or a `RetryPolicy`.
            api_version: `workflows` or `v1`.
        """
        copy = object.__new__(type(self))
        copy.__dict__.update({k: v for k, v in self.__dict__.items() if k not in _OF_ONE_TENANT})
        copy._owns_client = False
        copy._options = self._options.changed(timeout=timeout, retries=retries, api_version=api_version)
        return copy

    @functools.cached_property
    def _generated(self) -> AuthenticatedClient:
        # Without the token: this client's repr shows its own, and the httpx client below signs in by itself.
        return AuthenticatedClient(base_url=self.url, token="")

    def _flow(self, call: Call[T], timeout: TimeoutTypes | None) -> Flow[T]:
        if self._client.is_closed:
            raise ConfigurationError(f"{self!r} is closed: make another, or call it inside its `with` block.")
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
        raise ConfigurationError(f"{call.operation.id}: an id, a filter or a cursor is too long for an address.")


class Tenant(_Base[Client]):
    """A Qlik Cloud tenant. Use it as a context manager, or call `close()`; threads may share it.

    Args:
        url: the tenant's address, such as `https://acme.eu.qlikcloud.com`; plain http only for this machine.
        api_key: the API key to sign in with. Exactly one of `api_key` and `auth` is needed.
        auth: another way to sign in, as an `httpx.Auth`.
        api_version: `workflows`, or `v1` for the older paths until they are switched off.
        timeout: seconds without a byte until a call gives up, or an `httpx.Timeout`; 30, and 10 to connect, if None.
        retries: tries after the first, or a `RetryPolicy`; 4 if None, 0 for none.
        pacing: None keeps this process within the published rate limits; `off`; the address of a store that shares the
            budget with other processes (`sqlite:///path`, `redis://…`); or a `Pacing`.
        verify: True for certifi's authorities, the path of others, an `ssl.SSLContext`, or False for no check.
        proxy: address of a proxy; those of the environment are used if None.
        http_client: an `httpx.Client` to use as it is; it is not closed with the tenant.

    Raises:
        ConfigurationError: an argument is missing or wrong.
    """

    _client_class = Client
    _signing_client = SigningClient

    @functools.cached_property
    def connections(self) -> Connections:
        """The automation connections of the tenant."""
        return Connections(self)

    @functools.cached_property
    def connectors(self) -> Connectors:
        """The automation connectors of the tenant, to be read."""
        return Connectors(self)

    @functools.cached_property
    def automations(self) -> Automations:
        """The automations of the tenant, to be read."""
        return Automations(self)

    @property
    def raw(self) -> AuthenticatedClient:
        """The generated client on the same connections, for what this package does not cover.

        Calls through it are signed in and paced, and that is all: no retries, no typed errors, no quirks read. With
        an `http_client` of your own, that client's base_url and auth are used.
        """
        return self._generated.set_httpx_client(self._client)

    def send(self, call: Call[T], timeout: TimeoutTypes | None = None) -> T:
        """Sends a call and returns its result; the methods of `connections` and its siblings do nothing else."""
        return run(self._flow(call, timeout), self._client, self._signer)

    def close(self) -> None:
        """Closes the pool of connections, unless it came from outside."""
        if self._owns_client:
            self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncTenant(_Base[AsyncClient]):
    """A Qlik Cloud tenant, for asyncio and trio. Use it with `async with`, or call `aclose()`; tasks may share it.

    The arguments are those of `Tenant`; `http_client` is an `httpx.AsyncClient`.
    """

    _client_class = AsyncClient
    _signing_client = AsyncSigningClient

    @functools.cached_property
    def connections(self) -> AsyncConnections:
        """The automation connections of the tenant."""
        return AsyncConnections(self)

    @functools.cached_property
    def connectors(self) -> AsyncConnectors:
        """The automation connectors of the tenant, to be read."""
        return AsyncConnectors(self)

    @functools.cached_property
    def automations(self) -> AsyncAutomations:
        """The automations of the tenant, to be read."""
        return AsyncAutomations(self)

    @property
    def raw(self) -> AuthenticatedClient:
        """The generated client on the same connections; see `Tenant.raw`."""
        return self._generated.set_async_httpx_client(self._client)

    async def send(self, call: Call[T], timeout: TimeoutTypes | None = None) -> T:
        """Sends a call and returns its result; the methods of `connections` and its siblings do nothing else."""
        return await run_async(self._flow(call, timeout), self._client, self._signer)

    async def aclose(self) -> None:
        """Closes the pool of connections, unless it came from outside."""
        if self._owns_client:
            await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

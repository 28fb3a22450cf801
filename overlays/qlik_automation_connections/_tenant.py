"""Tenants: one address, one principal, one connection pool."""

from __future__ import annotations

import functools
import os
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, Unpack

# These import a class when it is used.
import qlik_automation_connections as package
import qlik_automation_connections_api as generated
from qlik_automation_connections_api.operations import API_RELEASE

from . import _exchange
from . import _options as settings
from ._auth.principal import principal_of
from ._exchange.signing import TIER, AsyncSigningClient, Signer, SigningClient, build_request
from ._headers import PRIVATE_HEADERS
from ._http import URL, AsyncClient, Auth, Client, InvalidURL, Proxy, Request, Timeout
from ._network import VerifyTypes, proxy_for, ssl_context
from ._options import ApiVersion, ClientT, Options, TenantOptions, TimeoutTypes
from ._secrets import Secret
from .errors import ConfigurationError

if TYPE_CHECKING:
    from qlik_automation_connections import Automations, Connections, Connectors, Spaces, Users
    from qlik_automation_connections_api import AuthenticatedClient

    from . import AsyncAutomations, AsyncConnections, AsyncConnectors, AsyncSpaces, AsyncUsers
    from ._exchange.call import Call
    from ._exchange.retry import RetryPolicy
    from ._exchange.send import Flow
    from ._normalizer import QuirksSeen
    from .pacing import Pacing

T = TypeVar("T")
_OF_ONE_TENANT = ("connections", "connectors", "automations", "users", "spaces")


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
        automations_auth: Auth | None = None,
        api_version: ApiVersion = "workflows",
        api_release: str | None = API_RELEASE,
        timeout: TimeoutTypes | None = None,
        retries: int | RetryPolicy | None = None,
        pacing: str | Pacing | None = None,
        verify: VerifyTypes = True,
        proxy: str | Proxy | None = None,
        http_client: ClientT | None = None,
        headers: Mapping[str, str] | None = None,
        telemetry: bool = True,
    ) -> None:
        # Keep possible secrets out of this frame before anything can raise.
        address, key, via, store = Secret(url), Secret(api_key), Secret(proxy), Secret(pacing)
        machine, own = Secret(automations_auth), Secret(headers)
        del url, api_key, proxy, pacing, automations_auth, headers
        from ._exchange.retry import RetryPolicy
        from .pacing._settings import pacing_of

        self._url = settings.tenant_address(address)
        self._options = Options(RetryPolicy(), telemetry=telemetry).changed(
            timeout=timeout, retries=retries, api_version=api_version, headers=own
        )
        paced = pacing_of(store.get_secret_value())
        self._signer = self._automations_signer = self._signer_of(settings.auth_of(key, auth), paced)
        if machine.get_secret_value() is not None:
            self._automations_signer = self._signer_of(settings.checked_auth("automations_auth", machine), paced)
        self._owns_client = http_client is None
        base = settings.HEADERS if http_client is None else settings.NEEDED_HEADERS
        self._headers = {**base, **settings.release_headers(api_release)}
        self._quirks_seen: QuirksSeen = defaultdict(set)
        self._client: ClientT
        if http_client is None:
            context = ssl_context(verify, self._url, is_proxied=via.get_secret_value() is not None)
            self._client = self._signing_client(
                signer=self._signer,
                base_url=self._url,
                headers=self._headers,
                timeout=self._options.timeout,
                verify=context,
                proxy=proxy_for(self._url, via, context).get_secret_value(),
                # What the environment says was read above, where a setting that can't be used is named.
                trust_env=False,
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

    def _signer_of(self, auth: Auth, pacing: Pacing | None) -> Signer:
        from .pacing import pacer_for

        pacer = None if pacing is None else pacer_for(pacing, self.url, principal_of(auth))
        return Signer(auth, self._url, pacer, self._options.headers)

    @classmethod
    def from_env(cls, environment: Mapping[str, str] | None = None, **options: Unpack[TenantOptions[ClientT]]) -> Self:
        """Create a tenant from environment variables.

        Reads `QLIK_TENANT_URL`, and either `QLIK_API_KEY` or, if that is absent, `QLIK_OAUTH_CLIENT_ID` and
        `QLIK_OAUTH_CLIENT_SECRET`. If set, `QLIK_AUTOMATIONS_OAUTH_CLIENT_ID` and
        `QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET` are the OAuth client for automations, unless `automations_auth` is given.

        Args:
            environment: Variables to use instead of `os.environ`.
            options: Other arguments of the constructor, except `url`, `api_key` and `auth`.

        Raises:
            ConfigurationError: A variable is missing; the message names it.
        """
        values: Secret[Mapping[str, str]] = Secret(os.environ if environment is None else environment)
        given = Secret(options)
        del environment, options
        from ._auth.environment import from_environment

        found = from_environment(values)
        given.get_secret_value().setdefault("automations_auth", found.automations_auth)
        return cls(found.url.get_secret_value(), auth=found.auth, **given.get_secret_value())

    @classmethod
    def from_context(cls, name: str | None = None, **options: Unpack[TenantOptions[ClientT]]) -> Self:
        """Create a tenant from a context of Qlik's CLI.

        Reads `~/.qlik/contexts.yml`, or the one in `QLIK_CLI_USER_HOME_DIR`. Needs the extra `context` or `cli`.

        Args:
            name: The context; the current one if None.
            options: Other arguments of the constructor, except `url`, `api_key` and `auth`. A context marked
                `insecure` is refused unless `verify` is one of them.

        Raises:
            ConfigurationError: The file, the context or one of its settings is missing; the message says which.
        """
        given = Secret(options)
        del options
        from ._auth.contexts import from_context

        found = from_context(name, verified="verify" in given.get_secret_value())
        return cls(found.url.get_secret_value(), auth=found.auth, **given.get_secret_value())

    @property
    def url(self) -> str:
        """The tenant's address, without a trailing slash."""
        return str(self._url).rstrip("/")

    @property
    def auth(self) -> Auth:
        """How the tenant authenticates requests, except those about automations."""
        return self._signer.auth

    @property
    def automations_auth(self) -> Auth:
        """How the tenant authenticates requests about automations; `auth` unless another way was given."""
        return self._automations_signer.auth

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
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Return a copy with other options that shares the connection pool. Closing the copy leaves the pool open.

        Args:
            timeout: Seconds without a byte before a call fails, or an `httpx.Timeout`.
            retries: Tries after the first, or a `RetryPolicy`.
            api_version: `workflows` or `v1`.
            headers: Headers to send beside the tenant's own, or instead of those with the same name.
        """
        own = Secret(headers)
        del headers
        copy = object.__new__(type(self))
        copy.__dict__.update({k: v for k, v in self.__dict__.items() if k not in _OF_ONE_TENANT})
        copy._owns_client = False
        copy._options = self._options.changed(timeout=timeout, retries=retries, api_version=api_version, headers=own)
        return copy

    @functools.cached_property
    def _generated(self) -> AuthenticatedClient:
        # No token: the repr would show it, and the underlying httpx client signs requests.
        return generated.AuthenticatedClient(base_url=self.url, token="")

    def _flow(self, call: Call[T], timeout: TimeoutTypes | None) -> Flow[T]:
        if self._client.is_closed:
            raise ConfigurationError(f"{self!r} is closed. Create another, or make calls inside its `with` block.")
        options = self._options if timeout is None else self._options.changed(timeout=timeout)
        request = self._request(call, options)
        flow = _exchange.send.send_with_retries(call, request, options.retries, self.auth, self._quirks_seen)
        return _exchange.telemetry.with_span(flow, call, request, options.api_version) if options.telemetry else flow

    def _signer_for(self, call: Call[Any]) -> Signer:
        return self._automations_signer if call.operation.noun == "automation" else self._signer

    def _request(self, call: Call[Any], options: Options) -> Request:
        try:
            return build_request(
                self._client,
                call,
                self.url + call.url_path(options.api_version),
                self._headers,
                {"timeout": options.timeout.as_dict(), TIER: call.operation.tier, PRIVATE_HEADERS: options.headers},
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
        automations_auth: Another way to authenticate requests about automations. Everybody's automations
            can be read and updated only by an `OAuthClient` with the scope `admin.automations`, which can't change
            connections.
        api_version: `workflows`, or `v1` for the older paths until they are switched off.
        api_release: Release of Qlik's APIs that your program knows of, such as `2026-11`, sent as `qlik-api-version`.
            The service announces deprecations by it. By default that of this package; None sends none.
        timeout: Seconds without a byte before a call fails, or an `httpx.Timeout`. None means 30, and 10 to connect.
        retries: Tries after the first, or a `RetryPolicy`. None means 4; 0 disables retries.
        pacing: None keeps this process within the published rate limits, and `off` disables that. The URL of a store
            (`sqlite:///path`, `redis://…`) shares the limits with other processes. Or a `Pacing`.
        verify: True for the CA certificates of `SSL_CERT_FILE` or `SSL_CERT_DIR`, else certifi's; the path of others,
            an `ssl.SSLContext`, or False to skip verification.
        proxy: URL of a proxy. None uses the one of the environment, such as `HTTPS_PROXY`.
        http_client: An `httpx.Client` to use as is. Closing the tenant does not close it.
        headers: Headers to send with every request to the tenant, such as a gateway's. Their values are treated as
            secrets. The client's own, `Authorization`, `Host` and `Cookie` are refused.
        telemetry: Record spans if OpenTelemetry has a tracer provider. `QLIK_TELEMETRY=off` does what False does.

    Raises:
        ConfigurationError: An argument is missing or invalid.
    """

    _client_class = Client
    _signing_client = SigningClient

    @functools.cached_property
    def connections(self) -> Connections:
        """The automation connections of the tenant."""
        return package.Connections(self)

    @functools.cached_property
    def connectors(self) -> Connectors:
        """The automation connectors of the tenant, read-only."""
        return package.Connectors(self)

    @functools.cached_property
    def automations(self) -> Automations:
        """The automations of the tenant, read-only."""
        return package.Automations(self)

    @functools.cached_property
    def users(self) -> Users:
        """The users of the tenant, read-only."""
        return package.Users(self)

    @functools.cached_property
    def spaces(self) -> Spaces:
        """The spaces of the tenant, read-only."""
        return package.Spaces(self)

    @property
    def raw(self) -> AuthenticatedClient:
        """The generated client on the same connection pool, for what this package does not cover.

        Its calls are authenticated (never with `automations_auth`) and paced, but not retried; errors are not typed and
        quirks are not handled. With your own `http_client`, that client's base_url and auth are used.
        """
        return self._generated.set_httpx_client(self._client)

    def send(self, call: Call[T], timeout: TimeoutTypes | None = None) -> T:
        """Send a call and return its result, as the methods of `connections` and its siblings do."""
        return _exchange.drivers.run(self._flow(call, timeout), self._client, self._signer_for(call))

    def close(self) -> None:
        """Close the connection pool, unless it belongs to a given `http_client`."""
        if self._owns_client:
            self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncTenant(_Base[AsyncClient]):
    """A Qlik Cloud tenant, for asyncio and trio. Use it with `async with`, or call `aclose()`.

    Tasks of one event loop may share it. In another event loop, calls are refused before anything is sent.

    It takes the arguments of `Tenant`, with an `httpx.AsyncClient` as `http_client`.
    """

    _client_class = AsyncClient
    _signing_client = AsyncSigningClient

    @functools.cached_property
    def connections(self) -> AsyncConnections:
        """The automation connections of the tenant."""
        return package.AsyncConnections(self)

    @functools.cached_property
    def connectors(self) -> AsyncConnectors:
        """The automation connectors of the tenant, read-only."""
        return package.AsyncConnectors(self)

    @functools.cached_property
    def automations(self) -> AsyncAutomations:
        """The automations of the tenant, read-only."""
        return package.AsyncAutomations(self)

    @functools.cached_property
    def users(self) -> AsyncUsers:
        """The users of the tenant, read-only."""
        return package.AsyncUsers(self)

    @functools.cached_property
    def spaces(self) -> AsyncSpaces:
        """The spaces of the tenant, read-only."""
        return package.AsyncSpaces(self)

    @property
    def raw(self) -> AuthenticatedClient:
        """The generated client on the same connection pool; see `Tenant.raw`."""
        return self._generated.set_async_httpx_client(self._client)

    async def send(self, call: Call[T], timeout: TimeoutTypes | None = None) -> T:
        """Send a call and return its result, as the methods of `connections` and its siblings do."""
        return await _exchange.drivers.run_async(self._flow(call, timeout), self._client, self._signer_for(call))

    async def aclose(self) -> None:
        """Close the connection pool, unless it belongs to a given `http_client`."""
        if self._owns_client:
            try:
                await self._client.aclose()
            except RuntimeError:
                # The event loop of its connections has ended, and has left them to the garbage collector.
                if not self._signer.is_in_another_event_loop():
                    raise

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

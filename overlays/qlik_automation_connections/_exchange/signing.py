"""Authenticates requests, and sends each when the tenant's rate limits allow it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final

from qlik_automation_connections_api.operations import OPERATIONS

from .. import _http
from .._headers import PRIVATE_HEADERS, retry_after
from .._http import URL, USE_CLIENT_DEFAULT, AsyncClient, Auth, Client, Cookies, QueryParams, Request, Response
from .._secrets import Secret
from ..errors import ConfigurationError

if TYPE_CHECKING:
    import anyio

    from ..pacing import Pacer, Permit
    from .call import Call

TIER: Final = "rate_tier"
"""The request extension that holds the rate tier."""
_WAITED: Final = "paced_seconds"
_STOPPED: Final = "paced_stop"
# For requests without a tier: those of the generated client, and token requests.
_TIER_OF_METHOD: Final = {operation.method: operation.tier for operation in OPERATIONS.values()}
_NO_HEADERS: Final[Secret[Mapping[str, str]]] = Secret({})
_NOTHING_SENT: Final = (_http.ConnectError, _http.ConnectTimeout, _http.PoolTimeout, _http.ProxyError)


def waited(request: Request) -> float:
    """Return the seconds a request has waited for rate limits so far, in all tries."""
    seconds: float = request.extensions.get(_WAITED, 0.0)
    return seconds


def is_stopped(request: Request) -> bool:
    """Return whether pacing waits as long as the last response, a 429, asked for before it sends a request again."""
    return bool(request.extensions.get(_STOPPED))


def _note(permit: Permit, request: Request) -> None:
    if permit.waited:
        request.extensions[_WAITED] = waited(request) + permit.waited


class _NoCookies(Cookies):
    """Keeps nothing: a session of one principal must not outlive its token."""

    def extract_cookies(self, response: Response) -> None:
        """Look for nothing, which takes time."""


def _tier(request: Request) -> int:
    tier: int = request.extensions.get(TIER) or _TIER_OF_METHOD.get(request.method, max(_TIER_OF_METHOD.values()))
    return tier


def _event_loop() -> object:
    import anyio.lowlevel

    return anyio.lowlevel.current_token()


class Signer:
    """Authenticates requests to one origin, and paces every request, including token requests and repeats after a 401.

    Args:
        auth: How to authenticate.
        origin: The only origin that gets the token.
        pacer: Decides when a request may be sent; None for no pacing.
        headers: Further headers for that origin, of requests that bring none of their own.
    """

    def __init__(
        self,
        auth: Auth,
        origin: URL,
        pacer: Pacer | None = None,
        headers: Secret[Mapping[str, str]] = _NO_HEADERS,
    ) -> None:
        self.auth = auth
        self._headers = headers
        self._origin = (origin.scheme, origin.host, origin.port)
        self._pacer = pacer
        self._event_loop: object = None

    def __repr__(self) -> str:
        return f"Signer({self.auth!r})"

    def _is_own(self, url: URL) -> bool:
        return (url.scheme, url.host, url.port) == self._origin

    def _auth_for(self, request: Request) -> Auth:
        request.extensions.setdefault(PRIVATE_HEADERS, self._headers)
        return self.auth if self._is_own(request.url) else Auth()

    def _with_headers(self, step: Request, request: Request) -> Request:
        """Return a request, or one that signs in for it, with its own headers: a gateway wants them on both."""
        own = request.extensions[PRIVATE_HEADERS]
        if own.get_secret_value() and self._is_own(step.url):
            step.headers.update(own.get_secret_value())
        return step

    def send(self, send: Callable[[Request], Response], request: Request) -> Response:
        """Send a request, and any requests that authentication needs.

        Args:
            send: Sends one request as is, and returns the response with its body unread.
            request: The request.
        """
        flow = self._auth_for(request).sync_auth_flow(request)
        try:
            step = next(flow)
            while True:
                permit = self._pacer.acquire(_tier(step)) if self._pacer is not None else None
                try:
                    response = send(self._with_headers(step, request))
                except BaseException as error:
                    self._failed(permit, request, error)
                    raise
                self._answered(permit, request, response)
                try:
                    step = flow.send(response)
                    response.read()
                except StopIteration:
                    return response
                except BaseException:
                    response.close()
                    raise
        finally:
            flow.close()

    async def send_async(
        self, send: Callable[[Request], Awaitable[Response]], request: Request, scope: anyio.CancelScope | None = None
    ) -> Response:
        """Send a request, and any requests that authentication needs.

        Args:
            send: Sends one request as is, and returns the response with its body unread.
            request: The request.
            scope: Its deadline is extended by the time spent waiting for rate limits.

        Raises:
            ConfigurationError: Another event loop sent the first request. Nothing is sent.
        """
        if self.is_in_another_event_loop():
            raise ConfigurationError(
                "Nothing was sent: an AsyncTenant keeps connections of the event loop in which it was first used, and"
                " this is another one. Create an AsyncTenant in each."
            )
        # Kept rather than its id, which a later loop could have.
        self._event_loop = _event_loop()
        flow = self._auth_for(request).async_auth_flow(request)
        try:
            step = await anext(flow)
            while True:
                permit = await self._acquired(_tier(step), scope)
                try:
                    response = await send(self._with_headers(step, request))
                except BaseException as error:
                    self._failed(permit, request, error)
                    raise
                self._answered(permit, request, response)
                try:
                    step = await flow.asend(response)
                    await response.aread()
                except StopAsyncIteration:
                    return response
                except BaseException:
                    await response.aclose()
                    raise
        finally:
            await flow.aclose()

    def is_in_another_event_loop(self) -> bool:
        """Return whether the first request was sent in another event loop than the running one."""
        return self._event_loop not in (None, _event_loop())

    async def _acquired(self, tier: int, scope: anyio.CancelScope | None) -> Permit | None:
        if self._pacer is None:
            return None
        import anyio

        left = scope.deadline - anyio.current_time() if scope is not None else 0.0
        if scope is not None:
            scope.deadline = float("inf")
        try:
            return await self._pacer.acquire_async(tier)
        finally:
            if scope is not None:
                scope.deadline = anyio.current_time() + left

    def _failed(self, permit: Permit | None, request: Request, error: BaseException) -> None:
        if self._pacer is None or permit is None:
            return
        _note(permit, request)
        if isinstance(error, _NOTHING_SENT):
            self._pacer.release(permit)
        else:
            # It may have been sent, so it counts.
            self._pacer.complete(permit)

    def _answered(self, permit: Permit | None, request: Request, response: Response) -> None:
        if self._pacer is None or permit is None:
            return
        _note(permit, request)
        wait = retry_after(response.headers) if response.status_code == 429 else None
        # A longer wait than any window is not this limit's: don't hold back other requests for it.
        is_long = wait is not None and wait > self._pacer.pacing.held_seconds
        request.extensions[_STOPPED] = wait is not None and not is_long
        if response.status_code == 429 and not is_long:
            self._pacer.refused(permit, wait)
        else:
            self._pacer.complete(permit)


class _SigningBase:
    """What both clients share.

    Attributes:
        models: A request without a body, by method, and what its headers were merged from: host, headers, and the
            client's own, which anybody may change.
    """

    def __init__(self, *, signer: Signer, **options: Any) -> None:
        super().__init__(**options)
        self._signer = signer
        self._jar: Cookies = _NoCookies(CookieJar(DefaultCookiePolicy(allowed_domains=())))
        self.models: dict[str, tuple[object, Request]] = {}

    @property
    def cookies(self) -> Cookies:
        return self._jar

    @cookies.setter
    def cookies(self, cookies: Any) -> None:
        self._jar = Cookies(cookies)


class SigningClient(_SigningBase, Client):
    """An HTTP client that authenticates and paces its requests, for the generated client.

    Args:
        signer: Authenticates requests that don't specify another auth.
        options: Arguments of the client.
    """

    def send(self, request: Request, *, stream: bool = False, auth: Any = USE_CLIENT_DEFAULT, **more: Any) -> Response:
        """Send a request. If streamed, the body of the response is unread."""
        send = super().send
        if auth is not USE_CLIENT_DEFAULT:
            return send(request, stream=stream, auth=auth, **more)
        response = self._signer.send(lambda step: send(step, stream=True, auth=None, **more), request)
        if not stream:
            response.read()
        return response


class AsyncSigningClient(_SigningBase, AsyncClient):
    """The async version of `SigningClient`."""

    async def send(
        self, request: Request, *, stream: bool = False, auth: Any = USE_CLIENT_DEFAULT, **more: Any
    ) -> Response:
        """Send a request. If streamed, the body of the response is unread."""
        send = super().send
        if auth is not USE_CLIENT_DEFAULT:
            return await send(request, stream=stream, auth=auth, **more)
        response = await self._signer.send_async(lambda step: send(step, stream=True, auth=None, **more), request)
        if not stream:
            await response.aread()
        return response


def build_request(
    client: Client | AsyncClient, call: Call[Any], url: str, headers: Mapping[str, str], extensions: Mapping[str, Any]
) -> Request:
    """Return the request that a client builds, without merging the same headers and parsing a URL twice.

    Args:
        client: The client. A given one builds its requests itself.
        call: The call.
        url: Its URL, without a query.
        headers: Headers that replace the client's.
        extensions: Extensions of the request, with its timeout.
    """
    method, params, body = call.operation.method, call.arguments.get("params"), call.arguments.get("json")
    if body is not None or not isinstance(client, _SigningBase) or client.params or client.cookies:
        return client.build_request(method, url, params=params, json=body, headers=headers, extensions=extensions)
    merged = (url.split("/", 3)[2], {**headers}, client.headers.raw)
    known, model = client.models.get(method, (None, None))
    if model is None or known != merged:
        model = client.build_request(method, url, headers=headers)
        client.models[method] = (merged, model)
    whole = URL(f"{url}?{QueryParams(params)}" if params else url)
    request = Request(method, whole, headers=model.headers, stream=model.stream, extensions=extensions)
    request.read()
    return request

"""How a tenant is told who asks: `httpx.Auth` classes, one implementation for sync and async."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from typing import Any

import anyio.to_thread
import httpx

from .concealed import Concealed
from .errors import ConfigurationError


def token_problem(token: object) -> str | None:
    """What is wrong with a token; None if nothing is. Never repeats it."""
    if not isinstance(token, str) or not token.strip():
        return "is blank"
    if not token.isascii() or not token.isprintable():
        return "holds a character that no token has (a line break, perhaps, from the file it was read from)"
    if " " in token:
        return "holds a space: give the token alone, without 'Bearer'"
    return None


def checked(secret: Concealed[Any], what: str) -> Concealed[str]:
    """A secret that can be sent.

    Raises:
        ConfigurationError: it can't; neither the message nor this frame shows it.
    """
    problem = token_problem(secret.reveal())
    if problem:
        raise ConfigurationError(f"{what} {problem}.")
    return secret


def sign(request: httpx.Request, token: Concealed[str]) -> httpx.Request:
    """Puts a token into the request."""
    request.headers["Authorization"] = f"Bearer {token.reveal()}"
    return request


class ApiKey(httpx.Auth):
    """Signs in with an API key.

    Args:
        api_key: the key as the tenant showed it when it was made.

    Raises:
        ConfigurationError: it is blank or holds characters that no key has.
    """

    def __init__(self, api_key: str | Concealed[str]) -> None:
        api_key = Concealed(api_key)
        self._key = checked(api_key, "The API key")

    def __repr__(self) -> str:
        return "ApiKey()"

    @property
    def identity(self) -> Concealed[str]:
        """Whom the key is for; only a hash of it may leave the process."""
        return self._key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        yield sign(request, self._key)


class TokenCallable(httpx.Auth):
    """Signs in with what a function returns, such as a look-up in a vault.

    Args:
        get_token: returns an API key or access token; called for each request, and once more after a 401. For an
            `AsyncTenant` it may be a coroutine function; an ordinary one runs in a thread there.

    Raises:
        ConfigurationError: it can't be called, or, when it is used, what it returned is no token.
    """

    def __init__(self, get_token: Callable[[], str | Awaitable[str]]) -> None:
        if not callable(get_token):
            raise ConfigurationError("TokenCallable needs a function that returns a token.")
        self._get_token = get_token

    def __repr__(self) -> str:
        return "TokenCallable()"

    def _token(self) -> Concealed[str]:
        token = self._get_token()
        if inspect.isawaitable(token):
            if inspect.iscoroutine(token):
                token.close()
            raise ConfigurationError("The function that returns the token is async: use it with AsyncTenant.")
        return Concealed(token)

    async def _token_async(self) -> Concealed[str]:
        token: Any = (
            # A coroutine function starts nothing by being called, so it needs no thread.
            self._get_token()
            if inspect.iscoroutinefunction(self._get_token)
            # In a list, for trio takes a thread's coroutine for a mistake.
            else (await anyio.to_thread.run_sync(lambda: [self._get_token()]))[0]
        )
        return Concealed(await token if inspect.isawaitable(token) else token)

    def _signed(self, request: httpx.Request, token: Concealed[str]) -> httpx.Request:
        return sign(request, checked(token, "What the function for the token returned"))

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = self._token()
        response = yield self._signed(request, token)
        if response.status_code == 401:
            other = self._token()
            if other != token:
                yield self._signed(request, other)

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        token = await self._token_async()
        response = yield self._signed(request, token)
        if response.status_code == 401:
            other = await self._token_async()
            if other != token:
                yield self._signed(request, other)


class OriginBound(httpx.Auth):
    """Lets another Auth sign requests to one origin, and no others."""

    def __init__(self, auth: httpx.Auth, origin: httpx.URL) -> None:
        self.auth = auth
        self._origin = origin

    def __repr__(self) -> str:
        return f"OriginBound({self.auth!r})"

    def _is_own(self, url: httpx.URL) -> bool:
        return (url.scheme, url.host, url.port) == (self._origin.scheme, self._origin.host, self._origin.port)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._is_own(request.url):
            yield from self.auth.sync_auth_flow(request)
        else:
            yield request

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        if not self._is_own(request.url):
            yield request
            return
        flow = self.auth.async_auth_flow(request)
        try:
            signed = await anext(flow)
            while True:
                response = yield signed
                signed = await flow.asend(response)
        except StopAsyncIteration:
            return
        finally:
            await flow.aclose()

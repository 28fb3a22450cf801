"""Signing in with a token that is there: an API key, or what a function returns."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from typing import Any

import anyio.to_thread

from .._http import Auth, Request, Response
from .._secrets import Secret, without_frames
from ..errors import ConfigurationError


def token_problem(token: object) -> str | None:
    """Return what is wrong with a token; None if nothing is. Never repeats it."""
    if not isinstance(token, str) or not token.strip():
        return "is blank"
    if not token.isascii() or not token.isprintable():
        return "holds a character that no token has (a line break, perhaps, from the file it was read from)"
    if " " in token:
        return "holds a space: give the token alone, without 'Bearer'"
    return None


def checked(secret: Secret[Any], what: str) -> Secret[str]:
    """Return a secret that can be sent.

    Raises:
        ConfigurationError: it can't; neither the message nor this frame shows it.
    """
    problem = token_problem(secret.get_secret_value())
    if problem:
        raise ConfigurationError(f"{what} {problem}.")
    return secret


def sign(request: Request, token: Secret[str]) -> Request:
    """Put a token into the request."""
    request.headers["Authorization"] = f"Bearer {token.get_secret_value()}"
    return request


class ApiKey(Auth):
    """Signs in with an API key.

    Args:
        api_key: the key as the tenant showed it when it was made.

    Raises:
        ConfigurationError: it is blank or holds characters that no key has.
    """

    @without_frames
    def __init__(self, api_key: str | Secret[str]) -> None:
        self._key = checked(Secret(api_key), "The API key")

    def __repr__(self) -> str:
        return "ApiKey()"

    @property
    def identity(self) -> Secret[str]:
        """Whom the key is for; only a hash of it may leave the process."""
        return self._key

    def auth_flow(self, request: Request) -> Generator[Request, Response, None]:
        """Yield the request, signed."""
        yield sign(request, self._key)


class TokenCallable(Auth):
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

    def _token(self) -> Secret[str]:
        token = self._get_token()
        if inspect.isawaitable(token):
            if inspect.iscoroutine(token):
                token.close()
            raise ConfigurationError("The function that returns the token is async: use it with AsyncTenant.")
        return Secret(token)

    async def _token_async(self) -> Secret[str]:
        token: Any = (
            # A coroutine function starts nothing by being called, so it needs no thread.
            self._get_token()
            if inspect.iscoroutinefunction(self._get_token)
            # In a list, for trio takes a thread's coroutine for a mistake.
            else (await anyio.to_thread.run_sync(lambda: [self._get_token()]))[0]
        )
        return Secret(await token if inspect.isawaitable(token) else token)

    def _signed(self, request: Request, token: Secret[str]) -> Request:
        return sign(request, checked(token, "What the function for the token returned"))

    def sync_auth_flow(self, request: Request) -> Generator[Request, Response, None]:
        """Yield the request, signed; after a 401 once more, if there is another token by then."""
        token = self._token()
        response = yield self._signed(request, token)
        if response.status_code == 401:
            other = self._token()
            if other != token:
                yield self._signed(request, other)

    async def async_auth_flow(self, request: Request) -> AsyncGenerator[Request, Response]:
        """Yield the request, signed; after a 401 once more, if there is another token by then."""
        token = await self._token_async()
        response = yield self._signed(request, token)
        if response.status_code == 401:
            other = await self._token_async()
            if other != token:
                yield self._signed(request, other)

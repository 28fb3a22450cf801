"""Authentication with an existing token: an API key, or what a function returns."""

from __future__ import annotations

import base64
import inspect
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from datetime import UTC, datetime
from typing import Any

from .._http import Auth, Request, Response
from .._secrets import Secret, without_frames
from ..errors import ConfigurationError


def token_problem(token: object) -> str | None:
    """Return what is wrong with a token, without quoting it, or None."""
    if not isinstance(token, str) or not token.strip():
        return "is blank"
    if not token.isascii() or not token.isprintable():
        return "contains a character that no token has, perhaps a line break from a file"
    if " " in token:
        return "contains a space. Pass only the token, without 'Bearer'"
    return None


def checked(secret: Secret[Any], what: str) -> Secret[str]:
    """Return a secret if it can be sent as a token.

    Raises:
        ConfigurationError: It can't. Neither the message nor this frame shows it.
    """
    problem = token_problem(secret.get_secret_value())
    if problem:
        raise ConfigurationError(f"{what} {problem}.")
    return secret


def sign(request: Request, token: Secret[str]) -> Request:
    """Add a token to a request."""
    request.headers["Authorization"] = f"Bearer {token.get_secret_value()}"
    return request


def claims(token: Secret[str]) -> dict[str, Any]:
    """Return what a JWT says, without verifying it; nothing for any other token."""
    try:
        found = json.loads(base64.urlsafe_b64decode(token.get_secret_value().split(".")[1] + "=="))
    except (IndexError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def expiry(token: Secret[str]) -> datetime | None:
    """Return when a JWT expires; None if it doesn't say, or the token is not a JWT."""
    try:
        return datetime.fromtimestamp(float(claims(token)["exp"]), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


class ApiKey(Auth):
    """Authenticates with an API key.

    Args:
        api_key: The key, as the tenant showed it when it was created.

    Raises:
        ConfigurationError: The key is blank or contains characters that no key has.
    """

    @without_frames
    def __init__(self, api_key: str | Secret[str]) -> None:
        self._key = checked(Secret(api_key), "The API key")

    def __repr__(self) -> str:
        return "ApiKey()"

    @property
    def identity(self) -> Secret[str]:
        """What identifies the principal. Only a hash of it may leave the process."""
        return self._key

    @property
    def expires_at(self) -> datetime | None:
        """When the key expires, as it says itself; None if it doesn't say."""
        return expiry(self._key)

    def auth_flow(self, request: Request) -> Generator[Request, Response, None]:
        """Yield the signed request."""
        yield sign(request, self._key)


class TokenCallable(Auth):
    """Authenticates with the token that a function returns, for example from a vault.

    Args:
        get_token: Returns an API key or access token. Called for each request, and again after a 401. With an
            `AsyncTenant` it may be a coroutine function; a plain function runs in a thread.

    Raises:
        ConfigurationError: It is not callable, or, on a request, it did not return a token.
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
            raise ConfigurationError("The function that returns the token is async. Use it with AsyncTenant.")
        return Secret(token)

    async def _token_async(self) -> Secret[str]:
        import anyio.to_thread

        token: Any = (
            # Calling a coroutine function does not block, so it needs no thread.
            self._get_token()
            if inspect.iscoroutinefunction(self._get_token)
            # In a list, since trio rejects a coroutine returned from a thread.
            else (await anyio.to_thread.run_sync(lambda: [self._get_token()]))[0]
        )
        return Secret(await token if inspect.isawaitable(token) else token)

    def _signed(self, request: Request, token: Secret[str]) -> Request:
        return sign(request, checked(token, "The token that the function returned"))

    def sync_auth_flow(self, request: Request) -> Generator[Request, Response, None]:
        """Yield the signed request; after a 401, repeat it if the function returns another token."""
        token = self._token()
        response = yield self._signed(request, token)
        if response.status_code == 401:
            other = self._token()
            if other != token:
                yield self._signed(request, other)

    async def async_auth_flow(self, request: Request) -> AsyncGenerator[Request, Response]:
        """Yield the signed request; after a 401, repeat it if the function returns another token."""
        token = await self._token_async()
        response = yield self._signed(request, token)
        if response.status_code == 401:
            other = await self._token_async()
            if other != token:
                yield self._signed(request, other)

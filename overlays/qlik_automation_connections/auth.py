"""How a tenant is told who asks: `httpx.Auth` classes, one implementation for sync and async."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator

import httpx

from .concealed import Concealed
from .errors import ConfigurationError


def bearer(token: object, what: str) -> str:
    """The value of the Authorization header.

    Raises:
        ConfigurationError: the token is blank or can't stand in a header; the message does not repeat it.
    """
    if not isinstance(token, str) or not token.strip():
        raise ConfigurationError(f"{what} is blank.")
    if not token.isascii() or not token.isprintable():
        raise ConfigurationError(
            f"{what} holds a character that no token has (a line break, perhaps, from the file it was read from)."
        )
    if " " in token:
        raise ConfigurationError(f"{what} holds a space: give the token alone, without 'Bearer'.")
    return f"Bearer {token}"


class ApiKey(httpx.Auth):
    """Signs in with an API key.

    Args:
        api_key: the key as the tenant showed it when it was made.

    Raises:
        ConfigurationError: it is blank or holds characters that no key has.
    """

    def __init__(self, api_key: str | Concealed[str]) -> None:
        api_key = Concealed(api_key)
        self._header = Concealed(bearer(api_key.reveal(), "The API key"))

    def __repr__(self) -> str:
        return "ApiKey()"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._header.reveal()
        yield request


class OriginBound(httpx.Auth):
    """Lets another Auth sign requests to one origin, and no others."""

    def __init__(self, auth: httpx.Auth, origin: httpx.URL) -> None:
        self._auth = auth
        self._origin = origin

    def __repr__(self) -> str:
        return f"OriginBound({self._auth!r})"

    def _is_own(self, url: httpx.URL) -> bool:
        return (url.scheme, url.host, url.port) == (self._origin.scheme, self._origin.host, self._origin.port)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._is_own(request.url):
            yield from self._auth.sync_auth_flow(request)
        else:
            yield request

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        if not self._is_own(request.url):
            yield request
            return
        flow = self._auth.async_auth_flow(request)
        try:
            signed = await anext(flow)
            while True:
                response = yield signed
                signed = await flow.asend(response)
        except StopAsyncIteration:
            return
        finally:
            await flow.aclose()

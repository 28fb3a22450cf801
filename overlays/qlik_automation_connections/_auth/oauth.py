"""Authentication with an OAuth client of the tenant: machine-to-machine, or as one of the tenant's users."""

from __future__ import annotations

import datetime
import math
import threading
import time
from collections.abc import AsyncGenerator, Generator
from typing import Any, Final, NamedTuple

import anyio
import anyio.lowlevel

from .._headers import announce_end, without_secrets
from .._http import Auth, Request, Response
from .._raw_response import RawResponse, decode_json
from .._redaction import redacted
from .._secrets import Secret, without_frames
from ..errors import SIGN_IN_OPERATION, ConfigurationError
from .tokens import checked, sign, token_problem

_MARGIN_SECONDS: Final = 60.0


class SignInError(Exception):
    """The token endpoint's response has no usable token. Users get one of the public errors instead."""

    def __init__(self, response: RawResponse, reason: str) -> None:
        super().__init__(reason)
        self.response = response
        self.reason = reason


class _Token(NamedTuple):
    secret: Secret[str]
    ends: float
    """When to renew the token, in monotonic seconds, since the wall clock may jump."""


def _until(moment: object, now: datetime.datetime) -> float:
    """Return the seconds until an ISO or POSIX timestamp."""
    try:
        return float(moment) - now.timestamp()  # type: ignore[arg-type]  # may raise TypeError
    except (ValueError, TypeError):
        ends = datetime.datetime.fromisoformat(moment)  # type: ignore[arg-type]
        return (ends if ends.tzinfo is not None else ends.replace(tzinfo=datetime.UTC)).timestamp() - now.timestamp()


def _seconds_left(body: dict[str, Any], now: datetime.datetime) -> float:
    """Return the lifetime of a token, from the first readable field; infinity if there is none."""
    for name, read in (("expires_in", float), ("expires_at", lambda moment: _until(moment, now))):
        try:
            seconds = read(body[name])
        except (KeyError, ValueError, TypeError, OverflowError):
            continue
        if not math.isnan(seconds):
            return max(0.0, seconds)
    return math.inf


def _problem_with(body: object) -> str | None:
    """Return what is wrong with the JSON of a token, or None."""
    if not isinstance(body, dict):
        return "it is not a JSON object"
    if str(body.get("token_type", "bearer")).lower() != "bearer":
        return "its token_type is not bearer"
    problem = token_problem(body.get("access_token"))
    return f"its access_token {problem}" if problem else None


class Grant(Auth):
    """Fetches a token when needed, keeps it until shortly before it expires, and renews it once after a 401."""

    _client_id = ""

    def __init__(self, client_id: str, client_secret: Secret[str], scope: str | None, grant: dict[str, Any]) -> None:
        if not isinstance(client_id, str) or not client_id.strip():
            raise ConfigurationError("The OAuth client id is blank.")
        self._client_id = client_id
        self._secret = checked(client_secret, "The OAuth client secret")
        self._grant = grant if scope is None else {**grant, "scope": scope}
        # By origin, since tenants may share this object.
        self._tokens: dict[str, _Token] = {}
        self._lock = threading.Lock()
        self._task_locks: anyio.lowlevel.RunVar[anyio.Lock] = anyio.lowlevel.RunVar("oauth")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(client_id={self._client_id!r})"

    @property
    def identity(self) -> list[Any]:
        """What identifies the principal: the client, and the grant it requests."""
        return [self._client_id, self._grant]

    def _token_request(self, request: Request) -> Request:
        return Request(
            "POST",
            request.url.copy_with(raw_path=b"/oauth/token"),
            json={"client_id": self._client_id, "client_secret": self._secret.get_secret_value(), **self._grant},
            headers={name: request.headers[name] for name in ("accept", "user-agent") if name in request.headers},
            extensions={"timeout": request.extensions.get("timeout", {})},
        )

    @staticmethod
    def _origin(request: Request) -> str:
        return f"{request.url.scheme}://{request.url.netloc.decode()}"

    def _usable(self, request: Request, rejected: _Token | None) -> _Token | None:
        """Return the current token, unless it has expired or was rejected."""
        token = self._tokens.get(self._origin(request))
        return None if token is None or token is rejected or token.ends <= time.monotonic() else token

    def _received(self, request: Request, response: Response, began: float) -> _Token:
        said = RawResponse(response.request, response.status_code, without_secrets(response.headers), b"", 0.0)
        announce_end(SIGN_IN_OPERATION, response.request, redacted(said, [self._secret.get_secret_value()]).headers)
        body: Any = None
        try:
            body = decode_json(response.content)
            problem = _problem_with(body)
        except ValueError:
            problem = "it is not JSON"
        if response.status_code != 200:
            problem = "it is not a success"
        if problem is not None:
            body = None  # the traceback leads to this frame, which must not hold a token
            raw = RawResponse(response.request, response.status_code, response.headers, response.content, 0.0)
            raise SignInError(redacted(raw, [self._secret.get_secret_value()]), problem)
        lasts = _seconds_left(body, datetime.datetime.now(datetime.UTC))
        token = _Token(Secret(body["access_token"]), began + lasts - min(_MARGIN_SECONDS, lasts / 10))
        self._tokens[self._origin(request)] = token
        return token

    def sync_auth_flow(self, request: Request) -> Generator[Request, Response, None]:
        """Yield the signed request, preceded by a token request if necessary; repeat once after a 401."""
        rejected: _Token | None = None
        for _ in range(2):
            token = self._usable(request, rejected)
            if token is None:
                with self._lock:
                    token = self._usable(request, rejected)
                    if token is None:
                        began = time.monotonic()
                        response = yield self._token_request(request)
                        response.read()
                        token = self._received(request, response, began)
            response = yield sign(request, token.secret)
            if response.status_code != 401:
                return
            rejected = token

    async def async_auth_flow(self, request: Request) -> AsyncGenerator[Request, Response]:
        """Yield the same requests as `sync_auth_flow`."""
        lock = self._task_locks.get(None)
        if lock is None:
            lock = anyio.Lock()
            self._task_locks.set(lock)
        rejected: _Token | None = None
        for _ in range(2):
            token = self._usable(request, rejected)
            if token is None:
                async with lock:
                    token = self._usable(request, rejected)
                    if token is None:
                        began = time.monotonic()
                        response = yield self._token_request(request)
                        await response.aread()
                        token = self._received(request, response, began)
            response = yield sign(request, token.secret)
            if response.status_code != 401:
                return
            rejected = token


class OAuthClient(Grant):
    """Authenticates as an OAuth client, machine-to-machine.

    Such a client can read connections, but the service does not let it create, update or delete them.

    Sends a POST to the tenant's `/oauth/token` (tier 2) before the first request, shortly before a token expires, and
    after a 401. Threads or tasks that need a token at the same time share one POST.

    Args:
        client_id: Id of the OAuth client.
        client_secret: Its secret.
        scope: Scopes to request, separated by spaces. None means those of the client.

    Raises:
        ConfigurationError: The id or the secret is blank or invalid.
    """

    @without_frames
    def __init__(self, client_id: str, client_secret: str | Secret[str], *, scope: str | None = None) -> None:
        super().__init__(client_id, Secret(client_secret), scope, {"grant_type": "client_credentials"})


class ImpersonatedUser(Grant):
    """Authenticates as a user, through an OAuth client that may impersonate users.

    Sends the same requests as `OAuthClient`.

    Args:
        client_id: Id of the OAuth client.
        client_secret: Its secret.
        user_id: Id of the user. Exactly one of `user_id` and `subject` is required.
        subject: Subject of the user at the identity provider.
        scope: Scopes to request.

    Raises:
        ConfigurationError: An argument is missing, blank or invalid.
    """

    @without_frames
    def __init__(
        self,
        client_id: str,
        client_secret: str | Secret[str],
        *,
        user_id: str | None = None,
        subject: str | None = None,
        scope: str = "user_default",
    ) -> None:
        given = {name: value for name, value in (("userId", user_id), ("subject", subject)) if value is not None}
        if len(given) != 1 or not all(isinstance(value, str) and value.strip() for value in given.values()):
            raise ConfigurationError("Pass exactly one of user_id and subject.")
        ((lookup, value),) = given.items()
        super().__init__(
            client_id,
            Secret(client_secret),
            scope,
            {
                "grant_type": "urn:qlik:oauth:user-impersonation",
                "user_lookup": {"field": lookup, "value": value},
            },
        )

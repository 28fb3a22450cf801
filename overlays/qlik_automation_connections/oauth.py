"""Signing in with an OAuth client of the tenant: as itself (machine to machine), or as one of the tenant's users."""

from __future__ import annotations

import datetime
import math
import threading
import time
from collections.abc import AsyncGenerator, Generator
from enum import Enum
from typing import Any, Final

import anyio
import anyio.lowlevel
import httpx
from attrs import field, frozen

from qlik_automation_connections_api.operations import Operation

from .answer import Answer, decode_json
from .auth import checked, sign, token_problem
from .call import Call
from .concealed import Concealed
from .errors import ConfigurationError
from .redaction import redacted


def _read_nothing(content: Any, exact: bool = False) -> None:  # noqa: ARG001 - a token is no result of a call
    return None


SIGN_IN: Final[Call[None]] = Call(
    # Not an operation of the automation connections, so not in the spec; on the same tenant and rate tier 2.
    Operation(
        id="POST /oauth/token",
        summary="Sign in",
        method="POST",
        path="/oauth/token",
        v1_path="/oauth/token",
        tier=2,
        repeatable=True,
        requests_per_minute=100,
        success=200,
        result=None,
        bounds={},
        noun="token",
    ),
    {},
    _read_nothing,
)

_MARGIN_SECONDS: Final = 60.0


class SignInError(Exception):
    """The token endpoint answered, but with no token. Becomes one of the public errors before a user meets it."""

    def __init__(self, answer: Answer, reason: str) -> None:
        super().__init__(reason)
        self.answer = answer
        self.reason = reason


@frozen
class _Token:
    secret: Concealed[str]
    ends: float = field()
    """When it is to be renewed, on the monotonic clock: the wall clock may jump."""


class _Lock(Enum):
    ACQUIRE = 1
    RELEASE = 2


_Steps = Generator[httpx.Request | _Lock, httpx.Response | None, None]


def _until(moment: object, now: datetime.datetime) -> float:
    """Seconds until a moment, an ISO timestamp or seconds since 1970."""
    try:
        return float(moment) - now.timestamp()  # type: ignore[arg-type]  # a TypeError is an answer too
    except (ValueError, TypeError):
        ends = datetime.datetime.fromisoformat(moment)  # type: ignore[arg-type]
        return (ends if ends.tzinfo is not None else ends.replace(tzinfo=datetime.UTC)).timestamp() - now.timestamp()


def _seconds_left(body: dict[str, Any], now: datetime.datetime) -> float:
    """How long a token lasts, from whichever of the two fields can be read; for ever if neither can."""
    for name, read in (("expires_in", float), ("expires_at", lambda moment: _until(moment, now))):
        try:
            seconds = read(body[name])
        except (KeyError, ValueError, TypeError, OverflowError):
            continue
        if not math.isnan(seconds):
            return max(0.0, seconds)
    return math.inf


def _read_token(content: bytes, began: float) -> _Token | str:
    """The token in an answer, or what is wrong with it."""
    try:
        body = decode_json(content)
    except ValueError:
        return "it is not JSON"
    if not isinstance(body, dict):
        return "it is no object"
    if str(body.get("token_type", "bearer")).lower() != "bearer":
        return "its token_type is not bearer"
    problem = token_problem(body.get("access_token"))
    if problem:
        return f"its access_token {problem}"
    lasts = _seconds_left(body, datetime.datetime.now(datetime.UTC))
    return _Token(Concealed(body["access_token"]), began + lasts - min(_MARGIN_SECONDS, lasts / 10))


class Grant(httpx.Auth):
    """Fetches a token when it needs one, keeps it until shortly before it ends, and renews it once after a 401."""

    _client_id = ""

    def __init__(self, client_id: str, client_secret: Concealed[str], scope: str | None, grant: dict[str, Any]) -> None:
        if not isinstance(client_id, str) or not client_id.strip():
            raise ConfigurationError("The OAuth client id is blank.")
        self._client_id = client_id
        self._secret = checked(client_secret, "The OAuth client secret")
        self._grant = grant if scope is None else {**grant, "scope": scope}
        # By origin: the same object may sign in to more than one tenant.
        self._tokens: dict[str, _Token] = {}
        self._lock = threading.Lock()
        self._task_lock: anyio.lowlevel.RunVar[anyio.Lock] = anyio.lowlevel.RunVar("oauth")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(client_id={self._client_id!r})"

    @property
    def identity(self) -> list[Any]:
        """Whom the tokens are for: the client, and what it asks for."""
        return [self._client_id, self._grant]

    def _token_request(self, request: httpx.Request) -> httpx.Request:
        return httpx.Request(
            "POST",
            request.url.copy_with(raw_path=b"/oauth/token"),
            json={"client_id": self._client_id, "client_secret": self._secret.reveal(), **self._grant},
            headers={name: request.headers[name] for name in ("accept", "user-agent") if name in request.headers},
            extensions={"timeout": request.extensions.get("timeout", {})},
        )

    def _steps(self, request: httpx.Request) -> _Steps:
        """What is to be sent and when the lock is to be held, for sync and async alike."""
        origin = str(request.url.copy_with(raw_path=b"/"))
        token = self._tokens.get(origin)
        rejected: _Token | None = None
        while True:
            if token is None or token is rejected or token.ends <= time.monotonic():
                stale = token
                yield _Lock.ACQUIRE
                token = self._tokens.get(origin)
                if token is None or token is stale:
                    token = yield from self._renewed(request)
                    self._tokens[origin] = token
                yield _Lock.RELEASE
            response = yield sign(request, token.secret)
            if rejected is not None or response is None or response.status_code != 401:
                return
            rejected = token

    def _renewed(self, request: httpx.Request) -> Generator[httpx.Request | _Lock, httpx.Response | None, _Token]:
        began = time.monotonic()
        response = yield self._token_request(request)
        assert response is not None
        answer = redacted(
            Answer(response.request, response.status_code, response.headers, response.content, 0.0),
            [self._secret.reveal()],
        )
        if response.status_code != 200:
            raise SignInError(answer, "it is no success")
        token = _read_token(response.content, began)
        if isinstance(token, str):
            raise SignInError(answer, token)
        return token

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        steps = self._steps(request)
        reply: httpx.Response | None = None
        held = False
        try:
            while True:
                step = steps.send(reply)
                reply = None
                if step is _Lock.ACQUIRE:
                    self._lock.acquire()
                    held = True
                elif isinstance(step, _Lock):
                    self._lock.release()
                    held = False
                else:
                    reply = yield step
                    if step is not request:
                        reply.read()
        except StopIteration:
            return
        finally:
            if held:
                self._lock.release()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        steps = self._steps(request)
        reply: httpx.Response | None = None
        lock = self._task_lock.get(None)
        if lock is None:
            lock = anyio.Lock()
            self._task_lock.set(lock)
        held = False
        try:
            while True:
                step = steps.send(reply)
                reply = None
                if step is _Lock.ACQUIRE:
                    await lock.acquire()
                    held = True
                elif isinstance(step, _Lock):
                    lock.release()
                    held = False
                else:
                    reply = yield step
                    if step is not request:
                        await reply.aread()
        except StopIteration:
            return
        finally:
            if held:
                lock.release()


class OAuthClient(Grant):
    """Signs in as an OAuth client, machine to machine.

    Such a client may read; the service lets it create, update and delete no connections.

    Args:
        client_id: id of the OAuth client.
        client_secret: its secret.
        scope: scopes to ask for, separated by spaces; those of the client if None.

    Raises:
        ConfigurationError: the id or the secret is blank or can't be one.

    Sends a POST to `/oauth/token` of the tenant (tier 2) for the first request, shortly before a token ends, and after
    a 401; one, however many threads or tasks wait for it.
    """

    def __init__(self, client_id: str, client_secret: str | Concealed[str], *, scope: str | None = None) -> None:
        client_secret = Concealed(client_secret)
        super().__init__(client_id, client_secret, scope, {"grant_type": "client_credentials"})


class ImpersonatedUser(Grant):
    """Signs in as a user, through an OAuth client that may act for users.

    Args:
        client_id: id of the OAuth client.
        client_secret: its secret.
        user_id: the user, by id. Exactly one of `user_id` and `subject` is needed.
        subject: the user, by the subject that the identity provider knows.
        scope: scopes to ask for.

    Raises:
        ConfigurationError: an argument is missing, or is blank or can't be one.

    Sends the same requests as `OAuthClient`.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str | Concealed[str],
        *,
        user_id: str | None = None,
        subject: str | None = None,
        scope: str = "user_default",
    ) -> None:
        client_secret = Concealed(client_secret)
        given = [(name, value) for name, value in (("userId", user_id), ("subject", subject)) if value is not None]
        if len(given) != 1 or not isinstance(given[0][1], str) or not given[0][1].strip():
            raise ConfigurationError("Give exactly one of user_id and subject, to say whom to act as.")
        (lookup, value), *_ = given
        super().__init__(
            client_id,
            client_secret,
            scope,
            {
                "grant_type": "urn:qlik:oauth:user-impersonation",
                "user_lookup": {"field": lookup, "value": value},
            },
        )

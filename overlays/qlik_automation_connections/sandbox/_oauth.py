"""Authentication: fixed API keys, and a token endpoint with two grants."""

import base64
import binascii
import itertools
import math
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import attrs

from ._deterministic import hex_id, timestamp
from ._models import User
from ._responses import HTTPError
from ._validation import media_type, read_json_object

CLIENT_CREDENTIALS = "client_credentials"
USER_IMPERSONATION = "urn:qlik:oauth:user-impersonation"
USER_SCOPE = "user_default"
AUTOMATIONS_SCOPE = "admin.automations"
FORM_TYPE = "application/x-www-form-urlencoded"


@attrs.frozen
class Principal:
    """The caller of a request.

    Attributes:
        name: "user:<id>" or "client:<id>".
        user_id: The user, None for a machine.
        sees_all: Whether it may see what other users own.
        may_change: Whether it may change anything.
        manages_automations: Whether it may list, read and change everybody's automations, as a machine with the scope
            admin.automations may.
    """

    name: str
    user_id: str | None
    sees_all: bool
    may_change: bool
    manages_automations: bool = False

    @property
    def owner_id(self) -> str:
        """The owner of what it creates: the user, or a bot that stands for the machine."""
        return self.user_id or hex_id(self.name)

    @classmethod
    def of_user(cls, user: User) -> "Principal":
        """Return a user as a principal."""
        return cls(f"user:{user.id}", user.id, user.admin, True)


class Authenticator:
    """Identifies callers and issues tokens.

    Args:
        keys: API keys and their users.
        client_id: Identifier of the OAuth client.
        client_secret: Secret of the OAuth client.
        users: The users that may be impersonated.
        lifetime: How long a token is valid, in real seconds.
    """

    def __init__(
        self, keys: Mapping[str, User], client_id: str, client_secret: str, users: tuple[User, ...], lifetime: float
    ) -> None:
        self._keys = {key: Principal.of_user(user) for key, user in keys.items()}
        self._client = (client_id, client_secret)
        self._users = users
        self._lifetime = lifetime
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[Principal, float]] = {}
        self._numbers = itertools.count(1)

    def authenticate(self, authorizations: list[str]) -> Principal:
        """Return the caller of a request with these Authorization headers.

        Raises:
            HTTPError: With status 401.
        """
        scheme, _, credential = authorizations[0].partition(" ") if len(authorizations) == 1 else ("", "", "")
        if scheme.lower() != "bearer" or not credential:
            raise HTTPError(401, "A bearer token is required.")
        if credential in self._keys:
            return self._keys[credential]
        with self._lock:
            principal, expiry = self._tokens.get(credential, (None, 0.0))
        if principal is None or expiry <= time.monotonic():
            raise HTTPError(401, "The bearer token is invalid or has expired.")
        return principal

    def revoke_tokens(self) -> None:
        """Revoke all tokens issued so far. API keys stay valid."""
        with self._lock:
            self._tokens.clear()

    def authenticate_client(self, authorizations: list[str], fields: Mapping[str, Any]) -> Principal:
        """Return the OAuth client that requests a token.

        Args:
            authorizations: The request's Authorization headers, which may carry the credentials as HTTP basic.
            fields: Fields of the body, which carry the credentials otherwise.

        Returns:
            The client.

        Raises:
            HTTPError: With status 401.
        """
        credentials = (
            _basic(authorizations[0]) if authorizations else (fields.get("client_id"), fields.get("client_secret"))
        )
        if credentials != self._client:
            raise HTTPError(401, "The client is unknown, or its secret is wrong.")
        return Principal(f"client:{self._client[0]}", None, sees_all=True, may_change=False)

    def issue_token(self, client: Principal, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Issue a token.

        Args:
            client: Who requests it.
            fields: Fields of the body.

        Returns:
            The body of the response.

        Raises:
            HTTPError: With status 400.
        """
        grant, scope = fields.get("grant_type"), fields.get("scope")
        if scope is not None and not isinstance(scope, str):
            raise HTTPError(400, "The field 'scope' must be a string.")
        if grant == CLIENT_CREDENTIALS:
            scope = scope or AUTOMATIONS_SCOPE
            principal = attrs.evolve(client, manages_automations=AUTOMATIONS_SCOPE in scope.split())
        elif grant == USER_IMPERSONATION:
            principal = Principal.of_user(self._find_user(fields.get("user_lookup")))
            if USER_SCOPE not in (scope or "").split():
                raise HTTPError(400, f"The scope must include {USER_SCOPE}.")
        else:
            raise HTTPError(400, f"The field 'grant_type' must be {CLIENT_CREDENTIALS} or {USER_IMPERSONATION}.")
        token = f"sandbox-token-{next(self._numbers)}"
        with self._lock:
            self._tokens[token] = (principal, time.monotonic() + self._lifetime)
        return {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": math.ceil(self._lifetime),
            "expires_at": timestamp(datetime.now(UTC) + timedelta(seconds=self._lifetime)),
            "scope": scope,
        }

    def _find_user(self, lookup: Any) -> User:
        if not isinstance(lookup, dict) or lookup.get("field") not in ("subject", "userId"):
            raise HTTPError(400, "The field 'user_lookup' must have field (subject or userId) and value.")
        for user in self._users:
            if lookup.get("value") == (user.subject if lookup["field"] == "subject" else user.id):
                return user
        raise HTTPError(400, "The field 'user_lookup' matches no user of this tenant.")


def read_token_request(content_type: str, body: bytes) -> dict[str, Any]:
    """Return the fields of a token request, JSON or form.

    Raises:
        HTTPError: With status 400.
    """
    if media_type(content_type) != FORM_TYPE:
        return read_json_object(content_type, body)
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict"))
    except ValueError:
        raise HTTPError(400, "The body is not a valid form.") from None


def _basic(authorization: str) -> tuple[str | None, str | None]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None, None
    try:
        identifier, _, secret = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None, None
    return unquote_plus(identifier), unquote_plus(secret)

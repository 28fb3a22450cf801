"""Sign-in: fixed API keys, and the token endpoint with its two grants."""

import base64
import binascii
import math
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import attrs

from ._answers import Refusal
from ._state import User, timestamp
from ._validation import media_type, read_json_object

CLIENT_CREDENTIALS = "client_credentials"
USER_IMPERSONATION = "urn:qlik:oauth:user-impersonation"
USER_SCOPE = "user_default"
FORM_TYPE = "application/x-www-form-urlencoded"


@attrs.frozen
class Principal:
    """Who sends a request.

    Attributes:
        name: "user:<id>" or "client:<id>".
        user_id: The user, None for a machine.
        sees_all: Whether the connections of everybody may be seen.
        changes: Whether anything may be changed.
    """

    name: str
    user_id: str | None
    sees_all: bool
    changes: bool

    @classmethod
    def of_user(cls, user: User) -> "Principal":
        """Return a user as a principal."""
        return cls(f"user:{user.id}", user.id, user.admin, True)


@attrs.frozen
class _Token:
    principal: Principal
    ends: float


class SignIn:
    """Knows keys, issues tokens, and tells who sends a request.

    Args:
        keys: API keys and whose they are.
        client_id: The OAuth client's identifier.
        client_secret: Its secret.
        users: The users that may be impersonated.
        lifetime: How long a token is good, in real seconds.
    """

    def __init__(
        self,
        keys: Mapping[str, User],
        client_id: str,
        client_secret: str,
        users: tuple[User, ...],
        lifetime: float,
    ) -> None:
        self._keys = {key: Principal.of_user(user) for key, user in keys.items()}
        self._client_id = client_id
        self._client_secret = client_secret
        self._users = users
        self._lifetime = lifetime
        self._lock = threading.Lock()
        self._tokens: dict[str, _Token] = {}
        self._issued = 0

    def principal(self, authorizations: list[str]) -> Principal:
        """Tell who sends a request.

        Args:
            authorizations: The request's Authorization headers.

        Returns:
            The principal.

        Raises:
            Refusal: With status 401.
        """
        if len(authorizations) != 1:
            raise Refusal(401, "A bearer token is needed.")
        scheme, _, credential = authorizations[0].partition(" ")
        if scheme.lower() != "bearer" or not credential:
            raise Refusal(401, "A bearer token is needed.")
        if credential in self._keys:
            return self._keys[credential]
        with self._lock:
            token = self._tokens.get(credential)
        if token is None or token.ends <= time.monotonic():
            raise Refusal(401, "The bearer token is wrong or has ended.")
        return token.principal

    def revoke_all(self) -> None:
        """End all tokens that were issued so far. API keys stay good."""
        with self._lock:
            self._tokens.clear()

    def client(self, authorizations: list[str], fields: Mapping[str, Any]) -> Principal:
        """Tell which OAuth client asks for a token.

        Args:
            authorizations: The request's Authorization headers; HTTP basic may carry the client.
            fields: The fields of the body, which carry it otherwise.

        Returns:
            The client as a principal.

        Raises:
            Refusal: With status 401.
        """
        given = (fields.get("client_id"), fields.get("client_secret"))
        if authorizations:
            given = _basic(authorizations[0])
        if given != (self._client_id, self._client_secret):
            raise Refusal(401, "The client is not known, or its secret is wrong.")
        return Principal(f"client:{self._client_id}", None, sees_all=True, changes=False)

    def issue(self, client: Principal, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Issue a token.

        Args:
            client: Who asks.
            fields: The fields of the body.

        Returns:
            The body of the answer.

        Raises:
            Refusal: With status 400.
        """
        grant = fields.get("grant_type")
        scope = fields.get("scope")
        if scope is not None and not isinstance(scope, str):
            raise Refusal(400, "The field 'scope' must be a string.")
        if grant == CLIENT_CREDENTIALS:
            principal, scope = client, scope or "admin.automations"
        elif grant == USER_IMPERSONATION:
            principal = Principal.of_user(self._looked_up(fields.get("user_lookup")))
            if USER_SCOPE not in (scope or "").split():
                raise Refusal(400, f"The scope must hold {USER_SCOPE}.")
        else:
            raise Refusal(400, f"The field 'grant_type' must be {CLIENT_CREDENTIALS} or {USER_IMPERSONATION}.")
        with self._lock:
            self._issued += 1
            token = f"sandbox-token-{self._issued}"
            self._tokens[token] = _Token(principal, time.monotonic() + self._lifetime)
        return {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": math.ceil(self._lifetime),
            "expires_at": timestamp(datetime.now(UTC) + timedelta(seconds=self._lifetime)),
            "scope": scope,
        }

    def _looked_up(self, lookup: Any) -> User:
        if not isinstance(lookup, dict) or lookup.get("field") not in ("subject", "userId"):
            raise Refusal(400, "The field 'user_lookup' must hold field (subject or userId) and value.")
        value = lookup.get("value")
        for user in self._users:
            if value == (user.subject if lookup["field"] == "subject" else user.id):
                return user
        raise Refusal(400, "The field 'user_lookup' names no user of this tenant.")


def read_token_request(content_type: str, body: bytes) -> dict[str, Any]:
    """Read the body of a token request, JSON or form.

    Args:
        content_type: The request's content type.
        body: The body's bytes.

    Returns:
        Its fields.

    Raises:
        Refusal: With status 400.
    """
    if media_type(content_type) != FORM_TYPE:
        return read_json_object(content_type, body)
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict"))
    except ValueError:
        raise Refusal(400, "The body is not a valid form.") from None


def _basic(authorization: str) -> tuple[str | None, str | None]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None, None
    try:
        identifier, _, secret = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None, None
    return unquote_plus(identifier), unquote_plus(secret)

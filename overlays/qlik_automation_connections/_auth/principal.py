"""Who a tenant's requests count for, without saying what they sign in with."""

from __future__ import annotations

import base64
import hashlib
import json

from .._http import Auth
from .oauth import Grant
from .tokens import ApiKey, TokenCallable


def principal_of(auth: Auth) -> str:
    """Return a name for whoever signs in: the same for the same principal in every process, where it can be known.

    Args:
        auth: how a tenant signs in.

    Returns:
        A hash. A function that returns tokens, and an Auth from outside, are a principal each, for this process.
    """
    if isinstance(auth, ApiKey):
        return _hashed("user", _subject(auth.identity.get_secret_value()))
    if isinstance(auth, Grant):
        return _hashed("client", json.dumps(auth.identity))
    kind = "function" if isinstance(auth, TokenCallable) else "auth"
    return f"{kind} {id(auth)}"


def _subject(key: str) -> str:
    """The user that a key is of, for the limits are a user's; the key itself where it does not say."""
    try:
        claims = json.loads(base64.urlsafe_b64decode(key.split(".")[1] + "=="))
        return str(claims["sub"])
    except (IndexError, KeyError, TypeError, ValueError):
        return key


def _hashed(kind: str, identity: str) -> str:
    return f"{kind} {hashlib.sha256(f'{kind} {identity}'.encode()).hexdigest()[:32]}"

"""Identifies whose rate limits a tenant's requests count toward, without revealing credentials."""

from __future__ import annotations

import hashlib
import json

from .._http import Auth
from .._secrets import Secret
from .tokens import ApiKey, TokenCallable, claims


def principal_of(auth: Auth) -> str:
    """Return an identifier of the principal, if possible the same in every process.

    Args:
        auth: How a tenant authenticates.

    Returns:
        A hash for API keys and OAuth clients. Any other auth counts as a principal of its own, in this process only.
    """
    if isinstance(auth, ApiKey):
        return _hashed("user", _subject(auth.identity))
    from .oauth import Grant  # few programs need it

    if isinstance(auth, Grant):
        return _hashed("client", json.dumps(auth.identity))
    kind = "function" if isinstance(auth, TokenCallable) else "auth"
    return f"{kind} {id(auth)}"


def _subject(key: Secret[str]) -> str:
    """Return the user of an API key, since limits apply per user, or the key itself if it names no user."""
    return str(claims(key).get("sub", key.get_secret_value()))


def _hashed(kind: str, identity: str) -> str:
    return f"{kind} {hashlib.sha256(f'{kind} {identity}'.encode()).hexdigest()[:32]}"

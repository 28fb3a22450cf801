"""Who a tenant's requests count for, without saying what they sign in with."""

from __future__ import annotations

import hashlib
import json

import httpx

from .auth import ApiKey, TokenCallable
from .oauth import Grant


def principal_of(auth: httpx.Auth) -> str:
    """A name for whoever signs in: the same for the same principal in every process, where it can be known.

    Args:
        auth: how a tenant signs in.

    Returns:
        A hash. A function that returns tokens, and an Auth from outside, are a principal each, for this process.
    """
    if isinstance(auth, ApiKey):
        return _hashed("key", auth.identity.reveal())
    if isinstance(auth, Grant):
        return _hashed("client", json.dumps(auth.identity))
    kind = "function" if isinstance(auth, TokenCallable) else "auth"
    return f"{kind} {id(auth)}"


def _hashed(kind: str, identity: str) -> str:
    return f"{kind} {hashlib.sha256(f'{kind} {identity}'.encode()).hexdigest()[:32]}"

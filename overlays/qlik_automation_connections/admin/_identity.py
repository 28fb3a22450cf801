"""How a tenant signs in, and what the caller's roles allow."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from .. import ApiKey, ImpersonatedUser, OAuthClient, Tenant, User

SignIn = Literal["API key", "OAuth client", "OAuth client as a user", "token"]
LISTING_ROLES: Final = ("TenantAdmin", "AnalyticsAdmin")
"""The roles that may list everybody's connections."""


def sign_in_of(auth: object) -> SignIn:
    """Return how an `httpx.Auth` signs in."""
    if isinstance(auth, ApiKey):
        return "API key"
    if isinstance(auth, ImpersonatedUser):
        return "OAuth client as a user"
    return "OAuth client" if isinstance(auth, OAuthClient) else "token"


def key_expiry(tenant: Tenant) -> datetime | None:
    """Return when the API key of a tenant expires; None if it doesn't say, or there is none."""
    return tenant.auth.expires_at if isinstance(tenant.auth, ApiKey) else None


def roles_of(user: User) -> list[str]:
    """Return the names of a user's roles."""
    return [role.name for role in user.assigned_roles if role.name]


def may_list_all(user: User) -> bool | None:
    """Return whether a user may list everybody's connections; None if their roles are not shown."""
    roles = roles_of(user)
    return any(role in roles for role in LISTING_ROLES) if roles else None

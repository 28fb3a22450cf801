"""A tenant's address and credentials from environment variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .._http import Auth
from .._secrets import Secret, without_frames
from ..errors import ConfigurationError
from .oauth import OAuthClient
from .tokens import ApiKey


class Settings(NamedTuple):
    """A tenant's address and credentials."""

    url: Secret[str]
    auth: Auth
    automations_auth: OAuthClient | None = None


def setting(source: Mapping[str, Any], name: str) -> str:
    """Return a text setting without surrounding spaces; an empty string if absent."""
    value = source.get(name)
    return value.strip() if isinstance(value, str) else ""


def settings_of(url: str, key: str, client: str, secret: str) -> Settings:
    """Return settings that sign in with the key, or else with the OAuth client."""
    return Settings(Secret(url), ApiKey(key) if key else OAuthClient(client, secret))


@without_frames
def from_environment(environment: Secret[Mapping[str, str]]) -> Settings:
    """Read `QLIK_TENANT_URL`, and `QLIK_API_KEY` or else `QLIK_OAUTH_CLIENT_ID` and `QLIK_OAUTH_CLIENT_SECRET`.

    And `QLIK_AUTOMATIONS_OAUTH_CLIENT_ID` and `QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET`, if set.

    Raises:
        ConfigurationError: A variable is missing; the message names it.
    """
    url, key, client, secret = (
        setting(environment.get_secret_value(), name)
        for name in ("QLIK_TENANT_URL", "QLIK_API_KEY", "QLIK_OAUTH_CLIENT_ID", "QLIK_OAUTH_CLIENT_SECRET")
    )
    missing = [] if url else ["QLIK_TENANT_URL"]
    if not key and not client and not secret:
        missing.append("QLIK_API_KEY (or QLIK_OAUTH_CLIENT_ID and QLIK_OAUTH_CLIENT_SECRET)")
    elif not key and not client:
        missing.append("QLIK_OAUTH_CLIENT_ID")
    elif not key and not secret:
        missing.append("QLIK_OAUTH_CLIENT_SECRET")
    names = ("QLIK_AUTOMATIONS_OAUTH_CLIENT_ID", "QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET")
    machine = {name: setting(environment.get_secret_value(), name) for name in names}
    if any(machine.values()):
        missing += [name for name, value in machine.items() if not value]
    if missing:
        raise ConfigurationError(f"Missing environment variables: {' and '.join(missing)}.")
    found = settings_of(url, key, client, secret)
    return found._replace(automations_auth=OAuthClient(*machine.values()) if all(machine.values()) else None)

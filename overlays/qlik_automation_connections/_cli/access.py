"""The tenant that a command works on: its address and how to sign in."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import field, frozen

from .. import ConfigurationError, ImpersonatedUser, OAuthClient, Pacing, PacingWait, Tenant
from .._secrets import Secret, without_frames
from ..admin import Names
from .confirm import ask_secret, is_interactive
from .running import say_wait
from .sandbox import names_of, serving

NOTHING: Secret[str | None] = Secret(None)


@frozen
class Opened:
    """An open tenant.

    Attributes:
        tenant: The client.
        names: Known names of users, spaces and connectors.
        sandbox: Whether it is a fake tenant.
    """

    tenant: Tenant
    names: Names
    sandbox: bool

    @contextmanager
    def folder(self, usual: Path) -> Iterator[Path]:
        """Yield the folder for files at default paths: `usual`, or a temporary one for a fake tenant."""
        if not self.sandbox:
            yield usual
            return
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


@frozen
class Access:
    """The tenant's address and how to sign in.

    Attributes:
        address: The tenant's address; None reads the environment.
        api_key: The key, from a file or an argument.
        context: A context of Qlik's command line.
        client_id: The OAuth client's id.
        client_secret: The OAuth client's secret.
        as_user: The id of the user that the OAuth client acts as.
        sandbox: Whether to start a fake tenant instead.
        names: Names to show instead of ids.
        timeout: Seconds without data after which a call gives up.
        pacing: `off`, or the address of a store that shares the rate limits.
        ca_file: A file of certificate authorities to trust instead of certifi's.
        automations_context: A context of Qlik's command line whose OAuth client signs in for automations.
    """

    address: str | None = None
    api_key: Secret[str | None] = NOTHING
    context: str | None = None
    client_id: str | None = None
    client_secret: Secret[str | None] = NOTHING
    as_user: str | None = None
    sandbox: bool = False
    names: Names = field(factory=Names)
    timeout: float | None = None
    pacing: Secret[str | None] = NOTHING
    ca_file: str | None = None
    automations_context: str | None = None

    @contextmanager
    def open(self) -> Iterator[Opened]:
        """Yield the open tenant, and close it after the block.

        Raises:
            ConfigurationError: Something is missing, or options contradict each other.
        """
        if self.sandbox:
            for option in self._given():
                raise ConfigurationError(f"--sandbox uses its own tenant: leave out {option}.")
            with serving() as sandbox:
                machine = OAuthClient(sandbox.client_id, sandbox.client_secret)
                options = {**self._options(), "automations_auth": machine}
                with Tenant(sandbox.url, api_key=sandbox.api_key, **options) as tenant:
                    yield Opened(tenant, names_of(sandbox).updated(self.names), True)
        else:
            with self._tenant() as tenant:
                yield Opened(tenant, self.names, False)

    def _options(self) -> dict[str, Any]:
        pacing = "off" if self.pacing == Secret("off") else _pacing(self.pacing)
        verify = {} if self.ca_file is None else {"verify": self.ca_file}
        return {"timeout": self.timeout, "pacing": pacing, **verify}

    def _given(self) -> dict[str, object]:
        """Return the values of the address and sign-in options that were passed, by option name."""
        given = {
            "--tenant": self.address,
            "--context": self.context,
            "--api-key-file or --api-key": self.api_key.get_secret_value() and "given",
            "--client-id": self.client_id,
            "--client-secret-file": self.client_secret.get_secret_value() and "given",
            "--as-user": self.as_user,
            "--automations-context": self.automations_context,
        }
        return {option: value for option, value in given.items() if value is not None}

    def _tenant(self) -> Tenant:
        options = self._options()
        if self.automations_context is None:
            return self._signed_in({**options, "automations_auth": None if self.context else _machine()})
        # The URL is compared before anything is sent: the secret must not reach another tenant.
        with Tenant.from_context(self.automations_context, **options) as other:
            tenant = self._signed_in({**options, "automations_auth": other.auth})
        if tenant.url != other.url:
            tenant.close()
            raise ConfigurationError(f"--automations-context is for {other.url}, not for {tenant.url}.")
        return tenant

    def _signed_in(self, options: dict[str, Any]) -> Tenant:
        given = self._given()
        if self.context is not None:
            for option in given.keys() - {"--context", "--automations-context"}:
                raise ConfigurationError(f"--context already sets the tenant and the sign-in: leave out {option}.")
            return Tenant.from_context(self.context, **options)
        address = os.environ.get("QLIK_TENANT_URL", "") if self.address is None else self.address
        if not address.strip():
            raise ConfigurationError(
                "No tenant given: pass --tenant or --context, set QLIK_TENANT_URL, or try --sandbox."
            )
        if self._signs_in_with_client(given):
            return Tenant(address, auth=self._oauth(), **options)
        key = _first(self.api_key, "QLIK_API_KEY", "API key", "--api-key-file, --context, or set QLIK_API_KEY")
        return Tenant(address, api_key=key.get_secret_value(), **options)

    def _signs_in_with_client(self, given: Mapping[str, object]) -> bool:
        """Return whether to sign in with an OAuth client rather than an API key; options win over the environment."""
        of_client = [option for option in ("--client-id", "--client-secret-file", "--as-user") if option in given]
        if self.api_key.get_secret_value() is not None:
            for option in of_client:
                raise ConfigurationError(f"Sign in with an API key or an OAuth client, not both: leave out {option}.")
            return False
        has_key = bool(os.environ.get("QLIK_API_KEY", "").strip())
        return bool(of_client) or (not has_key and bool(os.environ.get("QLIK_OAUTH_CLIENT_ID", "").strip()))

    def _oauth(self) -> OAuthClient | ImpersonatedUser:
        client_id = os.environ.get("QLIK_OAUTH_CLIENT_ID", "") if self.client_id is None else self.client_id
        if not client_id.strip():
            raise ConfigurationError(
                "The id of the OAuth client is missing: pass --client-id, or set QLIK_OAUTH_CLIENT_ID."
            )
        variable = "QLIK_OAUTH_CLIENT_SECRET"
        ways = f"--client-secret-file, or set {variable}"
        secret = _first(self.client_secret, variable, "secret of the OAuth client", ways)
        if self.as_user is not None:
            return ImpersonatedUser(client_id.strip(), secret, user_id=self.as_user)
        return OAuthClient(client_id.strip(), secret)


@without_frames
def _pacing(store: Secret[str | None]) -> Pacing:
    on_wait = _say_wait if sys.stderr.isatty() else None
    address = store.get_secret_value()
    return Pacing(on_wait=on_wait) if address is None else Pacing(store=address, on_wait=on_wait)


def _machine() -> OAuthClient | None:
    """Return the OAuth client for automations in the environment; None if absent."""
    names = ("QLIK_AUTOMATIONS_OAUTH_CLIENT_ID", "QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET")
    client_id, secret = (Secret(os.environ.get(name, "").strip()) for name in names)
    missing = [name for name, value in zip(names, (client_id, secret), strict=True) if not value.get_secret_value()]
    if len(missing) == 1:
        raise ConfigurationError(f"Missing environment variables: {missing[0]}.")
    return None if missing else OAuthClient(client_id.get_secret_value(), secret)


def _say_wait(wait: PacingWait) -> None:
    say_wait(f"waiting {wait.seconds:.0f} s for the tenant's rate limit (tier {wait.tier})")


def _first(given: Secret[str | None], variable: str, what: str, ways: str) -> Secret[str]:
    """Return a secret from the options, else from the environment, else from a prompt."""
    if given.get_secret_value() is not None:
        return Secret(given.get_secret_value() or "")
    if os.environ.get(variable, "").strip():
        return Secret(os.environ[variable].strip())
    if not is_interactive():
        raise ConfigurationError(f"The {what} is missing: pass {ways}.")
    return ask_secret(f"The {what}")

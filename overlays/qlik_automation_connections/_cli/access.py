"""A tenant for a command: where it is, and how to sign in to it."""

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
from .._secrets import Secret
from ..admin import Names
from .confirm import ask_secret, is_interactive
from .running import say_wait
from .sandbox import names_of, serving

NOTHING: Secret[str | None] = Secret(None)


@frozen
class Opened:
    """A tenant that a command works on.

    Attributes:
        tenant: the client.
        names: names of users, spaces and connectors, where they are known.
        sandbox: whether it is a fake tenant.
    """

    tenant: Tenant
    names: Names
    sandbox: bool

    @contextmanager
    def folder(self, usual: Path) -> Iterator[Path]:
        """Provide the folder of files that are not named: the usual one, or for a fake tenant a temporary one."""
        if not self.sandbox:
            yield usual
            return
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


@frozen
class Access:
    """Where the tenant is, and how to sign in.

    Attributes:
        address: its address; the environment's if None.
        api_key: the key, from a file or an argument.
        context: a context of Qlik's command line.
        client_id: an OAuth client.
        client_secret: its secret.
        as_user: id of the user that the OAuth client acts as.
        sandbox: whether to start a fake tenant instead.
        names: names in place of ids.
        timeout: seconds without a byte until a call gives up.
        pacing: `off`, or the address of a store that shares the rate limits.
        ca_file: authorities to trust in place of certifi's.
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

    @contextmanager
    def open(self) -> Iterator[Opened]:
        """Provide the tenant while the block runs.

        Raises:
            ConfigurationError: something that is needed is missing, or contradicts something else.
        """
        if self.sandbox:
            for option in self._given():
                raise ConfigurationError(f"--sandbox needs no {option}: it is a tenant of its own.")
            with serving() as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key, **self._options()) as tenant:
                yield Opened(tenant, names_of(sandbox).updated(self.names), True)
        else:
            with self._made() as tenant:
                yield Opened(tenant, self.names, False)

    def _made(self) -> Tenant:
        try:
            return self._tenant()
        except ConfigurationError as error:
            # Named by the option rather than by the argument.
            what, argument, _ = str(error).partition(" Pass verify=")
            if argument:
                what = f"{what} Give the right authority with --ca-file."
            raise ConfigurationError(f"--ca-file: {what[7:]}" if what.startswith("verify=") else what) from None

    def _options(self) -> dict[str, Any]:
        store = self.pacing.get_secret_value()
        on_wait = _say_wait if sys.stderr.isatty() else None
        pacing: str | Pacing = "off"
        if store != "off":
            pacing = Pacing(on_wait=on_wait) if store is None else Pacing(store=store, on_wait=on_wait)
        verify = {} if self.ca_file is None else {"verify": self.ca_file}
        return {"timeout": self.timeout, "pacing": pacing, **verify}

    def _given(self) -> dict[str, object]:
        """What the options say of where and how, but for the sandbox; by their names."""
        given = {
            "--tenant": self.address,
            "--context": self.context,
            "--api-key-file or --api-key": self.api_key.get_secret_value() and "given",
            "--client-id": self.client_id,
            "--client-secret-file": self.client_secret.get_secret_value() and "given",
            "--as-user": self.as_user,
        }
        return {option: value for option, value in given.items() if value is not None}

    def _tenant(self) -> Tenant:
        given = self._given()
        if self.context is not None:
            for option in given.keys() - {"--context"}:
                raise ConfigurationError(f"--context says where the tenant is and how to sign in: leave {option} out.")
            return Tenant.from_context(self.context, **self._options())
        address = os.environ.get("QLIK_TENANT_URL", "") if self.address is None else self.address
        if not address.strip():
            raise ConfigurationError(
                "No tenant is named: give --tenant or --context, set QLIK_TENANT_URL, or try --sandbox."
            )
        if self._signs_in_with_client(given):
            return Tenant(address, auth=self._oauth(), **self._options())
        key = _first(self.api_key, "QLIK_API_KEY", "API key", "--api-key-file, --context, or set QLIK_API_KEY")
        return Tenant(address, api_key=key.get_secret_value(), **self._options())

    def _signs_in_with_client(self, given: Mapping[str, object]) -> bool:
        """Whether an OAuth client signs in, rather than an API key. Options come before the environment."""
        of_client = [option for option in ("--client-id", "--client-secret-file", "--as-user") if option in given]
        if self.api_key.get_secret_value() is not None:
            for option in of_client:
                raise ConfigurationError(f"Sign in with an API key or with an OAuth client: {option} is of the other.")
            return False
        has_key = bool(os.environ.get("QLIK_API_KEY", "").strip())
        return bool(of_client) or (not has_key and bool(os.environ.get("QLIK_OAUTH_CLIENT_ID", "").strip()))

    def _oauth(self) -> OAuthClient | ImpersonatedUser:
        client_id = os.environ.get("QLIK_OAUTH_CLIENT_ID", "") if self.client_id is None else self.client_id
        if not client_id.strip():
            raise ConfigurationError(
                "The id of the OAuth client is missing: give --client-id, or set QLIK_OAUTH_CLIENT_ID."
            )
        variable = "QLIK_OAUTH_CLIENT_SECRET"
        ways = f"--client-secret-file, or set {variable}"
        secret = _first(self.client_secret, variable, "secret of the OAuth client", ways)
        if self.as_user is not None:
            return ImpersonatedUser(client_id.strip(), secret, user_id=self.as_user)
        return OAuthClient(client_id.strip(), secret)


def _say_wait(wait: PacingWait) -> None:
    say_wait(f"waiting {wait.seconds:.0f} s for the tenant's rate limit (tier {wait.tier})")


def _first(given: Secret[str | None], variable: str, what: str, ways: str) -> Secret[str]:
    """A secret from the options, else from the environment, else from a person who types it."""
    if given.get_secret_value() is not None:
        return Secret(given.get_secret_value() or "")
    if os.environ.get(variable, "").strip():
        return Secret(os.environ[variable].strip())
    if not is_interactive():
        raise ConfigurationError(f"The {what} is missing: give {ways}.")
    return ask_secret(f"The {what}")

"""The tenant that a command works on: its address and how to sign in."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from attrs import define, field

from .. import ConfigurationError, ImpersonatedUser, OAuthClient, Pacing, Tenant, TokenCallable, read_contexts
from .._secrets import Secret, without_frames
from .._text import printable
from ..admin import Names
from ..admin._name_lookup import NameLookup
from .confirm import ask_secret, is_interactive
from .exit_codes import in_cli_words
from .limits import WaitLines, shared_store
from .output import say
from .sandbox import serving
from .silence import saying_what_is_tried

NOTHING: Secret[str | None] = Secret(None)
_NO_TENANT = "No tenant given: pass --tenant or --context, set QLIK_TENANT_URL, or try --sandbox."


class Placed(Protocol):
    """Something with a connector, an owner and a space."""

    @property
    def connector_id(self) -> str | None: ...
    @property
    def owner_id(self) -> str | None: ...
    @property
    def space_id(self) -> str | None: ...


@define
class Opened:
    """An open tenant.

    Attributes:
        tenant: The client.
        known: Names of users, spaces and connectors from a file.
        sandbox: Whether it is a fake tenant.
        show_ids: Whether to show ids instead of names, and look none up.
        context: The context of Qlik's command line that it is from, if any.
    """

    tenant: Tenant
    known: Names
    sandbox: bool
    show_ids: bool = False
    context: str | None = None
    _lookup: NameLookup = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._lookup = NameLookup(self.tenant, self.known, say_failed_names)

    @property
    def names(self) -> Names:
        """The names known so far."""
        return Names() if self.show_ids else self._lookup.names

    def look_up(
        self,
        items: Iterable[Placed] = (),
        *,
        users: Iterable[str | None] = (),
        spaces: Iterable[str | None] = (),
        connectors: Iterable[str | None] = (),
    ) -> Names:
        """Look up the names that items and ids need, each once in a run, and return those known so far."""
        if not self.show_ids:
            every = list(items)
            self._lookup.look_up(
                users=[*users, *(item.owner_id for item in every)],
                spaces=[*spaces, *(item.space_id for item in every)],
                connectors=[*connectors, *(item.connector_id for item in every)],
            )
        return self.names

    @property
    def place(self) -> str:
        """Where commands change something, for prompts."""
        if self.sandbox:
            return "a sandbox"
        return self.tenant.url if self.context is None else f"{self.tenant.url} (context {printable(self.context)})"

    @contextmanager
    def folder(self, usual: Path) -> Iterator[Path]:
        """Yield the folder for files at default paths: `usual`, or a temporary one for a fake tenant."""
        if not self.sandbox:
            yield usual
            return
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


class Access(NamedTuple):
    """The tenant's address and how to sign in.

    Attributes:
        address: The tenant's address; None reads the environment.
        api_key: The key, from a file or an argument.
        context: A context of Qlik's command line.
        client_id: The OAuth client's id.
        client_secret: The OAuth client's secret.
        as_user: The id of the user that the OAuth client acts as.
        sandbox: Whether to start a fake tenant instead.
        names: Names to show instead of ids, before those of the tenant.
        show_ids: Whether to show ids instead of names.
        timeout: Seconds without data after which a call gives up.
        pacing: `off`, or the address of a store that shares the rate limits; None for the one of the user's commands.
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
    names: Names = Names()
    show_ids: bool = False
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
                    yield Opened(tenant, self.names, True, self.show_ids)
        else:
            context = self._chosen_context()
            with self._tenant(context) as opened, saying_what_is_tried(opened) as tenant:
                yield Opened(tenant, self.names, False, self.show_ids, context)

    def _options(self) -> dict[str, Any]:
        pacing = "off" if self.pacing == Secret("off") else _pacing(self.pacing, shared=not self.sandbox)
        verify = {} if self.ca_file is None else {"verify": self.ca_file}
        return {"timeout": self.timeout, "pacing": pacing, **verify}

    def _given(self) -> dict[str, object]:
        """Return the values of the address and sign-in options that were passed, by option name."""
        given = {
            "--tenant": self.address,
            "--context": self.context,
            "--api-key-file, --api-key-command or --api-key": self.api_key.get_secret_value() and "given",
            "--client-id": self.client_id,
            "--client-secret-file": self.client_secret.get_secret_value() and "given",
            "--as-user": self.as_user,
            "--automations-context": self.automations_context,
        }
        return {option: value for option, value in given.items() if value is not None}

    def _chosen_context(self) -> str | None:
        """Return the context to use: of --context, of QLIK_CONTEXT, or the current one; None for none.

        Options come first, then --context or QLIK_CONTEXT, then the other variables, then the current context. What one
        of these names is never combined with the credentials of another.
        """
        options = sorted(self._given().keys() - {"--context", "--automations-context"})
        named = os.environ.get("QLIK_CONTEXT", "").strip()
        if self.context is not None:
            for option in options:
                raise ConfigurationError(f"--context already sets the tenant and the sign-in: leave out {option}.")
            return self.context
        if self.address is not None:
            return None
        if named:
            for option in options:
                raise ConfigurationError(
                    f"QLIK_CONTEXT already sets the tenant and the sign-in: leave out {option}, or pass --tenant too."
                )
            return named
        return None if options or os.environ.get("QLIK_TENANT_URL", "").strip() else _current_context()

    def _tenant(self, context: str | None) -> Tenant:
        options = self._options()
        if self.automations_context is None:
            return self._signed_in(context, {**options, "automations_auth": None if context else self._machine()})
        # The URL is compared before anything is sent: the secret must not reach another tenant.
        with Tenant.from_context(self.automations_context, **options) as other:
            tenant = self._signed_in(context, {**options, "automations_auth": other.auth})
        if tenant.url != other.url:
            tenant.close()
            raise ConfigurationError(f"--automations-context is for {other.url}, not for {tenant.url}.")
        return tenant

    def _signed_in(self, context: str | None, options: dict[str, Any]) -> Tenant:
        if context is not None:
            return Tenant.from_context(context, **options)
        address = os.environ.get("QLIK_TENANT_URL", "") if self.address is None else self.address
        if not address.strip():
            raise ConfigurationError(_NO_TENANT)
        if self._signs_in_with_client(self._given()):
            return Tenant(address, auth=self._oauth(), **options)
        ways = "--api-key-file, --api-key-command, --context, or set QLIK_API_KEY"
        key = self._first(self.api_key, "QLIK_API_KEY", "API key", ways)
        return Tenant(address, api_key=key.get_secret_value(), **options)

    def _variable(self, name: str) -> Secret[str]:
        """Return a variable with credentials; an empty string if it is for another tenant than --tenant."""
        return Secret("" if self._is_elsewhere() else os.environ.get(name, "").strip())

    def _is_elsewhere(self) -> bool:
        """Return whether --tenant is another tenant than that of QLIK_TENANT_URL."""
        own = os.environ.get("QLIK_TENANT_URL", "").strip()
        if not (self.address or "").strip() or not own or own == self.address:
            return False
        url = _url_of(self.address or "")
        try:
            return _url_of(own) != url
        except ConfigurationError:
            return True

    def _machine(self) -> OAuthClient | None:
        """Return the OAuth client for automations in the environment; None if absent."""
        names = ("QLIK_AUTOMATIONS_OAUTH_CLIENT_ID", "QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET")
        client_id, secret = (self._variable(name) for name in names)
        missing = [name for name, value in zip(names, (client_id, secret), strict=True) if not value.get_secret_value()]
        if len(missing) == 1:
            raise ConfigurationError(f"Missing environment variables: {missing[0]}.")
        return None if missing else OAuthClient(client_id.get_secret_value(), secret)

    def _signs_in_with_client(self, given: Mapping[str, object]) -> bool:
        """Return whether to sign in with an OAuth client rather than an API key; options win over the environment."""
        of_client = [option for option in ("--client-id", "--client-secret-file", "--as-user") if option in given]
        if self.api_key.get_secret_value() is not None:
            for option in of_client:
                raise ConfigurationError(f"Sign in with an API key or an OAuth client, not both: leave out {option}.")
            return False
        has_key = bool(self._variable("QLIK_API_KEY").get_secret_value())
        has_client = bool(self._variable("QLIK_OAUTH_CLIENT_ID").get_secret_value())
        return bool(of_client) or (not has_key and has_client)

    def _oauth(self) -> OAuthClient | ImpersonatedUser:
        named = self._variable("QLIK_OAUTH_CLIENT_ID").get_secret_value()
        client_id = named if self.client_id is None else self.client_id
        if not client_id.strip():
            raise ConfigurationError(
                "The id of the OAuth client is missing: pass --client-id, or set QLIK_OAUTH_CLIENT_ID."
            )
        variable = "QLIK_OAUTH_CLIENT_SECRET"
        ways = f"--client-secret-file, or set {variable}"
        secret = self._first(self.client_secret, variable, "secret of the OAuth client", ways)
        if self.as_user is not None:
            return ImpersonatedUser(client_id.strip(), secret, user_id=self.as_user)
        return OAuthClient(client_id.strip(), secret)

    def _first(self, given: Secret[str | None], variable: str, what: str, ways: str) -> Secret[str]:
        """Return a secret from the options, else from the environment, else from a prompt."""
        if given.get_secret_value() is not None:
            return Secret(given.get_secret_value() or "")
        value = self._variable(variable)
        if value.get_secret_value():
            return value
        if not is_interactive():
            if os.environ.get(variable, "").strip():
                ways += f". {variable} is for the tenant of QLIK_TENANT_URL, not for that of --tenant"
            raise ConfigurationError(f"The {what} is missing: pass {ways}.")
        return ask_secret(f"The {what}")


def _url_of(address: str) -> str:
    """Return an address as a tenant has it.

    Raises:
        ConfigurationError: It is not one.
    """
    with Tenant(address, auth=TokenCallable(str)) as tenant:
        return tenant.url


def _current_context() -> str | None:
    """Return the current context of Qlik's command line, and say on standard error that it is used."""
    contexts = read_contexts()
    for context in contexts:
        if context.is_current:
            unused = ". QLIK_API_KEY is not used: it needs QLIK_TENANT_URL" if os.environ.get("QLIK_API_KEY") else ""
            say(printable(f"Using the current context, {context.name}: {context.url}{unused}"), err=True)
            return context.name
    if contexts:
        names = ", ".join(context.name for context in contexts)
        raise ConfigurationError(
            f"{_NO_TENANT} Contexts: {printable(names)}; `qlik context use NAME` makes one the current one."
        )
    return None


@without_frames
def _pacing(store: Secret[str | None], *, shared: bool) -> Pacing:
    # The log has a line for each wait.
    on_wait = None if logging.getLogger("qlik_automation_connections").isEnabledFor(logging.INFO) else WaitLines().say
    address = store.get_secret_value()
    if address is None:
        address = shared_store() if shared else "memory"
    return Pacing(store=address, on_wait=on_wait)


def say_failed_names(reason: str) -> None:
    """Say that some ids stay without names."""
    say(printable(in_cli_words(reason)), err=True)

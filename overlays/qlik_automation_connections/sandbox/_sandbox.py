"""`Sandbox`: a fake tenant that starts and stops within a program."""

import copy
import math
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from . import _deterministic as deterministic
from . import _spec as spec
from ._access import API_KEY, CLIENT_ID, CLIENT_SECRET, USER_API_KEY, is_loopback
from ._backup import load_backup
from ._documents import AUTOMATION, CONNECTION, Documents, selected
from ._faults import Fault, FaultPlan
from ._ledger import Ledger
from ._limits import Clock, SlidingWindowLimits
from ._models import Automation, Connection, Connector, Space, User
from ._seed import populate

if TYPE_CHECKING:
    from ._oauth import Authenticator
    from ._server import BackgroundServer

TOKEN_LIFETIME_SECONDS = 21_600.0


class Sandbox:
    """A fake tenant on loopback, stateful and strict about the spec. Use it as a context manager.

    It starts with the same users, spaces and connections in every run. The service's quirks are on by default. Secret
    values (fields of type "password") read back blank.

    Args:
        connections: Initial number of connections, 0 or more.
        quirks: True for the default quirks, False for none, or the names of quirks to turn on (see `QUIRKS` and
            `DEFAULT_QUIRKS`).
        limits: Whether to enforce the published rate limits, per principal and tier, over five minutes of the
            sandbox's clock.
        speed: Sandbox seconds per real second, above 0. `Retry-After` is in real seconds: whole at speed 1, fractional
            otherwise.
        faults: Requests that fail; see `Fault`.
        token_lifetime: How long an OAuth token is valid, in real seconds, above 0.
        host: Loopback address to listen on, such as 127.0.0.1, ::1 or localhost.
        port: Port to listen on, at most 65535; 0 picks a free one.
        name: Name of the tenant. Tenants with different names have different ids for users, spaces and connections,
            but the same connectors. Use two to test moving from one tenant to another.
        backup: Archive of `admin.backup` to take the connections from, instead of `connections`. They keep their ids,
            owners and spaces; the values of their params are made up.
        now: When the tenant's history ends, with a time zone: the ages of its data count back from that day. The
            current time by default. Changes always carry the current time.
        ledger_limit: How many requests `ledger` keeps, the latest; None for all.

    Attributes:
        api_key: Key of an administrator.
        user_api_key: Key of a user who is not an administrator.
        client_id: Identifier of the OAuth client, for `/oauth/token`. As a machine with the scope admin.automations, it
            reads and changes everybody's automations, which an administrator only lists, and changes no connections.
        client_secret: Secret of the OAuth client.
        ledger: Every request received, or the latest `ledger_limit`, and its outcome.
        users: The users of the tenant, with `.id`, `.name`, `.email` and `.status`. The first is the administrator, the
            second the ordinary user; the last is disabled.
        spaces: The shared spaces of the tenant.
        connectors: The connectors of the tenant.

    Raises:
        OSError: The backup can't be read.
        ValueError: An argument is out of range, or the backup is not a complete archive.
    """

    def __init__(
        self,
        connections: int = 250,
        *,
        quirks: bool | Collection[str] = True,
        limits: bool = False,
        speed: float = 1.0,
        faults: Iterable[Fault] | None = None,
        token_lifetime: float = TOKEN_LIFETIME_SECONDS,
        host: str = "127.0.0.1",
        port: int = 0,
        name: str = "",
        backup: str | Path | None = None,
        now: datetime | None = None,
        ledger_limit: int | None = None,
    ) -> None:
        _require_integer("connections", connections, 0, None)
        _require_integer("port", port, 0, 65_535)
        _require_positive("speed", speed)
        _require_positive("token_lifetime", token_lifetime)
        if ledger_limit is not None:
            _require_integer("ledger_limit", ledger_limit, 1, None)
        if not is_loopback(host):
            raise ValueError("host must be a loopback address: 127.0.0.1, ::1 or localhost")
        if now is not None and now.tzinfo is None:
            raise ValueError("now must have a time zone")
        self._quirks = selected(quirks)
        self._limits = limits
        self._speed = float(speed)
        self._token_lifetime = float(token_lifetime)
        self._host = host
        self._port = port
        self._fault_plan = FaultPlan(faults or ())
        self._state = populate(connections if backup is None else 0, name, now or datetime.now(UTC))
        if backup is not None:
            self._state = load_backup(backup, self._state)
        self._server: BackgroundServer | None = None
        self._authenticator: Authenticator | None = None
        self._url: str | None = None
        self._closed = False
        self.api_key = API_KEY
        self.user_api_key = USER_API_KEY
        self.client_id = CLIENT_ID
        self.client_secret = CLIENT_SECRET
        self.ledger = Ledger(ledger_limit)
        self.users: tuple[User, ...] = self._state.users
        self.spaces: tuple[Space, ...] = self._state.spaces
        self.connectors: tuple[Connector, ...] = tuple(self._state.connectors)

    @property
    def url(self) -> str:
        """Address of the tenant, such as http://127.0.0.1:8080.

        Raises:
            RuntimeError: The sandbox has not been started.
        """
        if self._url is None:
            raise RuntimeError("the sandbox has not been started; use it as a context manager, or call start()")
        return self._url

    @property
    def automations(self) -> tuple[Automation, ...]:
        """The tenant's automations, with `.id`, `.name` and `.connection_ids`, which may name deleted connections."""
        with self._state.lock:
            return tuple(self._state.automations)

    @property
    def in_use(self) -> list[str]:
        """Identifiers of the connections that automations use, sorted."""
        with self._state.lock:
            return sorted(self._state.in_use())

    @property
    def faults(self) -> list[Fault]:
        """The active rules; the first match applies. The list may be changed at any time."""
        return self._fault_plan.faults

    def start(self) -> Self:
        """Start serving. Does nothing if already started.

        Returns:
            The sandbox.

        Raises:
            ImportError: The extra `sandbox` is not installed.
            OSError: The port is not available.
            RuntimeError: The sandbox is closed.
            ValueError: A fault names an operation that does not exist.
        """
        if self._closed:
            raise RuntimeError("the sandbox is closed; create a new one")
        if self._server is not None:
            return self
        try:
            from . import _app as app
            from . import _oauth as oauth
            from . import _server as server
        except ImportError as error:
            # Any other missing module means a broken installation, not a missing extra.
            if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn", "h11", "jsonschema", "referencing"):
                raise
            from .._extras import install_hint

            message = f"the sandbox needs its extra: {install_hint('sandbox')}"
            raise ImportError(message, name=error.name) from error
        self._fault_plan.check(spec.load().operations)
        keys = {API_KEY: self.users[0], USER_API_KEY: self.users[1]}
        self._authenticator = oauth.Authenticator(keys, CLIENT_ID, CLIENT_SECRET, self.users, self._token_lifetime)
        tenant = app.TenantApp(
            spec.load(),
            self._state,
            self._quirks,
            self._authenticator,
            self.ledger,
            self._fault_plan,
            SlidingWindowLimits(self._speed) if self._limits else None,
            Clock(self._speed),
        )
        self._server = server.BackgroundServer(tenant, self._host, self._port)
        host = f"[{self._host}]" if ":" in self._host else self._host
        self._url = f"http://{host}:{self._server.port}"
        return self

    def close(self) -> None:
        """Stop serving. Requests still running after half a second are aborted. Does nothing if already closed."""
        self._closed = True
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def fail(self, fault: Fault) -> Fault:
        """Add a rule to `faults`.

        Args:
            fault: Which requests fail, and how.

        Returns:
            The fault. Its `struck` counts the requests that have failed.

        Raises:
            ValueError: The fault names an operation that does not exist.
        """
        FaultPlan([fault]).check(spec.load().operations)
        self.faults.append(fault)
        return fault

    def revoke_tokens(self) -> None:
        """Revoke all OAuth tokens issued so far; API keys stay valid."""
        if self._authenticator is not None:
            self._authenticator.revoke_tokens()

    def consent(self, connection_id: str, *, account: str = "somebody@example.com") -> None:
        """Consent on behalf of a person, as at a connection's `redirect`. The connection then works.

        Args:
            connection_id: The connection.
            account: Name of the consenting OAuth account.

        Raises:
            ValueError: The connection does not exist, or needs no consent.
        """
        with self._state.lock:
            connection = self._state.connections.get(connection_id)
            if connection is None or not connection.connector.oauth:
                raise ValueError("connection_id must name a connection that needs a person's consent")
            connection.oauth_account_name = account
            connection.touch()
            self._state.connections.put(connection)

    def add_managed(self, owner_id: str) -> str:
        """Give a user a connection that the service creates and manages itself.

        Args:
            owner_id: The user.

        Returns:
            Its id.

        Raises:
            ValueError: The user does not exist.
        """
        if owner_id not in {user.id for user in self.users}:
            raise ValueError("owner_id must be a user of this tenant")
        connector = next(connector for connector in self.connectors if connector.managed)
        created = deterministic.now()
        with self._state.lock:
            connection = Connection(self._state.new_id(), connector.name, connector, owner_id, "", created, created, {})
            self._state.connections.put(connection)
        return connection.id

    def snapshot(self, *, secrets: bool = False) -> list[dict[str, Any]]:
        """Return all connections with their params, as JSON without quirks, sorted by id.

        Args:
            secrets: Whether to include secret values. Otherwise they are blank, as in the service's responses.

        Returns:
            A copy; changing it doesn't affect the tenant.
        """
        documents = Documents(spec.load(), ())
        with self._state.lock:
            return [
                {
                    **documents.write(CONNECTION, connection),
                    "params": connection.params_with_values(secrets=secrets),
                }
                for connection in self._state.connections.sorted_by("id")
            ]

    def automation_snapshot(self, *, secrets: bool = False) -> list[dict[str, Any]]:
        """Return all automations with their workspaces, as JSON without quirks, sorted by id.

        Args:
            secrets: Whether to include execution tokens.

        Returns:
            A copy; changing it doesn't affect the tenant.
        """
        documents = Documents(spec.load(), ())
        with self._state.lock:
            held = [documents.write(AUTOMATION, automation) for automation in self._state.automations.sorted_by("id")]
            return [
                {name: value for name, value in document.items() if secrets or name != "executionToken"}
                for document in copy.deepcopy(held)
            ]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Sandbox {self._url or 'not started'}>"


def _require_integer(name: str, value: object, least: int, most: int | None) -> None:
    fits = isinstance(value, int) and not isinstance(value, bool) and value >= least and (most is None or value <= most)
    if not fits:
        allowed = f"an integer from {least} to {most}" if most is not None else f"an integer, {least} or more"
        raise ValueError(f"{name} must be {allowed}")


def _require_positive(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value <= 0:
        raise ValueError(f"{name} must be a finite number above 0")

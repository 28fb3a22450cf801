"""The sandbox itself: a fake tenant that starts and stops within a program."""

import ipaddress
import math
from collections.abc import Collection, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .._text import install_hint
from . import _wire as wire
from ._automations import Automation
from ._catalog import CONNECTORS, Connector
from ._faults import Fault, FaultPlan
from ._ledger import Ledger
from ._limits import Clock, SlidingWindowLimits
from ._seed import populate
from ._state import Space, User, detail

if TYPE_CHECKING:
    from ._background import BackgroundServer
    from ._oauth import SignIn

API_KEY = "sandbox-admin-key"
USER_API_KEY = "sandbox-user-key"
CLIENT_ID = "sandbox-client"
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105 - it opens a fake tenant alone
TOKEN_LIFETIME_SECONDS = 21_600.0


class Sandbox:
    """A fake tenant on loopback, stateful and strict to the spec; a context manager.

    It begins with the same people, spaces and connections in every run. The service's quirks are on unless told
    otherwise. Secret values (fields of type "password") are read back blank.

    Args:
        connections: How many connections it begins with, 0 or more.
        quirks: True for the service's known differences from its spec, False for none of them, or the names of those
            that are wanted (`QUIRKS` has them all, `DEFAULT_QUIRKS` those of True).
        limits: Whether the published rate limits hold: per principal and tier, over five minutes of its clock.
        speed: Sandbox seconds in one real second, above 0. `Retry-After` is in real seconds: whole ones at speed 1,
            with fractions otherwise.
        faults: Requests that fail, see `Fault`.
        token_lifetime: Real seconds that an OAuth token is good for, above 0.
        host: Loopback address to listen on, such as 127.0.0.1, ::1 or localhost.
        port: Port, 0 for any that is free, at most 65535.
        name: Name of the tenant. In a tenant of another name users, spaces and connections have other identifiers, for
            moves from one tenant to another; connectors have the same in all.

    Attributes:
        api_key: Key of an administrator.
        user_api_key: Key of a user who is no administrator.
        client_id: OAuth client, for `/oauth/token`.
        client_secret: Its secret.
        ledger: Every request that was seen, and what became of it.
        users: The users of the tenant. The first one is the administrator, the second one the ordinary user.
        spaces: The shared spaces of the tenant.
        connectors: The connectors of the tenant.
        automations: The automations of the tenant, with `.id`, `.name` and `.connection_ids`. They do not change: one
            whose connection is deleted still names it.

    Raises:
        ValueError: An argument is out of its range.
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
    ) -> None:
        _require_integer("connections", connections, 0, None)
        _require_integer("port", port, 0, 65_535)
        _require_positive("speed", speed)
        _require_positive("token_lifetime", token_lifetime)
        _require_loopback(host)
        self._quirks = wire.chosen(quirks)
        self._limits = limits
        self._speed = float(speed)
        self._token_lifetime = float(token_lifetime)
        self._host = host
        self._port = port
        self._fault_plan = FaultPlan(faults or ())
        self._population = populate(connections, name)
        self._store = self._population.store
        self._server: BackgroundServer | None = None
        self._sign_in: SignIn | None = None
        self._url: str | None = None
        self._closed = False
        self._operations: tuple[str, ...] = ()
        self.api_key = API_KEY
        self.user_api_key = USER_API_KEY
        self.client_id = CLIENT_ID
        self.client_secret = CLIENT_SECRET
        self.ledger = Ledger()
        self.users: tuple[User, ...] = self._population.users
        self.spaces: tuple[Space, ...] = self._population.spaces
        self.connectors: tuple[Connector, ...] = CONNECTORS
        self.automations: tuple[Automation, ...] = self._population.automations

    @property
    def url(self) -> str:
        """Address of the tenant, such as http://127.0.0.1:8080.

        Raises:
            RuntimeError: The sandbox was not started.
        """
        if self._url is None:
            raise RuntimeError("the sandbox was not started: use it as a context manager, or call start()")
        return self._url

    @property
    def in_use(self) -> list[str]:
        """Identifiers of the connections that automations use, sorted."""
        with self._store.lock:
            return self._store.in_use()

    @property
    def faults(self) -> list[Fault]:
        """The rules in force, the first that strikes decides. The list may be changed at any time."""
        return self._fault_plan.faults

    def start(self) -> Self:
        """Start serving; a sandbox that serves already stays as it is.

        Returns:
            The sandbox.

        Raises:
            ImportError: The extra `sandbox` is not installed.
            OSError: The port can't be had.
            RuntimeError: The sandbox was closed.
            ValueError: A fault names an operation that does not exist.
        """
        if self._closed:
            raise RuntimeError("the sandbox was closed; make a new one")
        if self._server is not None:
            return self
        try:
            from . import _app as app
            from . import _background as background
            from . import _contract as contract
            from . import _oauth as oauth
            from . import _operations as operations
        except ImportError as error:
            # Anything else that is missing is a fault of the installation, not a missing extra.
            if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn", "h11", "jsonschema", "referencing"):
                raise
            message = f"the sandbox needs its extra: {install_hint('sandbox')}"
            raise ImportError(message, name=error.name) from error
        spec = contract.load()
        self._operations = (*spec.operations, app.SIGN_IN_OPERATION)
        self._fault_plan.check(self._operations)
        keys = {API_KEY: self.users[0], USER_API_KEY: self.users[1]}
        self._sign_in = oauth.SignIn(keys, CLIENT_ID, CLIENT_SECRET, self.users, self._token_lifetime)
        tenant = app.TenantApp(
            spec,
            operations.Operations(self._population, spec.filterable_fields, self._quirks),
            self._sign_in,
            self._store.lock,
            self.ledger,
            self._fault_plan,
            SlidingWindowLimits(self._speed) if self._limits else None,
            Clock(self._speed),
        )
        self._server = background.BackgroundServer(tenant, self._host, self._port)
        shown_host = f"[{self._host}]" if ":" in self._host else self._host
        self._url = f"http://{shown_host}:{self._server.port}"
        return self

    def close(self) -> None:
        """Stop serving. Requests that take longer than half a second more are broken off. Closing twice is fine."""
        self._closed = True
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def fail(self, fault: Fault) -> Fault:
        """Add a rule to `faults`.

        Args:
            fault: Which requests fail, and how.

        Returns:
            The fault, whose `struck` tells how often it struck.

        Raises:
            ValueError: The fault names an operation that does not exist.
        """
        if self._operations:
            FaultPlan([fault]).check(self._operations)
        self.faults.append(fault)
        return fault

    def revoke_tokens(self) -> None:
        """End all OAuth tokens that were issued so far; API keys stay good."""
        if self._sign_in is not None:
            self._sign_in.revoke_all()

    def consent(self, connection_id: str, *, account: str = "somebody@example.com") -> None:
        """Give the consent that a connection's `redirect` asks a person for; it is connected then.

        Args:
            connection_id: The connection.
            account: OAuth account that consents.

        Raises:
            ValueError: There is no such connection, or it needs no consent.
        """
        with self._store.lock:
            connection = self._store.get(connection_id)
            if connection is None or not connection.connector.oauth:
                raise ValueError("connection_id must be that of a connection that needs a person's consent")
            connection.account = account
            self._store.changed(connection)

    def snapshot(self, *, secrets: bool = False) -> list[dict[str, Any]]:
        """Return all connections with their params, as JSON without quirks, sorted by id.

        Args:
            secrets: Whether secret values are shown; they are blank otherwise, as the service's answers have them.

        Returns:
            A copy: changing it changes nothing in the tenant.
        """
        with self._store.lock:
            return [detail(connection, secrets=secrets) for connection in self._store.order("id").items]

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


def _require_loopback(host: str) -> None:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ValueError("host must be a loopback address: 127.0.0.1, ::1 or localhost")

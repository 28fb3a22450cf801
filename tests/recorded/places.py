"""Where a scenario takes place: a sandbox or a real tenant while it is recorded, nowhere when it is replayed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from attrs import field, frozen

from qlik_automation_connections import ConfigurationError, Tenant
from qlik_automation_connections.sandbox import Sandbox

from .masking import HOST, ORIGIN

Principal = Literal["administrator", "user", "stranger"]

MANAGED_CONNECTOR: Final = "61a87510-c7a3-11ea-95da-0fb0c241e75c"
"""The connector whose connections the service makes itself; the same id in every tenant."""

_ROLES: Final = ("connector_id", "param", "user_id", "space_id", "managed_id", "in_use_id")


@frozen(kw_only=True)
class Place:
    """A tenant, and what the scenarios need to know of it.

    Attributes:
        url: its address.
        keys: API keys; a stranger's is one that the tenant does not know.
        connector_id: a connector to make connections for.
        param: name of one of its params, one that is not optional and no secret.
        user_id: a user to hand connections to.
        space_id: a space to move connections into; "" if there is none.
        managed_id: a connection that the service manages itself; "" if there is none to try things on.
        in_use_id: a connection that automations use; "" as above.
        sandbox: the sandbox, if it is one.
        replayed: whether there is no tenant behind it.
    """

    url: str
    keys: Mapping[Principal, str] = field(repr=False)
    connector_id: str
    param: str
    user_id: str
    space_id: str
    managed_id: str = ""
    in_use_id: str = ""
    sandbox: Sandbox | None = None
    replayed: bool = False

    @property
    def is_real(self) -> bool:
        """Whether other people's connections are there."""
        return self.sandbox is None and not self.replayed

    def replacements(self) -> dict[str, str]:
        """What stands for this place's own values in a cassette."""
        known = {getattr(self, role): getattr(REPLAYED, role) for role in _ROLES if getattr(self, role)}
        if self.is_real:
            # The service's texts may name the tenant.
            known |= {self.host: HOST, self.host.partition(".")[0]: "tenant"}
        return known

    @property
    def host(self) -> str:
        """The host, with its port if one is given."""
        return self.url.rpartition("/")[2]


REPLAYED: Final = Place(
    url=ORIGIN,
    keys={"administrator": "replayed", "user": "replayed", "stranger": "replayed"},
    connector_id="cccccccc-cccc-4ccc-8ccc-cccccccccccc",
    param="param",
    user_id="a" * 24,
    space_id="b" * 24,
    managed_id="eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee",
    in_use_id="ffffffff-ffff-4fff-8fff-ffffffffffff",
    replayed=True,
)


def of_sandbox(sandbox: Sandbox) -> Place:
    """The place that a running sandbox is."""
    managed = next(item["id"] for item in sandbox.snapshot() if item["connectorId"] == MANAGED_CONNECTOR)
    connector = sandbox.connectors[0]
    return Place(
        url=sandbox.url,
        keys={"administrator": sandbox.api_key, "user": sandbox.user_api_key, "stranger": "no-such-key"},
        connector_id=connector.id,
        param=connector.params[0].name,
        user_id=sandbox.users[1].id,
        space_id=sandbox.spaces[0].id,
        managed_id=managed,
        in_use_id=sandbox.in_use[0],
        sandbox=sandbox,
    )


def of_environment(environment: Mapping[str, str]) -> Place | None:
    """The tenant that `QLIK_TENANT_URL` and `QLIK_API_KEY` name; None if they name none.

    What the scenarios need is read from the environment, and else from a connection that the caller already has:
    `QLIK_RECORD_CONNECTOR_ID` and `QLIK_RECORD_PARAM` (a connector and one of its params that is not optional, takes
    any text and is no secret), `QLIK_RECORD_USER_ID` (else the caller stays the owner), `QLIK_RECORD_SPACE_ID` and
    `QLIK_RECORD_USER_API_KEY`, the key of a user who is not an administrator (without these two, what needs them is
    skipped).
    """
    if not (environment.get("QLIK_TENANT_URL") and environment.get("QLIK_API_KEY")):
        return None
    with Tenant.from_env(environment) as tenant:
        connections = tenant.connections
        wanted = environment.get("QLIK_RECORD_CONNECTOR_ID")
        for found in connections.list(connector_id=wanted):
            params = [
                param.name
                for param in connections.get(found.id).params
                if param.name and param.is_optional is False and param.value and param.field_type != "password"
            ]
            if found.connector_id != MANAGED_CONNECTOR and found.connector_id and params:
                break
        else:
            raise ConfigurationError(
                "Recording needs a connection that the key's owner already has and that has a param which is set, not"
                " optional and no secret: it tells which connector, param and owner to use."
            )
    return Place(
        url=environment["QLIK_TENANT_URL"].rstrip("/"),
        keys={
            "administrator": environment["QLIK_API_KEY"],
            "user": environment.get("QLIK_RECORD_USER_API_KEY", ""),
            "stranger": "no-such-key",
        },
        connector_id=found.connector_id,
        param=environment.get("QLIK_RECORD_PARAM") or params[0],
        user_id=environment.get("QLIK_RECORD_USER_ID") or found.owner_id or "",
        space_id=environment.get("QLIK_RECORD_SPACE_ID", ""),
    )

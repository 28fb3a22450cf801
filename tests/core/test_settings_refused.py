"""Arguments of a tenant and of the operations that are refused before anything is sent."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from core.scripted import ADDRESS, KEY, Kind, Script, ask, reply, tenant
from looping import for_each, in_turn
from qlik_automation_connections import ApiKey, AsyncTenant, ConfigurationError, QlikError, Tenant

BOTH = for_each("kind", [Tenant, AsyncTenant])
Either = type[Tenant] | type[AsyncTenant]


def test_a_refusal_is_a_value_error_too() -> None:
    assert issubclass(ConfigurationError, ValueError)
    assert issubclass(ConfigurationError, QlikError)


@BOTH
def test_exactly_one_way_to_sign_in(kind: Either) -> None:
    with pytest.raises(ConfigurationError, match="exactly one of api_key and auth"):
        kind(ADDRESS)
    with pytest.raises(ConfigurationError, match="exactly one of api_key and auth") as caught:
        kind(ADDRESS, api_key=KEY, auth=ApiKey(KEY))
    assert KEY not in caught.value.message


@BOTH
def test_the_environment_is_not_a_way_to_sign_in(kind: Either, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QLIK_API_KEY", KEY)
    monkeypatch.setenv("QLIK_TENANT_URL", ADDRESS)
    with pytest.raises(ConfigurationError, match="exactly one"):
        kind(ADDRESS)


WRONG_OPTIONS: dict[str, tuple[Any, ...]] = {
    "api_key": ("", "  ", "key\x00", 7),
    "timeout": (0, -1, float("inf"), float("nan"), "5", True, (1, 2), []),
    "retries": (-1, 1.5, "3", True, False, []),
    "api_version": ("", "V1", "v2", 1, ["v1"]),
    "auth": ("key", ("user", "pass"), 7),
    "verify": (5, "/nowhere/ca.pem", None),
    "proxy": ("nonsense", "ftp://proxy.example", 5),
    "http_client": (5, ...),
}


@BOTH
@for_each(("name", "value"), [(name, value) for name, values in WRONG_OPTIONS.items() for value in values])
def test_an_option_is_refused(kind: Either, name: str, value: Any) -> None:
    with pytest.raises(ConfigurationError):
        kind(ADDRESS, **{"api_key": None if name == "auth" else KEY, name: value})


def test_a_client_of_the_other_kind_is_refused() -> None:
    with httpx.Client(trust_env=False, verify=False) as client:
        with pytest.raises(ConfigurationError, match=r"must be an httpx\.AsyncClient"):
            AsyncTenant(ADDRESS, api_key=KEY, http_client=client)  # type: ignore[arg-type]
        with pytest.raises(ConfigurationError, match="set verify and proxy on it"):
            Tenant(ADDRESS, api_key=KEY, http_client=client, verify=False)


@for_each("changes", [{"timeout": 0}, {"retries": -1}, {"api_version": "v2"}])
def test_a_changed_option_is_refused(changes: dict[str, Any]) -> None:
    script = Script(reply(200, {}))
    with pytest.raises(ConfigurationError, match=next(iter(changes))):
        tenant(script).with_options(**changes)


# By operation: what else it is given, and the values that one argument must not have.
WRONG_ARGUMENTS: list[tuple[str, dict[str, Any], str, tuple[Any, ...]]] = [
    ("list", {}, "limit", (0, -1, 201, 1.0, "10", True, 10**30)),
    ("list", {}, "sort", ("", "Name", "ownerId", "--name", "name ", 1, ["name"])),
    ("list", {}, "list_all", (1, "true", None)),
    ("list", {}, "filter", ("", "  ", 1, "\ud800")),
    *(("list", {}, name, (1, b"x", "\ud800", ["x"])) for name in ("name", "owner_id", "space_id", "connector_id")),
    ("list", {}, "name", ("x" * 70_000,)),
    ("list", {}, "cursor", ("", " ", 1, "\ud800")),
    ("list", {}, "timeout", (0, -1, "1", True)),
    ("get", {"id": "x"}, "timeout", (0, -1, "1", True)),
    ("delete", {"id": "x"}, "forced", (1, "yes", None)),
    ("create", {"connector_id": "c"}, "name", (1, b"x", "\ud800")),
    ("create", {"connector_id": "c"}, "space_id", (1, b"x", "\ud800")),
    (
        *("create", {"connector_id": "c"}, "params"),
        ("user", 1, [1], ["user"], [{"id": "p", "value": "v"}], [{"name": "p"}], {"user": 1}, {1: "v"}),
    ),
    ("update", {"id": "x"}, "name", (None, 1, b"x", "\ud800")),
    (
        *("update", {"id": "x"}, "params"),
        ("user", 1, [1], [{"name": "p", "value": "v"}], {"user": None}, {1: "v"}, {}, []),
    ),
    ("change_owner", {"id": "x"}, "user_id", ("", "  ", "\ud800", None, 7)),
    ("create", {}, "connector_id", ("", "  ", "\ud800", None, 7)),
    ("change_space", {"id": "x"}, "space_id", (1, b"x", "\ud800")),
]


@for_each(
    ("operation", "arguments", "name", "value"),
    [(operation, arguments, name, value) for operation, arguments, name, values in WRONG_ARGUMENTS for value in values],
)
@in_turn
def test_an_argument_is_refused_before_anything_is_sent(
    kind: Kind, operation: str, arguments: dict[str, Any], name: str, value: Any
) -> None:
    script = Script(reply(200, {}))
    with pytest.raises(ConfigurationError):
        ask(kind, script, lambda connections: getattr(connections, operation)(**arguments, **{name: value}))
    assert not script.requests


def test_a_refused_param_does_not_show_a_value() -> None:
    script = Script(reply(201, {}))
    params: Any = {"password": "hunter2", "user": 7}
    with pytest.raises(ConfigurationError) as caught:
        tenant(script).connections.create(connector_id="c", params=params)
    assert "hunter2" not in caught.value.message
    assert "'user'" in caught.value.message

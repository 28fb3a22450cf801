"""Arguments of a tenant and of the operations that are refused before anything is sent."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from core.scripted import ADDRESS, KEY, KINDS, Kind, Script, ask, reply, tenant
from qlik_automation_connections import ApiKey, AsyncTenant, ConfigurationError, QlikError, Tenant

BOTH = pytest.mark.parametrize("kind", [Tenant, AsyncTenant])
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


@pytest.mark.parametrize(
    "key", ["", "  ", "hunter2\n", "hunter2\r\nX-Header: 1", "Bearer hunter2", "hunter2\x00", "hunter2é", 7], ids=repr
)
@BOTH
def test_a_key_that_is_none_is_refused_and_not_repeated(kind: Either, key: Any) -> None:
    with pytest.raises(ConfigurationError, match="API key") as caught:
        kind(ADDRESS, api_key=key)
    assert "hunter2" not in caught.value.message


WRONG_OPTIONS: dict[str, tuple[Any, ...]] = {
    "timeout": (0, -1, float("inf"), float("nan"), "5", True, (1, 2), []),
    "retries": (-1, 1.5, "3", True, False, []),
    "api_version": ("", "V1", "v2", 1, ["v1"]),
    "auth": ("key", ("user", "pass"), 7),
    "verify": (5, "/nowhere/ca.pem", None),
    "proxy": ("nonsense", "ftp://proxy.example", 5),
    "http_client": (5, ...),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG_OPTIONS.items() for value in values], ids=repr
)
@BOTH
def test_an_option_is_refused(kind: Either, name: str, value: Any) -> None:
    with pytest.raises(ConfigurationError):
        kind(ADDRESS, **{"api_key": None if name == "auth" else KEY, name: value})


def test_a_client_of_the_other_kind_is_refused() -> None:
    with httpx.Client(trust_env=False, verify=False) as client:
        with pytest.raises(ConfigurationError, match=r"must be an httpx\.AsyncClient"):
            AsyncTenant(ADDRESS, api_key=KEY, http_client=client)  # type: ignore[arg-type]
        with pytest.raises(ConfigurationError, match="set verify and proxy on it"):
            Tenant(ADDRESS, api_key=KEY, http_client=client, verify=False)


@pytest.mark.parametrize("changes", [{"timeout": 0}, {"retries": -1}, {"api_version": "v2"}], ids=repr)
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
    ("change_space", {"id": "x"}, "space_id", (1, b"x", "\ud800")),
]


@pytest.mark.parametrize(
    ("operation", "arguments", "name", "value"),
    [
        pytest.param(operation, arguments, name, value, id=f"{operation} {name}={value!r}"[:60])
        for operation, arguments, name, values in WRONG_ARGUMENTS
        for value in values
    ],
)
@pytest.mark.parametrize("kind", KINDS)
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

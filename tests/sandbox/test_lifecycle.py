"""Starting, stopping, arguments, and living within another program."""

import asyncio
import gc
import logging
import socket
import subprocess
import sys
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import trio

from qlik_automation_connections._extras import install_hint
from qlik_automation_connections.sandbox import Fault, Sandbox
from sandbox.conftest import client

LIST = "/api/workflows/automation-connections"


def test_starts_and_stops_in_a_fresh_interpreter_without_a_word() -> None:
    script = "from qlik_automation_connections.sandbox import Sandbox\nwith Sandbox() as sandbox: print(sandbox.url)\n"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.startswith("http://127.0.0.1:")
    assert done.stderr == ""


def test_stops_with_open_connections_and_twice() -> None:
    before = threading.enumerate()
    sandbox = Sandbox().start()
    with client(sandbox, "") as stranger:
        assert stranger.get(LIST).status_code == 401
        sandbox.close()
        sandbox.close()
        with pytest.raises(httpx.TransportError):
            stranger.get(LIST)
    assert not [thread for thread in threading.enumerate() if thread not in before]


def test_stops_soon_while_an_answer_is_held_back(caplog: pytest.LogCaptureFixture) -> None:
    sandbox = Sandbox(faults=[Fault(kind="delay", seconds=30)]).start()
    outcome: list[Exception] = []

    def ask() -> None:
        try:
            with client(sandbox) as admin:
                admin.get(LIST, timeout=20)
        except httpx.HTTPError as error:
            outcome.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    while not sandbox.ledger:
        time.sleep(0.005)
    sandbox.close()
    asking.join()
    assert len(outcome) == 1
    assert not isinstance(outcome[0], httpx.TimeoutException), "the client's own time-out came first"
    assert caplog.records == []


@pytest.mark.filterwarnings("error::ResourceWarning")
def test_a_connection_that_was_accepted_just_before_is_closed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", left.append)
    for _ in range(20):
        with Sandbox(1) as sandbox:
            address = urlsplit(sandbox.url)
            line = socket.create_connection((address.hostname, address.port))
        line.close()
    gc.collect()
    assert left == []


def test_a_closed_sandbox_stays_closed() -> None:
    sandbox = Sandbox(connections=0)
    with pytest.raises(RuntimeError, match="not been started"):
        _ = sandbox.url
    sandbox.close()
    with pytest.raises(RuntimeError, match="closed"):
        sandbox.start()


def test_starting_twice_is_starting_once_and_the_repr_shows_the_address_and_no_key(sandbox: Sandbox) -> None:
    url = sandbox.url
    assert sandbox.start() is sandbox
    assert sandbox.url == url
    assert repr(sandbox) == f"<Sandbox {url}>"
    assert repr(Sandbox(0)) == "<Sandbox not started>"


def test_a_port_is_taken_which_is_said_and_free_again_after_close(admin: httpx.Client, sandbox: Sandbox) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    assert admin.get(LIST).status_code == 200
    with pytest.raises(OSError, match=f"can't listen on 127.0.0.1 port {port}"):
        Sandbox(port=port).start()
    sandbox.close()
    with Sandbox(port=port) as again:
        assert again.url == f"http://127.0.0.1:{port}"


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_listens_on_ipv6_loopback() -> None:
    try:
        sandbox = Sandbox(host="::1").start()
    except OSError:
        pytest.skip("no IPv6 loopback here")
    with sandbox:
        assert sandbox.url.startswith("http://[::1]:")
        with client(sandbox, "") as stranger:
            assert stranger.get(LIST).status_code == 401


def test_wrong_arguments_are_refused_with_what_is_allowed() -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"connections": -1}, "0 or more"),
        ({"connections": True}, "integer"),
        ({"connections": 2.5}, "integer"),
        ({"port": 65_536}, "65535"),
        ({"port": -1}, "65535"),
        ({"speed": 0}, "above 0"),
        ({"speed": float("nan")}, "above 0"),
        ({"speed": float("inf")}, "above 0"),
        ({"token_lifetime": -1}, "above 0"),
        ({"quirks": ["nonsense"]}, "null-values"),
        ({"quirks": "nonsense"}, "null-values"),
        ({"host": "0.0.0.0"}, "loopback"),
        ({"host": "example.org"}, "loopback"),
    ]
    for arguments, said in cases:
        with pytest.raises(ValueError, match=said):
            Sandbox(**arguments)


WITHOUT = """
import sys
from qlik_automation_connections.sandbox import Sandbox
print([name for name in ("starlette", "uvicorn", "jsonschema", "httpx") if name in sys.modules])
for missing in ("starlette", "uvicorn", "jsonschema"):
    sys.modules[missing] = None
    try:
        Sandbox(0).start()
    except ImportError as error:
        print(missing, error)
    del sys.modules[missing]
"""


def test_the_import_alone_loads_no_server_and_a_missing_library_names_the_extra() -> None:
    printed = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True, timeout=30)
    loaded, *said = printed.stdout.splitlines()
    assert loaded == "[]"
    assert [line.partition(" ")[0] for line in said] == ["starlette", "uvicorn", "jsonschema"]
    assert all(install_hint("sandbox") in line for line in said)


def test_works_while_an_event_loop_runs_in_this_thread() -> None:
    async def ask() -> int:
        with Sandbox(0) as sandbox:
            async with httpx.AsyncClient(base_url=sandbox.url, verify=False) as stranger:
                return (await stranger.get(LIST)).status_code

    assert asyncio.run(ask()) == 401
    assert trio.run(ask) == 401


def test_several_sandboxes_hold_states_of_their_own() -> None:
    with Sandbox(5) as one, Sandbox(5) as other:
        identifier = one.snapshot()[0]["id"]
        with client(one) as admin:
            admin.delete(f"{LIST}/{identifier}?forced=true").raise_for_status()
        assert len(one.snapshot()) == 4
        assert len(other.snapshot()) == 5
        assert len(other.ledger) == 0


def test_logging_of_the_program_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    names = ("", "uvicorn", "uvicorn.error", "uvicorn.access", "asyncio")

    def settings() -> list[Any]:
        loggers = [logging.getLogger(name) for name in names]
        return [(logger.level, list(logger.handlers), logger.propagate, logger.disabled) for logger in loggers]

    before = settings()
    with caplog.at_level(logging.DEBUG), Sandbox() as sandbox:
        during = settings()
        for key in (sandbox.api_key, "a-wrong-key"):
            with client(sandbox, key) as caller:
                caller.get(LIST)
    assert settings() == before
    assert during[1:] == before[1:]
    assert sandbox.api_key not in caplog.text
    assert "a-wrong-key" not in caplog.text
    assert LIST not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("uvicorn"))


def test_the_state_is_the_same_in_every_run() -> None:
    first, second = Sandbox(250), Sandbox(300)
    known = {item["id"]: item for item in second.snapshot(secrets=True)}
    assert [known[item["id"]] for item in first.snapshot(secrets=True)] == first.snapshot(secrets=True)
    assert set(first.in_use) < set(second.in_use)
    assert first.in_use == sorted(first.in_use)
    # The very first identifier is written down, so that a change of the seed does not go unnoticed.
    assert Sandbox(1).snapshot()[0]["id"] == "dd7adb4b-ae45-5eb9-9a89-9f0bf1aabcc6"


def test_the_state_has_what_a_real_tenant_has() -> None:
    sandbox = Sandbox()
    items = sandbox.snapshot(secrets=True)
    names = [item["name"] for item in items]
    assert len(items) == 250
    assert len({item["id"] for item in items}) == 250
    assert len(set(names)) < 250
    assert any(not name.isascii() for name in names)
    assert any('"' in name for name in names)
    assert {item["connectorId"] for item in items} == {connector.id for connector in sandbox.connectors}
    assert {item["isConnected"] for item in items} == {True, False}
    assert {item["ownerId"] for item in items} == {person.id for person in sandbox.users}
    assert {item["spaceId"] for item in items} == {"", *(space.id for space in sandbox.spaces)}
    assert len({item["createdAt"][:4] for item in items}) >= 4
    assert sum(item["ownerId"] == sandbox.users[0].id for item in items) == 50
    assert sandbox.users[0].admin
    assert not any(person.admin for person in sandbox.users[1:])
    assert all(len(person.id) == 24 for person in sandbox.users)

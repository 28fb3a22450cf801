"""The ledger: every request, what became of it, and nothing secret."""

import threading

import attrs
import httpx
import pytest

from qlik_automation_connections.sandbox import Sandbox
from sandbox.conftest import SIZE, client

LIST = "/api/workflows/automation-connections"


def test_an_entry_says_what_became_of_a_request(admin: httpx.Client, sandbox: Sandbox) -> None:
    identifier = sandbox.snapshot()[0]["id"]
    admin.get(f"{LIST}/{identifier}")
    made = admin.post(LIST, json={"connectorId": sandbox.connectors[0].id}).json()["id"]
    admin.get(f"{LIST}?limit=5&sort=name")
    error = admin.get(f"{LIST}/a%2Fb").json()
    admin.get("/nowhere")
    read, create, listing, missing, nowhere = sandbox.ledger
    assert [entry.number for entry in sandbox.ledger] == [1, 2, 3, 4, 5]
    assert (read.method, read.path, read.operation) == ("GET", f"{LIST}/{identifier}", "getAutomationConnection")
    assert (read.principal, read.tier, read.status) == (f"user:{sandbox.users[0].id}", 1, 200)
    assert (read.processed, read.refused, read.connection_id) == (True, False, identifier)
    assert (create.tier, create.status, create.connection_id) == (2, 201, made)
    assert (listing.path, listing.query, listing.connection_id) == (LIST, "limit=5&sort=name", None)
    assert (missing.path, missing.connection_id, missing.status) == (f"{LIST}/a%2Fb", "a/b", 404)
    assert (missing.processed, missing.trace_id) == (False, error["traceId"])
    assert (nowhere.operation, nowhere.principal, nowhere.tier, nowhere.status) == (None, None, None, 404)
    times = [entry.time for entry in sandbox.ledger]
    assert times == sorted(times)
    assert 0 <= times[0] < 60


def test_entries_are_frozen_and_the_ledger_clears(admin: httpx.Client, sandbox: Sandbox) -> None:
    admin.get(LIST)
    admin.get(LIST + "/x")
    entry = sandbox.ledger[0]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        entry.status = 500  # type: ignore[misc]
    assert sandbox.ledger.count(operation="getAutomationConnections") == 1
    assert sandbox.ledger.count(status=404, processed=False) == 1
    assert sandbox.ledger.count(processed=True) == 1
    assert sandbox.ledger.select(status=200) == [entry]
    sandbox.ledger.clear()
    assert (len(sandbox.ledger), list(sandbox.ledger)) == (0, [])


def test_the_clock_runs_as_fast_as_told() -> None:
    with Sandbox(0, speed=1000) as sandbox, client(sandbox, "") as stranger:
        stranger.get(LIST)
        threading.Event().wait(0.05)
        stranger.get(LIST)
        first, second = sandbox.ledger
        assert 50 <= second.time - first.time < 5000


def test_no_secret_stands_in_the_ledger(admin: httpx.Client, sandbox: Sandbox) -> None:
    params = [{"name": "password", "value": "marked-secret"}]
    made = admin.post(LIST, json={"connectorId": sandbox.connectors[0].id, "params": params})
    admin.put(f"{LIST}/{made.json()['id']}", json={"params": [{"id": "x", "value": "marked-secret"}]})
    token = {"grant_type": "client_credentials", "client_id": sandbox.client_id}
    admin.post("/oauth/token", data={**token, "client_secret": sandbox.client_secret})
    shown = repr(list(sandbox.ledger))
    for secret in ("marked-secret", sandbox.api_key, sandbox.client_secret):
        assert secret not in shown


@pytest.mark.exhaustive
def test_nothing_is_lost_among_64_threads(sandbox: Sandbox) -> None:
    body = {"connectorId": sandbox.connectors[4].id}
    own = sum(item["ownerId"] == sandbox.users[0].id for item in sandbox.snapshot())
    made: list[str] = []

    def work() -> None:
        # Of its own: one that 64 threads share may lose a connection.
        with client(sandbox) as admin:
            for _ in range(3):
                identifier = admin.post(LIST, json=body).json()["id"]
                made.append(identifier)
                assert admin.get(f"{LIST}/{identifier}").status_code == 200
                assert len(admin.get(LIST, params={"sort": "-updatedAt"}).json()["data"]) >= own > 0
                assert admin.delete(f"{LIST}/{identifier}").status_code == 204

    threads = [threading.Thread(target=work) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 192
    assert sandbox.ledger.count(operation="createAutomationConnection", status=201) == 192
    assert sandbox.ledger.count(operation="deleteAutomationConnection", status=204) == 192
    assert len(sandbox.ledger) == 4 * 192
    assert len(sandbox.snapshot()) == SIZE

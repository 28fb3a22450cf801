"""Every way to sign in, at a tenant that checks."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpx
import pytest

from exchange.scripted import (
    ASYNC_KINDS,
    CREATE,
    OPERATIONS,
    READS,
    WRITES,
    Ask,
    Kind,
    ask_once,
    asking_async,
    run,
)
from qlik_automation_connections import (
    ApiKey,
    AsyncTenant,
    AuthenticationError,
    ImpersonatedUser,
    OAuthClient,
    PermissionDeniedError,
    Tenant,
    TokenCallable,
)
from qlik_automation_connections.sandbox import Fault, Sandbox

LIST = "getAutomationConnections"
SIGN_IN = "oauthToken"


def _client(sandbox: Sandbox) -> OAuthClient:
    return OAuthClient(sandbox.client_id, sandbox.client_secret)


async def _list(ask: Ask) -> int:
    return len(await ask(LIST, list_all=True))


def test_an_api_key(sandbox: Sandbox, kind: Kind) -> None:
    assert run(kind, _list, url=sandbox.url, api_key=sandbox.api_key) == 5
    assert run(kind, _list, url=sandbox.url, auth=ApiKey(sandbox.api_key)) == 5
    assert {entry.principal for entry in sandbox.ledger} == {f"user:{sandbox.users[0].id}"}


def test_a_wrong_api_key(sandbox: Sandbox, kind: Kind) -> None:
    with pytest.raises(AuthenticationError) as caught:
        run(kind, _list, url=sandbox.url, api_key="another-key")
    assert "API key" in caught.value.message
    assert len(sandbox.ledger) == 1


def test_a_token_is_kept(sandbox: Sandbox, kind: Kind) -> None:
    async def three_times(ask: Ask) -> None:
        for _ in range(3):
            assert await _list(ask) == 5

    run(kind, three_times, url=sandbox.url, auth=_client(sandbox))
    assert [entry.operation for entry in sandbox.ledger] == [SIGN_IN, LIST, LIST, LIST]
    assert sandbox.ledger[1].principal == f"client:{sandbox.client_id}"


def test_a_token_of_one_tenant_is_not_sent_to_another(sandbox: Sandbox) -> None:
    auth = _client(sandbox)
    with Sandbox(2) as other:
        run("sync", _list, url=sandbox.url, auth=auth)
        run("sync", _list, url=other.url, auth=auth)
        assert [entry.operation for entry in other.ledger] == [SIGN_IN, LIST]
        assert other.ledger.count(status=401) == 0


def test_a_revoked_token_is_renewed_once(sandbox: Sandbox, kind: Kind) -> None:
    async def revoke_between(ask: Ask) -> None:
        assert await _list(ask) == 5
        sandbox.revoke_tokens()
        assert await _list(ask) == 5

    run(kind, revoke_between, url=sandbox.url, auth=_client(sandbox), retries=0)
    seen = [(entry.operation, entry.status) for entry in sandbox.ledger]
    assert seen == [(SIGN_IN, 200), (LIST, 200), (LIST, 401), (SIGN_IN, 200), (LIST, 200)]


def test_a_creation_is_sent_again_after_a_401_and_happens_once(sandbox: Sandbox, kind: Kind) -> None:
    async def create(ask: Ask) -> None:
        await ask(LIST)
        sandbox.revoke_tokens()
        connector = sandbox.connectors[0]
        await ask(CREATE, connector_id=connector.id, name="one of a kind", params=None)

    auth = ImpersonatedUser(sandbox.client_id, sandbox.client_secret, user_id=sandbox.users[0].id)
    run(kind, create, url=sandbox.url, auth=auth)
    assert [entry.status for entry in sandbox.ledger.select(operation=CREATE)] == [401, 201]
    assert [c["name"] for c in sandbox.snapshot()].count("one of a kind") == 1


def test_a_tenant_that_refuses_every_token_is_asked_twice(sandbox: Sandbox, kind: Kind) -> None:
    sandbox.fail(Fault(LIST, status=401, times=None))
    with pytest.raises(AuthenticationError):
        run(kind, _list, url=sandbox.url, auth=_client(sandbox))
    assert [entry.operation for entry in sandbox.ledger] == [SIGN_IN, LIST, SIGN_IN, LIST]


@pytest.mark.parametrize("revoked", [False, True])
def test_one_sign_in_for_32_threads(sandbox: Sandbox, revoked: bool) -> None:
    auth = _client(sandbox)
    everybody = threading.Barrier(32)
    with Tenant(sandbox.url, auth=auth) as tenant, ThreadPoolExecutor(32) as pool:
        if revoked:
            list(tenant.connections.list())
            sandbox.revoke_tokens()
            sandbox.ledger.clear()
        # The token takes its time, so that all others ask for it meanwhile.
        sandbox.fail(Fault(SIGN_IN, "delay", seconds=0.2))

        def ask(_: int) -> int:
            everybody.wait()
            return len(list(tenant.connections.list(list_all=True)))

        assert list(pool.map(ask, range(32))) == [5] * 32
    assert sandbox.ledger.count(operation=SIGN_IN) == 1
    assert sandbox.ledger.count(operation=LIST, status=200) == 32


@pytest.mark.parametrize("revoked", [False, True])
@pytest.mark.parametrize("kind", ASYNC_KINDS)
def test_one_sign_in_for_40_tasks(sandbox: Sandbox, kind: Kind, revoked: bool) -> None:
    got: list[int] = []

    async def ask_run_concurrently() -> None:
        async with AsyncTenant(sandbox.url, auth=_client(sandbox)) as tenant:
            ask = asking_async(tenant)
            if revoked:
                await ask(LIST)
                sandbox.revoke_tokens()
                sandbox.ledger.clear()
            sandbox.fail(Fault(SIGN_IN, "delay", seconds=0.2))

            async def one() -> None:
                got.append(await _list(ask))

            async with anyio.create_task_group() as tasks:
                for _ in range(40):
                    tasks.start_soon(one)

    anyio.run(ask_run_concurrently, backend=kind)
    assert got == [5] * 40
    assert sandbox.ledger.count(operation=SIGN_IN) == 1
    assert sandbox.ledger.count(operation=LIST, status=200) == 40


def test_one_auth_on_one_loop_after_the_other(sandbox: Sandbox) -> None:
    auth = _client(sandbox)
    loops: tuple[Kind, ...] = ("asyncio", "trio", "sync", "asyncio")
    for kind in loops:
        assert run(kind, _list, url=sandbox.url, auth=auth) == 5
    assert sandbox.ledger.count(operation=SIGN_IN) == 1


@pytest.mark.parametrize("by", ["user_id", "subject"])
def test_acting_as_a_user(sandbox: Sandbox, by: str, kind: Kind) -> None:
    user = sandbox.users[1]
    who: dict[str, Any] = {"user_id": user.id} if by == "user_id" else {"subject": user.subject}
    auth = ImpersonatedUser(sandbox.client_id, sandbox.client_secret, **who)
    run(kind, lambda ask: ask(LIST), url=sandbox.url, auth=auth)
    assert sandbox.ledger[-1].principal == f"user:{user.id}"


def test_a_write_that_a_machine_may_not_do(sandbox: Sandbox, kind: Kind) -> None:
    auth = _client(sandbox)
    for operation in WRITES:
        sandbox.fail(Fault(operation, status=403))
        with pytest.raises(PermissionDeniedError) as caught:
            ask_once(kind, operation, url=sandbox.url, auth=auth)
        assert "API key" in caught.value.message, operation
        assert "ImpersonatedUser" in caught.value.message, operation


@pytest.mark.parametrize("who", ["key", "user", "machine"])
def test_other_refusals_say_nothing_of_machines(sandbox: Sandbox, who: str) -> None:
    auth = {
        "key": ApiKey(sandbox.api_key),
        "user": ImpersonatedUser(sandbox.client_id, sandbox.client_secret, user_id=sandbox.users[0].id),
        "machine": _client(sandbox),
    }[who]
    for operation in READS if who == "machine" else OPERATIONS:
        sandbox.fail(Fault(operation, status=403))
        with pytest.raises(PermissionDeniedError) as caught:
            ask_once("sync", operation, url=sandbox.url, auth=auth)
        assert "ImpersonatedUser" not in caught.value.message, operation


def test_a_vault_that_knows_no_better_is_not_asked_for_ever(sandbox: Sandbox, kind: Kind) -> None:
    asked = []

    def fetch() -> str:
        asked.append(1)
        return "key-of-yesterday"

    with pytest.raises(AuthenticationError):
        run(kind, _list, url=sandbox.url, auth=TokenCallable(fetch))
    assert len(asked) == 2
    assert len(sandbox.ledger) == 1


def test_with_a_client_of_ones_own(sandbox: Sandbox, kind: Kind) -> None:
    """The tenant's way to sign in wins over that of the given httpx client."""

    async def ask_async() -> int:
        async with httpx.AsyncClient(auth=("user", "word"), trust_env=False, follow_redirects=True) as http:
            return await _list(asking_async(AsyncTenant(sandbox.url, auth=_client(sandbox), http_client=http)))

    if kind == "sync":
        with httpx.Client(auth=("user", "word"), trust_env=False, follow_redirects=True) as sync_http:
            tenant = Tenant(sandbox.url, auth=_client(sandbox), http_client=sync_http)
            assert len(list(tenant.connections.list(list_all=True))) == 5
    else:
        assert anyio.run(ask_async, backend=kind) == 5

"""A function that gives the token, and what goes wrong in it."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import pytest

from exchange.scripted import ASYNC_KINDS, CREATE, Ask, Kind, Service, answers, ask_once, run, success
from qlik_automation_connections import ApiKey, AuthenticationError, ConfigurationError, TokenCallable

GET = "getAutomationConnection"
RUBBISH = "rubbish of a vault\r\nX-More: 1"


class VaultError(Exception):
    pass


def _down() -> str:
    raise VaultError("the vault is down")


async def _down_async() -> str:
    raise VaultError("the vault is down")


def test_it_is_asked_for_each_request(kind: Kind) -> None:
    tokens = iter(["token-1", "token-2"])

    async def twice(ask: Ask) -> None:
        await ask(GET)
        await ask(GET)

    service = Service(success(GET))
    run(kind, twice, service, auth=TokenCallable(lambda: next(tokens)))
    assert [request.headers["authorization"] for request in service.requests] == ["Bearer token-1", "Bearer token-2"]


def test_it_is_asked_once_more_after_a_401(kind: Kind) -> None:
    tokens = [f"token-{number}" for number in range(1, 7)]
    auth = TokenCallable(lambda: tokens.pop(0))
    refuses, renews = Service(answers(401)), Service(answers(401), success(GET))
    with pytest.raises(AuthenticationError):
        ask_once(kind, GET, refuses, auth=auth)
    assert ask_once(kind, GET, renews, auth=auth, retries=0).id == "c-1"
    sent = [request.headers["authorization"] for service in (refuses, renews) for request in service.requests]
    assert sent == [f"Bearer token-{number}" for number in range(1, 5)]


def test_what_it_raises_reaches_the_caller_and_nothing_is_sent(kind: Kind) -> None:
    service = Service(success(CREATE))
    for function in (_down,) if kind == "sync" else (_down, _down_async):
        with pytest.raises(VaultError, match="the vault is down"):
            ask_once(kind, CREATE, service, auth=TokenCallable(function))
    assert service.requests == []


@pytest.mark.parametrize(
    "rubbish", ["", " ", RUBBISH, "Bearer rubbish", "rubbish\n", "rübbish", None, 4711, b"rubbish"]
)
def test_rubbish_is_refused_and_not_shown(rubbish: Any, kind: Kind) -> None:
    async def fetch() -> Any:
        return rubbish

    functions: list[Callable[[], Any]] = [lambda: rubbish]
    if kind != "sync":
        functions.append(fetch)
    service = Service(success(CREATE))
    for function in functions:
        with pytest.raises(ConfigurationError) as caught:
            ask_once(kind, CREATE, service, auth=TokenCallable(function))
        shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
        assert not any(piece in shown for piece in ("rubbish of a vault", "X-More", "rübbish", "4711"))
    assert service.requests == []


def test_an_async_one_is_for_the_async_tenant() -> None:
    async def fetch() -> str:
        return "token-1"

    service = Service(success(GET))
    with pytest.raises(ConfigurationError, match="AsyncTenant"):
        ask_once("sync", GET, service, auth=TokenCallable(fetch))
    assert service.requests == []


@pytest.mark.parametrize("kind", ASYNC_KINDS)
def test_what_is_called_and_awaited(kind: Kind) -> None:
    class Vault:
        async def __call__(self) -> str:
            return "token-1"

    service = Service(success(GET))
    for vault in (Vault(), Vault().__call__):
        ask_once(kind, GET, service, auth=TokenCallable(vault))
    assert [request.headers["authorization"] for request in service.requests] == ["Bearer token-1"] * 2


def test_what_can_not_be_called_is_refused() -> None:
    functions: list[Any] = [None, "token", 5]
    for function in functions:
        with pytest.raises(ConfigurationError, match="function"):
            TokenCallable(function)


def test_a_key_that_can_not_be_one_is_refused() -> None:
    keys: list[Any] = ["", " ", "key\n", "two words", "Bearer key", "schlüssel", "key\x00", None, 5, b"key"]
    for key in keys:
        with pytest.raises(ConfigurationError, match="API key"):
            ApiKey(key)

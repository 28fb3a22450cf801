"""Operations asked for with marked secrets."""

from __future__ import annotations

from typing import Any

from exchange.scripted import CREATE, KINDS, OPERATIONS, Ask, Kind, Reply, Service, answers, run
from leaks import marked
from qlik_automation_connections import OAuthClient, RetryPolicy

__all__ = ["KINDS", "OPERATIONS", "errors_of", "outcomes_of"]

UPDATE = "updateAutomationConnection"
TOKEN = answers(200, content={"access_token": marked.ACCESS_TOKEN, "expires_in": 3600})


def outcomes_of(
    kind: Kind,
    reply: Reply,
    *,
    operations: tuple[str, ...] = OPERATIONS,
    oauth: bool = False,
    token: Reply = TOKEN,
    difficult: bool = False,
) -> list[Any]:
    """The result or the exception of each operation; every failure that may be is tried again once.

    Args:
        kind: which client, and for an async one what it runs on.
        reply: what every request for an operation is answered.
        operations: which are asked for.
        oauth: whether to sign in with an OAuth client, not with a key.
        token: what the token endpoint answers.
        difficult: whether the secrets have characters that are written otherwise in some places.
    """
    key, secret, param = (
        (marked.DIFFICULT_API_KEY, marked.DIFFICULT_CLIENT_SECRET, marked.DIFFICULT_PARAM_SENT)
        if difficult
        else (marked.API_KEY, marked.CLIENT_SECRET, marked.PARAM_SENT)
    )
    arguments: dict[str, dict[str, Any]] = {
        CREATE: {"params": {"password": param}},
        UPDATE: {"params": [{"id": "p-1", "value": param}]},
    }

    async def ask_for_all(ask: Ask) -> list[Any]:
        outcomes: list[Any] = []
        for operation in operations:
            try:
                outcomes.append(await ask(operation, **arguments.get(operation, {})))
            except Exception as error:  # noqa: BLE001 - every failure is looked at
                outcomes.append(error)
        return outcomes

    options: dict[str, Any] = {"retries": RetryPolicy(retries=1, backoff=0)}
    if oauth:
        options["auth"] = OAuthClient("client-1", secret)
    else:
        options["api_key"] = key
    return run(kind, ask_for_all, Service(reply, tokens=(token,)), **options)


def errors_of(kind: Kind, reply: Reply, **options: Any) -> list[BaseException]:
    """The exceptions of operations that all fail."""
    outcomes = outcomes_of(kind, reply, **options)
    assert outcomes
    assert all(isinstance(outcome, BaseException) for outcome in outcomes)
    return outcomes

"""What is refused before anything is sent is not repeated where it is a secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exchange.scripted import KINDS, URL, Ask, Kind, Service, answers, ask_once, run
from leaks import marked, shown
from looping import for_each, in_turn
from qlik_automation_connections import (
    ApiKey,
    AsyncTenant,
    ConfigurationError,
    ImpersonatedUser,
    OAuthClient,
    Tenant,
    TokenCallable,
)

MAKERS = [Tenant, AsyncTenant]
BROKEN = [f"{marked.API_KEY}\n", f"{marked.API_KEY}\r\nX-More: 1", f"Bearer {marked.API_KEY}", f"{marked.API_KEY}ü"]


def _refused(act: Callable[[], Any], words: str = r"\w") -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        act()
    assert marked.found_in(shown.of_error(caught.value)) == {}


@for_each("make", MAKERS)
@for_each("key", BROKEN)
def test_a_key_that_can_not_be_one(make: type[Tenant] | type[AsyncTenant], key: str) -> None:
    _refused(lambda: make(URL, api_key=key))
    _refused(lambda: make.from_env({"QLIK_TENANT_URL": URL, "QLIK_API_KEY": f"{key}x y"}))


@for_each(
    "act",
    [
        lambda: Tenant("", api_key=marked.API_KEY),
        lambda: AsyncTenant(URL),
        lambda: ApiKey(""),
        lambda: OAuthClient("", marked.CLIENT_SECRET),
        lambda: ImpersonatedUser("client-1", marked.CLIENT_SECRET),
        lambda: TokenCallable(None),  # type: ignore[arg-type]
    ],
)
def test_tracebacks_with_local_variables(act: Callable[[], Any]) -> None:
    """The frames in which it was refused, and what they hold, are not among those that are shown."""
    with pytest.raises(ConfigurationError) as caught:
        act()
    texts = {"rich": shown.rich_traceback(caught.value), "standard": shown.standard_traceback(caught.value)}
    assert all("ConfigurationError" in text for text in texts.values())
    assert marked.found_in(texts) == {}


@for_each("make", MAKERS)
def test_a_good_key_with_a_wrong_setting(make: type[Tenant] | type[AsyncTenant]) -> None:
    for wrong in (
        {"timeout": -1},
        {"retries": "many"},
        {"api_version": "v0"},
        {"verify": 5},
        {"verify": "/not/there"},
        {"http_client": 5},
        {"auth": ApiKey(marked.API_KEY)},
        {"auth": 5},
        {"automations_auth": marked.CLIENT_SECRET},
    ):
        _refused(lambda wrong=wrong: make(URL, api_key=marked.API_KEY, **wrong))  # type: ignore[misc]
    for url in ("", "http://tenant.example", "https://tenant.example/path", 5):
        _refused(lambda url=url: make(url, api_key=marked.API_KEY))  # type: ignore[misc]


@pytest.mark.parametrize("make", MAKERS)
def test_a_key_given_twice(make: type[Tenant] | type[AsyncTenant], monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"QLIK_TENANT_URL": URL, "QLIK_API_KEY": marked.API_KEY}
    _refused(lambda: make.from_env(environment, api_key=marked.API_KEY))  # type: ignore[call-arg]
    _refused(lambda: make.from_env(environment, timeout=-1))
    machine = {
        "QLIK_AUTOMATIONS_OAUTH_CLIENT_ID": "client-1",
        "QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET": marked.CLIENT_SECRET,
    }
    _refused(lambda: make.from_env({**environment, **machine}, timeout=-1))
    for half in machine:
        _refused(lambda half=half: make.from_env({**environment, half: machine[half]}))  # type: ignore[misc]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    _refused(lambda: make.from_env(timeout=-1))
    monkeypatch.delenv("QLIK_TENANT_URL")
    _refused(make.from_env)


@for_each("make", MAKERS)
@for_each("ending", ["", "/", "/path", "?x", "#x"])
@for_each("host", ["tenant.example", "", "[", "[::1", "acme:port", "localhost"])
@for_each("scheme", ["https://", "http://", "ftp://", "", "://", "https:", "https:///", "HTTPS:/"])
def test_a_password_in_the_address(make: type[Tenant] | type[AsyncTenant], scheme: str, host: str, ending: str) -> None:
    _refused(lambda: make(f"{scheme}user:{marked.PASSWORD}@{host}{ending}", api_key=marked.API_KEY))


@for_each("make", MAKERS)
@for_each("scheme", ["ftp", "nonsense", ""])
def test_a_password_of_a_proxy(make: type[Tenant] | type[AsyncTenant], scheme: str) -> None:
    proxy = f"{scheme}://user:{marked.PASSWORD}@proxy.example:8080"
    _refused(lambda: make(URL, api_key=marked.API_KEY, proxy=proxy))


def test_credentials_of_a_client() -> None:
    for secret in BROKEN:
        _refused(lambda secret=secret: OAuthClient("client-1", secret))  # type: ignore[misc]
        _refused(lambda secret=secret: ImpersonatedUser("client-1", secret, user_id="u-1"))  # type: ignore[misc]
    _refused(lambda: OAuthClient("", marked.CLIENT_SECRET))
    _refused(lambda: ImpersonatedUser("", marked.CLIENT_SECRET, user_id="u-1"))
    _refused(lambda: ImpersonatedUser("client-1", marked.CLIENT_SECRET))


@for_each("token", [*BROKEN, [marked.API_KEY], {"key": marked.API_KEY}, marked.API_KEY.encode()])
@in_turn
def test_what_a_vault_returned(token: Any, kind: Kind) -> None:
    async def fetch() -> Any:
        return token

    for function in (lambda: token,) if kind == "sync" else (lambda: token, fetch):
        _refused(
            lambda function=function: ask_once(  # type: ignore[misc]
                kind, "getAutomationConnection", Service(answers(500)), auth=TokenCallable(function)
            )
        )


WRONG_PARAMS: list[Any] = [
    {"password": [marked.PARAM_SENT]},
    {"password": marked.PARAM_SENT.encode()},
    {"password": marked.PARAM_SENT, "port": 25},
    {"password": marked.PARAM_SENT, "more": None},
    {"password": marked.PARAM_SENT + "\ud800"},
    {5: marked.PARAM_SENT},
    [{"password": marked.PARAM_SENT}],
    [{"name": "password", "value": marked.PARAM_SENT, "more": 1}],
    [{"id": "p-1", "value": {"x": marked.PARAM_SENT}}, {"name": "password", "value": {"x": marked.PARAM_SENT}}],
    [("password", marked.PARAM_SENT)],
    [marked.PARAM_SENT],
    marked.PARAM_SENT,
    marked.PARAM_SENT.encode(),
    {marked.PARAM_SENT},
]


@for_each("params", WRONG_PARAMS)
@for_each("operation", ["createAutomationConnection", "updateAutomationConnection"])
@in_turn
def test_params_that_can_not_be_sent(operation: str, params: Any, kind: Kind) -> None:
    service = Service(answers(500))

    async def ask_so(ask: Ask) -> None:
        await ask(operation, params=params)

    _refused(lambda: run(kind, ask_so, service, api_key=marked.API_KEY))
    assert service.requests == []


@pytest.mark.parametrize("kind", KINDS)
def test_good_params_with_another_wrong_argument(kind: Kind) -> None:
    good = {"password": marked.PARAM_SENT}
    service = Service(answers(200, content={"id": "c-1", "params": [{"id": "p-1", "name": "other"}]}))
    for operation, arguments in (
        ("createAutomationConnection", {"params": good, "space_id": 5}),
        ("createAutomationConnection", {"params": good, "name": 5}),
        ("createAutomationConnection", {"params": good, "connector_id": " "}),
        ("createAutomationConnection", {"params": good, "timeout": -1}),
        ("updateAutomationConnection", {"params": good, "name": 5}),
        ("updateAutomationConnection", {"params": good, "timeout": -1}),
    ):

        async def ask_so(ask: Ask, operation: str = operation, arguments: Any = arguments) -> None:
            await ask(operation, **arguments)

        _refused(lambda ask_so=ask_so: run(kind, ask_so, service, api_key=marked.API_KEY))  # type: ignore[misc]
    assert service.requests == []


@for_each(
    "params",
    [[], [{"id": "p", "name": "other"}], [{"name": "password"}], [{"id": id, "name": "password"} for id in "pq"]],
)
@in_turn
def test_good_params_of_a_name_that_says_nothing(params: list[dict[str, str]], kind: Kind) -> None:
    service = Service(answers(200, content={"id": "c-1", "params": params}))

    async def update(ask: Ask) -> None:
        await ask("updateAutomationConnection", params={"password": marked.PARAM_SENT})

    _refused(lambda: run(kind, update, service, api_key=marked.API_KEY), "password")
    assert [request.method for request in service.requests] == ["GET"]


CONTEXTS = {"prod": {"server": URL, "headers": {"Authorization": f"Bearer {marked.API_KEY}"}}}


@pytest.mark.parametrize(
    "text",
    [
        f"contexts: [{marked.PASSWORD}",
        f"contexts:\n\tprod: {marked.PASSWORD}",
        f"contexts: {{prod: {{key: *{marked.PASSWORD}}}}}",
        f"contexts: {marked.PASSWORD}",
        f"contexts: {{prod: {marked.PASSWORD}}}",
        f"contexts: {{prod: {{server: two words, headers: {{Authorization: {marked.PASSWORD}}}}}}}",
        f"contexts: {{prod: {{server: 'https://u:{marked.PASSWORD}@h', headers: {{Authorization: x}}}}}}",
        f"contexts: {{prod: {{server: 'https://h', headers: {{Authorization: Basic {marked.PASSWORD}}}}}}}",
        f"contexts: {{prod: {{server: 'https://h', oauth-client-secret: {marked.PASSWORD}}}}}",
        f"contexts: {{prod: {{server: 'https://h', oauth-client-id: x, oauth-client-secret: {marked.PASSWORD} x}}}}",
        json.dumps({"contexts": CONTEXTS, "current-context": ["prod"]}),
        json.dumps({"contexts": CONTEXTS, "current-context": "gone"}),
        json.dumps({"contexts": {"prod": {**CONTEXTS["prod"], "insecure": True}}, "current-context": "prod"}),
        json.dumps({"contexts": {"prod": {**CONTEXTS["prod"], "server-type": "windows"}}, "current-context": "prod"}),
    ],
)
def test_contexts(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".qlik").mkdir()
    (tmp_path / ".qlik" / "contexts.yml").write_text(text)
    monkeypatch.setenv("QLIK_CLI_USER_HOME_DIR", str(tmp_path))
    _refused(lambda: Tenant.from_context(None if "current-context" in text else "prod"))

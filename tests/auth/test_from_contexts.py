"""A tenant from the contexts of Qlik's command line."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import httpx
import pytest

from exchange.scripted import Service, success
from qlik_automation_connections import AsyncTenant, ConfigurationError, InsecureTransportWarning, Tenant
from qlik_automation_connections.sandbox import Sandbox

SECRETS = ("key-4711", "secret-4711")
PROD = {
    "server": "https://prod.example",
    "server-type": "cloud",
    "headers": {"Authorization": "Bearer key-4711"},
    "comment": "for all",
}
MACHINE = {"server": "https://machine.example", "oauth-client-id": "client-1", "oauth-client-secret": "secret-4711"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QLIK_CLI_USER_HOME_DIR", str(tmp_path))
    return tmp_path


def _write(home: Path, contexts: Any, current: Any = None) -> Path:
    text = json.dumps({"current-context": current, "contexts": contexts})
    return _write_text(home, text)


def _write_text(home: Path, text: str | bytes) -> Path:
    folder = home / ".qlik"
    folder.mkdir(exist_ok=True)
    file = folder / "contexts.yml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def _sent(name: str | None = None, **options: Any) -> Service:
    service = Service(success("getAutomationConnection"))
    with httpx.Client(transport=httpx.MockTransport(service)) as http:
        Tenant.from_context(name, http_client=http, **options).connections.get("c-1")
    return service


def _refusal(name: str | None = None, **options: Any) -> str:
    for make in (Tenant, AsyncTenant):
        with pytest.raises(ConfigurationError) as caught:
            make.from_context(name, **options)
        for secret in SECRETS:
            assert secret not in caught.value.message
    return caught.value.message


def test_a_named_context_and_the_current_one(home: Path) -> None:
    _write(home, {"prod": PROD, "machine": MACHINE}, "machine")
    named, current = _sent("prod"), _sent()
    assert named.requests[0].url.host == "prod.example"
    assert named.requests[0].headers["authorization"] == "Bearer key-4711"
    assert current.requests[0].url.host == "machine.example"
    assert json.loads(current.sign_ins[0].content)["client_secret"] == "secret-4711"


def test_a_file_as_the_command_line_writes_it(home: Path) -> None:
    _write_text(
        home,
        """\
contexts:
  prod:
    comment: ""
    headers:
      Authorization: Bearer key-4711
    server: https://prod.example
    server-type: cloud
current-context: prod
""",
    )
    assert _sent().requests[0].headers["authorization"] == "Bearer key-4711"


def test_the_key_with_and_without_bearer(home: Path) -> None:
    for headers in (
        {"Authorization": "Bearer key-4711"},
        {"Authorization": "bearer key-4711"},
        {"Authorization": "BEARER key-4711"},
        {"authorization": "Bearer  key-4711 "},
        {"Authorization": "key-4711"},
        {"X-Other": "1", "AUTHORIZATION": " key-4711\n"},
    ):
        _write(home, {"prod": {**PROD, "headers": headers}})
        assert _sent("prod").requests[0].headers["authorization"] == "Bearer key-4711", headers


def test_a_home_without_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QLIK_CLI_USER_HOME_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    _write(tmp_path, {"prod": PROD}, "prod")
    assert _sent().requests[0].url.host == "prod.example"


def test_the_variable_wins_over_the_home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    _write(other, {"prod": MACHINE}, "prod")
    _write(home, {"prod": PROD}, "prod")
    assert _sent().requests[0].url.host == "prod.example"


def test_no_file(home: Path) -> None:
    message = _refusal("prod")
    assert str(home / ".qlik" / "contexts.yml") in message
    assert "QLIK_CLI_USER_HOME_DIR" in message


def test_a_file_that_can_not_be_read(home: Path) -> None:
    (home / ".qlik" / "contexts.yml").mkdir(parents=True)
    assert "can't be read" in _refusal("prod")
    assert (home / ".qlik").stat().st_mode & stat.S_IRUSR


@pytest.mark.parametrize(
    "text",
    [
        "contexts: [key-4711",
        "contexts:\n\tprod: key-4711",
        "a: b: key-4711",
        "!!python/object:os.system key-4711",
        "contexts: {prod: {headers: {Authorization: *key-4711}}}",
        b"\xff\xfe\x00key-4711",
        "contexts: {? [key-4711] : 1}",
        "[" * 1000 + "key-4711",
        "\x00key-4711",
    ],
)
def test_a_file_that_is_no_yaml(home: Path, text: str | bytes) -> None:
    file = _write_text(home, text)
    assert str(file) in _refusal("prod")


def test_a_file_without_contexts(home: Path) -> None:
    for text in ("", "null", "key-4711", "[key-4711]", "{}", "contexts:", "contexts: key-4711", "contexts: [key-4711]"):
        _write_text(home, text)
        assert "contexts" in _refusal("prod")


def test_a_name_that_is_not_there(home: Path) -> None:
    _write(home, {"prod": PROD, "machine": MACHINE})
    message = _refusal("test")
    assert "'test'" in message
    assert "prod, machine" in message


def test_a_current_context_that_is_none(home: Path) -> None:
    for current in (None, ""):
        _write(home, {"prod": PROD, "machine": MACHINE}, current)
        message = _refusal()
        assert "current-context" in message
        assert "prod, machine" in message
    for other in ("gone", 5, ["prod"], {"prod": 1}, True):
        _write(home, {"prod": PROD}, other)
        assert "prod" in _refusal()


def test_a_context_that_is_none(home: Path) -> None:
    for context in (None, "key-4711", ["key-4711"], 5):
        _write(home, {"prod": context})
        assert "'prod'" in _refusal("prod")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"server": None}, "`server`"),
        ({"server": " "}, "`server`"),
        ({"headers": None}, "Authorization"),
        ({"headers": {}}, "Authorization"),
        ({"headers": ["key-4711"]}, "Authorization"),
        ({"headers": {"Authorization": None}}, "Authorization"),
        ({"headers": {"Authorization": "Bearer "}}, "Authorization"),
        (
            {"headers": {"Authorization": "Basic key-4711"}},
            "of the scheme Basic. Qlik Cloud needs `Bearer` and an API key",
        ),
        ({"headers": {"Authorization": "basic key-4711"}}, "of the scheme basic"),
        ({"headers": {"Authorization": "NTLM key-4711"}}, "of the scheme NTLM"),
        # What is no known scheme may be a part of a key.
        ({"headers": {"Authorization": "key-4711 more"}}, "not of the scheme Bearer"),
        ({"headers": None, "oauth-client-id": "client-1"}, "`oauth-client-secret`"),
        ({"headers": None, "oauth-client-secret": "secret-4711"}, "`oauth-client-id`"),
        ({"headers": None, "oauth-client-id": "client-1", "oauth-client-secret": ""}, "`oauth-client-secret`"),
        ({"server-type": "windows"}, "windows"),
        ({"server-type": "engine"}, "engine"),
    ],
)
def test_what_a_context_lacks(home: Path, change: dict[str, Any], said: str) -> None:
    context = {name: value for name, value in {**PROD, **change}.items() if value is not None}
    file = _write(home, {"prod": context})
    message = _refusal("prod")
    assert said in message
    assert "'prod'" in message
    assert str(file) in message


def test_an_address_that_can_not_be_one(home: Path) -> None:
    for server, said in (
        ("http://prod.example", "https"),
        ("ftp://prod.example", "https"),
        ("https://user:secret-4711@prod.example", "password"),
    ):
        _write(home, {"prod": {**PROD, "server": server}})
        assert said in _refusal("prod")


def test_the_kind_of_server_in_any_case(home: Path) -> None:
    for kind in ("Cloud", "CLOUD", " cloud "):
        _write(home, {"prod": {**PROD, "server-type": kind}})
        assert _sent("prod").requests


def test_contexts_that_share_settings_by_a_merge_key(home: Path) -> None:
    _write_text(
        home,
        """\
base: &base
  server-type: cloud
  server: https://base.example
  headers: &headers {Authorization: Bearer key-4711}
contexts:
  prod:
    <<: *base
    server: https://prod.example
  several:
    <<: [{comment: for all}, *base]
current-context: prod
""",
    )
    for name, host in ((None, "prod.example"), ("several", "base.example")):
        request = _sent(name).requests[0]
        assert request.url.host == host
        assert request.headers["authorization"] == "Bearer key-4711"


def test_a_merge_key_of_something_else(home: Path) -> None:
    for merged in ("1", "text", "[1]", "null"):
        _write_text(home, f"contexts:\n  prod:\n    <<: {merged}\n    server: https://prod.example\n")
        assert "contexts.yml" in _refusal("prod")


def test_an_insecure_context_is_refused_without_a_word_on_verification(home: Path) -> None:
    _write(home, {"prod": {**PROD, "insecure": True}})
    message = _refusal("prod")
    assert "insecure" in message
    assert "verify" in message
    with Tenant.from_context("prod", verify=True) as tenant:
        assert tenant.url == "https://prod.example"
    with pytest.warns(InsecureTransportWarning):
        Tenant.from_context("prod", verify=False).close()
    for insecure in (False, None):
        _write(home, {"prod": {**PROD, "insecure": insecure}})
        assert _sent("prod").requests


def test_at_a_tenant(home: Path, sandbox: Sandbox) -> None:
    machine = {"oauth-client-id": sandbox.client_id, "oauth-client-secret": sandbox.client_secret}
    _write(
        home,
        {
            "key": {"server": sandbox.url, "headers": {"Authorization": f"Bearer {sandbox.api_key}"}},
            "machine": {"server": sandbox.url, **machine},
        },
    )
    for name in ("key", "machine"):
        with Tenant.from_context(name, retries=0) as tenant:
            assert len(list(tenant.connections.list(list_all=True))) == 5

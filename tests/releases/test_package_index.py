"""Where packages come from: pip's settings hold for uv too, and their hosts may be in no published file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from releasing import package_index


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """pip and npm that are told nothing but what a test sets."""
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_CERT", "SSL_CERT_FILE", "UV_INDEX",
                 "UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(package_index, "_ask", lambda *command: "")
    yield from cleared()


def cleared() -> Iterator[None]:
    package_index._pip_settings.cache_clear()
    package_index.hosts.cache_clear()
    yield
    package_index._pip_settings.cache_clear()
    package_index.hosts.cache_clear()


def test_what_pip_is_told_in_the_environment_uv_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example.org/simple")
    assert package_index.environment()["UV_DEFAULT_INDEX"] == "https://index.example.org/simple"


def test_what_pip_is_told_in_a_file_uv_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = "global.index-url='https://index.example.org/simple'\nglobal.cert='/certificates.pem'\nfreeze.timeout='1'"
    monkeypatch.setattr(package_index, "_ask", lambda *command: listed if "pip" in command else "")
    found = package_index.environment(MORE="1")
    assert found["UV_DEFAULT_INDEX"] == "https://index.example.org/simple"
    assert found["SSL_CERT_FILE"] == "/certificates.pem"
    assert found["MORE"] == "1"


@pytest.mark.parametrize("variable", ["UV_DEFAULT_INDEX", "UV_INDEX_URL"])
def test_what_uv_is_told_itself_stays(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example.org/simple")
    monkeypatch.setenv(variable, "https://other.example.org/simple")
    found = package_index.environment()
    assert found[variable] == "https://other.example.org/simple"
    assert "https://index.example.org/simple" not in (found.get("UV_DEFAULT_INDEX"), found.get("UV_INDEX_URL"))


def test_without_settings_uv_is_told_nothing() -> None:
    found = package_index.environment()
    assert not {"UV_DEFAULT_INDEX", "UV_INDEX_URL", "SSL_CERT_FILE"} & found.keys()


def test_the_hosts_of_all_settings_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://user:word@One.example.org/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "http://127.0.0.1:3141/a https://two.example.org/ file:///wheels")
    monkeypatch.setenv("UV_INDEX", "inside=https://three.example.org/simple")
    monkeypatch.setattr(package_index, "_ask", lambda *command: "https://four.example.org/" if "npm" in command else "")
    hosts = package_index.hosts()
    expected = {"one.example.org", "127.0.0.1:3141", "two.example.org", "three.example.org", "four.example.org"}
    assert expected < hosts
    (public,) = hosts - expected
    assert public.count(".") == 1

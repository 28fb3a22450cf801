"""What must not be in a published file is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.releases import forbidden

SLASH, BACKSLASH = chr(47), chr(92)
HOME = f"{SLASH}home{SLASH}"
CASSETTE = "tests/recorded/cassettes/x.yaml"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://user:word@index.example.org/simple")


def test_it_is_found_and_not_repeated() -> None:
    for name, text in (
        ("a.md", f"see {HOME}someone/project"),
        ("a.md", f"{SLASH}Users{SLASH}someone"),
        ("a.md", f"C:{BACKSLASH}Users{BACKSLASH}someone"),
        ("a.md", "https://index.example.org/simple"),
        ("a.md", "see //files.index.example.org, there"),
        ("a.lock", f'url = "https:{SLASH}{SLASH}files.pythonhosted.org/packages/a.whl"'),
        (CASSETTE, "Authorization: x"),
        (CASSETTE, "set-cookie: a=b"),
    ):
        found = list(forbidden.found({name: f"one\n{text}\n".encode(), "b.md": b"fine"}))
        assert [(line.startswith(name), text in line) for line in found] == [(True, False)], text


def test_what_only_looks_like_it_is_not() -> None:
    for text in (
        f"https://example.com{HOME}page",
        f"tenant{HOME}x",
        "/homes/x",
        "https://index.example.org.example.com/",
    ):
        assert list(forbidden.found({"a.md": text.encode()})) == []


def test_a_folder_of_this_machine_is_found_in_what_is_no_text(tmp_path: Path) -> None:
    content = b"\xff\x00" + str(tmp_path).encode() + b"\xfe"
    assert f"a.bin: {tmp_path}" in list(forbidden.found({"a.bin": content}, tmp_path))

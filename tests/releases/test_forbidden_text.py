"""What must not be in a published file."""

from __future__ import annotations

from pathlib import Path

import pytest

from releasing import forbidden_text

HOST = "index.example.org"
SLASH, BACKSLASH = chr(47), chr(92)
HOME = f"{SLASH}home{SLASH}"


def found(text: str, name: str = "docs/page.md", paths: tuple[str, ...] = ()) -> list[str]:
    return list(forbidden_text.complaints({name: text.encode()}, paths, [HOST, "127.0.0.1:3141"]))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"see {HOME}someone/project", f"{HOME}s"),
        (f"{SLASH}Users{SLASH}someone", f"{SLASH}Users{SLASH}s"),
        (f"C:{BACKSLASH}Users{BACKSLASH}someone", f"C:{BACKSLASH}Users{BACKSLASH}"),
        (f"C:{BACKSLASH * 2}Users{BACKSLASH * 2}someone", f"C:{BACKSLASH * 2}Users{BACKSLASH}"),
    ],
)
def test_a_folder_of_somebody_is_found(text: str, shown: str) -> None:
    assert found(f"one\n{text}\n") == [f"docs/page.md:2 holds a path of somebody's machine: {shown}"]


@pytest.mark.parametrize(
    "text", [f"https://example.com{HOME}page", f"tenant{HOME}x", f"{HOME}", "/homes/x", "C:/Users"]
)
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"https://{HOST}/simple/x",
        f"http://user:word@{HOST}",
        f"see //{HOST}, there",
        f"https://files.{HOST}/x.whl",
        f"HTTPS://{HOST.upper()}:443/",
        "http://127.0.0.1:3141/root",
    ],
)
def test_a_host_of_a_registry_is_found(text: str) -> None:
    (complaint,) = found(text)
    assert "user:word" not in complaint


@pytest.mark.parametrize(
    "text",
    [f"https://{HOST}.example.com/", f"https://my-{HOST}x/", "http://127.0.0.1:31410/", "http://127.0.0.1/", HOST],
)
def test_another_host_is_none(text: str) -> None:
    assert found(text) == []


def test_a_path_of_this_machine_is_found_in_what_is_no_text() -> None:
    content = b"\xff\x00" + b"/somewhere/built/here" + b"\xfe"
    assert list(forbidden_text.complaints({"a.bin": content}, ["/somewhere/built"], [HOST])) == [
        "a.bin holds /somewhere/built, a path of this machine"
    ]


def test_the_folders_of_this_machine_are_known_and_short_ones_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/somebody"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/tmp")
    paths = forbidden_text.machine_paths(tmp_path)
    assert {str(tmp_path), "/somebody/"} <= paths
    assert not {"/tmp", "/somebody", "/"} & paths


@pytest.mark.parametrize("text", ["Authorization: x", "Bearer abc", "set-cookie: a=b", "eyJhbGciOiJIUzI1NiJ9.x"])
def test_a_credential_in_a_recorded_answer_is_found_and_not_repeated(text: str) -> None:
    (complaint,) = found(f"\n{text}", "tests/recorded/cassettes/sync/x.yaml")
    assert complaint == "tests/recorded/cassettes/sync/x.yaml:2 may hold a credential"
    assert found(text, "tests/sign_in/test_x.py") == []

"""Lock files, and the hosts that they must not name."""

from __future__ import annotations

from pathlib import Path

import pytest

from releasing import lock_files, sources

ROOT = Path(__file__).resolve().parents[2]
HOST = "https://index.example.org"


@pytest.mark.parametrize(
    "name",
    [
        "uv.lock",
        "a/poetry.lock",
        "package-lock.json",
        "npm-shrinkwrap.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "pylock.toml",
        "pylock.dev.toml",
        "requirements.txt",
        "dev-requirements.txt",
        "requirements-dev.txt",
        "constraints.txt",
        ".npmrc",
        "pip.conf",
        "bun.lockb",
    ],
)
def test_a_lock_file_is_known_by_its_name(name: str) -> None:
    assert lock_files.is_lock_file(name)


@pytest.mark.parametrize(
    "name", ["requirements.md", "package.json", "locks.py", "test_lock_files.py", "notes.txt", "lock"]
)
def test_other_files_are_none(name: str) -> None:
    assert not lock_files.is_lock_file(name)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("package-lock.json", f'      "resolved": "{HOST}/a/-/a-1.0.0.tgz",'),
        ("uv.lock", f'source = {{ registry = "{HOST}/simple" }}'),
        ("uv.lock", f'    {{ url = "{HOST}/packages/a-1.0-py3-none-any.whl", hash = "sha256:0" }},'),
        ("pylock.toml", f'index = "{HOST}/"'),
        ("requirements.txt", f"--index-url {HOST}/"),
        ("requirements.txt", f"-i {HOST}"),
        ("constraints.txt", f"a @ {HOST}/a-1.0.tar.gz"),
        ("poetry.lock", f'url = "{HOST}/simple"'),
        (".npmrc", f"@scope:registry={HOST}/"),
        ("yarn.lock", f'  resolved "{HOST}/a.tgz#0"'),
    ],
)
def test_a_host_is_found_with_its_line(name: str, line: str) -> None:
    (complaint,) = lock_files.complaints({name: f"first\n{line}\n".encode()})
    assert complaint.startswith(f"{name}:2 names where packages are fetched: ")
    assert HOST in complaint
    assert list(lock_files.complaints({"other.md": line.encode()})) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "package-lock.json",
            '"funding": {"url": "https://example.org/sponsors"}, "resolved": "a", "integrity": "sha512-x"',
        ),
        ("requirements.txt", "# see https://example.org/why\na==1.0 --hash=sha256:0\n"),
        ("uv.lock", 'source = { editable = "." }\n'),
    ],
)
def test_addresses_of_people_and_pages_are_no_such_hosts(name: str, text: str) -> None:
    assert list(lock_files.complaints({name: text.encode()})) == []


def test_no_lock_file_of_this_project_names_a_host() -> None:
    assert lock_files.complaints_of_tree(ROOT, sources.files_of(ROOT)) == []


def test_a_password_in_an_address_is_not_repeated() -> None:
    (complaint,) = lock_files.complaints(
        {"requirements.txt": b"--index-url https://user:word@index.example.org/simple\n"}
    )
    assert complaint.endswith("https://index.example.org/simple")

"""Environments that are measured: kept while they are asked for, and never a mixture of versions."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import environments
from benchmarks.environments import Environments, PeerMissing
from benchmarks.failure import BenchmarkError
from releasing.environments import Environment
from releasing.failure import ReleaseError


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The requirements of the environments that were made; nothing is installed into them."""
    asked: list[str] = []

    def make(folder: Path, python: Path, requirements: list[str], *_: object, **__: object) -> Environment:
        assert python == Path(sys.executable)
        assert "--compile-bytecode" in requirements
        folder.mkdir(parents=True)
        asked.append(requirements[0])
        return Environment(folder)

    monkeypatch.setattr("releasing.environments.make", make)
    monkeypatch.setattr(environments, "told", lambda *_: {"Python": "3.99"})
    return asked


def with_wheel(folder: Path, name: str) -> Environments:
    wheel = folder / name / "package-1-py3-none-any.whl"
    return Environments(folder, folder / "bench", wheel=wheel)


def test_an_environment_is_made_once_for_a_wheel(made: list[str], tmp_path: Path) -> None:
    first = with_wheel(tmp_path, "a").ours("speed")
    assert with_wheel(tmp_path, "a").ours("speed") == first
    assert len(made) == 1
    assert made[0].startswith("qlik-automation-connections[speed] @ file:")
    others = {with_wheel(tmp_path, "a").ours(), with_wheel(tmp_path, "b").ours("speed")}
    assert first not in others
    assert len(made) == 3


def test_one_that_was_not_finished_is_made_anew(made: list[str], tmp_path: Path) -> None:
    python = with_wheel(tmp_path, "a").ours()
    (python.parents[1] / ".whole").unlink()
    with_wheel(tmp_path, "a").ours()
    assert len(made) == 2


def test_those_of_old_wheels_are_removed(made: list[str], tmp_path: Path) -> None:
    kept = with_wheel(tmp_path, "with another extra").ours("cli").parents[1]
    folders = []
    for number in range(5):
        folders.append(with_wheel(tmp_path, str(number)).ours("speed").parents[1])
        os.utime(folders[-1] / ".whole", (number, number))
    assert [folder.is_dir() for folder in folders] == [False, False, True, True, True]
    assert kept.is_dir()


def test_environments_of_different_days_are_not_mixed(
    made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = iter(["0.28.1", "0.29.0"])
    monkeypatch.setattr(environments, "told", lambda *_: {"httpx": next(versions)})
    both = with_wheel(tmp_path, "a")
    both.ours()
    with pytest.raises(BenchmarkError, match=r"httpx is 0\.28\.1 in one environment and 0\.29\.0 in another: remove"):
        both.ours("speed")


def test_what_can_not_be_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def make(*_: Any, **__: Any) -> Environment:
        raise ReleaseError("It ended with 1.", "Look.")

    monkeypatch.setattr("releasing.environments.make", make)
    with pytest.raises(PeerMissing, match="can't be installed here"):
        with_wheel(tmp_path, "a").qlik_sdk()
    with pytest.raises(BenchmarkError, match=r"It ended with 1\."):
        with_wheel(tmp_path, "a").ours()


def test_a_client_for_node_needs_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(PeerMissing, match="not installed here"):
        with_wheel(tmp_path, "a").node_client(tmp_path / "list.mjs", tmp_path / "package.json")

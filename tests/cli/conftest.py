"""A sandbox to run commands at, and what commands in this process meet otherwise."""

import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import _NamedTextIOWrapper

from cli.invoking import At
from qlik_automation_connections._exchange import drivers
from qlik_automation_connections._interruption import Interruption
from qlik_automation_connections.sandbox import Sandbox


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[At]:
    """Runs commands at a sandbox of 12 connections; what they keep for later is forgotten after the test."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with Sandbox(connections=12) as sandbox:
        yield At(sandbox)


@pytest.fixture
def printing_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output of commands in this process is a terminal, standard error stays a pipe, without a bar."""
    monkeypatch.setattr(_NamedTextIOWrapper, "isatty", lambda stream: stream.name == "<stdout>")


@pytest.fixture
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once."""
    monkeypatch.setattr(Interruption, "sleep", lambda self, seconds: None)
    monkeypatch.setattr(drivers, "time", SimpleNamespace(**{**vars(time), "sleep": lambda seconds: None}))

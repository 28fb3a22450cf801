"""Runs the command line as users do, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.invoking import At
from qlik_automation_connections.sandbox import Sandbox

Run = Callable[..., subprocess.CompletedProcess[str]]

QAC = [sys.executable, "-m", "qlik_automation_connections"]
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name not in ("COLUMNS", "FORCE_COLOR", "TERM")},
    "PYTHONIOENCODING": "utf-8",
}


@pytest.fixture
def run() -> Run:
    """Runs `qac` with arguments until it ends."""

    def run_to_the_end(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*QAC, *arguments],
            capture_output=True,
            encoding=environment.get("PYTHONIOENCODING", "utf-8"),
            env={**ENVIRONMENT, **environment},
            timeout=30,
        )

    return run_to_the_end


@pytest.fixture
def run_python() -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Runs Python source in a fresh interpreter."""

    def run_source(source: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", source], capture_output=True, encoding="utf-8", env=ENVIRONMENT, timeout=30
        )

    return run_source


@pytest.fixture
def start() -> Callable[..., subprocess.Popen[str]]:
    """Starts `qac` with arguments."""

    def start_with(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*QAC, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**ENVIRONMENT, **environment},
        )

    return start_with


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[At]:
    """Runs commands at a sandbox of 12 connections; what they keep for later is forgotten after the test."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with Sandbox(connections=12) as sandbox:
        yield At(sandbox)

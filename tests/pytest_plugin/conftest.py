"""Runs tests of others, in a pytest of their own with this plugin alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

PLUGIN: Final = "qlik_automation_connections.pytest_plugin"
Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs files of tests in a process of their own; warnings are errors."""

    def run_files(*options: str, **files: str) -> pytest.RunResult:
        pytester.makepyfile(**files)
        return pytester.runpytest_subprocess("-p", PLUGIN, "-W", "error", "--strict-markers", *options)

    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return run_files

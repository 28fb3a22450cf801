"""What all tests have in common."""

from __future__ import annotations

import itertools
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import hypothesis
import pytest

from qlik_automation_connections.pacing import _pacer as pacer
from qlik_automation_connections.pacing import _settings as settings
from qlik_automation_connections.pacing._settings import pacing_of
from sampling import mark_ways_of_calling

UNPACED: Final = frozenset({"attack", "auth", "core", "exchange", "leaks"})
"""Folders whose tests meet 429s with clocks of their own, or by the hundred: the pacing would wait for real."""
SLOW_TO_READ: Final = frozenset({"test_schemathesis.py", "test_site.py"})
"""Files whose tests are all exhaustive, and cost seconds to collect."""


# A busy machine is not a fault of the code, hence no deadline.
hypothesis.settings.register_profile("sample", deadline=None, max_examples=5)
hypothesis.settings.register_profile("whole", deadline=None, max_examples=150)

# pytest-xdist runs tests as wide as 80 columns, which is what commands then print to.
for name in ("COLUMNS", "LINES"):
    os.environ.pop(name, None)

# A shell takes Ctrl-C from what it starts in the background, and tests press it.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Tenants refuse these where nothing else names the authorities; programs that tests start may need them.
for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
    if name in os.environ:
        os.environ.setdefault("SSL_CERT_FILE", os.environ[name])


# Commands share their rate limits in the user's state folder. Programs that tests start inherit this one.
_state = tempfile.TemporaryDirectory()
_numbers = itertools.count()
STATE_FOLDERS: Final = ("XDG_STATE_HOME", "LOCALAPPDATA")
for name in STATE_FOLDERS:
    os.environ[name] = _state.name


def pytest_unconfigure() -> None:
    """Remove what commands kept."""
    pacer.forget()
    _state.cleanup()


def pytest_configure(config: pytest.Config) -> None:
    """Draw fewer examples where the exhaustive tests are left out."""
    hypothesis.settings.load_profile("sample" if config.getoption("markexpr") == "not exhaustive" else "whole")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Don't even read what is exhaustive as a whole and slow to read, where it is left out."""
    left_out = config.getoption("markexpr") == "not exhaustive" and collection_path.name in SLOW_TO_READ
    return left_out or None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sample the ways of calling, before `-m` deselects what is exhaustive."""
    mark_ways_of_calling(items)


@pytest.fixture(autouse=True)
def budgets_of_its_own(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test begins with the rate limits untouched: many of them are the same principal at the same address."""
    if request.path.parent.name in UNPACED:
        monkeypatch.setattr(settings, "pacing_of", lambda value: pacing_of("off" if value is None else value))
    for name in STATE_FOLDERS:
        # Made by the first command of the test.
        monkeypatch.setenv(name, str(Path(_state.name, str(next(_numbers)))))
    # No test cuts the power, and waiting for the disk would be a tenth of their time.
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    pacer.forget()
    yield
    pacer.forget()

"""A cassette is written by a test that passed, and by no other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from vcr.request import Request  # type: ignore[import-untyped]
from vcr.serializers import yamlserializer  # type: ignore[import-untyped]

from recorded.leaks import leaks
from recorded.masking import ORIGIN, Masker
from recorded.recording import Recording

CONFTEST = """
from pathlib import Path

import pytest
from recorded.conftest import *


@pytest.fixture(scope="session")
def cassettes():
    return Path(__file__).parent / "cassettes"
"""
TESTS = """
import pytest
from recorded.clients import run


@pytest.mark.vcr
@pytest.mark.block_network
@pytest.mark.parametrize("kind", ["sync", "asyncio"])
@pytest.mark.parametrize("title", ["passes", "fails", "skips", "deviates"])
def test_it(kind, title, place):
    limit = 4 if title == "deviates" and place.replayed else 3

    async def ask(connections):
        return [item async for item in connections.list(limit=limit)]

    run(kind, ask, url=place.url, api_key=place.keys["administrator"])
    assert title != "fails"
    if title == "skips":
        pytest.skip("for no reason")
"""
OLD = "an older recording"


def _pytest(folder: Path, *arguments: str) -> dict[str, int]:
    """Runs the tests in a folder; how many passed, failed, …"""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("QLIK_", "PYTEST_"))}
    environment["PYTHONPATH"] = str(Path(__file__).parents[1])
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "pytest_recording.plugin", "-p", "no:cacheprovider"]
    command += [*arguments, "."]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    *_, summary = run.stdout.splitlines() or [run.stderr]
    counts = [part.split() for part in summary.partition(" in ")[0].split(", ")]
    return {words[1]: int(words[0]) for words in counts}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text(CONFTEST, "utf-8")
    (tmp_path / "test_it.py").write_text(TESTS, "utf-8")
    for kind in ("sync", "async"):
        (tmp_path / "cassettes" / kind).mkdir(parents=True)
        (tmp_path / "cassettes" / kind / "fails.yaml").write_text(OLD, "utf-8")
    return tmp_path


@pytest.mark.exhaustive
def test_only_a_passing_test_writes_its_cassette(folder: Path) -> None:
    assert _pytest(folder, "--record-mode=rewrite") == {"passed": 4, "failed": 2, "skipped": 2}
    for kind in ("sync", "async"):
        cassettes = folder / "cassettes" / kind
        assert {path.stem for path in cassettes.iterdir()} == {"passes", "deviates", "fails"}
        # A failure leaves what was recorded before.
        assert (cassettes / "fails.yaml").read_text("utf-8") == OLD
        assert leaks((cassettes / "passes.yaml").read_text("utf-8")) == []

    # Without a cassette nothing is replayed, and with one nothing else than what it holds.
    expected = {"passed": 2, "failed": 2, "errors": 2, "deselected": 2}
    assert _pytest(folder, "-k", "passes or skips or deviates") == expected


def _hand_over(recording: Recording, name: str) -> None:
    """Has a connection of this name recorded."""
    request = Request("GET", f"{ORIGIN}/api/workflows/automation-connections", "", {})
    response = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": f'{{"name":"{name}"}}'}}
    recording.save_cassette("", {"requests": [request], "responses": [response]}, yamlserializer)


@pytest.mark.parametrize(
    ("name", "secrets"), [("Salaries", ["Salaries"]), ("Salaries", []), ("recorded mail", ["recorded mail"])]
)
def test_a_recording_that_tells_is_not_written(name: str, secrets: list[str], tmp_path: Path) -> None:
    path = tmp_path / "cassette.yaml"
    # A masker that takes a name for one of the tests' own words.
    recording = Recording(path, Masker({}, {name}), secrets)
    _hand_over(recording, name)
    with pytest.raises(AssertionError):
        recording.keep()
    assert not path.exists()


def test_a_recording_that_does_not_tell_is_written(tmp_path: Path) -> None:
    path = tmp_path / "cassette.yaml"
    recording = Recording(path, Masker({}, ()), ["Salaries"])
    _hand_over(recording, "Salaries")
    recording.keep()
    assert "name 1" in path.read_text("utf-8")

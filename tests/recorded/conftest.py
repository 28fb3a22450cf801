"""Cassettes: recorded with `--record-mode=rewrite`, replayed without it.

A test with the mark `vcr` has the parameters `kind` and `title`. It records from the tenant that `QLIK_TENANT_URL` and
`QLIK_API_KEY` name, or else from a sandbox of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from qlik_automation_connections.sandbox import Sandbox
from recorded import places
from recorded.masking import Masker
from recorded.places import Place
from recorded.recording import OPTIONS, Recording
from recorded.scenarios import KEPT

_RECORDING = pytest.StashKey[Recording | None]()
_PASSED = pytest.StashKey[bool]()


def pytest_recording_configure(config: pytest.Config, vcr: Any) -> None:
    recording = config.stash.get(_RECORDING, None)
    if recording is not None:
        vcr.register_persister(recording)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[_PASSED] = report.passed
    return report


@pytest.fixture(scope="session")
def is_recording(record_mode: str) -> bool:
    return record_mode != "none"


@pytest.fixture(scope="session")
def real_tenant(is_recording: bool) -> Place | None:
    # Looked at once, and before any cassette is open.
    return places.of_environment(os.environ) if is_recording else None


@pytest.fixture
def place(is_recording: bool, real_tenant: Place | None) -> Iterator[Place]:
    if not is_recording:
        yield places.REPLAYED
    elif real_tenant is not None:
        yield real_tenant
    else:
        with Sandbox() as sandbox:
            yield places.of_sandbox(sandbox)


@pytest.fixture(scope="session")
def cassettes() -> Path:
    """The folder of all cassettes."""
    return Path(__file__).parent / "cassettes"


@pytest.fixture(scope="session")
def cassette_path(cassettes: Path) -> Callable[[str, str], Path]:
    """Where the cassette of a kind of client with a title is."""
    return lambda kind, title: cassettes / ("sync" if kind == "sync" else "async") / f"{title}.yaml"


@pytest.fixture
def default_cassette_name(
    request: pytest.FixtureRequest, cassettes: Path, cassette_path: Callable[[str, str], Path]
) -> str:
    parameters = request.node.callspec.params
    path = cassette_path(parameters["kind"], parameters["title"])
    return str(path.relative_to(cassettes).with_suffix(""))


@pytest.fixture(scope="module")
def vcr_cassette_dir(is_recording: bool, cassettes: Path) -> str:
    # The plugin deletes what is there before it records; a cassette must outlive a test that fails.
    return os.devnull if is_recording else str(cassettes)


@pytest.fixture
def vcr_config(request: pytest.FixtureRequest, is_recording: bool) -> Iterator[dict[str, Any]]:
    if request.node.get_closest_marker("vcr") is None:
        yield {}
        return
    parameters = request.node.callspec.params
    path: Path = request.getfixturevalue("cassette_path")(parameters["kind"], parameters["title"])
    if not is_recording:
        if not path.exists():
            pytest.fail(f"there is no cassette {path}: record it")
        yield OPTIONS
        return
    if parameters["kind"] == "trio":
        pytest.skip("on trio the client replays what it recorded on asyncio")
    place: Place = request.getfixturevalue("place")
    secrets = [text for text in (place.host, *place.keys.values()) if text]
    recording = Recording(path, Masker(place.replacements(), KEPT), secrets)
    request.config.stash[_RECORDING] = recording
    yield OPTIONS
    # The plugin's own fixture is set up after this one and ends before it, so the recording is complete.
    request.config.stash[_RECORDING] = None
    if request.node.stash.get(_PASSED, False):
        recording.keep()

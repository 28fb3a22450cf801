"""Every Python snippet in the documents runs and prints what the document says, and every command in them exists."""

from __future__ import annotations

import itertools
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it.token import Token
from opentelemetry import trace

from documents.console import NOW, says
from documents.source_links import problems, tokens
from qlik_automation_connections.sandbox import Sandbox

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _snippets() -> Iterator[object]:
    """Python snippets, each with the output that follows it, which is empty if none does."""
    for document in DOCUMENTS:
        for token, after in itertools.pairwise([*tokens(document), Token("end", "", 0)]):
            if token.type == "fence" and token.info == "python":
                line = (token.map or [0])[0] + 1
                shown = after.content if after.type == "fence" and after.info == "text" else ""
                yield pytest.param(token.content, shown, id=f"{document.name}:{line}")


def test_there_are_snippets() -> None:
    assert len(list(_snippets())) >= 6


def test_an_output_that_differs_is_noticed() -> None:
    assert says("a  b …\n…\nd 3 ms\n", "a b c\nb\nc\nd 5 ms\n")
    assert not says("a\n", "a\nb\n")
    assert not says("a\n…\n", "b\n")


@pytest.fixture
def own_logging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Logging as a program finds it; what a snippet configures is not for other tests."""
    loggers = [logging.getLogger(name) for name in (None, "qlik_automation_connections")]
    levels = [logger.level for logger in loggers]
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture
def own_telemetry(monkeypatch: pytest.MonkeyPatch) -> None:
    """No provider of spans: a process has one at most, and what a snippet sets is not for other tests."""
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", None)
    monkeypatch.setattr(trace, "_TRACER_PROVIDER_SET_ONCE", type(trace._TRACER_PROVIDER_SET_ONCE)())


@pytest.mark.usefixtures("own_logging", "own_telemetry")
@pytest.mark.parametrize(("source", "shown"), list(_snippets()))
def test_snippet_prints_what_is_shown(
    source: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with Sandbox(now=NOW) as sandbox:
        monkeypatch.setenv("QLIK_TENANT_URL", sandbox.url)
        monkeypatch.setenv("QLIK_API_KEY", sandbox.api_key)
        exec(compile(source, "snippet", "exec"), {"__name__": "__main__"})
        printed = capsys.readouterr().out.replace(sandbox.url, "https://acme.eu.qlikcloud.com")
    assert printed, "a snippet that prints nothing shows nothing"
    if shown:
        assert says(shown, printed), printed


PLUGIN = "qlik_automation_connections.pytest_plugin"
TITLED = re.compile(r'python title="([a-z_]+\.py)"')


def _titled(document: Path) -> dict[str, str]:
    """The files that a document shows, by name."""
    found = [(TITLED.fullmatch(token.info), token.content) for token in tokens(document) if token.type == "fence"]
    return {title[1]: content for title, content in found if title is not None}


def test_tests_that_are_shown_pass(tmp_path: Path) -> None:
    showing = [each for each in DOCUMENTS if any(name.startswith("test_") for name in _titled(each))]
    assert [each.name for each in showing] == ["pytest.md", "testing.md"]
    for document in showing:
        (tmp_path / document.stem).mkdir()
        for name, content in _titled(document).items():
            (tmp_path / document.stem / name).write_text(content, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        PLUGIN,
        "-W",
        "error",
        str(tmp_path),
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("QLIK_", "PYTEST_"))}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_every_snippet_is_of_a_kind_that_is_run() -> None:
    for document in DOCUMENTS:
        for token in tokens(document):
            if token.type == "fence":
                kind = token.info.partition(" ")[0]
                assert kind in {"python", "console", "json", "yaml", "ini", "text", "mermaid"}, (
                    f"{document.name}: {token.info!r}"
                )
                assert kind != "python" or token.info == "python" or TITLED.fullmatch(token.info), token.info


def test_every_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for document in DOCUMENTS:
        named = set(re.findall(r"(?:`|^)make ([a-z-]+)\b", document.read_text(encoding="utf-8"), re.MULTILINE))
        assert named <= targets, document.name


def test_links_lead_somewhere() -> None:
    assert problems(ROOT) == []

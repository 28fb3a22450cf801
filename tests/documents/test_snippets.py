"""Every Python snippet in the documents runs, and every command in them exists."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from qlik_automation_connections.sandbox import Sandbox

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _blocks(language: str) -> Iterator[object]:
    for document in DOCUMENTS:
        for token in MarkdownIt().parse(document.read_text(encoding="utf-8")):
            if token.type == "fence" and token.info == language:
                line = (token.map or [0])[0] + 1
                yield pytest.param(token.content, id=f"{document.name}:{line}")


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    with Sandbox() as sandbox:
        yield {**os.environ, "QLIK_TENANT_URL": sandbox.url, "QLIK_API_KEY": sandbox.api_key}


@pytest.mark.parametrize("source", list(_blocks("python")))
def test_snippet_runs(source: str, environment: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", source],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout, "a snippet that prints nothing shows nothing"


def test_there_are_snippets() -> None:
    assert len(list(_blocks("python"))) >= 6


def test_every_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for document in DOCUMENTS:
        named = set(re.findall(r"(?:`|^)make ([a-z-]+)\b", document.read_text(encoding="utf-8"), re.MULTILINE))
        assert named <= targets, document.name


def test_links_lead_somewhere() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"

"""The documents as a site: it is built strictly, and its reference has what is public and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from _pytest.fixtures import FixtureFunctionDefinition

import command_page
import qlik_automation_connections as package
from build_docs import TOP, of_notebook, of_page, of_top
from documents.site_copy import ROOT, build, copied
from qlik_automation_connections import admin, pacing, pytest_plugin, sandbox

pytestmark = pytest.mark.exhaustive

PUBLIC = {
    **{f"{package.__name__}.{name}": getattr(package, name) for name in package.__all__},
    **{f"{admin.__name__}.{name}": getattr(admin, name) for name in admin.__all__},
    **{f"{sandbox.__name__}.{name}": getattr(sandbox, name) for name in sandbox.__all__},
    **{f"{pacing.__name__}.{name}": getattr(pacing, name) for name in ("Pacer", "Permit", "pacer_for")},
}
FIXTURES = {
    f"{pytest_plugin.__name__}.{name}"
    for name, value in vars(pytest_plugin).items()
    if isinstance(value, FixtureFunctionDefinition)
}
INTERNAL_MEMBERS = {"DERIVED", "MAY_HOLD_SECRETS", "from_exact", "identity", "is_like", "record", "send", "strikes"}
"""Members without an underscore that only this package calls; the site's configuration leaves them out."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    checkout = copied(tmp_path_factory.mktemp("checkout"))
    done = build(checkout)
    assert done.returncode == 0, done.stdout
    return checkout / "build" / "site"


def headings(site: Path) -> dict[str, str]:
    """What the reference describes, and the level of each heading."""
    pages = (site / "reference").rglob("*.html")
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    return {name: level for level, name in re.findall(r'<h([34]) id="(qlik_automation_connections[^"]*)"', text)}


def test_every_public_name_is_described(site: Path) -> None:
    described = {name for name, level in headings(site).items() if level == "3"}
    assert FIXTURES
    assert (PUBLIC.keys() | FIXTURES) - described == set()


def test_nothing_internal_is_described(site: Path) -> None:
    for name, level in headings(site).items():
        owner = name if level == "3" else name.rpartition(".")[0]
        assert owner in PUBLIC.keys() | FIXTURES, name
        assert not name.rpartition(".")[2].startswith("_") or name in PUBLIC, name
        assert name.rpartition(".")[2] not in INTERNAL_MEMBERS, name


MODELS = [
    value
    for value in PUBLIC.values()
    if isinstance(value, type) and value.__module__.startswith(f"{package.__name__}_api.models") and attrs.has(value)
]


def test_there_are_models() -> None:
    assert {"Connection", "Param", "Automation", "Connector"} <= {model.__name__ for model in MODELS}


@pytest.mark.parametrize("model", MODELS)
def test_every_field_of_a_model_is_described(site: Path, model: type[attrs.AttrsInstance]) -> None:
    described = headings(site)
    fields = {field.name for field in attrs.fields(model)} - {"additional_properties"}
    assert {name for name in fields if f"{package.__name__}.{model.__name__}.{name}" not in described} == set()


def test_an_async_method_is_described_in_the_words_of_its_twin(site: Path) -> None:
    text = (site / "reference" / "connections" / "index.html").read_text(encoding="utf-8")
    for kind in ("Connections", "AsyncConnections"):
        _, _, after = text.partition(f'id="{package.__name__}.{kind}.change_space"')
        assert "Move a connection" in after.partition("<h4")[0], kind


def test_the_constructor_that_attrs_writes_is_shown(site: Path) -> None:
    text = (site / "reference" / "retries" / "index.html").read_text(encoding="utf-8")
    signature = text.partition(f'id="{package.__name__}.RetryPolicy"')[2].partition("</pre>")[0]
    assert "max_retry_after" in re.sub(r"<[^>]*>", "", signature)


LOADED = re.compile(
    r"""<(?:script|img|iframe|link (?!rel=.?canonical))[^>]*?\b(?:src|href)=["']?((?:https?:)?//[^"' >]+)"""
)


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    assert LOADED.search('<script src="https://cdn.example/x.js">')
    assert LOADED.search('<link rel="stylesheet" href=//fonts.example/css>')
    for page in site.rglob("*.html"):
        assert LOADED.findall(page.read_text(encoding="utf-8")) == [], page
    for style in site.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", style.read_text(encoding="utf-8")), style


def test_every_picture_has_a_text(site: Path) -> None:
    pictures = [each for page in site.rglob("*.html") for each in re.findall(r"<img\b[^>]*>", page.read_text("utf-8"))]
    assert pictures
    assert [each for each in pictures if "alt=" not in each] == []


HITS = {
    "rename": "connections/#rename-a-connection",
    "rename a connection": "connections/#rename-a-connection",
    "pandas": "notebook/",
    "rate limit": "pacing/",
    "429": "pacing/#when-a-429-still-happens",
    "proxy": "signing-in/#certificates-and-proxies",
    "nightly": "nightly/",
    "cron": "nightly/#cron",
    "github actions": "nightly/#github-actions",
    "webhook": "nightly/#webhook-to-a-chat",
    "install": "start/#install",
    "migrate": "cookbook/deploy/",
    "exit code": "cli/#exit-codes",
    "timeout": "reliability/#timeouts",
    "logging": "reliability/#logging",
    "filter": "connections/#filters",
    "pagination": "connections/#pages",
    "mock": "testing/",
    "audit": "cookbook/audit/",
    "restore": "cookbook/restore/",
}
"""What users type, and where the first hit should lead."""


@pytest.mark.skipif(shutil.which("node") is None, reason="the site's search is a script, and there is no Node.js")
def test_search_finds_the_right_page(site: Path) -> None:
    command = ["node", str(Path(__file__).with_name("search.js")), str(site)]
    asked = json.dumps([*HITS])
    done = subprocess.run(command, input=asked, capture_output=True, encoding="utf-8", timeout=60, check=True)
    assert json.loads(done.stdout) == HITS


def test_search_leaves_the_changelog_out(site: Path) -> None:
    index = json.loads((site / "search.json").read_text(encoding="utf-8"))
    pages = {item["location"].partition("#")[0] for item in index["items"]}
    assert "nightly/" in pages
    assert "changelog/" not in pages


def test_every_page_is_there_as_markdown_and_named_in_llms_txt(site: Path) -> None:
    named = set(re.findall(r"\(<(.*?)>\)", (site / "llms.txt").read_text(encoding="utf-8")))
    pages = {page.with_suffix(".md").relative_to(site).as_posix() for page in site.rglob("index.html")}
    assert named == pages == {page.relative_to(site).as_posix() for page in site.rglob("*.md")}
    for page in pages:
        text = (site / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(<(?!https?:)([^>#]*)", text):
            assert (site / page).parent.joinpath(target).exists(), f"{page}: {target}"
    assert "change_space(" in (site / "reference" / "connections" / "index.md").read_text(encoding="utf-8")


MOST_HEADINGS = 60
"""On a page of the reference: more is too long to scroll."""


def test_pages_of_the_reference_are_short(site: Path) -> None:
    for page in (site / "reference").rglob("*.html"):
        found = re.findall(r'<h[34] id="qlik_automation_connections', page.read_text(encoding="utf-8"))
        assert len(found) <= MOST_HEADINGS, page


def test_a_page_begins_with_an_example() -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        assert "```" in "\n".join(page.read_text(encoding="utf-8").splitlines()[:12]), page


def test_links_between_the_top_of_the_checkout_and_docs_lead_to_pages() -> None:
    assert of_page("[a](../../CHANGELOG.md#x) [b](../cli.md) [c](../SECURITY.md)") == (
        "[a](../changelog.md#x) [b](../cli.md) [c](security.md)"
    )
    assert of_top("[a](docs/cli.md#b) [b](SECURITY.md) [`c`](Makefile) [d](https://semver.org/) [e](#here)") == (
        "[a](cli.md#b) [b](security.md) `c` [d](https://semver.org/) [e](#here)"
    )


def test_a_notebook_becomes_a_page() -> None:
    cells = [{"cell_type": "markdown", "source": ["# A\n", "b"]}, {"cell_type": "code", "source": ["c()"]}]
    assert of_notebook(json.dumps({"cells": cells})) == "# A\nb\n\n```python\nc()\n```\n"


def pages_of(nav: list[object]) -> Iterator[str]:
    for entry in nav:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, dict):
            for value in entry.values():
                yield from pages_of([value] if isinstance(value, str) else value)


def test_the_navigation_has_every_page() -> None:
    nav = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]["nav"]
    listed = list(pages_of(nav))
    written = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")} | {"notebook.md"}
    assert sorted(listed) == sorted(written | {name.lower() for name in TOP})


@pytest.mark.exhaustive
def test_a_link_that_leads_nowhere_ends_the_build(tmp_path: Path) -> None:
    checkout = copied(tmp_path)
    page = checkout / "docs" / "start.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n[nowhere](nowhere.md)\n", encoding="utf-8")
    done = build(checkout)
    assert done.returncode != 0
    assert "nowhere.md" in re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)


@pytest.mark.exhaustive
def test_a_name_that_is_not_there_ends_the_build(tmp_path: Path) -> None:
    checkout = copied(tmp_path)
    page = checkout / "docs" / "reference" / "tenant.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n::: qlik_automation_connections.Tenat\n", encoding="utf-8")
    assert build(checkout).returncode != 0


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    assert command_page.PAGE.read_text("utf-8") == command_page.page(), "run python scripts/command_page.py"


def test_the_diagram_and_the_table_of_layers_match_the_import_contract() -> None:
    contract, _ = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = [
        {name.removeprefix("qlik_automation_connections.") for name in layer.split(" | ")}
        for layer in contract["layers"][:-1]
    ]
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    diagram = page.partition("```mermaid")[2].partition("```")[0]
    assert [set(label.split(", ")) for label in re.findall(r'\["([^"]*)"\]', diagram)] == layers
    text = page.partition("## Layers")[2].partition("\n## ")[0]
    rows = [set(re.findall(r"`([\w.]+)`", line.split("|")[1])) for line in text.splitlines() if line.startswith("| ")]
    assert [row for row in rows if row] == layers

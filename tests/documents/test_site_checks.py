"""What is staged for the site, and what is found wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs_site import site_check, source_links
from docs_site.staging import staged

PAGES = frozenset({"cli.md", "cookbook/audit.md", "schemas/audit.schema.json", "releasing.md"})


@pytest.mark.parametrize(
    ("path", "link", "expected"),
    [
        ("docs/cli.md", "[a](cookbook/audit.md)", "[a](cookbook/audit.md)"),
        ("docs/cookbook/audit.md", "[a](../cli.md#secrets)", "[a](../cli.md#secrets)"),
        ("docs/cookbook/audit.md", "[a](../../CHANGELOG.md)", "[a](../changelog.md)"),
        ("docs/cookbook/audit.md", "[a](../../README.md#install)", "[a](../index.md#install)"),
        ("docs/cookbook/audit.md", "[a](../schemas/audit.schema.json)", "[a](../schemas/audit.schema.json)"),
        ("CONTRIBUTING.md", "[a](docs/releasing.md)", "[a](releasing.md)"),
        ("CONTRIBUTING.md", "![a](docs/cookbook/audit.md)", "![a](cookbook/audit.md)"),
        ("CONTRIBUTING.md", "[`Makefile`](Makefile)", "`Makefile`"),
        ("CONTRIBUTING.md", "[a](https://semver.org/)", "[a](https://semver.org/)"),
        ("CONTRIBUTING.md", "[a](#here)", "[a](#here)"),
        ("docs/cli.md", "[a](no-such-page.md)", "[a](no-such-page.md)"),
    ],
)
def test_links_are_those_of_the_site(path: str, link: str, expected: str) -> None:
    assert staged(f"See {link}.\n", path, PAGES) == f"See {expected}.\n"


def test_code_is_left_as_it_is() -> None:
    text = "```python\nitems[0](../../README.md)\n```\n"
    assert staged(text, "docs/cookbook/audit.md", PAGES) == text


GOOD = '<html><body><h1 id="top">x</h1><a href="#top">up</a><img src="a.png" alt="a"></body></html>'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text(GOOD, encoding="utf-8")
    (tmp_path / "a.png").write_bytes(b"")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "index.html").write_text(GOOD.replace("a.png", "../a.png"), encoding="utf-8")
    return tmp_path


def test_nothing_is_wrong_with_a_good_site(site: Path) -> None:
    assert site_check.problems(site) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<a href="sub/nothing.html">a</a>', "leads to nothing"),
        ('<a href="sub/#nothing">a</a>', "its anchor is not"),
        ('<a href="#nothing">a</a>', "its anchor is not"),
        ('<script src="https://cdn.example/x.js"></script>', "loads https://cdn.example/x.js from another host"),
        ('<script src="//cdn.example/x.js"></script>', "from another host"),
        ('<link rel="stylesheet" href="https://fonts.example/css">', "from another host"),
        ('<link rel="preconnect" href="https://fonts.example">', "from another host"),
        ('<img src="b.png" alt="b">', "leads to nothing"),
        ('<img src="a.png">', "has no text"),
        ('<a href="http://semver.org/">a</a>', "is not reached by https"),
        ('<a href="https://semvr.org/">a</a>', "KNOWN_HOSTS"),
        ('<i id="twice"></i><i id="twice"></i>', "two elements have the id twice"),
    ],
)
def test_what_is_wrong_is_said(site: Path, body: str, said: str) -> None:
    (site / "index.html").write_text(GOOD.replace("</body>", f"{body}</body>"), encoding="utf-8")
    [line] = site_check.problems(site)
    assert line.startswith("index.html: ")
    assert said in line


def test_a_style_that_asks_another_host_is_noticed(site: Path) -> None:
    (site / "a.css").write_text("@import url('https://fonts.example/x.css');", encoding="utf-8")
    assert site_check.problems(site) == ["a.css: loads fonts.example/x.css from another host"]


def test_a_site_without_pages_is_none(tmp_path: Path) -> None:
    assert site_check.problems(tmp_path) == ["no page was built"]


def test_links_to_other_hosts_are_listed_once(site: Path) -> None:
    for page in ("index.html", "sub/index.html"):
        (site / page).write_text('<a href="https://semver.org/">a</a><a href="sub/">b</a>', encoding="utf-8")
    assert site_check.external_links(site) == {"https://semver.org/": ["index.html", "sub/index.html"]}


def test_links_of_sources_are_followed(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# A `b`: c\n\n## Twice\n\n## Twice\n", encoding="utf-8")
    good = "[a](docs/a.md#a-b-c) [b](docs/a.md#twice-1) [c](docs) [d](https://semver.org) [e](#top)\n"
    (tmp_path / "README.md").write_text(f"# Top\n\n{good}", encoding="utf-8")
    assert source_links.problems(tmp_path) == []
    (tmp_path / "README.md").write_text("[a](docs/b.md) ![b](c.png) [c](docs/a.md#twice-2)\n", encoding="utf-8")
    assert source_links.problems(tmp_path) == [
        "README.md: docs/b.md leads to nothing",
        "README.md: c.png leads to nothing",
        "README.md: docs/a.md#twice-2: the file is there, its heading is not",
    ]

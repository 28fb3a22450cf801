"""What is wrong with a built site: links that lead nowhere, and anything that comes from another host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from attrs import define, field

_LOADS: Final = {
    "audio": ("src",),
    "embed": ("src",),
    "form": ("action",),
    "iframe": ("src",),
    "img": ("src", "srcset"),
    "input": ("src",),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
}
"""Attributes that a browser follows by itself; those of `a` are followed by readers alone."""

KNOWN_HOSTS: Final = frozenset(
    {
        "app.readthedocs.org",
        "bestpractices.dev",
        "creativecommons.org",
        "cyclonedx.org",
        "docs.astral.sh",
        "docs.github.com",
        "docs.pypi.org",
        "docs.pytest.org",
        "docs.python.org",
        "editorconfig.org",
        "gist.github.com",
        "github.com",
        "hatch.pypa.io",
        "json-schema.org",
        "keepachangelog.com",
        "mkdocstrings.github.io",
        "opensource.org",
        "packaging.python.org",
        "peps.python.org",
        "pre-commit.com",
        "pypi.org",
        "qlik.dev",
        "reproducible-builds.org",
        "scorecard.dev",
        "semver.org",
        "slsa.dev",
        "www.contributor-covenant.org",
        "www.conventionalcommits.org",
        "www.httpx.org",
        "www.openapis.org",
        "www.python-httpx.org",
        "www.python.org",
        "www.qlik.com",
        "zensical.org",
    }
)
"""Hosts that documents may link to: an address of another one may be a slip, which nobody would notice offline."""

_ADDRESS_IN_STYLE: Final = re.compile(r"""(?:url\(|@import)\s*['"]?(?:https?:)?//([^)'"\s]+)""")


@define
class Document(HTMLParser):
    """One page: what it can be linked to by, and what it links to."""

    anchors: set[str] = field(factory=set)
    links: list[str] = field(factory=list)
    loaded: list[str] = field(factory=list)
    repeated: list[str] = field(factory=list)
    no_text: list[str] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            if values["id"] in self.anchors:
                self.repeated.append(values["id"])
            self.anchors.add(values["id"])
        if tag == "a" and "name" in values:
            self.anchors.add(values["name"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "img" and "alt" not in values:
            self.no_text.append(values.get("src", ""))
        if tag == "link" and values.get("rel") in ("canonical", "prev", "next", "alternate"):
            self.links.append(values.get("href", ""))
        else:
            self.loaded += [values[name] for name in _LOADS.get(tag, ()) if name in values]


def read(page: Path) -> Document:
    """Reads a page."""
    document = Document()
    document.feed(page.read_text(encoding="utf-8"))
    document.close()
    return document


def _is_foreign(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in ("", "data")


def _lead_nowhere(page: Path, document: Document, documents: dict[Path, Document], site: Path) -> Iterator[str]:
    for link in (*document.links, *document.loaded):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        path = unquote(parts.path)
        target = (site / path.lstrip("/")) if path.startswith("/") else (page.parent / path if path else page)
        target = target.resolve()
        if target.is_dir():
            target /= "index.html"
        if not target.is_file():
            yield f"{link} leads to nothing"
        elif parts.fragment and target in documents:
            anchor = unquote(parts.fragment)
            if anchor not in documents[target].anchors and not anchor.startswith("__"):
                yield f"{link}: the page is there, its anchor is not"


def _wrong_outside(link: str) -> Iterator[str]:
    """What can be told of a link to another host without asking it."""
    parts = urlsplit(link)
    if parts.scheme not in ("", "https", "mailto"):
        yield f"{link} is not reached by https"
    elif parts.netloc and parts.netloc not in KNOWN_HOSTS:
        yield f"{link} is on a host that KNOWN_HOSTS doesn't have: add it if it is meant"


def external_links(site: Path) -> dict[str, list[str]]:
    """The addresses of other hosts that readers may follow, each with the pages that name it."""
    found: dict[str, list[str]] = {}
    for page in sorted(site.rglob("*.html")):
        for link in read(page).links:
            if urlsplit(link).netloc:
                found.setdefault(link, []).append(page.relative_to(site).as_posix())
    return dict(sorted(found.items()))


def problems(site: Path) -> list[str]:
    """One line for each thing that is wrong with a built site."""
    site = site.resolve()
    documents = {page: read(page) for page in sorted(site.rglob("*.html"))}
    wrong = [] if documents else ["no page was built"]
    for page, document in documents.items():
        name = page.relative_to(site).as_posix()
        wrong += [f"{name}: loads {address} from another host" for address in document.loaded if _is_foreign(address)]
        wrong += [f"{name}: two elements have the id {anchor}" for anchor in document.repeated]
        wrong += [f"{name}: the picture {source} has no text" for source in document.no_text]
        wrong += [f"{name}: {line}" for line in _lead_nowhere(page, document, documents, site)]
        wrong += [f"{name}: {line}" for link in document.links for line in _wrong_outside(link)]
    for style in sorted(site.rglob("*.css")):
        for host in _ADDRESS_IN_STYLE.findall(style.read_text(encoding="utf-8")):
            wrong.append(f"{style.relative_to(site).as_posix()}: loads {host} from another host")
    return wrong

"""Builds the site of the documents into build/site, strictly: `python scripts/build_docs.py`.

`zensical build --strict` does that, from one folder. This script makes the folder: it adds the changelog and its like,
which a forge wants at the top of the checkout, and lets their links lead to pages.

Zensical also writes llms.txt and the Markdown of each page, but only with absolute links. The site has no fixed
address, so it is built for a placeholder, which is then removed.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

from steps import ROOT, run

TOP = ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
NOT_SEARCHED = "---\nsearch:\n  exclude: true\n---\n\n"
"""For the changelog: it has every word, and answers no question."""
ADDRESS = "https://site.invalid/"
"""The `site_url` of zensical.toml."""
_TO_TOP = re.compile(rf"\]\((?P<up>(?:\.\./)*)\.\./(?P<name>{'|'.join(map(re.escape, TOP))})")
_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>[^)#:]+)(?P<anchor>#[^)]*)?\)")


def of_page(text: str) -> str:
    """Let the links of a page in docs/ lead to the pages that `TOP` and notebooks become."""
    return _TO_TOP.sub(lambda link: f"]({link['up']}{link['name'].lower()}", text).replace(".ipynb)", ".md)")


def of_top(text: str) -> str:
    """Let the links of a file of `TOP` lead to pages; one to another file of the checkout is left as its text."""

    def lead(link: re.Match[str]) -> str:
        target, anchor = link["target"], link["anchor"] or ""
        if target in TOP:
            return f"[{link['text']}]({target.lower()}{anchor})"
        page = target.removeprefix("docs/").replace(".ipynb", ".md")
        return f"[{link['text']}]({page}{anchor})" if target.startswith("docs/") else link["text"]

    return _LINK.sub(lead, text)


def of_notebook(text: str) -> str:
    """Return the cells of a notebook as a page, with what they show as text."""
    parts = []
    for cell in json.loads(text)["cells"]:
        source = "".join(cell["source"])
        parts.append(f"```python\n{source}\n```" if cell["cell_type"] == "code" else source)
        shown = ("".join(output["data"]["text/plain"]) for output in cell.get("outputs", ()))
        parts += [f"```text\n{output}\n```" for output in shown]
    return "\n\n".join(parts) + "\n"


def stage(into: Path) -> None:
    """Write all pages, and what they show, into an empty folder."""
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(ROOT / "docs", into)
    for notebook in into.rglob("*.ipynb"):
        cells = of_notebook(notebook.read_text(encoding="utf-8"))
        notebook.with_suffix(".md").write_text(cells, encoding="utf-8", newline="\n")
    for page in into.rglob("*.md"):
        page.write_text(of_page(page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    for name in TOP:
        text = of_top((ROOT / name).read_text(encoding="utf-8"))
        text = NOT_SEARCHED + text if name == "CHANGELOG.md" else text
        (into / name.lower()).write_text(text, encoding="utf-8", newline="\n")


def without_address(site: Path) -> None:
    """Make links in the Markdown of a built site relative, and remove what needs an address from its pages."""
    (site / "sitemap.xml").unlink()
    for file in (site / "llms.txt", *site.rglob("*.md"), *site.rglob("*.html")):
        text = file.read_text(encoding="utf-8")
        text = re.sub(rf'<link rel="?canonical"? href="?{ADDRESS}[^>]*>', "", text)
        text = text.replace(ADDRESS, "../" * (len(file.relative_to(site).parts) - 1))
        file.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    stage(ROOT / "build" / "docs")
    run(sys.executable, "-m", "zensical", "build", "--clean", "--strict")
    without_address(ROOT / "build" / "site")

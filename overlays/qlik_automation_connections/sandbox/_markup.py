"""HTML of the sandbox's pages: escaped, without scripts, and readable on any screen."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape

from ._responses import Response

_STYLE = """
:root { color-scheme: light dark; --page: #f5f6f7; --surface: #fff; --text: #1b1f24; --muted: #57606a; --line: #d8dde2;
  --accent: #0b5cad; --failed: #9f1d1d; }
@media (prefers-color-scheme: dark) { :root { --page: #14171a; --surface: #1c2024; --text: #e6e9ec; --muted: #a3acb5;
  --line: #343b42; --accent: #7db8f0; --failed: #ffb4ab; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 0 1rem 2rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
nav { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: 0.75rem 0; border-bottom: 1px solid var(--line); }
h1 { font-size: 1.5rem; } h2 { font-size: 1.125rem; margin: 2rem 0 0.25rem; } h3 { font-size: 1rem; margin: 1rem 0 0; }
table { width: 100%; border-collapse: collapse; margin: 0.5rem 0; background: var(--surface); }
th, td { padding: 0.375rem 0.5rem; border: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-size: 0.875rem; color: var(--muted); overflow-wrap: normal; }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
pre { margin: 0.5rem 0; padding: 0.5rem 0.75rem; background: var(--surface); border: 1px solid var(--line);
  white-space: pre-wrap; }
small { color: var(--muted); } .failed { color: var(--failed); }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src 'self'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
}
_LINKS = {"/": "Sandbox", "/docs": "Operations", "/openapi.json": "OpenAPI", "/requests": "Requests"}


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, *content: str, **attributes: str) -> Markup:
    """Return an element. Its content is escaped unless it is markup."""
    inner = "".join(each if isinstance(each, Markup) else escape(each) for each in content)
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items() if value
    )
    return Markup(f"<{name}{given}>{inner}</{name}>")


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Markup:
    """Return a table, or nothing without rows."""
    body = [tag("tr", *(tag("td", cell) for cell in row)) for row in rows]
    head = tag("tr", *(tag("th", column, scope="col") for column in columns))
    return tag("table", tag("thead", head), tag("tbody", *body)) if body else Markup()


def facts(rows: Mapping[str, str]) -> Markup:
    """Return a table with a heading to each row."""
    return tag("table", *(tag("tr", tag("th", name, scope="row"), tag("td", text)) for name, text in rows.items()))


def page(path: str, title: str, *content: str) -> Response:
    """Return a whole page.

    Args:
        path: Its path, which the navigation marks.
        title: Its heading.
        content: What follows the heading.
    """
    links = [tag("a", name, href=link, aria_current="page" if link == path else "") for link, name in _LINKS.items()]
    head = tag(
        "head",
        Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", title),
        Markup(f"<style>{_STYLE}</style>"),
    )
    body = tag("body", tag("nav", *links), tag("main", tag("h1", title), *content))
    document = f"<!doctype html>{tag('html', head, body, lang='en')}"
    return Response(200, document.encode(), _HEADERS)

"""Draws docs/rooms.svg from the layers that import-linter holds; with --check, says whether it would differ."""

from __future__ import annotations

import argparse
import sys
import textwrap
import tomllib
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Final

from attrs import frozen

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURE: Final = ROOT / "docs" / "rooms.svg"
_PACKAGE: Final = "qlik_automation_connections"

_SAID: Final = {
    "cli": "for people in a terminal, and for tests",
    "admin": "jobs: plans, journals, reports",
    "tenant": "one address, one principal, one pool",
    "connections": "what is asked, and how it is sent",
    "calls": "requests with checked arguments; failures",
    "listing": "lists page by page; tokens",
    "retry": "when, how often, as whom, how fast",
    "decoding": "from an answer to models and errors",
    "redaction": "no secret in a message",
    "quirks": "bytes, addresses, what the service sends otherwise",
    "concealed": "boxes for secrets",
    "errors": "what users meet",
    f"{_PACKAGE}_api": "models, requests, tables, openapi.json",
}
"""What a layer is for, by one of its modules."""

# Narrow enough to be read on a phone without being scaled down.
_WIDTH: Final = 380
_MARGIN: Final = 30
_LINE: Final = 15
_GAP: Final = 8
_COLUMNS: Final = 43

_STYLE: Final = """
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .name { font: 600 12px ui-monospace, monospace }
  .said { fill: #57606a }
  .room { fill: #f6f8fa; stroke: #8c959f }
  .made { fill: #ddf4ff; stroke: #54aeff }
  .apart { fill: #fff8c5; stroke: #bf8700 }
  .way { fill: none; stroke: #57606a; stroke-width: 1.5 }
  .head { fill: #57606a }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .said { fill: #9da7b1 }
    .room { fill: #1c2128; stroke: #6e7681 }
    .made { fill: #0c2d48; stroke: #388bfd }
    .apart { fill: #2d2408; stroke: #9e6a03 }
    .way { stroke: #9da7b1 }
    .head { fill: #9da7b1 }
  }
"""


@frozen
class Layer:
    """Modules that may import what is below them, and nothing else."""

    modules: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """The modules' names, as wide as a room."""
        return textwrap.wrap(" · ".join(self.modules), _COLUMNS, break_long_words=False, break_on_hyphens=False)

    @property
    def said(self) -> str:
        """What the layer is for; empty where nothing is written down."""
        return next((text for module, text in _SAID.items() if module in self.modules), "")

    @property
    def height(self) -> int:
        return (len(self.lines) + bool(self.said)) * _LINE + 14


def layers(pyproject: str) -> list[Layer]:
    """The layers of the first contract of import-linter, topmost first."""
    contracts = tomllib.loads(pyproject)["tool"]["importlinter"]["contracts"]
    lines = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [Layer(tuple(name.strip().removeprefix(f"{_PACKAGE}.") for name in line.split("|"))) for line in lines]


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    words = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{y}"{words} text-anchor="{anchor}">{escape(text)}</text>'


def _box(x: float, y: float, width: float, height: float, kind: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" class="{kind}"/>'


def _room(layer: Layer, y: int, kind: str) -> Iterable[str]:
    yield _box(_MARGIN, y, _WIDTH - _MARGIN - 2, layer.height, kind)
    for number, line in enumerate(layer.lines, 1):
        yield _text(_MARGIN + 10, y + 4 + number * _LINE, line, "name")
    if layer.said:
        yield _text(_MARGIN + 10, y + 4 + (len(layer.lines) + 1) * _LINE, layer.said, "said")


def _arrow(x: float, start: float, end: float) -> str:
    tip = 6 if end > start else -6
    return (
        f'<path d="M{x} {start}V{end - tip}" class="way"/>'
        f'<path d="M{x - 5} {end - 1.5 * tip}h10l-5 {1.5 * tip}z" class="head"/>'
    )


def picture(rooms: Iterable[Layer]) -> str:
    """The picture as SVG."""
    shapes: list[str] = []
    y = 2
    kinds = [*rooms]
    for number, layer in enumerate(kinds, 1):
        shapes += _room(layer, y, "made" if number == len(kinds) else "room")
        y += layer.height + _GAP
    shapes += [
        _arrow(7, 2, y - _GAP),
        f'<text class="said" text-anchor="middle" transform="translate(24 {y // 2}) rotate(-90)">'
        "imports go downwards alone</text>",
    ]
    half = (_WIDTH - _MARGIN - 2 - 2 * _GAP) / 2
    top = y + 34
    for x, kind, name, lines in (
        (_MARGIN, "room", "spec/", ("openapi.yaml,", "templates, names")),
        (_MARGIN + half + 2 * _GAP, "apart", "sandbox/", ("a pretend tenant;", "knows no client")),
    ):
        shapes += [_box(x, top, half, 4 * _LINE, kind), _text(x + 10, top + 19, name, "name")]
        shapes += [_text(x + 10, top + 19 + n * _LINE, line, "said") for n, line in enumerate(lines, 1)]
        shapes.append(_arrow(x + 20, top, y - _GAP + 2))
    shapes += [
        _text(_MARGIN + 30, top - 14, "make generate", "name"),
        _text(_MARGIN + half + 2 * _GAP + 30, top - 14, "reads openapi.json", "said"),
    ]
    height = top + 4 * _LINE + 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
        f' role="img" aria-label="The layers of the package, from the command line down to the generated client">\n'
        f"<!-- Written by scripts/draw_rooms.py from the layers in pyproject.toml. -->\n"
        f"<style>{_STYLE}</style>\n" + "\n".join(shapes) + "\n</svg>\n"
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if the picture is out of date")
    drawn = picture(layers((ROOT / "pyproject.toml").read_text(encoding="utf-8")))
    if not parser.parse_args(arguments).check:
        PICTURE.write_text(drawn, encoding="utf-8", newline="\n")
        return 0
    if PICTURE.is_file() and PICTURE.read_text(encoding="utf-8") == drawn:
        return 0
    print(f"{PICTURE.name} is out of date: run scripts/draw_rooms.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

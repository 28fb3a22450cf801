"""Compares a saved copy of the vendor's reference page with the spec: `python scripts/check_docs.py PAGE`.

The form of the page is the vendor's own, which no tool compares with OpenAPI. It is the Markdown one: the page's
address with `.md` at its end. Each difference is one line: where, what the page says, what the spec says, and whether
it breaks callers. `--json` writes the same for programs.

Exit codes: 0 page and spec say the same, 1 they differ, 2 the page or the spec can't be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import attrs

from reference_page.comparison import compare
from reference_page.departures import DEPARTURES, Departure, Judged, judge
from reference_page.errors import PageError, SpecError, UnreadableError
from reference_page.examples import compare_examples
from reference_page.facts import Reference, count
from reference_page.page import read_page
from reference_page.spec import Spec, read_spec

SPEC = Path(__file__).resolve().parent.parent / "spec" / "openapi.yaml"


def differences(page: Reference, spec: Spec, departures: Sequence[Departure] = DEPARTURES) -> Judged:
    """Compares a page with a spec.

    Args:
        page: what the page says.
        spec: the spec.
        departures: the differences that are known.

    Raises:
        PageError: the page describes nothing that the spec has.
        SpecError: the spec can't be compared.
    """
    reference = read_spec(spec, page.bases)
    if not reference.operations:
        raise PageError(f"it describes {', '.join(sorted(page.bases))}, of which the spec has nothing")
    found = compare(page, reference)
    for name, operation in page.operations.items():
        found += compare_examples(name, operation, spec)
    return judge(found, departures, page.bases)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableError(error.strerror or "it can't be opened") from None
    except UnicodeDecodeError:
        raise UnreadableError("it is no text in UTF-8") from None


def _printable(line: str) -> str:
    # What a page says ends up in terminals and in logs of CI.
    return "".join(character if character.isprintable() else "?" for character in line)


def _report(page: Reference, judged: Judged) -> str:
    return json.dumps(
        {
            "operations": len(page.operations),
            "facts": count(page),
            "differences": [attrs.asdict(each) for each in judged.differences],
            "known": [{**attrs.asdict(each), "origin": why.origin} for each, why in judged.known],
        },
        indent=2,
    )


def _summary(page: Reference, judged: Judged) -> str:
    facts = f"{len(page.operations)} operations and {count(page)} facts of the page"
    known = f"{len(judged.known)} known departures"
    if not judged.differences:
        return f"no differences: {facts} compared, {known}"
    breaking = sum(each.breaking for each in judged.differences)
    return f"differences: {len(judged.differences)}, of them breaking: {breaking}; {facts} compared, {known}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path, metavar="PAGE", help="the saved page, in Markdown")
    parser.add_argument("--spec", type=Path, default=SPEC, metavar="FILE", help="another OpenAPI document")
    parser.add_argument("--json", action="store_true", help="write the differences as JSON")
    given = parser.parse_args(arguments)
    reading = given.page
    try:
        page = read_page(_text(given.page))
        reading = given.spec
        spec = Spec(_text(given.spec))
        reading = given.page
        judged = differences(page, spec)
    except UnreadableError as error:
        reading = given.spec if isinstance(error, SpecError) else reading
        print(_printable(f"{reading} can't be compared: {error}"), file=sys.stderr)
        return 2
    if given.json:
        print(_report(page, judged))
    else:
        for each in judged.differences:
            print(_printable(str(each)))
    print(_summary(page, judged), file=sys.stderr)
    return 1 if judged.differences else 0


if __name__ == "__main__":
    sys.exit(main())

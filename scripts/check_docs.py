"""Compare what the vendor documents with the spec: `python scripts/check_docs.py [PAGE] [--vendor OPENAPI]`.

PAGE is a saved copy of the reference page in its Markdown form: the page's address with `.md` at its end. OPENAPI is a
file of the vendor's OpenAPI, or a folder of them. No tool compares the page with OpenAPI, and those that compare two
OpenAPI documents know no departures that are meant; so both are read as the same facts. Each difference is one line:
where, what the vendor says, what the spec says, and whether it breaks callers. `--json` writes the same for programs.

Exit codes: 0 no differences, 1 there are some, 2 a document can't be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from attrs import asdict, evolve, frozen

from reference_page.comparison import OPENAPI, PAGE, compare
from reference_page.departures import DEPARTURES, OPENAPI_DEPARTURES, Departure, Judged, judge
from reference_page.errors import PageError, SpecError, UnreadableError
from reference_page.examples import compare_examples
from reference_page.facts import Reference, count
from reference_page.page import read_page
from reference_page.spec import Spec, read_spec
from steps import SPEC


@frozen
class Compared:
    """One document of the vendor's, compared with the spec."""

    path: Path
    reference: Reference
    judged: Judged


def differences(
    vendor: Reference, spec: Spec, departures: Sequence[Departure] = DEPARTURES, source: str = PAGE
) -> Judged:
    """Compare a document of the vendor's with a spec; `source` is what kind of document it is.

    Raises:
        PageError: The document describes nothing that the spec has.
        SpecError: The spec can't be compared.
    """
    reference = read_spec(spec, vendor.bases)
    if not reference.operations:
        raise PageError(f"it describes {', '.join(sorted(vendor.bases))}, of which the spec has nothing")
    found = compare(vendor, reference)
    for name, operation in vendor.operations.items():
        found += compare_examples(name, operation, spec)
    judged = judge(found, departures, vendor.bases)
    return evolve(judged, differences=[evolve(each, source=source) for each in judged.differences])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableError(error.strerror or "it can't be opened") from None
    except UnicodeDecodeError:
        raise UnreadableError("it is not text in UTF-8") from None


def _printable(line: str) -> str:
    # What a document says ends up in terminals and in logs of CI.
    return "".join(character if character.isprintable() else "?" for character in line)


def _report(compared: Sequence[Compared]) -> str:
    return json.dumps(
        {
            "operations": sum(len(each.reference.operations) for each in compared),
            "facts": sum(count(each.reference) for each in compared),
            "differences": [asdict(found) for each in compared for found in each.judged.differences],
            "known": [{**asdict(found), "origin": why.origin} for each in compared for found, why in each.judged.known],
        },
        indent=2,
    )


def _summary(compared: Compared) -> str:
    judged, reference = compared.judged, compared.reference
    facts = f"{len(reference.operations)} operations and {count(reference)} facts of {compared.path.name}"
    known = f"{len(judged.known)} known departures"
    if not judged.differences:
        return f"no differences: {facts} compared, {known}"
    breaking = sum(each.breaking for each in judged.differences)
    return f"differences: {len(judged.differences)}, of them breaking: {breaking}; {facts} compared, {known}"


def main(arguments: list[str] | None = None) -> int:
    """Compare what the arguments name with the spec, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path, metavar="PAGE", nargs="?", help="the saved page, in Markdown")
    parser.add_argument("--vendor", type=Path, metavar="OPENAPI", help="a file of the vendor's OpenAPI, or a folder")
    parser.add_argument("--spec", type=Path, default=SPEC, metavar="FILE", help="another OpenAPI document")
    parser.add_argument("--json", action="store_true", help="write the differences as JSON")
    given = parser.parse_args(arguments)
    if given.page is None and given.vendor is None:
        parser.error("name a page, or the vendor's OpenAPI with --vendor")
    compared: list[Compared] = []
    reading = given.spec
    try:
        spec = Spec(_text(given.spec))
        if reading := given.page:
            page = read_page(_text(given.page))
            compared.append(Compared(given.page, page, differences(page, spec)))
        if given.vendor is not None:
            ours = read_spec(spec, known=())
            is_folder = given.vendor.is_dir()
            for reading in sorted(given.vendor.glob("*.json")) if is_folder else [given.vendor]:
                file = read_spec(Spec(_text(reading), is_vendors=True), known=ours.operations)
                if is_folder and not file.bases & ours.bases:
                    print(_printable(f"{reading.name} is left out: the spec has nothing of it"), file=sys.stderr)
                    continue
                compared.append(Compared(reading, file, differences(file, spec, OPENAPI_DEPARTURES, OPENAPI)))
            reading = given.vendor
            missing = ours.bases - {base for each in compared for base in each.reference.bases}
            if is_folder and missing:
                raise PageError(f"none of its files describes {', '.join(sorted(missing))}")
    except UnreadableError as error:
        reading = given.spec if isinstance(error, SpecError) else reading
        print(_printable(f"{reading} can't be compared: {error}"), file=sys.stderr)
        return 2
    found = [each for one in compared for each in one.judged.differences]
    if given.json:
        print(_report(compared))
    else:
        for each in found:
            print(_printable(str(each)))
    for one in compared:
        print(_printable(_summary(one)), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

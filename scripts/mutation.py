"""Runs the mutants of the code that decides, and writes docs/mutation.md: `python scripts/mutation.py`.

It ends with 1 if a mutant survives that `scripts/mutations/explained.toml` does not explain, and if an explanation is
about none. With --page it runs nothing, and writes the page about the last run, for which a reason was missing.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import tomllib
from pathlib import Path

from mutations import explanations
from mutations.mutant import Mutant, MutationError
from mutations.page import page
from mutations.results import Results, this_run
from mutations.staging import ROOT, STAGE, stage

PAGE = ROOT / "docs" / "mutation.md"


def _run(place: Path, jobs: int) -> list[Mutant]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    # mutmut reads its configuration where it is imported.
    os.chdir(place)
    from mutations import at_import, in_functions

    tests: list[str] = settings["pytest_add_cli_args_test_selection"]
    return [*in_functions.run(place, jobs), *at_import.run(place, tests)]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--jobs", type=int, default=1, help="processes at once for the mutants in functions (default: 1)"
    )
    parser.add_argument("--page", action="store_true", help="run nothing: write the page about the last run")
    given = parser.parse_args(arguments)
    file = STAGE / "results.json"
    if not given.page:
        began = time.monotonic()
        try:
            mutants = _run(stage(), given.jobs)
        except MutationError as error:
            print(error, file=sys.stderr)
            return 2
        this_run(mutants, jobs=given.jobs, minutes=(time.monotonic() - began) / 60).write(file)
    elif not file.is_file():
        print("There is no run that a page could be written about: run it without --page.", file=sys.stderr)
        return 2
    results = Results.read(file)
    explained = explanations.read()
    PAGE.write_text(page(results, explained), encoding="utf-8")
    gaps = explanations.unexplained(results.mutants, explained)
    stale = explanations.without_object(results.mutants, explained)
    for mutant in gaps:
        print(f"{mutant.outcome}: {mutant.module}.{mutant.function}: {mutant.before} → {mutant.after}")
    for line in stale:
        print(f"explained, but no survivor: {line}")
    left = sum(not mutant.is_caught for mutant in results.mutants)
    print(f"{len(results.mutants)} mutants, {left} survived, {len(gaps)} of them unexplained")
    return 1 if gaps or stale else 0


if __name__ == "__main__":
    sys.exit(main())

"""The page about a run: the figures, and why the mutants that survived did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from .explanations import Explanation
from .mutant import SCOPE, Mutant
from .results import Results

_INTRODUCTION: Final = """\
# Mutation testing

Made by `make mutation` on {date}, with mutmut {mutmut} on Python {python}, in {minutes} minutes with {jobs}. A mutant
is the code with one small change: a comparison turned round, a number one higher, a call without an argument. Where no
test fails for it, either a test is missing, or the change makes no difference that a test should hold. The second kind
is listed below, with the reasons. A survivor that is not listed fails the run, and so does a reason without a survivor.

Mutated is the code that decides what is sent again, what comes next in a list, and what is made of what the service
sends differently from its documents. The tests are those in `tests/core` that are about answers and lists, and all in
`tests/retrying`.

| module | mutants | killed | timed out | survived |
|---|--:|--:|--:|--:|
{rows}

Two kinds of mutants are counted. Those in functions are mutmut's own. Tables, patterns, defaults, properties, and
functions that are called while a module is imported are out of its reach: their mutants are made with its operators by
`scripts/mutations/at_import.py`, and pytest begins anew for each.

Of `exchange`, the loop that tries again is mutated, with its log lines and both its drivers. What receives bytes is
left out: sockets test it, in `tests/attack` and `tests/leaks`. `quirk_table` is data, held by the cases of
`tests/core/test_quirks.py` and by the sandbox, which has a switch for each quirk.
"""


def _rows(mutants: Sequence[Mutant]) -> str:
    rows = []
    for module in (*sorted(SCOPE), ""):
        counts = Counter(mutant.outcome for mutant in mutants if module in ("", mutant.module))
        survived = counts["survived"] + counts["without a test"]
        name = f"`{module}`" if module else "all"
        rows.append(f"| {name} | {counts.total()} | {counts['killed']} | {counts['timed out']} | {survived} |")
    return "\n".join(rows)


def _code(text: str) -> str:
    return f"``{text}``" if "`" in text else f"`{text}`" if text else "nothing"


def _groups(explanations: Sequence[Explanation]) -> str:
    parts = []
    for title, group in groupby(explanations, key=lambda each: each.group):
        members = list(group)
        count = sum(len(each.after) for each in members)
        parts.append(f"\n## {title} ({count})\n")
        for each in members:
            becomes = ", or ".join(map(_code, each.after))
            parts.append(f"- `{each.module}`, `{each.function}`: {_code(each.before)} becomes {becomes}. {each.why}")
    return "\n".join(parts)


def page(results: Results, explanations: Sequence[Explanation]) -> str:
    """The page about a run, in Markdown.

    Args:
        results: the run.
        explanations: why the survivors among its mutants did.
    """
    head = _INTRODUCTION.format(
        date=results.date,
        mutmut=results.mutmut,
        python=results.python,
        minutes=round(results.minutes),
        jobs="one process" if results.jobs == 1 else f"{results.jobs} processes",
        rows=_rows(results.mutants),
    )
    return f"{head}{_groups(explanations)}\n"

"""Mutants: which are made, how their changes are told, and how they are explained."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from mutations.explanations import Explanation, read, unexplained, without_object
from mutations.mutant import MODULE_LEVEL, SCOPE, Mutant, is_in_scope
from mutations.page import page
from mutations.results import Results

# The code is mutated where mutmut runs, which forks.
if sys.platform == "win32":
    pytest.skip("mutmut is not installed there", allow_module_level=True)

from mutations import at_import
from mutations.in_functions import changes

SOURCE = dedent(
    """\
    import re

    LIMIT = 3
    PATTERN = re.compile("a")


    class Policy:
        tries: int = 4

        @property
        def many(self) -> bool:
            return self.tries > 5

        def called_later(self) -> int:
            return 6


    def _number() -> int:
        return 7


    def called_too() -> int:
        return 8
    """
)


def mutant(before: str = "a", after: str = "b", outcome: str = "survived") -> Mutant:
    return Mutant("retry", "wait", before, after, outcome)  # type: ignore[arg-type]


def explanation(*after: str, before: str = "a") -> Explanation:
    return Explanation("Equivalent", "retry", "wait", before, after, "It is the same.")


def test_what_runs_at_import_is_mutated_and_properties_are() -> None:
    made = list(at_import.mutations(SOURCE, "retry"))
    places = {place for place, _ in made}
    assert places == {MODULE_LEVEL, "many", "_number"}
    changed = {
        line[1:].strip()
        for _, source in made
        for line in difflib.ndiff(SOURCE.splitlines(), source.splitlines())
        if line.startswith("+")
    }
    assert {"LIMIT = 4", "tries: int = 5", "return self.tries >= 5", "return 8"} <= changed
    for _, source in made:
        compile(source, "mutant", "exec")


def test_the_lines_of_a_diff_are_told_without_their_indentation() -> None:
    diff = "# name: survived\n--- a\n+++ b\n@@ -1,2 +1,2 @@\n def f():\n-    return 1\n+    return 2\n"
    assert changes(diff) == ("return 1", "return 2")


def test_only_what_nothing_failed_for_is_to_be_explained() -> None:
    mutants = [mutant(outcome=outcome) for outcome in ("killed", "timed out", "survived", "without a test")]
    assert unexplained(mutants, []) == mutants[2:]
    assert unexplained(mutants, [explanation("c", "b")]) == []
    assert unexplained(mutants, [explanation("c"), explanation("b", before="x")]) == mutants[2:]


def test_an_explanation_of_nothing_is_told() -> None:
    assert without_object([mutant()], [explanation("b")]) == []
    assert without_object([mutant()], [explanation("b", "c")]) == ["retry.wait: a → c"]
    assert without_object([mutant(outcome="killed")], [explanation("b")]) == ["retry.wait: a → b"]


def test_explanations_are_about_what_is_mutated(tmp_path: Path) -> None:
    for each in read():
        assert each.module in SCOPE
        assert each.function == MODULE_LEVEL or is_in_scope(each.module, each.function)
        assert each.after
        assert each.why.endswith(".")
    path = tmp_path / "none.toml"
    path.touch()
    assert read(path) == ()


def test_the_page_counts_and_gives_the_reasons(tmp_path: Path) -> None:
    run = Results("2026-11-25", "3.8.1", "3.11.7", 1, 3.2, [mutant(), mutant(outcome="killed")])
    run.write(tmp_path / "results.json")
    assert Results.read(tmp_path / "results.json") == run
    text = page(run, [explanation("b")])
    assert "on 2026-11-25, with mutmut 3.8.1 on Python 3.11.7, in 3 minutes with one process." in text
    assert "| `retry` | 2 | 1 | 0 | 1 |" in text
    assert "| all | 2 | 1 | 0 | 1 |" in text
    assert "## Equivalent (1)\n" in text
    assert "- `retry`, `wait`: `a` becomes `b`. It is the same." in text

"""Mutants of what a module does while it is imported, and of properties: what mutmut leaves out.

They are made with mutmut's operators. A process forked from one that has imported the module would not see them, so
each is written into a copy of the sources, and pytest begins anew.
"""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import libcst as cst
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import Mutation, MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import get_ignored_lines

from .in_functions import changes
from .mutant import AT_IMPORT, MODULE_LEVEL, PACKAGE, SCOPE, Mutant, MutationError, Outcome
from .staging import copy_into

_SECONDS: Final = 300.0
_FOR_TYPE_CHECKERS: Final = ("T = ", "Flow = ", "_Reader = ")
"""Assignments that nothing runs on."""

_FIRST: Final = {
    "pagination": ["tests/core/test_pager.py"],
    "quirks": ["tests/core/test_quirks.py", "tests/core/test_wrong_shapes.py"],
    "retry": ["tests/retrying/test_policy_bounds.py", "tests/retrying/test_log_words.py"],
}
"""Tests that most likely fail, by module: the others are run if they do not."""


class _Visitor(MutationVisitor):
    """Goes into functions with decorators as well: mutmut can't put a switch into a property, and needs none here."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef):
            return False
        return super()._skip_node_and_children(node)


def _wanted(mutation: Mutation, module: str) -> str | None:
    """Where a mutation is, if it belongs here."""
    place = mutation.contained_by_top_level_function
    if not isinstance(place, cst.FunctionDef):
        return MODULE_LEVEL
    name = place.name.value
    return name if place.decorators or name in AT_IMPORT.get(module, ()) else None


def mutations(source: str, module: str) -> Iterator[tuple[str, str]]:
    """Each mutation of a module that belongs here: where it is, and the source with it.

    Args:
        source: text of the module.
        module: its name.
    """
    wrapper = MetadataWrapper(cst.parse_module(source))
    visitor = _Visitor(mutation_operators, get_ignored_lines(module, source, wrapper, None), None)
    tree = wrapper.visit(visitor)
    for mutation in visitor.mutations:
        place = _wanted(mutation, module)
        if place is not None:
            mutated = deep_replace(tree, mutation.original_node, mutation.mutated_node)
            assert isinstance(mutated, cst.Module)
            if mutated.code != source:
                yield place, mutated.code


def _changes(source: str, mutated: str) -> tuple[str, str]:
    return changes("\n".join(difflib.unified_diff(source.splitlines(), mutated.splitlines(), lineterm="", n=0)))


def _pytest(place: Path, tests: list[str]) -> Outcome:
    environment = {**os.environ, "PYTHONPATH": str(place / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("MUTANT_UNDER_TEST", None)
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=no", *tests]
    try:
        done = subprocess.run(command, cwd=place, env=environment, check=False, capture_output=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        return "timed out"
    return "survived" if done.returncode == 0 else "killed"


def run(stage: Path, tests: list[str]) -> Iterator[Mutant]:
    """Runs all mutants of what happens at import, one after the other.

    Args:
        stage: the staged copy; another one is made in it.
        tests: what to run.

    Raises:
        MutationError: the tests fail without a mutant.
    """
    place = stage / "anew"
    place.mkdir()
    copy_into(place)
    if _pytest(place, tests) != "survived":
        raise MutationError(f"the tests fail without a mutant: run pytest in {place}")
    for module in SCOPE:
        path = place / "src" / PACKAGE / f"{module}.py"
        source = path.read_text(encoding="utf-8")
        for function, mutated in mutations(source, module):
            before, after = _changes(source, mutated)
            if before.startswith(_FOR_TYPE_CHECKERS):
                continue
            path.write_text(mutated, encoding="utf-8")
            outcome = _pytest(place, _FIRST.get(module, tests))
            if outcome == "survived" and module in _FIRST:
                outcome = _pytest(place, tests)
            yield Mutant(module, function, before, after, outcome)
        path.write_text(source, encoding="utf-8")

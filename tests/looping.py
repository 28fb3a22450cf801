"""Many alike cases in one test, whose failure names the case."""

from __future__ import annotations

import functools
import inspect
import itertools
from collections.abc import Callable, Iterable

import pytest

from sampling import WAYS_OF_CALLING

Test = Callable[..., None]


def _without(test: Test, run: Test, taken: list[str], *added: str) -> Test:
    """A function that takes the parameters of a test but some."""
    functools.update_wrapper(run, test)
    signature = inspect.signature(test)
    parameters = [parameter for name, parameter in signature.parameters.items() if name not in taken]
    parameters += [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in added]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return run


def for_each(names: str | tuple[str, ...], cases: Iterable[object]) -> Callable[[Test], Test]:
    """Run a test in a loop over values of its parameters: as `parametrize` does, but in one test.

    The test shares what its fixtures gave between the cases.
    """
    of = [names] if isinstance(names, str) else list(names)
    table = [case if isinstance(names, tuple) else (case,) for case in cases]

    def decorate(test: Test) -> Test:
        def run(**arguments: object) -> None:
            for values in table:
                case = dict(zip(of, values, strict=True))  # type: ignore[call-overload]
                try:
                    test(**arguments, **case)
                except BaseException as error:
                    error.add_note(f"in the case {str(case)[:300]}")
                    raise

        return _without(test, run, of)

    return decorate


def in_turn(test: Test) -> Test:
    """Run the cases of `for_each` in the ways of calling in turn; among the exhaustive tests, each in all of them."""
    numbers = itertools.count()

    def run(*, ways: int, **arguments: object) -> None:
        first = next(numbers) % len(WAYS_OF_CALLING)
        for kind in (WAYS_OF_CALLING * 2)[first : first + ways]:
            try:
                test(kind=kind, **arguments)
            except BaseException as error:
                error.add_note(f"as {kind}")
                raise

    cases = [pytest.param(1, id="sample"), pytest.param(len(WAYS_OF_CALLING), id="whole", marks=pytest.mark.exhaustive)]
    return pytest.mark.parametrize("ways", cases)(_without(test, run, ["kind"], "ways"))

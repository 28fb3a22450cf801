"""Help: options in groups, examples, and bounds of numbers; options that several commands share."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
_SIGN_IN: Final = (
    "address api_key api_key_file api_key_command context client_id client_secret_file as_user automations_context"
    " sandbox ca_file"
)
_HOW: Final = (
    "dry_run yes workers journal journal_file resume wait patience timeout pacing overwrite undo_file id_map_out"
    " no_usage no_values forced force_params in_place check plan_file apply_plan"
)
_OUTPUT: Final = (
    "output_form as_json as_ndjson as_csv names_file show_ids every history html junit diff fail_on quiet verbose help"
)
GROUPS: Final = {"How": _HOW.split(), "Sign in": _SIGN_IN.split(), "Output": _OUTPUT.split()}
"""Names of options by the heading of their group; all others say what a command works on."""
_FILES: Final = ("FILE", "[FILE]", "DIR", "ARCHIVE", "PATH...")
# Shells complete it; whether it exists and can be read is for the command to say.
_FILE: Final = click.Path(readable=False, allow_dash=True)


def close_matches(word: str, words: Sequence[str]) -> list[str]:
    """Return the words that a mistyped one may stand for."""
    from difflib import get_close_matches  # which few commands need

    return get_close_matches(word, words, n=3, cutoff=0.7)


def or_list(words: Sequence[str]) -> str:
    """Return words as `a`, `a or b`, or `a, b or c`."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


class Command(click.Command):
    """A command whose help has groups of options, and examples.

    Attributes:
        examples: Lines to type, from the docstring's section `Examples`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help, _, examples = inspect.cleandoc(self.help or "").partition("\n\nExamples:\n")
        self.examples = [line.strip() for line in examples.splitlines()]
        for param in self.params:
            if (param.metavar or param.human_readable_name) in _FILES:
                param.type = _FILE

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options in groups."""
        groups: dict[str, list[tuple[str, str]]] = {title: [] for title in ("What", *GROUPS)}
        for option in self.get_params(ctx):
            name = "help" if "--help" in option.opts else option.name
            title = next((title for title, names in GROUPS.items() if name in names), "What")
            record = option.get_help_record(ctx) if isinstance(option, click.Option) else None
            if record is not None:
                groups[title].append(record)
        for title, records in groups.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        super().format_epilog(ctx, formatter)
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"{'':{formatter.current_indent}}{example}\n")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; for an unknown option, suggest only those that are close."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            known = [name for param in self.get_params(ctx) for name in param.opts if name.startswith("--")]
            close = close_matches(error.option_name, known)
            hint = f" Did you mean {or_list(close)}?" if close else ""
            raise click.UsageError(f"There is no option {error.option_name}.{hint}", ctx) from None


def all_of(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    """Return a decorator that applies several, whose options help shows in this order."""

    def decorate(command: F) -> F:
        return functools.reduce(lambda decorated, each: each(decorated), reversed(decorators), command)

    return decorate


def passes(name: str, make: Callable[..., object], *options: Callable[[F], F]) -> Callable[[F], F]:
    """Return a decorator that adds options to a command, and passes it what `make` returns for their values.

    Args:
        name: The argument of the command.
        make: Called with the value of each option by its name.
        options: The options.
    """
    add: Callable[[Any], Any] = all_of(*options)
    names = [param.name for param in click.command()(add(lambda: None)).params]

    def decorate(command: F) -> F:
        @functools.wraps(command)
        def with_made(*arguments: Any, **given: Any) -> Any:
            made = make(**{each: given.pop(each) for each in names})
            return command(*arguments, **{name: made}, **given)

        return add(with_made)  # type: ignore[no-any-return]

    return decorate


def number(
    least: int, most: int | None = None, *, whole: bool = True, above: bool = False
) -> Callable[[str | float], float]:
    """Return a type for options: a number within bounds, spelled out in messages.

    Args:
        least: The smallest one.
        most: The largest one; None for any.
        whole: Whether it must be a whole number.
        above: Whether it must be above `least`.
    """
    bounds = f"from {least:,} to {most:,}" if most is not None else f"of at least {least:,}"
    words = f"{'a whole number' if whole else 'a number'} {f'above {least:,}' if above else bounds}"

    def convert(value: str | float) -> float:
        try:
            number = int(value) if whole else float(value)
        except ValueError:
            number = math.nan
        large_enough = number > least or (number == least and not above)
        if not large_enough or number > (math.inf if most is None else most) or not math.isfinite(number):
            raise click.BadParameter(f"{value!r} is not {words}.")
        return number

    # Help shows it in capitals.
    convert.__name__ = "number"
    return convert

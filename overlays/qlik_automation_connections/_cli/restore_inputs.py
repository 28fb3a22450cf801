"""What `qac restore` reads: mappings from files, and values from a template or a person."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection

import click

from .._secrets import Secret
from .._text import printable
from ..admin._backup.values import read_values
from ..admin._restore.plan import RestorePlan
from .exit_codes import Exit, Failed
from .standard_streams import read_text, why_unreadable

Values = Secret[dict[tuple[str, str], str]]


def read_mapping(file: str | None, option: str) -> dict[str, str | None] | None:
    """A JSON object of old ids and new ones; null stands for a personal space.

    Args:
        file: the file; `-` for standard input, None for nothing.
        option: the option that names it, for messages.
    """
    if file is None:
        return None
    try:
        document = json.loads(read_text(file))
    except json.JSONDecodeError as error:
        raise Failed(f"{option}: {file} is no JSON at line {error.lineno}.", Exit.USAGE) from None
    except RecursionError:
        raise Failed(f"{option}: {file} is no JSON object of ids.", Exit.USAGE) from None
    except (OSError, ValueError) as error:
        raise Failed(f"{option}: {file} can't be read: {why_unreadable(error)}.", Exit.USAGE) from None
    if not isinstance(document, dict) or not all(isinstance(new, str | None) for new in document.values()):
        raise Failed(f"{option}: {file} must hold a JSON object of old ids and new ones.", Exit.USAGE)
    return document


def read_owners(file: str | None) -> dict[str, str] | None:
    """New users by old ones."""
    mapping = read_mapping(file, "--owners")
    if mapping is None:
        return None
    missing = next((old for old, new in mapping.items() if not new), None)
    if missing is not None:
        raise Failed(f"--owners: {file} names nobody for {missing}.", Exit.USAGE)
    return {old: new for old, new in mapping.items() if new}


def given_values(file: str | None) -> Values:
    """The values of a template that was filled in; none without a file."""
    return Secret({}) if file is None else read_values(file)


def can_be_asked() -> bool:
    """Whether a person is there to type values."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_for_values(plan: RestorePlan, values: Values, *, done: Collection[str] = ()) -> Values:
    """Asks without echo for what connectors require and nobody gave; an empty answer gives nothing.

    Args:
        plan: what is about to be done.
        values: what is given already; the answers are added.
        done: the archived connections that are done already.

    Returns:
        All values.
    """
    for step in plan.steps:
        if step.action != "create" or step.id in done:
            continue
        for param in step.without_value:
            if (step.id, param) in values.get_secret_value() or param not in step.params:
                continue
            answer: Secret[str] = Secret(
                click.prompt(
                    printable(f"{param} of {step.label}"), hide_input=True, default="", show_default=False, err=True
                )
            )
            if answer.get_secret_value():
                values.get_secret_value()[step.id, param] = answer.get_secret_value()
    return values

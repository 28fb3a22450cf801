"""Exit codes, and the exceptions that end a command with one."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from typing import IO, Any, Final

import click

from .. import APIConnectionError, APIStatusError, AuthenticationError, ConfigurationError, NotFoundError, QlikError
from ..admin import JobError
from ..errors import SIGN_IN_OPERATION
from . import Terminated


class Exit(IntEnum):
    """An exit code."""

    FINE = 0
    FAILED = 1
    USAGE = 2
    SIGN_IN_REFUSED = 3
    NOT_FOUND = 4
    IN_PART = 5
    UNREACHABLE = 6
    INTERRUPTED = 130
    BROKEN_PIPE = 141
    TERMINATED = 143


def exit_code(error: QlikError) -> Exit:
    """Return the exit code for an error of the client or of a job."""
    if isinstance(error, AuthenticationError):
        return Exit.SIGN_IN_REFUSED
    if isinstance(error, APIStatusError) and error.operation == SIGN_IN_OPERATION and error.status_code < 500:
        return Exit.SIGN_IN_REFUSED
    if isinstance(error, NotFoundError):
        return Exit.NOT_FOUND
    if isinstance(error, APIConnectionError):
        return Exit.UNREACHABLE
    if isinstance(error, ConfigurationError):
        return Exit.USAGE
    return Exit.FAILED


def missing_code(missing: int, total: int) -> Exit:
    """Return the exit code of a dry run, some of whose connections do not exist."""
    return Exit.FINE if not missing else Exit.IN_PART if missing < total else Exit.NOT_FOUND


def stop_code(error: BaseException) -> Exit:
    """Return the exit code for Ctrl-C or SIGTERM."""
    # click's prompts raise Abort in place of what stopped them.
    cause = error.__context__ if isinstance(error, click.Abort) else error
    return Exit.TERMINATED if isinstance(cause, Terminated) else Exit.INTERRUPTED


_NAMES: Final = {
    "connector_id": "--connector",
    "space_id": "--space",
    "owner_id": "--owner",
    "user_id": "--to",
    "to_owner": "--to",
}


def _listed(found: re.Match[str]) -> str:
    name = f"--name {found['name']} " if found["name"] else ""
    return f"qac list {name}--connector {found['connector']}"


def in_cli_words(message: str) -> str:
    """Return a message of the library with options and commands in place of Python's arguments and methods."""
    text = r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\""
    message = re.sub(
        rf"connections\.list\((?:name=(?P<name>{text}), )?connector_id=(?P<connector>{text}|None)\)", _listed, message
    )
    message = re.sub(r" \(in Python: [^)]*\)", "", message)
    message = re.sub(r"\b\w+=?\w* \((--[\w-]+)\)", r"\1", message)
    message = re.sub(r"\b\w+= \(or ([^)]*)\)", r"\1", message)
    argument, _, rest = message.partition(" ")
    return f"{_NAMES[argument]} {rest}" if argument in _NAMES else message


class Failed(click.ClickException):
    """A command failed.

    Args:
        message: Why, and what to do.
        code: The exit code.
    """

    def __init__(self, message: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(in_cli_words(message))
        self.exit_code = int(code)  # type: ignore[misc]  # click reads it from the instance


class Stopped(Failed):
    """The user stopped a command, with Ctrl-C or a signal.

    Args:
        message: What was done so far, and how to resume.
        code: The exit code.
        at_once: Whether to end the process right after the message, even if its threads are still waiting.
    """

    def __init__(self, message: str, code: Exit = Exit.INTERRUPTED, *, at_once: bool = False) -> None:
        super().__init__(message, code)
        self._at_once = at_once

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message, and end the process if it must end at once."""
        click.echo(self.message, file=file, err=True)
        if self._at_once:
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError):
                    stream.flush()
            # A normal exit waits for the threads' pending responses.
            os._exit(self.exit_code)


@contextmanager
def wrong_usage(of: str = "") -> Iterator[None]:
    """Turn an error of a job into one of wrong usage, whose message begins with `of`, such as an option."""
    try:
        yield
    except JobError as error:
        raise Failed(f"{of}{error}", Exit.USAGE) from None


def finish(code: Exit) -> None:
    """End a command with an exit code; return if it is 0."""
    if code is not Exit.FINE:
        raise click.exceptions.Exit(int(code))

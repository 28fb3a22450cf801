"""Exit codes, and which of them an exception ends the process with."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from enum import IntEnum
from typing import IO, Any

import click

from .. import APIConnectionError, APIStatusError, AuthenticationError, ConfigurationError, NotFoundError, QlikError
from ..errors import SIGN_IN_OPERATION


class Exit(IntEnum):
    """What the exit codes mean."""

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
    """Return the exit code for an exception of the client or of a job."""
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


class Failed(click.ClickException):
    """A command failed.

    Args:
        message: why, and what to do.
        code: what the process ends with.
    """

    def __init__(self, message: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(message)
        self.exit_code = int(code)  # type: ignore[misc]  # click reads it from the instance


class Stopped(Failed):
    """Somebody stopped a command, with Ctrl-C or a signal.

    Args:
        message: what was done until then, and how to go on.
        code: what the process ends with.
        at_once: whether the process ends as soon as that is said, whatever its threads still wait for.
    """

    def __init__(self, message: str, code: Exit = Exit.INTERRUPTED, *, at_once: bool = False) -> None:
        super().__init__(message, code)
        self._at_once = at_once

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message."""
        click.echo(self.message, file=file, err=True)
        if self._at_once:
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError):
                    stream.flush()
            # The usual end waits for the answers to what the threads sent.
            os._exit(self.exit_code)


def finish(code: Exit) -> None:
    """End a command with an exit code; with 0 it returns."""
    if code is not Exit.FINE:
        raise click.exceptions.Exit(int(code))

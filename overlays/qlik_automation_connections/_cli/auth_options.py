"""The options that every command takes to find a tenant and to sign in to it."""

from __future__ import annotations

import functools
import logging
import math
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from .._secrets import Secret
from ..admin._errors import JobError
from ..admin._names import Names
from .access import NOTHING, Access
from .exit_codes import Exit, Failed
from .standard_streams import read_text, why_unreadable

F = TypeVar("F", bound=Callable[..., Any])


class _Seconds(click.FloatRange):
    """A number of seconds: of those that are no number, click's own range lets two through."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds = float(super().convert(value, param, ctx))
        if not math.isfinite(seconds):
            self.fail(f"{value!r} is no number of seconds.", param, ctx)
        return seconds


LONGEST_SECONDS: Final = 31 * 86_400
SECONDS: Final = _Seconds(min=0, max=LONGEST_SECONDS)


def warn_of_argument(option: str, instead: str) -> None:
    """Says that a secret in an argument can be seen."""
    click.echo(
        f"Warning: what {option} holds can be seen in the list of processes and in the shell's history; for a secret"
        f" use {instead}.",
        err=True,
    )


def read_secret(path: str, option: str, *, may_be_empty: bool = False) -> Secret[str | None]:
    """A secret from a file, or from standard input, without the line's end.

    Args:
        path: the file; `-` for standard input.
        option: the option that names it, for messages.
        may_be_empty: whether nothing is a secret too.
    """
    try:
        text = Secret(read_text(path).rstrip("\r\n"))
    except (OSError, ValueError) as error:
        raise Failed(f"{option}: {path} can't be read: {why_unreadable(error)}.", Exit.USAGE) from None
    if not may_be_empty and not text.get_secret_value().strip():
        raise Failed(f"{option}: {'standard input' if path == '-' else path} is empty.", Exit.USAGE)
    return Secret(text.get_secret_value())


def _given_key(key: Secret[str | None], file: str | None) -> Secret[str | None]:
    if key.get_secret_value() is not None:
        if file is not None:
            raise click.UsageError("Give one of --api-key and --api-key-file.")
        warn_of_argument("--api-key", "--api-key-file, --context or QLIK_API_KEY")
        return key
    return NOTHING if file is None else read_secret(file, "--api-key-file")


def _conceal(context: click.Context, parameter: click.Parameter, value: str | None) -> Secret[str | None]:  # noqa: ARG001
    return Secret(value)


def _names(file: str | None) -> Names:
    try:
        return Names() if file is None else Names.read(file)
    except JobError as error:
        raise Failed(f"--names: {error}", Exit.USAGE) from None


def _log_to_stderr(verbose: bool) -> None:
    if verbose:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger = logging.getLogger("qlik_automation_connections")
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)


_OPTIONS = (
    click.option("--tenant", "address", metavar="URL", help="The tenant's address.  [env: QLIK_TENANT_URL]"),
    click.option(
        "--api-key-file", metavar="FILE", help="File with the API key; - for standard input.  [env: QLIK_API_KEY]"
    ),
    click.option("--api-key", metavar="KEY", callback=_conceal, help="The API key itself; others can see it."),
    click.option("--context", metavar="NAME", help="A context of Qlik's own command line."),
    click.option("--client-id", metavar="ID", help="An OAuth client.  [env: QLIK_OAUTH_CLIENT_ID]"),
    click.option("--client-secret-file", metavar="FILE", help="File with its secret.  [env: QLIK_OAUTH_CLIENT_SECRET]"),
    click.option("--as-user", metavar="ID", help="Let the OAuth client act as this user."),
    click.option("--sandbox", is_flag=True, help="Try it on a fake tenant, made for this command alone."),
    click.option(
        "--names", "names_file", metavar="FILE", help="JSON with names of users, spaces and connectors by id."
    ),
    click.option(
        "--timeout",
        type=_Seconds(min=0, max=LONGEST_SECONDS, min_open=True),
        metavar="SECONDS",
        help="Silence until a call gives up.  [default: 30]",
    ),
    click.option(
        "--pacing",
        metavar="STORE",
        callback=_conceal,
        help="Share the rate limits: sqlite:///FILE or redis://HOST; or off.",
    ),
    click.option("--ca-file", metavar="FILE", help="Authorities to trust in place of the usual ones."),
    click.option("--verbose", "-v", is_flag=True, help="Log each request to standard error."),
)


def signs_in(command: F) -> F:
    """Gives a command the options, and passes an `Access` as its argument `access`."""

    @functools.wraps(command)
    def with_access(
        *arguments: Any,
        address: str | None,
        api_key_file: str | None,
        api_key: Secret[str | None],
        context: str | None,
        client_id: str | None,
        client_secret_file: str | None,
        as_user: str | None,
        sandbox: bool,
        names_file: str | None,
        timeout: float | None,
        pacing: Secret[str | None],
        ca_file: str | None,
        verbose: bool,
        **options: Any,
    ) -> Any:
        _log_to_stderr(verbose)
        access = Access(
            address=address,
            api_key=_given_key(api_key, api_key_file),
            context=context,
            client_id=client_id,
            client_secret=NOTHING
            if client_secret_file is None
            else read_secret(client_secret_file, "--client-secret-file"),
            as_user=as_user,
            sandbox=sandbox,
            names=_names(names_file),
            timeout=timeout,
            pacing=pacing,
            certificates=ca_file,
        )
        return command(*arguments, access=access, **options)

    decorated: Any = with_access
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]

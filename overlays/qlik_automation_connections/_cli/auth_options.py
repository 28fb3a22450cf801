"""The options that name a tenant and say how to sign in."""

from __future__ import annotations

import functools
import logging
import math
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from .._secrets import Secret
from ..admin import JobError, Names
from .access import NOTHING, Access
from .exit_codes import Exit, Failed
from .inputs import read_secret

F = TypeVar("F", bound=Callable[..., Any])


class Seconds(click.FloatRange):
    """A finite number of seconds; click's own range accepts infinity and NaN."""

    def __init__(self, *, min_open: bool = False) -> None:
        super().__init__(min=0, max=31 * 86_400, min_open=min_open)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number of seconds, or fail."""
        seconds = float(super().convert(value, param, ctx))
        if not math.isfinite(seconds):
            self.fail(f"{value!r} is not a number of seconds.", param, ctx)
        return seconds


def conceal(context: click.Context, parameter: click.Parameter, value: Any) -> Secret[Any]:  # noqa: ARG001 - click's signature
    """Wrap an option's value so that tracebacks with local variables don't show it."""
    return Secret(value)


def warn_of_argument(option: str, instead: str) -> None:
    """Warn that others can see an argument's value."""
    click.echo(
        f"Warning: {option} is visible in the process list and the shell's history; for secrets, use {instead}.",
        err=True,
    )


def _key(key: Secret[str | None], file: str | None) -> Secret[str | None]:
    if key.get_secret_value() is None:
        return NOTHING if file is None else read_secret(file, "--api-key-file")
    if file is not None:
        raise click.UsageError("Pass only one of --api-key and --api-key-file.")
    warn_of_argument("--api-key", "--api-key-file, --context or QLIK_API_KEY")
    return key


def _names(file: str | None) -> Names:
    try:
        return Names() if file is None else Names.read(file)
    except JobError as error:
        raise Failed(f"--names: {error}", Exit.USAGE) from None


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("qlik_automation_connections")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


_OPTIONS: Final = (
    click.option("--tenant", "address", metavar="URL", help="Tenant address.  [env: QLIK_TENANT_URL]"),
    click.option(
        "--api-key-file", metavar="FILE", help="File with the API key; - for standard input.  [env: QLIK_API_KEY]"
    ),
    click.option("--api-key", metavar="KEY", callback=conceal, help="API key; other users may see it."),
    click.option("--context", metavar="NAME", help="Context of Qlik's own command line."),
    click.option("--client-id", metavar="ID", help="OAuth client id.  [env: QLIK_OAUTH_CLIENT_ID]"),
    click.option(
        "--client-secret-file",
        metavar="FILE",
        help="File with the OAuth client's secret.  [env: QLIK_OAUTH_CLIENT_SECRET]",
    ),
    click.option("--as-user", metavar="ID", help="User that the OAuth client acts as."),
    click.option(
        "--automations-context",
        metavar="NAME",
        help="A context of Qlik's command line whose OAuth client, with the scope admin.automations, reads automations."
        "  [env: QLIK_AUTOMATIONS_OAUTH_CLIENT_ID, …_SECRET]",
    ),
    click.option("--sandbox", is_flag=True, help="Use a fake tenant that exists for this command only."),
    click.option(
        "--names", "names_file", metavar="FILE", help="JSON that maps ids of users, spaces and connectors to names."
    ),
    click.option(
        "--timeout",
        type=Seconds(min_open=True),
        metavar="SECONDS",
        help="Give up a call after this long without data.  [default: 30]",
    ),
    click.option(
        "--pacing",
        metavar="STORE",
        callback=conceal,
        help="Store for sharing rate limits: sqlite:///FILE or redis://HOST; or off.",
    ),
    click.option("--ca-file", metavar="FILE", help="Certificate authorities to trust instead of the default ones."),
    click.option("--verbose", "-v", is_flag=True, help="Log each request to standard error."),
)


def signs_in(command: F) -> F:
    """Add the options to a command, and pass it an `Access` as `access`."""

    @functools.wraps(command)
    def with_access(*arguments: Any, **options: Any) -> Any:
        names = ("address", "context", "automations_context", "client_id", "as_user", "sandbox", "timeout", "pacing")
        simple = {name: options.pop(name) for name in (*names, "ca_file")}
        if options.pop("verbose"):
            _log_to_stderr()
        api_key = _key(options.pop("api_key"), options.pop("api_key_file"))
        secret_file = options.pop("client_secret_file")
        secret = NOTHING if secret_file is None else read_secret(secret_file, "--client-secret-file")
        access = Access(**simple, api_key=api_key, client_secret=secret, names=_names(options.pop("names_file")))
        return command(*arguments, access=access, **options)

    decorated: Any = with_access
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]

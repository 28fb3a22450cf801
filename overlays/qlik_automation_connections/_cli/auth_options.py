"""The options that name a tenant and say how to sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from .. import ConfigurationError, read_contexts
from .._secrets import Secret
from ..admin import Names
from .access import NOTHING, Access
from .exit_codes import wrong_usage
from .help import number, passes
from .inputs import read_secret, read_secret_of
from .standard_streams import logging_to_stderr

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

MOST_SECONDS: Final = 31 * 86_400


def conceal(context: click.Context, parameter: click.Parameter, value: Any) -> Secret[Any]:  # noqa: ARG001 - click's signature
    """Wrap an option's value so that tracebacks with local variables don't show it."""
    return Secret(value)


def warn_of_argument(option: str, instead: str) -> None:
    """Warn that others can see an argument's value."""
    click.echo(
        f"Warning: {option} is visible in the process list and the shell's history; for secrets, use {instead}.",
        err=True,
    )


def _key(key: Secret[str | None], file: str | None, command: str | None) -> Secret[str | None]:
    if (key.get_secret_value() is not None) + (file is not None) + (command is not None) > 1:
        raise click.UsageError("Pass only one of --api-key, --api-key-file and --api-key-command.")
    if command is not None:
        return Secret(read_secret_of(command, "--api-key-command").get_secret_value())
    if key.get_secret_value() is None:
        return NOTHING if file is None else read_secret(file, "--api-key-file")
    warn_of_argument("--api-key", "--api-key-file, --api-key-command, --context or QLIK_API_KEY")
    return key


def complete_context(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001 - click's signature
    """Complete the name of a context."""
    from click.shell_completion import CompletionItem

    try:
        contexts = read_contexts()
    except ConfigurationError:
        return []
    return [CompletionItem(each.name, help=each.url) for each in contexts if each.name.startswith(incomplete)]


def _names(file: str | None) -> Names:
    with wrong_usage("--names: "):
        return Names() if file is None else Names.read(file)


def _access(**options: Any) -> Access:
    if options.pop("verbose"):
        # Until the command ends: programs may run several in their own process.
        click.get_current_context().with_resource(logging_to_stderr("qlik_automation_connections"))
    api_key = _key(*(options.pop(name) for name in ("api_key", "api_key_file", "api_key_command")))
    secret_file = options.pop("client_secret_file")
    secret = NOTHING if secret_file is None else read_secret(secret_file, "--client-secret-file")
    return Access(api_key=api_key, client_secret=secret, names=_names(options.pop("names_file")), **options)


signs_in: Final = passes(
    "access",
    _access,
    click.option("--tenant", "address", metavar="URL", help="Tenant address.  [env: QLIK_TENANT_URL]"),
    click.option(
        "--api-key-file", metavar="FILE", help="File with the API key; - for standard input.  [env: QLIK_API_KEY]"
    ),
    click.option("--api-key", metavar="KEY", callback=conceal, help="API key; other users may see it."),
    click.option(
        "--api-key-command", metavar="COMMAND", help="Command that prints the API key, such as 'op read op://…'."
    ),
    click.option(
        "--context",
        metavar="NAME",
        shell_complete=complete_context,
        help="Context of Qlik's command line.  [env: QLIK_CONTEXT; default: the current one]",
    ),
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
        shell_complete=complete_context,
        help="A context of Qlik's command line whose OAuth client, with the scope admin.automations, reads automations."
        "  [env: QLIK_AUTOMATIONS_OAUTH_CLIENT_ID, …_SECRET]",
    ),
    click.option("--sandbox", is_flag=True, help="Use a fake tenant that exists for this command only."),
    click.option(
        "--names",
        "names_file",
        metavar="FILE",
        help="JSON that maps ids of users, spaces and connectors to names, instead of the tenant's.",
    ),
    click.option("--ids", "show_ids", is_flag=True, help="Show ids instead of names of users, spaces and connectors."),
    click.option(
        "--timeout",
        type=number(0, MOST_SECONDS, whole=False, above=True),
        metavar="SECONDS",
        help="Give up a call after this long without data.  [default: 30]",
    ),
    click.option(
        "--pacing",
        metavar="STORE",
        callback=conceal,
        help="Store of the rate limits, shared by your commands by default: sqlite:///FILE, redis://HOST, or memory for"
        " this command alone; off doesn't wait for them.",
    ),
    click.option("--ca-file", metavar="FILE", help="Certificate authorities to trust instead of the default ones."),
    click.option("--verbose", "-v", is_flag=True, help="Log each request to standard error."),
)
"""Adds the options to a command, and passes it an `Access`."""

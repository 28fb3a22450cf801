"""Help: options in groups, examples, and bounds of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any, Final

import click

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

_EXAMPLES: Final = """\
audit: qac audit --all --history audits --html report.html --overwrite
audit: qac audit --all --json --fail-on not-connected
backup: qac backup backup.ndjson --all
backup: qac backup mine.ndjson --no-values
backup show: qac backup show backup.ndjson --name SMTP
backup show: qac backup show backup.ndjson --id 03215fc0-2a85-5d26-9859-33eba33fbf2e
backup verify: qac backup verify backup.ndjson
backup verify: qac backup verify backup.ndjson --json
change-owner: qac change-owner --owner bob@example.com --to ada@example.com
change-owner: qac change-owner --ids-file ids.txt --to ada@example.com --dry-run
change-space: qac change-space 03215fc0-2a85-5d26-9859-33eba33fbf2e --personal
change-space: qac change-space --ids-file ids.txt --to Finance --dry-run
check: qac check --all
check: qac list --all --filter 'name eq "SMTP"' -o name | qac check -
context: qac context ls
context: qac context show production
context ls: qac context ls
context ls: qac context ls --json
context show: qac context show
context show: qac context show production --json
completion: qac completion bash
completion: eval "$(qac completion zsh)"
connectors: qac connectors
connectors: qac connectors --name Slack -o name
create: qac create --connector 'Mail (SMTP)' --name mail --param-file password=pw.txt
create: qac create --connector Slack --name slack --wait
delete: qac delete 03215fc0-2a85-5d26-9859-33eba33fbf2e --dry-run
delete: qac list --filter 'name eq "old"' -o name | qac delete - --yes
demo: qac demo
demo: qac demo --report report.html
deploy: qac deploy backup.ndjson --all --context production --automations-context machine --dry-run
deploy: qac deploy backup.ndjson --all --check
doctor: qac doctor
doctor: qac doctor --all --json
get: qac get 03215fc0-2a85-5d26-9859-33eba33fbf2e
get: qac get 03215fc0-2a85-5d26-9859-33eba33fbf2e --wait
handover: qac handover --from bob@example.com --to ada@example.com --dry-run
handover: qac handover --undo handover.undo.json
help: qac help check
help: qac help backup verify
list: qac list --all --sort -updatedAt --max 10
list: qac list --all --filter 'name eq "SMTP"' -o name
mcp: qac mcp --context production
mcp: qac mcp --sandbox --folder backups --allow-writes
remap: qac remap exports --id-map id-map.json --diff
remap: qac remap exports --id-map id-map.json --output remapped
restore: qac restore backup.ndjson --values backup.values.ndjson --dry-run
restore: qac restore backup.ndjson --context production --plan plan.json
sandbox: qac sandbox
sandbox: qac sandbox --limits --speed 60
spaces: qac spaces
spaces: qac spaces --name fin --type shared
update: qac update 03215fc0-2a85-5d26-9859-33eba33fbf2e --name 'mail 2'
update: qac update 03215fc0-2a85-5d26-9859-33eba33fbf2e --param-prompt password
usage: qac usage 03215fc0-2a85-5d26-9859-33eba33fbf2e
usage: qac usage --all --csv
users: qac users --status disabled
users: qac users --filter 'name co "ada"' --json
whoami: qac whoami
whoami: qac whoami --context production
"""
_FILES: Final = ("FILE", "[FILE]", "DIR", "ARCHIVE", "PATH...")
# Shells complete it; whether it exists and can be read is for the command to say.
_FILE: Final = click.Path(readable=False, allow_dash=True)


def close_matches(word: str, words: Sequence[str]) -> list[str]:
    """Return the words that a mistyped one may stand for."""
    return get_close_matches(word, words, n=3, cutoff=0.7)


def or_list(words: Sequence[str]) -> str:
    """Return words as `a`, `a or b`, or `a, b or c`."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def examples_of(path: str) -> list[str]:
    """Return the examples of a command, such as `backup verify`."""
    lines = (line.partition(": ") for line in _EXAMPLES.splitlines())
    return [example for of, _, example in lines if of == path]


class Command(click.Command):
    """A command whose help has groups of options, and examples."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
        path = ctx.command_path.partition(" ")[2]
        with formatter.section("Examples"):
            for example in examples_of(path):
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

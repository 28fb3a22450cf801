"""`qac demo`: an administrator's day on two fake tenants, with the real commands, and their results verified."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import shutil
import sys
import tempfile
import textwrap
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click
from attrs import define, field
from click.testing import CliRunner
from rich.cells import cell_len, set_cell_size

from .._text import counted
from ..admin import read_id_map
from ..admin._files import refuse_existing, write_text
from ..admin._managed import is_managed
from ..sandbox import Sandbox
from .exit_codes import Failed, Stopped
from .group import COMMANDS, qac
from .help import Command
from .output import say
from .sandbox import serving

# Fake tenants share no limits with the user's other commands.
_MEMORY: Final[Mapping[str, object]] = {"pacing": "memory"}
# Before 8.5, click would take those of `help` for the value of --help.
_DEFAULTS: Final = {**dict.fromkeys(COMMANDS.keys() - {"help"}, _MEMORY), "backup": {"write": _MEMORY}}
_WIDEST: Final = 100
_FIRST: Final = 5
_LAST: Final = 4
_VALUE: Final = "from-the-vault"
_FILLED_IN: Final = "development.values.ndjson"


@define
class _Walk:
    """Runs commands, shows their output, and verifies their effects.

    Attributes:
        development: The tenant to back up.
        production: The tenant to restore into.
        commands: How many commands were run.
        checks: How many expectations were met.
        printed: The output of all commands.
    """

    development: Sandbox
    production: Sandbox
    commands: int = field(default=0, init=False)
    checks: int = field(default=0, init=False)
    printed: str = field(default="", init=False)
    _step: int = field(default=0, init=False)

    def step(self, title: str) -> None:
        """Begin a step."""
        self._step += 1
        say(f"\n{self._step:>2}. {title}", style="bold")

    def run(self, tenant: Sandbox, *arguments: str, code: int = 0, machine: bool = True) -> str:
        """Run a command, and return its output; `machine` is whether an OAuth client signs in for automations.

        Raises:
            Failed: It ended with another code.
        """
        where = "development" if tenant is self.development else "production"
        say()
        for line in textwrap.wrap(
            f"{where}$ qac {shlex.join(arguments)}",
            _width() - 2,
            initial_indent="    ",
            subsequent_indent="        ",
            break_long_words=False,
            break_on_hyphens=False,
        ):
            say(line, style="cyan")
        text, ended = _invoke(tenant, arguments, machine=machine)
        self.commands += 1
        self.printed += text
        lines = text.splitlines()
        more = len(lines) - _FIRST - _LAST
        if more > 1:
            lines = [*lines[:_FIRST], f"… {more} more lines", *lines[-_LAST:]]
        for line in lines:
            say(f"    {_cut(line)}".rstrip())
        if ended != code:
            raise Failed(
                f"Step {self._step}: qac {arguments[0]} ended with exit code {ended} rather than {code}.\n{text}"
            )
        return text

    def expect(self, statement: str, came: object, wanted: object = True) -> None:
        """Print a statement if `came` equals `wanted`.

        Raises:
            Failed: It does not.
        """
        if came != wanted:
            raise Failed(
                f"Step {self._step} is not as expected: {statement}\n  expected: {wanted!r}\n  came:     {came!r}"
            )
        self.checks += 1
        tick = "✓" if (sys.stdout.encoding or "").lower().startswith("utf") else "+"
        say(f"    {tick} {_cut(statement)}", style="green")


def _width() -> int:
    return min(shutil.get_terminal_size().columns, _WIDEST)


def _cut(line: str) -> str:
    room = max(_width() - 6, 1)
    return line if cell_len(line) <= room else f"{set_cell_size(line, room - 1)}…"


def _invoke(tenant: Sandbox, arguments: tuple[str, ...], *, machine: bool) -> tuple[str, int]:
    """Run a command on a tenant, and return its output and exit code."""
    variables = {
        "QLIK_TENANT_URL": tenant.url,
        "QLIK_API_KEY": tenant.api_key,
        "QLIK_AUTOMATIONS_OAUTH_CLIENT_ID": tenant.client_id if machine else "",
        "QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET": tenant.client_secret if machine else "",
    }
    how: Any = {"prog_name": "qac", "standalone_mode": False, "default_map": _DEFAULTS}
    result = CliRunner().invoke(qac, arguments, env=variables, **how)
    if isinstance(result.exception, click.ClickException) and not isinstance(result.exception, Stopped):
        message = io.StringIO()
        result.exception.show(message)
        return result.output + message.getvalue(), result.exception.exit_code
    if result.exception is not None:
        raise result.exception
    return result.output, result.return_value or 0


def _held(tenant: Sandbox) -> dict[str, dict[str, Any]]:
    """Return a tenant's connections by id, without timestamps."""
    return {
        document["id"]: {key: value for key, value in document.items() if key not in ("createdAt", "updatedAt")}
        for document in tenant.snapshot()
    }


def _write_json(name: str, document: object) -> None:
    write_text(Path(name), json.dumps(document, indent=1), overwrite=True)


def _audit(walk: _Walk) -> None:
    walk.step("What is there, and what is broken?")
    text = walk.run(walk.development, "audit", "--all", "--html", "audit.html")
    held = _held(walk.development).values()
    working = sum(document["isConnected"] for document in held)
    summary = f"{counted(len(held))}: {working} connected, {len(held) - working} not"
    walk.expect("every connection is counted, and whether it works", summary in text)
    walk.expect(
        "the report is an HTML page", Path("audit.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    )
    walk.run(walk.development, "list", "--all", "--sort", "-updatedAt", "--max", "3")


def _one_connection(walk: _Walk) -> None:
    walk.step("One connection: create it, rename it, hand it over, move it, delete it")
    development = walk.development
    before = _held(development)
    _write_json("mail.json", {"host": "smtp.example.com", "username": "bot", "password": _VALUE})
    new = ("--connector", "Mail (SMTP)", "--name", "Morning mail")
    walk.run(development, "create", *new, "--params-file", "mail.json", "--yes")
    created = [id for id in _held(development) if id not in before]
    walk.expect("it was created once", len(created), 1)
    id, user, space = created[0], development.users[2], development.spaces[0]
    walk.run(development, "update", id, "--name", "Evening mail", "--yes")
    walk.run(development, "change-owner", id, "--to", user.email, "--yes")
    walk.run(development, "change-space", id, "--to", space.name, "--yes")
    now = _held(development)[id]
    walk.expect(
        "it has its new name, owner and space",
        (now["name"], now["ownerId"], now["spaceId"]),
        ("Evening mail", user.id, space.id),
    )
    walk.run(development, "delete", id, "--yes")
    walk.expect("it is gone, and nothing else changed", _held(development) == before)
    text = walk.run(development, "delete", development.in_use[0], "--yes", code=1)
    walk.expect("one that automations use is not deleted, and they are named", "Used by" in text)
    walk.expect("nothing changed", _held(development) == before)


def _usage(walk: _Walk) -> None:
    walk.step("Which automations use a connection?")
    development = walk.development
    held = _held(development)
    automation, used = next(
        (automation, id)
        for automation in development.automations
        for id in automation.connection_ids
        if held[id]["connectorId"] not in automation.connector_ids
    )
    text = walk.run(development, "usage", used)
    walk.expect("a block for files uses it, though the automation does not list its connector", automation.name in text)
    unused = min(held.keys() - set(development.in_use))
    text = walk.run(development, "usage", unused)
    number = len(development.automations)
    walk.expect("none uses another: all were read", f"uses it: all {number} automations were read" in text)
    text = walk.run(development, "usage", unused, code=5, machine=False)
    walk.expect("an API key alone can't tell: others' automations stay unread", "Not known" in text)


def _back_up(walk: _Walk) -> None:
    walk.step("Back up development")
    held = _held(walk.development)
    text = walk.run(walk.development, "backup", "development.ndjson", "--all", "--automations")
    what = f"{counted(len(held))} and {counted(len(walk.development.automations), 'automation')}"
    walk.expect("everything is in the backup", f"{what} in development.ndjson." in text)
    walk.run(walk.development, "backup", "verify", "development.ndjson")
    archive = Path("development.ndjson").read_text(encoding="utf-8")
    walk.expect("it holds no secret", "pretend-" not in archive)
    lines = [json.loads(line) for line in Path(_FILLED_IN).read_text(encoding="utf-8").splitlines()]
    needed = [line for line in lines if not line["optional"]]
    walk.expect("values that the service never returns are left to fill in", {line["value"] for line in needed}, {None})
    for line in needed:
        line["value"] = _VALUE
    write_text(Path(_FILLED_IN), "".join(f"{json.dumps(line)}\n" for line in lines), overwrite=True)


def _held_automations(tenant: Sandbox) -> dict[str, dict[str, Any]]:
    """Return a tenant's automations by name."""
    return {document["name"]: document for document in tenant.automation_snapshot()}


def _used(automation: Mapping[str, Any]) -> list[str | None]:
    """Return the ids of connections that the blocks of an automation name."""
    settings = (setting for block in automation["workspace"]["blocks"] for setting in block["settings"])
    return [setting["value"] for setting in settings if setting["id"] == "datasource"]


def _deploy(walk: _Walk) -> None:
    walk.step("Deploy into production, where users, spaces and connections have other ids")
    development, production = walk.development, walk.production
    before, others = _held(production), _held_automations(production)
    command = ["deploy", "development.ndjson", "--all", "--values", _FILLED_IN, "--id-map", "ids.json"]
    text = walk.run(production, *command, "--dry-run")
    walk.expect("the plan has no open questions", text.count("to be decided: 0."), 2)
    walk.expect("a dry run changes nothing", _held(production) == before)
    walk.run(production, *command, "--enable", "--yes")
    created = _held(production).keys() - before.keys()
    walk.expect("as many connections were created as planned", f"To create: {len(created)}; " in text)
    ids = read_id_map("ids.json")
    left = [is_managed(item["connectorId"]) for id, item in _held(development).items() if id not in ids]
    walk.expect("each has its counterpart, but for one that the service manages", left, [True])
    walk.expect("no two share a counterpart", len(set(ids.values())), len(ids))
    old, new = _held_automations(development), _held_automations(production)
    walk.expect("every automation arrived", old.keys() <= new.keys())
    uses = {name: [ids.get(id or "") for id in _used(each)] for name, each in old.items()}
    walk.expect("its blocks use production's connections", {name: _used(new[name]) for name in old}, uses)
    owners = {user.id: user.email for tenant in (development, production) for user in tenant.users}
    places = [{name: owners[held[name]["ownerId"]] for name in old} for held in (old, new)]
    walk.expect("its owner has the same e-mail address", *places)
    walk.expect("what was only in production is still there", others.keys() <= new.keys())
    walk.run(production, *command, "--yes")
    walk.expect("the same command again creates nothing", _held(production).keys() - before.keys() == created)
    walk.run(production, "deploy", "development.ndjson", "--all", "--id-map", "ids.json", "--check")


def _check(walk: _Walk) -> None:
    walk.step("Check the deployed connections, once people have consented")
    held = _held(walk.production)
    ids = [id for id in read_id_map("ids.json").values() if id in held]
    asking = {connector.id for connector in walk.production.connectors if connector.oauth}
    for id in ids:
        if held[id]["connectorId"] in asking:
            walk.production.consent(id)
    write_text(Path("deployed.txt"), "".join(f"{id}\n" for id in ids))
    text = walk.run(walk.production, "check", "--ids-file", "deployed.txt", "--journal", "check.journal")
    walk.expect("all work", text.startswith("All are connected."))


def _hand_over(walk: _Walk) -> None:
    walk.step("Hand over a departing colleague's connections, and undo it")
    production = walk.production
    leaving, staying = production.users[0], production.users[2]
    users = ("--from", leaving.email, "--to", staying.email)
    before = _held(production)
    walk.run(production, "handover", *users, "--journal", "handover.journal", "--yes")
    left = [item for item in _held(production).values() if item["ownerId"] == leaving.id]
    walk.expect("only those that the service manages are left", all(is_managed(item["connectorId"]) for item in left))
    walk.expect("something was handed over", _held(production) != before)
    walk.run(production, "handover", "--undo", "handover.undo.json", "--yes")
    walk.expect("the undo file reverted everything", _held(production) == before)


STEPS: Final = (_audit, _one_connection, _usage, _back_up, _deploy, _check, _hand_over)


@click.command("demo", cls=Command)
@click.option("--report", metavar="FILE", help="Keep the audit's HTML report in this file.")
@click.option("--overwrite", is_flag=True, help="Let --report replace an existing file.")
def demo_command(report: str | None, overwrite: bool) -> None:
    """Walk through an administrator's day on two fake tenants.

    It starts two fake tenants on this machine, development and production, runs commands on them, and verifies the
    results: audit, create, change, delete, back up, deploy, check, hand over. No real tenant is contacted.

    Exit code 0: all went as expected. 1: something did not, and the message names it. 2: an extra is not installed.

    Examples:
        qac demo
        qac demo --report report.html
    """
    kept = None if report is None else Path(report).absolute()
    if kept is not None:
        refuse_existing(kept, overwrite=overwrite)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="qac-demo-") as folder,
        contextlib.chdir(folder),
        serving(connections=24, name="development") as development,
        serving(connections=4, name="production") as production,
    ):
        say("Two fake tenants on this machine, development and production; no real tenant is contacted.")
        walk = _Walk(development, production)
        # Two users of development have a connection that the service manages, and one of them has one in production.
        for tenant, users in ((development, development.users[:2]), (production, production.users[:1])):
            for user in users:
                tenant.add_managed(user.id)
        for step in STEPS:
            step(walk)
        walk.expect("no secret was printed", _VALUE not in walk.printed and production.api_key not in walk.printed)
        if kept is not None:
            write_text(kept, Path("audit.html").read_text(encoding="utf-8"), overwrite=overwrite)
    if report is not None:
        say(f"\nThe audit's report, to open in a browser: {report}")
    seconds = time.monotonic() - began
    say(
        f"\nAll as expected: {len(STEPS)} steps, {walk.commands} commands, {walk.checks} checks, {seconds:.1f} s.",
        style="bold green",
    )

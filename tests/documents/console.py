"""The commands in documents, run as a reader would run them, against fake tenants, and what the documents show of them.

A remark before a block says what the block alone can't:

    <!-- not run: REASON -->       the block is left out
    <!-- exit codes: 0 4 -->       what its commands may end with; 0, 1 and 5 otherwise
    <!-- before: COMMAND -->       is run first, and not shown
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Final, TypeAlias

from attrs import frozen
from click.testing import CliRunner

from qlik_automation_connections._cli.group import qac
from qlik_automation_connections.pacing import _pacer as pacer
from qlik_automation_connections.sandbox import Sandbox

NOW: Final = datetime(2026, 11, 28, tzinfo=UTC)
"""The present in the documents' sandboxes, so that dates in their output stay."""

_FINE: Final = frozenset({0, 1, 5})
"""Fine, findings, done in part: what a command that was given rightly ends with in a tenant with broken connections."""

_PATTERN: Final = re.compile(
    r"^<!-- (?P<word>not run|exit codes|before): (?P<rest>.*?) -->$|^```console\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_CONTEXTS: Final = ("development", "production", "prod")
_ASKING: Final = re.compile(
    r"\bqac (?:delete|change-owner|change-space|create|update|restore|handover|deploy|remap(?=.* --in-place\b))\b"
    r"(?!.* (?:--yes|-y|--dry-run|--plan)\b)"
)
"""Commands that ask whether to go on, which somebody answers here."""
_PLAIN: Final = re.compile(r"qac (?P<arguments>[^|<>;&$*?~`(){}#\\\n]*)(?: \| (?P<filter>(?:tail|grep) [^|<>;&$\n]*))?")
"""Commands that take no process of their own, but for what filters their output."""
_QAC: Final = """\
#!/usr/bin/env bash
rm -rf "$XDG_STATE_HOME"  # Five minutes passed since the last command.
"$PYTHON" -m qlik_automation_connections "$@"
code=$?
printf '%s %s\\n' "$code" "$*" >> "$QAC_LOG"
exit "$code"
"""
_VAULT: Final = """\
#!/usr/bin/env bash
case "$*" in *-format=json*) echo '{"username": "bot", "password": "made up"}' ;; *) echo "$QLIK_API_KEY" ;; esac
"""
_EXPORTED: Final = "067d5538-1918-5f33-af87-31ebeb2c6fa0"
"""A connection that an exported automation uses."""
_MAIL: Final = "#!/usr/bin/env bash\ncat > /dev/null\n"


@frozen
class Block:
    """Commands of a document that belong together.

    Attributes:
        line: where it begins, from 1.
        commands: what is run, one a line.
        shown: what each prints, as the document has it; empty where it shows nothing.
        left_out: why it is not run; None if it is.
        fine: what its commands may end with.
    """

    line: int
    commands: tuple[str, ...]
    shown: tuple[str, ...]
    left_out: str | None
    fine: frozenset[int]


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a document, with what is to be run before them."""
    left_out, fine = None, _FINE
    for found in _PATTERN.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        if found["word"] == "not run":
            left_out = found["rest"]
        elif found["word"] == "exit codes":
            fine = frozenset(map(int, found["rest"].split()))
        elif found["word"] == "before":
            yield Block(line, (found["rest"],), ("",), None, _FINE)
        else:
            commands = list(_commands(found["code"]))
            yield Block(line, tuple(each for each, _ in commands), tuple(out for _, out in commands), left_out, fine)
            left_out, fine = None, _FINE


def _commands(code: str) -> Iterator[tuple[str, str]]:
    """The commands of a block and what they print, which are the lines without a prompt where one has a prompt."""
    joined = code.replace("\\\n", "")
    if not joined.startswith("$ "):
        yield from ((line, "") for line in joined.splitlines() if line.strip())
        return
    for part in joined.removeprefix("$ ").split("\n$ "):
        command, _, shown = part.partition("\n")
        yield command, shown


_VARYING: Final = re.compile(
    r"\b[0-9a-f]{32}\b|\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d[\d,.]*)?|https?://(127\.0\.0\.1:\d+|\w+\.eu\.qlikcloud\.com)"
    r"|\b\d+ ms\b|\b\d\.\d\d\b|(?<=API key)(, valid until .*)?|\b\d+(?= untouched)"
)
"""What differs from run to run: trace ids, times, ages, addresses, durations. A sandbox's key never expires."""


def says(shown: str, printed: str) -> bool:
    """Whether a document shows what was printed.

    A line `…` stands for any number of lines, and one at the end of a line for its rest. Columns may be narrower.
    """
    lines = (r"(?:.*\n)*" if line == "…" else f"{re.escape(line)}\n" for line in _compared(shown))
    pattern = "".join(lines).replace(r"\ …", ".*")
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in _compared(printed))) is not None


def _compared(text: str) -> list[str]:
    return [re.sub(" +", " ", _VARYING.sub("~", line)).rstrip() for line in text.rstrip().splitlines()]


_NOT_HERE: Final = {
    r"export QLIK_": "the tenant is a sandbox",
    r"make [a-z-]+": "a target of the Makefile, run by itself",
    r"python scripts/": "a script of the checkout, tested by itself",
    r"python3 -m venv|\.venv/bin/|\. \.venv/": "what is tried is the checkout",
    r"git ": "it is about a repository of the reader's",
    r"qac sandbox": "it runs until Ctrl-C",
    r"sudo |systemctl |journalctl ": "it is about the reader's machine",
}


def left_out_of(command: str) -> str | None:
    """Why a command is not run wherever it stands; None if it is."""
    return next((reason for pattern, reason in _NOT_HERE.items() if re.match(pattern, command)), None)


_Done: TypeAlias = tuple[str, int, list[tuple[int, str]]]
"""What a command printed, its exit code, and the exit codes of every `qac` in it."""


@frozen
class Reader:
    """Somebody who follows a document in a folder of their own.

    Attributes:
        folder: an empty folder.
        sandbox: the tenant of the environment and of the context `development`.
        other: that of the context `production`.
    """

    folder: Path
    sandbox: Sandbox
    other: Sandbox

    def stand_ins(self) -> Mapping[str, str]:
        """What stands for ids that documents make up."""
        connections = self.sandbox.snapshot()
        owners = Counter(each["ownerId"] for each in connections)
        giver = owners.most_common()[0][0]
        taker = next(user.id for user in self.sandbox.users if user.name == "Grace Lee")
        theirs = [each["id"] for each in connections if each["ownerId"] == giver]
        return {
            "650a1b": giver,
            "650a2c": taker,
            "64f0c3": self.sandbox.spaces[0].id,
            "64f1c0e2a9b7d3000e5a1b2c": giver,
            "0a1b2c3d": theirs[0],
            "4e5f6a7b": theirs[1],
            "6f1c2c3e-0000-4000-8000-000000000001": theirs[0],
            "7a2b": self.sandbox.client_id,
        }

    def settle(self) -> dict[str, str]:
        """Writes the files that documents take for granted; the environment to work in."""
        work, programs = self.folder / "work", self.folder / "bin"
        for folder in (work / "exports", programs, work / ".config" / "fish" / "completions"):
            folder.mkdir(parents=True)
        for name, text in (("qac", _QAC), ("vault", _VAULT), ("mail", _MAIL), ("curl", _MAIL)):
            (programs / name).write_text(text, encoding="utf-8", newline="\n")
            (programs / name).chmod(0o755)
        owners = [user.id for user in self.sandbox.users]
        ids = [each["id"] for each in self.sandbox.snapshot()][:3]
        block = {"displayName": "Send mail", "settings": [{"id": "datasource", "value": _EXPORTED}]}
        workspace = {"blocks": [block], "variables": []}
        exported = {"id": "a", "name": "Mail", "workspace": workspace, "state": "on", "executionToken": "made up"}
        files = {
            "key.txt": self.sandbox.api_key,
            "secret.txt": self.sandbox.client_secret,
            "password.txt": "made up",
            "ids.txt": "\n".join(ids),
            "vital.txt": "\n".join(ids),
            "active.txt": "\n".join(owners),
            "names.json": json.dumps({"users": {owners[0]: "Ada"}}),
            "owners.json": json.dumps(dict.fromkeys(owners, self.other.users[0].id)),
            "spaces.json": json.dumps({space.id: None for space in self.sandbox.spaces}),
            "id-map.json": json.dumps({_EXPORTED: "0f8ca749-3997-5823-8b6c-61ad4e573611"}),
            "exports/mail.json": json.dumps(exported, indent=2),
            "contexts.yml": "contexts:\n" + "".join(map(self._context, _CONTEXTS)),
        }
        for name, text in files.items():
            (work / name).write_text(text, encoding="utf-8")
        return {
            **os.environ,
            "PATH": os.pathsep.join((str(programs), os.environ["PATH"])),
            "PYTHON": sys.executable,
            "HOME": str(work),
            "QAC_LOG": str(self.folder / "log"),
            "QLIK_CLI_USER_HOME_DIR": str(work),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "QLIK_AUTOMATIONS_OAUTH_CLIENT_ID": self.sandbox.client_id,
            "QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET": self.sandbox.client_secret,
            "QLIK_TENANT_URL": self.sandbox.url,
            "QLIK_API_KEY": self.sandbox.api_key,
            "MAIL_USER": "bot",
        }

    def _context(self, name: str) -> str:
        tenant = self.sandbox if name == "development" else self.other
        headers = f"{{Authorization: Bearer {tenant.api_key}}}"
        client = f"oauth-client-id: {tenant.client_id}, oauth-client-secret: {tenant.client_secret}"
        return (
            f"  {name}: {{server: '{tenant.url}', headers: {headers}}}\n"
            f"  {name}-bot: {{server: '{tenant.url}', {client}}}\n"
        )

    def follow(self, text: str) -> tuple[list[str], list[str]]:
        """Runs the commands of a document, one after the other.

        Returns:
            What went wrong, and what was left out and why; a line each.
        """
        environment, stand_ins = self.settle(), self.stand_ins()
        wrong, left_out = [], []
        for block in blocks(text):
            for command, shown in zip(block.commands, block.shown, strict=True):
                reason = block.left_out or left_out_of(command)
                if reason is not None:
                    left_out.append(f"line {block.line}: {command}: {reason}")
                    continue
                for made_up, real in stand_ins.items():
                    command, shown = (
                        re.sub(rf"(?<![\w]){re.escape(made_up)}(?![\w])", real, text) for text in (command, shown)
                    )
                wrong += [f"line {block.line}: {each}" for each in self._run(command, shown, block.fine, environment)]
        return wrong, left_out

    def _run(self, command: str, shown: str, fine: frozenset[int], environment: dict[str, str]) -> Iterator[str]:
        command = _ASKING.sub(r"\g<0> --yes", command)
        plain = _PLAIN.fullmatch(command)
        printed, code, ends = (
            self._run_here(plain, environment) if plain else self._run_in_a_shell(command, environment)
        )
        environment["LAST"] = str(code)  # `echo $?` is about the command before it.
        said = printed.strip().splitlines()[-1:] or [""]
        if shown and not says(shown, printed):
            yield f"{command} is not shown as it prints:\n{printed}"
        if not ends and code != 0:
            yield f"{command}: exit code {code}: {said[0]}"
        for code, line in ends:
            if code not in fine:
                yield f"{line}: exit code {code}: {said[0]}"

    def _run_here(self, command: re.Match[str], environment: dict[str, str]) -> _Done:
        # Five minutes passed since the last command, whose requests don't count.
        variables = {**environment, "XDG_STATE_HOME": mkdtemp(dir=self.folder)}
        with contextlib.chdir(self.folder / "work"):
            done = CliRunner().invoke(qac, shlex.split(command["arguments"]), env=variables, catch_exceptions=False)
        pacer.forget()
        ends = [(done.exit_code, command[0])]
        if command["filter"] is None:
            return done.output, done.exit_code, ends
        filtered = subprocess.run(
            shlex.split(command["filter"]), input=done.stdout, stdout=subprocess.PIPE, encoding="utf-8", check=False
        )
        return done.stderr + filtered.stdout, filtered.returncode, ends

    def _run_in_a_shell(self, command: str, environment: dict[str, str]) -> _Done:
        log = self.folder / "log"
        log.write_text("", encoding="utf-8")
        done = subprocess.run(
            ["bash", "-c", f"(exit ${{LAST:-0}}); {command}"],
            cwd=self.folder / "work",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        logged = [line.partition(" ") for line in log.read_text(encoding="utf-8").splitlines()]
        return done.stdout, done.returncode, [(int(code), f"qac {rest}") for code, _, rest in logged]

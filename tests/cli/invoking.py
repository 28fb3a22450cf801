"""Runs commands, in this process or with an environment of their own, against a sandbox that the test holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from click.testing import CliRunner, Result

from qlik_automation_connections._cli.group import qac
from qlik_automation_connections.sandbox import Sandbox

QAC = [sys.executable, "-m", "qlik_automation_connections"]
CHANGING = ("POST", "PUT", "DELETE", "PATCH")


def environment(**variables: str) -> dict[str, str]:
    """That of this process without what changes how things are printed, and with further variables."""
    without = ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "TERM")
    kept = {name: value for name, value in os.environ.items() if name not in without and not name.startswith("QLIK_")}
    nowhere = {"QLIK_CLI_USER_HOME_DIR": os.devnull}
    return {**kept, "PYTHONIOENCODING": "utf-8", "TERM": "xterm-256color", **nowhere, **variables}


def run_python(source: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs Python source in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, env=environment(**variables), timeout=60
    )


def invoke(*arguments: str, stdin: str | bytes | None = None, **environment: str) -> Result:
    """Runs `qac` with arguments; the environment names no tenant unless variables do."""
    cleared: dict[str, str | None] = dict.fromkeys(
        (
            "QLIK_CONTEXT",
            "QLIK_TENANT_URL",
            "QLIK_API_KEY",
            "QLIK_OAUTH_CLIENT_ID",
            "QLIK_OAUTH_CLIENT_SECRET",
            "QLIK_AUTOMATIONS_OAUTH_CLIENT_ID",
            "QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET",
        )
    )
    cleared["QLIK_CLI_USER_HOME_DIR"] = os.devnull  # whoever runs the tests may have contexts
    result = CliRunner().invoke(qac, list(arguments), input=stdin, env={**cleared, **environment})
    # Whatever a user can cause ends with an exit code; anything else is an exception here.
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def machine_of(sandbox: Sandbox) -> dict[str, str]:
    """Variables by which an OAuth client signs in for automations."""
    return {
        "QLIK_AUTOMATIONS_OAUTH_CLIENT_ID": sandbox.client_id,
        "QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET": sandbox.client_secret,
    }


def client_of(sandbox: Sandbox) -> dict[str, str]:
    """Variables by which an OAuth client signs in."""
    return {"QLIK_OAUTH_CLIENT_ID": sandbox.client_id, "QLIK_OAUTH_CLIENT_SECRET": sandbox.client_secret}


class At:
    """Runs commands at a sandbox, signed in as its administrator, and for automations as a machine if wanted."""

    def __init__(self, sandbox: Sandbox, *, machine: bool = False) -> None:
        self.sandbox = sandbox
        self._machine = machine

    @property
    def environment(self) -> dict[str, str]:
        """What makes a command work there."""
        signed_in = {"QLIK_TENANT_URL": self.sandbox.url, "QLIK_API_KEY": self.sandbox.api_key}
        return {**signed_in, **machine_of(self.sandbox)} if self._machine else signed_in

    def __call__(self, *arguments: str, stdin: str | bytes | None = None, **environment: str) -> Result:
        return invoke(*arguments, stdin=stdin, **{**self.environment, **environment})

    def json(self, *arguments: str, code: int = 0) -> Any:
        """What a command prints with --json."""
        result = self(*arguments, "--json")
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    @property
    def broken(self) -> list[str]:
        """The ids of connections that are not connected."""
        return [connection["id"] for connection in self.sandbox.snapshot() if not connection["isConnected"]]

    @property
    def ids(self) -> list[str]:
        """The ids of all connections."""
        return [connection["id"] for connection in self.sandbox.snapshot()]

    def changes(self) -> list[str]:
        """Operations that were asked for and change something."""
        return [
            str(entry.operation)
            for entry in self.sandbox.ledger
            if entry.method in CHANGING and entry.operation not in ("oauthToken", "checkAutomationConnection")
        ]

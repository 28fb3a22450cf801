"""The extra `mcp`: `qac mcp` answers an agent. Without it, a sentence names the extra."""

from __future__ import annotations

import json
import os
import subprocess
import sys

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "exercise", "version": "1"},
    },
}


def main(mode: str, url: str, key: str) -> None:
    environment = {**os.environ, "QLIK_TENANT_URL": url, "QLIK_API_KEY": key}
    command = [sys.executable, "-I", "-m", "qlik_automation_connections", "mcp"]
    said = subprocess.run(
        command, env=environment, input=f"{json.dumps(HELLO)}\n", capture_output=True, encoding="utf-8", check=False
    )
    if mode == "lacks":
        assert said.returncode == 2, said
        # Without any extra, the one of the command line comes first.
        assert "qlik-automation-connections[" in said.stderr, said
        print(f"without it: {said.stderr.strip()}")
        return
    assert json.loads(said.stdout.splitlines()[0])["result"]["serverInfo"]["name"] == "qac", said
    print("an agent was answered")


main(*sys.argv[1:])

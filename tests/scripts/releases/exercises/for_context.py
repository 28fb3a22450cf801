"""The extra `context`: a tenant from a context of Qlik's command line. Without it, a sentence names the extra."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import qlik_automation_connections as package

NAMED = "qlik-automation-connections[context]"
TEXT = """current-context: here
contexts:
  here:
    server: {url}
    server-type: cloud
    headers:
      Authorization: Bearer {key}
"""


def main(mode: str, url: str, key: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "contexts.yml").write_text(TEXT.format(url=url, key=key), encoding="utf-8")
        os.environ["QLIK_CLI_USER_HOME_DIR"] = folder
        try:
            with package.Tenant.from_context("here") as tenant:
                count = len(list(tenant.connections.list()))
        except package.ConfigurationError as error:
            assert mode == "lacks", error
            assert NAMED in str(error), error
            print(f"without it: {error}")
            return
    assert mode == "works", "a context was read without the extra"
    assert count > 0
    print(f"{count} connections listed with a context")


main(*sys.argv[1:])

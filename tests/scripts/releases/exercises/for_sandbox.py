"""The extra `sandbox`: a fake tenant in this process. Without it, a sentence names the extra."""

from __future__ import annotations

import sys

import qlik_automation_connections as package
from qlik_automation_connections.sandbox import Sandbox

NAMED = "qlik-automation-connections[sandbox]"


def main(mode: str, _url: str, _key: str) -> None:
    try:
        with Sandbox(connections=5) as sandbox, package.Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
            count = len(list(tenant.connections.list(list_all=True)))
    except ImportError as error:
        assert mode == "lacks", error
        assert NAMED in str(error), error
        print(f"without it: {error}")
        return
    assert mode == "works", "a sandbox was served without the extra"
    assert count == 5, count
    print(f"{count} connections of a sandbox listed")


main(*sys.argv[1:])

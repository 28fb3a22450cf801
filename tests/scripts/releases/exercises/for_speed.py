"""The extra `speed`: answers are decoded with orjson where it is installed, and with `json` where it isn't."""

from __future__ import annotations

import sys

import qlik_automation_connections as package


def main(mode: str, url: str, key: str) -> None:
    with package.Tenant(url, api_key=key) as tenant:
        count = len(list(tenant.connections.list(list_all=True)))
    assert count > 0
    assert ("orjson" in sys.modules) == (mode == "works"), "orjson must be used where it is installed, and nowhere else"
    print(f"{count} connections listed, decoded with {'orjson' if mode == 'works' else 'json'}")


main(*sys.argv[1:])

"""The extra `redis`: the rate limits shared in Redis, at REDIS_URL if set. Without it, a sentence names the extra."""

from __future__ import annotations

import os
import sys

import qlik_automation_connections as package

NAMED = "qlik-automation-connections[redis]"
NOWHERE = "redis://127.0.0.1:1/0"


def main(mode: str, url: str, key: str) -> None:
    store = os.environ.get("REDIS_URL", "") if mode == "works" else NOWHERE
    try:
        with package.Tenant(url, api_key=key, pacing=store or NOWHERE) as tenant:
            count = len(list(tenant.connections.list()))
    except package.ConfigurationError as error:
        assert (NAMED in str(error)) == (mode == "lacks"), error
        assert not (mode == "works" and store), error
        print(f"without {'it' if mode == 'lacks' else 'a server'}: {error}")
        return
    assert mode == "works", "the rate limits were shared without the extra"
    print(f"{count} connections listed, their requests counted in Redis")


main(*sys.argv[1:])

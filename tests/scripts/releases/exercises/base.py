"""What works without any extra: the import, a call to nowhere, calls of a tenant, sync and async."""

from __future__ import annotations

import sys


def main(version: str, url: str, key: str) -> None:
    import qlik_automation_connections as package

    heavy = {
        "httpx",
        "importlib.metadata",
        "asyncio",
        "click",
        "starlette",
        "yaml",
        "redis",
        "orjson",
        "opentelemetry",
        "mcp",
    } & sys.modules.keys()
    assert not heavy, f"the bare import must stay cheap, and imports {sorted(heavy)}"
    assert package.__version__ == version, package.__version__
    assert "importlib.metadata" not in sys.modules, "the version must be cheap to read"

    import importlib.metadata

    assert importlib.metadata.version("qlik-automation-connections") == version

    with package.Tenant("http://127.0.0.1:1", api_key="nobody", retries=0) as nowhere:
        try:
            nowhere.connections.get("some-id")
        except package.APIConnectionError as error:
            assert not error.may_have_been_processed
        else:
            raise SystemExit("a call to nowhere came back")

    with package.Tenant(url, api_key=key) as tenant:
        listed = list(tenant.connections.list(list_all=True))
        assert len(listed) > 1, listed
        read = tenant.connections.get(listed[0].id)
        assert (read.id, read.name) == (listed[0].id, listed[0].name)
        try:
            tenant.connections.get("no-such-connection")
        except package.NotFoundError:
            pass
        else:
            raise SystemExit("a connection was found that isn't there")

    import anyio

    async def again() -> int:
        async with package.AsyncTenant(url, api_key=key) as tenant:
            return len([each.id async for each in tenant.connections.list(list_all=True)])

    assert anyio.run(again) == len(listed)
    print(f"imported {version}; {len(listed)} connections listed, sync and async; one read; one not found")


main(*sys.argv[1:])

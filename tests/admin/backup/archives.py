"""Archives and their lines, for comparison, and a tenant that answers whatever it is told to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from qlik_automation_connections import Tenant

LIST = "/api/workflows/automation-connections"


def lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def but_for_times(path: Path) -> list[dict[str, Any]]:
    """The lines of an archive without what differs between two runs that read the same."""
    found = lines(path)
    del found[-1]["sha256"]
    times = ("began_at", "read_at", "ended_at")
    return [{name: value for name, value in line.items() if name not in times} for line in found]


def names_in(folder: Path) -> set[str]:
    """The names of all files in a folder, hidden ones too."""
    return {path.name for path in folder.iterdir()}


def told_tenant(
    documents: Mapping[str, Any], *, items: list[dict[str, Any]] | None = None, seen: list[str] | None = None
) -> Tenant:
    """A tenant without a network.

    Args:
        documents: what is answered for an id: JSON, the bytes of a body, or a status.
        items: what the list shows; the ids of the documents if None.
        seen: gets the path of each request.
    """
    listed = [{"id": id, "name": f"name of {id}"} for id in documents] if items is None else items

    def answer(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request.url.path)
        if request.url.path == LIST:
            return _page(request, listed)
        document = documents[request.url.path.removeprefix(f"{LIST}/")]
        if isinstance(document, int):
            return httpx.Response(document, json={"errors": [{"code": "X-1", "title": "MARKED4711"}]})
        return httpx.Response(200, content=document if isinstance(document, bytes) else json.dumps(document).encode())

    return over(answer)


def over(answer: Callable[[httpx.Request], httpx.Response]) -> Tenant:
    """A tenant whose requests a function answers."""
    client = httpx.Client(transport=httpx.MockTransport(answer), trust_env=False)
    return Tenant("https://acme.example.com", api_key="key-of-some-length", http_client=client, pacing="off", retries=0)


def _page(request: httpx.Request, items: list[dict[str, Any]]) -> httpx.Response:
    start, size = int(request.url.params.get("cursor", "0")), int(request.url.params["limit"])
    following = start + size if start + size < len(items) else None
    href = None if following is None else f"https://acme.example.com{LIST}?cursor={following}"
    return httpx.Response(200, json={"data": items[start : start + size], "links": {"next": {"href": href}}})

"""What a user would write without this package: httpx and json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import httpx

PATH: Final = "/api/workflows/automation-connections"


def client(url: str, key: str) -> httpx.Client:
    """A client as httpx makes it, signed in."""
    import httpx

    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"})


def ids(client: httpx.Client, count: int) -> list[str]:
    """Ids of so many connections of a tenant."""
    found: list[str] = []
    address: str | None = f"{PATH}?listAll=true"
    while address is not None and len(found) < count:
        page = client.get(address).json()
        found += [item["id"] for item in page["data"]]
        address = page["links"]["next"]["href"]
    return found[:count]


def listed(client: httpx.Client, limit: int | None = None) -> int:
    """How many connections there are, counted over pages; those of the service's own size if no limit is given."""
    count = 0
    address: str | None = f"{PATH}?listAll=true" + (f"&limit={limit}" if limit is not None else "")
    while address is not None:
        page = client.get(address).json()
        count += len(page["data"])
        address = page["links"]["next"]["href"]
    return count

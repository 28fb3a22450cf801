"""Lists the links of the built site to other hosts, and asks each of them; exit code 1 if one leads nowhere."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

import httpx

from docs_site.site_check import external_links

SITE: Final = Path(__file__).resolve().parents[1] / "build" / "site"
_REFUSES_PROGRAMS: Final = frozenset({401, 403, 405, 429})
"""What a host may answer a program for a page that a person can read."""


def ask(client: httpx.Client, address: str) -> str | None:
    """Why an address leads nowhere; None if it leads somewhere."""
    try:
        answer = client.get(address.partition("#")[0])
    except httpx.HTTPError as error:
        return f"{type(error).__name__}: {error}"
    return None if answer.is_success or answer.status_code in _REFUSES_PROGRAMS else str(answer.status_code)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="list them, and ask nobody")
    options = parser.parse_args(arguments)
    if not SITE.is_dir():
        print("There is no site yet: make docs", file=sys.stderr)
        return 2
    wrong = 0
    with httpx.Client(follow_redirects=True, timeout=20) as client:
        for address, pages in external_links(SITE).items():
            reason = None if options.list else ask(client, address)
            wrong += reason is not None
            print(f"{address}  {reason or ''}".rstrip(), *(f"\n    {page}" for page in pages if reason))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

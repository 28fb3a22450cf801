"""Lists connections with Qlik's Python client. It has no call for them: its REST client is told the path."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def ours(order: dict[str, Any]) -> Iterator[Callable[[], object]]:
    # By its name, for it is installed in this environment alone.
    sdk: Any = importlib.import_module("qlik_sdk")
    rest = sdk.Auth(sdk.Config(host=order["url"], auth_type=sdk.AuthType.APIKey, api_key=order["key"])).rest

    def listed() -> None:
        page = rest(path="/automation-connections", params={"listAll": "true"}).json()
        count = len(page["data"])
        while (address := page["links"]["next"]["href"]) is not None:
            page = rest(path=address).json()
            count += len(page["data"])
        assert count == order["connections"]

    yield listed

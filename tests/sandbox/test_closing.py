"""A sandbox that is closed leaves nothing open."""

from __future__ import annotations

import gc
import socket
import sys
from urllib.parse import urlsplit

import pytest

from qlik_automation_connections.sandbox import Sandbox


@pytest.mark.filterwarnings("error::ResourceWarning")
def test_a_connection_that_was_accepted_just_before_is_closed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", left.append)
    for _ in range(20):
        with Sandbox(1) as sandbox:
            address = urlsplit(sandbox.url)
            client = socket.create_connection((address.hostname, address.port))
        client.close()
    gc.collect()
    assert left == []

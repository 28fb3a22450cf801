from __future__ import annotations

import pytest

from core import scripted


@pytest.fixture(autouse=True)
def few_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets what asks without end fail soon."""
    monkeypatch.setattr(scripted, "MOST", 100)

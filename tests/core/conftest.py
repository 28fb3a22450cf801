from __future__ import annotations

import pytest

from core import scripted


@pytest.fixture(autouse=True)
def few_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets what asks without end fail soon, before the pacing makes it wait: none of these tests asks often."""
    monkeypatch.setattr(scripted, "MOST", 100)

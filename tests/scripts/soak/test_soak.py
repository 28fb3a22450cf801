"""Soaks against a sandbox that fails at random: every operation accounted for, and nothing that grows."""

from __future__ import annotations

import os

import pytest

from scripts.soak.soak import WORKERS, Book, soak


@pytest.mark.exhaustive
def test_every_operation_is_accounted_for() -> None:
    soak(2)


@pytest.mark.exhaustive
def test_what_does_not_agree_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    # A client that forgets its tries can't account for what the sandbox saw.
    monkeypatch.setattr(Book, "count_retry", lambda self: None)
    with pytest.raises(AssertionError, match="requests, the client sent"):
        soak(1)


@pytest.mark.exhaustive
def test_open_files_and_memory_stay_flat() -> None:
    samples = soak(int(os.environ.get("SOAK_ROUNDS", "20")))
    tenth = max(1, len(samples) // 10)
    (early_files, early_memory), (late_files, late_memory) = (
        [max(column) for column in zip(*part, strict=True)] for part in (samples[tenth : 2 * tenth], samples[-tenth:])
    )
    # Each worker may hold a connection, of which this process has both ends.
    assert late_files <= early_files + 2 * WORKERS
    assert late_memory <= early_memory * 1.1

"""A short soak: two rounds against a sandbox that fails at random, every operation accounted for."""

from __future__ import annotations

import pytest

import soak


def test_every_operation_is_accounted_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert soak.soak(minutes=0, rounds=2) == 0
    assert "every operation accounted for" in capsys.readouterr().out


def test_what_does_not_agree_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    # A client that forgets its tries can't account for what the sandbox saw.
    monkeypatch.setattr(soak.Book, "count_retry", lambda self: None)
    assert soak.soak(minutes=0, rounds=1) == 1
    assert "requests, the client sent" in capsys.readouterr().err

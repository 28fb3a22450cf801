"""Journals for tests: opened with what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qlik_automation_connections.admin._journal import Journal, JournalHeader

TENANT = "https://acme.example"


def opened(
    path: Path, job: str = "check", *, tenant: str = TENANT, **header: Any
) -> tuple[Journal[JournalHeader], list[dict[str, Any]]]:
    """A journal of a job, and the entries that it holds."""
    entries: list[dict[str, Any]] = []
    return Journal(path, JournalHeader(job, tenant, **header), entries.append), entries


def written(path: Path, *noted: dict[str, Any], job: str = "check", tenant: str = TENANT, **header: Any) -> bytes:
    """Writes a journal, and says what is in its file."""
    journal, _ = opened(path, job, tenant=tenant, **header)
    with journal:
        for entry in noted:
            journal.note(entry)
    return path.read_bytes()

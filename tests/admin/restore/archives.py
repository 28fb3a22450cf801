"""Archives of backups, written from their definition."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qlik_automation_connections.sandbox import Sandbox

AT = "2026-01-01T00:00:00.000000Z"
SOURCE = "https://development.example.com"
"""The tenant that an archive is of, unless told otherwise: none that is restored into."""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def stripped(document: dict[str, Any]) -> dict[str, Any]:
    """A document as a backup has it: without the values of its params."""
    params = document["params"]
    if not (isinstance(params, list) and all(isinstance(param, dict) for param in params)):
        return document
    bare = [{name: part for name, part in param.items() if name != "value"} for param in params]
    return {**document, "params": bare}


def write_archive(
    path: Path, documents: Iterable[dict[str, Any]], *, tenant: str = SOURCE, unread: Iterable[str] = ()
) -> Path:
    """Writes an archive of documents."""
    selection = {"list_all": True, "filter": None, "ids": None}
    entries: list[dict[str, Any]] = [
        {
            "type": "header", "format": "qlik-automation-connections/backup", "version": 1, "tenant": tenant,
            "began_at": AT, "selection": selection, "client": "0.1.0",
        }
    ]  # fmt: skip
    connections = 0
    for document in documents:
        bare = stripped(document)
        canonical = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        entries.append(
            {"type": "connection", "id": bare["id"], "read_at": AT, "sha256": _digest(canonical), "document": bare}
        )
        connections += 1
    missing = list(unread)
    entries += [{"type": "unread", "id": id, "name": None, "reason": "It could not be read."} for id in missing]
    lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
    manifest = {
        "type": "manifest", "connections": connections, "unread": len(missing), "ended_at": AT,
        "sha256": _digest(lines),
    }  # fmt: skip
    path.write_text(lines + json.dumps(manifest) + "\n", encoding="utf-8", newline="")
    return path


def archive_of(sandbox: Sandbox, path: Path, *, ids: Iterable[str] | None = None, tenant: str | None = None) -> Path:
    """Writes an archive of a sandbox, or of some of its connections."""
    chosen = None if ids is None else set(ids)
    documents = [item for item in sandbox.snapshot() if chosen is None or item["id"] in chosen]
    return write_archive(path, documents, tenant=SOURCE if tenant is None else tenant)


def values_of(sandbox: Sandbox) -> dict[tuple[str, str], str]:
    """The values of all params of a sandbox, as a person would fill them in."""
    return {
        (item["id"], param["name"]): param["value"]
        for item in sandbox.snapshot(secrets=True)
        for param in item["params"]
        if param["value"]
    }


def owners(source: Sandbox, target: Sandbox) -> dict[str, str]:
    """Users of one tenant by those of the same name in another."""
    return {old.id: new.id for old, new in zip(source.users, target.users, strict=True)}


def spaces(source: Sandbox, target: Sandbox) -> dict[str, str | None]:
    """Spaces of one tenant by those of the same name in another."""
    return {old.id: new.id for old, new in zip(source.spaces, target.spaces, strict=True)}

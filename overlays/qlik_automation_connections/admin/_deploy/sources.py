"""What is deployed: a backup with automations, or a folder of exported automations."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

from ... import Automation
from ...errors import ConfigurationError
from .._backup.archive import Archive
from .._backup.records import ArchivedAutomation, ArchivedConnection, UnreadConnection, read_automation
from .._errors import JobError
from .._id_map import IdMap
from .._people import Person, Place
from .._remap.encodings import InvalidContent, decode_file
from .._remap.report import FileReport
from .._remap.rewriting import Rewriter
from .._remap.sources import find
from .._restore.desired_state import manifest
from .._usage.report import UnreadAutomation
from .definition import Definition, Use


@frozen
class Deployable:
    """An automation of the source, without its workspace.

    Attributes:
        id: Its id.
        name: Its name.
        owner_id: Its owner.
        space_id: Its space; empty for a personal space.
        state: Its state.
        run_mode: What starts it.
        uses: The blocks that use a connection.
        problem: Why it can't be deployed; None if it can.
    """

    id: str
    name: str | None
    owner_id: str | None = None
    space_id: str = ""
    state: str | None = None
    run_mode: str | None = None
    uses: list[Use] = field(factory=list)
    problem: str | None = None


@define
class Source:
    """Automations to deploy.

    Attributes:
        path: The backup, or the folder.
        sha256: Checksum that identifies the content.
        load: Reads an automation by its id.
        tenant: Address of the tenant that was backed up; empty if unknown.
        archive: The backup; None for a folder.
        automations: The automations.
        connections: Connections that the backup holds.
        unread: Connections that it could not read.
        people: Users and spaces that it notes.
        notes: Remarks on what is missing.
    """

    path: Path
    sha256: str
    load: Callable[[str], Automation]
    tenant: str = ""
    archive: Archive | None = None
    automations: list[Deployable] = field(factory=list)
    connections: set[str] = field(factory=set)
    unread: set[str] = field(factory=set)
    people: list[Person | Place] = field(factory=list)
    notes: list[str] = field(factory=list)


def open_source(path: str | Path) -> Source:
    """Read what is deployed, without keeping workspaces.

    Args:
        path: An archive that a backup wrote, or a folder of exported automations, as `remap` takes.

    Raises:
        JobError: The archive can't be read, is damaged, or holds an automation twice.
        ConfigurationError: The path doesn't exist, or the folder holds no `*.json` files.
    """
    path = Path(path)
    source = _of_folder(path) if path.is_dir() else _of_archive(path)
    seen: set[str] = set()
    for each in source.automations:
        if each.id in seen:
            raise JobError(f"{path} holds the automation {each.id!r} twice.")
        seen.add(each.id)
    return source


def _deployable(id: str, name: str | None, read: Callable[[], Automation]) -> Deployable:
    try:
        found = read()
    except JobError as error:
        return Deployable(id, name, problem=str(error))
    problem = None if found.workspace is not None else "The source has no workspace for it."
    uses = list(Definition.of(found).uses())
    return Deployable(
        id, found.name or name, found.owner_id, found.space_id or "", found.state, found.run_mode, uses, problem
    )


def _of_archive(path: Path) -> Source:
    archive = Archive(path)
    offsets: dict[str, int] = {}
    source = Source(path, "", lambda id: archive.automation_at(offsets[id]).automation, archive.header.tenant, archive)
    unread = 0
    for record in archive.everything():
        match record:
            case ArchivedAutomation():
                name = record.fields.get("name")
                read = partial(read_automation, record.document, f"Line {record.line}")
                source.automations.append(_deployable(record.id, name if isinstance(name, str) else None, read))
                offsets[record.id] = record.offset
            case ArchivedConnection():
                source.connections.add(record.id)
            case UnreadConnection() if record.id is not None:
                source.unread.add(record.id)
            case UnreadAutomation():
                unread += 1
            case Person() | Place():
                source.people.append(record)
            case _:
                pass
    source.sha256 = manifest(archive).sha256
    if unread:
        source.notes.append(f"Not in this plan: automations that the backup could not read: {unread:,}.")
    if not archive.header.selection.get("automations"):
        source.notes.append("The backup holds no automations: make one with automations (--automations).")
    return source


def _of_folder(path: Path) -> Source:
    documents: dict[str, dict[str, Any]] = {}
    running = hashlib.sha256()
    source = Source(path, "", lambda id: read_automation(documents[id], f"The automation {id!r}"))
    rewriter = Rewriter(IdMap({}, _Any(), ()))
    for file in find(path, output=None).files:
        try:
            content = file.read()
            text, encoding = decode_file(content)
            report = FileReport(path=str(file.path), name=file.name.as_posix(), status="failed")
            # It removes tokens, and repairs lists that scripts wrote as objects; ids stay.
            text, report = rewriter.rewrite(text, encoding, report)
        except (InvalidContent, JobError) as error:
            source.notes.append(f"{file.path} can't be read: {error}")
            continue
        running.update(f"{file.name.as_posix()}\0".encode())
        running.update(content)
        if report.unreadable:
            where = report.unreadable[0]
            source.notes.append(f"{file.path} can't be read whole: {where.reason} at {where.pointer}.")
            continue
        found = list(_exported(json.loads(text), file.name.stem))
        for number, document in enumerate(found):
            id = str(document.get("id") or f"{file.name.as_posix()}{f'#{number}' if len(found) > 1 else ''}")
            documents[id] = {**document, "id": id}
            read = partial(read_automation, documents[id], "It")
            source.automations.append(_deployable(id, str(document.get("name")), read))
    source.sha256 = running.hexdigest()
    if not documents:
        raise ConfigurationError(f"{path} contains no automations. {' '.join(source.notes)}".strip())
    return source


class _Any(frozenset[str]):
    """Contains whatever it is asked for."""

    def __contains__(self, _: object) -> bool:
        return True


def _exported(value: Any, stem: str) -> Iterator[dict[str, Any]]:
    """Yield the automations in a document, wherever they are in it; the editor's exports get the file's name."""
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        value = json.loads(value)
    if isinstance(value, dict):
        workspace = value.get("workspace")
        workspace = json.loads(workspace) if isinstance(workspace, str) else workspace
        if isinstance(workspace, dict):
            yield {"name": stem, **value, "workspace": workspace}
        elif isinstance(value.get("blocks"), list):
            yield {"name": stem, "workspace": value}
        else:
            for part in value.values():
                yield from _exported(part, stem) if isinstance(part, dict | list) else ()
    elif isinstance(value, list):
        for part in value:
            yield from _exported(part, stem)

"""The second act: from development to production, and a colleague who leaves.

No value of a param is printed. What comes is compared with the sandboxes' own state.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

from attrs import define, field

from ... import Tenant, admin
from ...admin._files import write_text
from ...sandbox import Sandbox
from ..tables import Printout
from .expectations import Expectations
from .steps import Step

_VAULT: Final = "from the vault"
_SECRETS: Final = ("pretend-", _VAULT)


@define
class Move:
    """What the steps share.

    Attributes:
        development: the tenant that is backed up, from its other side.
        production: the tenant that is restored into, from its other side.
        source: the client of the first.
        target: the client of the second.
        folder: where files are written.
        printout: where results are shown.
        expect: what checks them.
        plan: what is to be restored.
        restored: what came of it.
    """

    development: Sandbox
    production: Sandbox
    source: Tenant
    target: Tenant
    folder: Path
    printout: Printout
    expect: Expectations
    plan: admin.RestorePlan = field(init=False)
    restored: admin.RestoreReport = field(init=False)

    @property
    def archive(self) -> Path:
        """The backup."""
        return self.folder / "development.ndjson"

    @property
    def values(self) -> Path:
        """What is filled in for the restore."""
        return self.folder / "development.values.ndjson"

    def counted(self, heading: str, numbers: dict[Any, int]) -> None:
        """Prints how many there are of what."""
        rows = [(str(what), str(number)) for what, number in numbers.items() if number]
        self.printout.table((heading, "Connections"), rows)


def _without_times(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in document.items() if name not in ("createdAt", "updatedAt")}
        for document in documents
    ]


def _back_up(move: Move) -> None:
    expect = move.expect
    report = admin.backup(move.source, move.archive, list_all=True)
    summary = admin.Archive(move.archive).verify()
    held = move.development.snapshot(secrets=True)
    lines = move.archive.read_text(encoding="utf-8").splitlines()
    move.printout.note(f"{move.archive.name}: {len(lines)} lines, {move.archive.stat().st_size // 1024} kB.")
    move.printout.note(f"{move.values.name}: a line for each param, to be filled in.")
    expect.equal("every connection is in the archive", (report.connections, report.unread_total), (len(held), 0))
    expect.equal("its checksums are right", (summary.connections, summary.sha256), (report.connections, report.sha256))
    expect.equal("no secret is in it", [line for line in lines if any(secret in line for secret in _SECRETS)], [])


def _fill_in(move: Move) -> None:
    lines = [json.loads(line) for line in move.values.read_text(encoding="utf-8").splitlines()]
    needed = [line for line in lines if not line["optional"]]
    for line in needed:
        line["value"] = _VAULT
    write_text(move.values, "".join(f"{json.dumps(line)}\n" for line in lines), overwrite=True)
    move.counted("Param", dict(Counter(line["param"] for line in needed)))
    move.expect.true("the values are blank until somebody fills them in", bool(needed))


def _plan(move: Move) -> None:
    expect, printout = move.expect, move.printout
    owners = {old.id: new.id for old, new in zip(move.development.users, move.production.users, strict=True)}
    spaces = {old.id: new.id for old, new in zip(move.development.spaces, move.production.spaces, strict=True)}
    requests = len(move.production.ledger)
    move.plan = admin.plan_restore(
        move.target,
        move.archive,
        list_all=True,
        owners=owners,
        spaces=spaces,
        values=admin.read_values(move.values),
    )
    rows = Counter((step.action, step.reason) for step in move.plan.steps)
    printout.table(
        ("Action", "Reason", "Connections"), [(action, why, str(number)) for (action, why), number in rows.items()]
    )
    changing = [entry for entry in list(move.production.ledger)[requests:] if entry.method != "GET"]
    expect.equal("nothing was changed", changing, [])
    expect.equal("there is no open question", move.plan.questions, [])
    expect.true("no value is in the plan", _VAULT not in json.dumps(move.plan.to_dict()))


def _restore(move: Move) -> None:
    expect = move.expect
    before = {document["id"] for document in move.production.snapshot()}
    move.restored = admin.apply(
        move.target,
        move.plan,
        journal=move.folder / "restore.journal",
        values=admin.read_values(move.values),
        id_map_path=move.folder / "id-map.json",
    )
    move.counted("Outcome", dict(move.restored.counts()))
    waiting = [step for step in move.restored.for_people if step.link]
    move.printout.table(
        ("Left to a person", "Address"), [(f"{step.name}", f"{step.link}") for step in waiting], whole=("Address",)
    )
    made = [document for document in move.production.snapshot() if document["id"] not in before]
    expect.equal("each is there once", len(made), move.restored.counts()["created"])
    expect.equal("nothing failed", [step.sentence for step in move.restored.failed], [])
    again = admin.apply(
        move.target,
        move.plan,
        journal=move.folder / "restore.journal",
        values=admin.read_values(move.values),
        id_map_path=move.folder / "id-map.json",
    )
    expect.true("run again, it says that all is done", again.repeated)
    expect.equal("and creates nothing", len(move.production.snapshot()), len(before) + len(made))
    for step in waiting:
        move.production.consent(step.new_id or "")


def _remap(move: Move) -> None:
    expect = move.expect
    folder = move.folder / "automations"
    folder.mkdir()
    ids = admin.read_id_map(move.folder / "id-map.json")
    moved = list(ids)[:2]
    for number, id in enumerate(moved, start=1):
        blocks = [
            {"id": "B1", "displayName": "Send", "settings": [{"id": "datasource", "value": id}]},
            {"id": "B2", "displayName": "Log", "inputs": [{"value": f"sent through {moved[0]}"}]},
        ]
        automation = {
            "name": f"Nightly {number}",
            "workspace": {"blocks": blocks, "variables": []},
            "executionToken": "t0ken",
        }
        write_text(folder / f"nightly-{number}.json", json.dumps(automation, indent=1))
    report = admin.remap(folder, ids, output=move.folder / "for-production")
    for line in report.files[0].diff.splitlines():
        move.printout.note(line)
    written = [json.loads(Path(f"{file.written}").read_text(encoding="utf-8")) for file in report.files]
    expect.equal(
        "both name the connections of production",
        [document["workspace"]["blocks"][0]["settings"][0]["value"] for document in written],
        [ids[id] for id in moved],
    )
    expect.true("their tokens are gone", all("executionToken" not in document for document in written))
    expect.equal("ids in text are listed and left to a person", [len(file.mentions) for file in report.files], [1, 1])


def _check(move: Move) -> None:
    ids = [step.new_id for step in move.restored.steps if step.outcome == "created" and step.new_id]
    report = admin.check(move.target, ids)
    move.counted("Connected", {"yes": len(report.connected), "no": len(report.not_connected)})
    state = {document["id"]: document["isConnected"] for document in move.production.snapshot()}
    move.expect.equal(
        "the checks agree with the tenant", [item.connected for item in report.checked], [state[id] for id in ids]
    )
    move.expect.equal("all work, now that people consented", len(report.connected), len(ids))


def _hand_over(move: Move) -> None:
    expect = move.expect
    leaving, staying = move.production.users[0], move.production.users[2]
    before = _without_times(move.production.snapshot())
    plan = admin.plan_handover(move.target, leaving.id, staying.id)
    report = admin.apply(
        move.target, plan, journal=move.folder / "handover.journal", undo=move.folder / "handover.undo.json"
    )
    move.counted("Outcome", dict(report.totals))
    after = move.production.snapshot()
    left = [document for document in after if document["ownerId"] == leaving.id]
    managed = {connector.id for connector in move.production.connectors if connector.managed}
    expect.equal(
        f"{leaving.name} has none left but the service's own",
        [document["id"] for document in left if document["connectorId"] not in managed],
        [],
    )
    undo = admin.HandoverPlan.from_dict(json.loads((move.folder / "handover.undo.json").read_text(encoding="utf-8")))
    admin.apply(move.target, undo, journal=move.folder / "undo.journal")
    expect.equal("the undo file brought all back", _without_times(move.production.snapshot()), before)


MOVE_STEPS: tuple[Step[Move], ...] = (
    Step(
        "Back up development",
        (
            'admin.backup(development, "development.ndjson", list_all=True)',
            'admin.Archive("development.ndjson").verify()',
        ),
        _back_up,
    ),
    Step(
        "Fill in what the service does not give back",
        ('admin.read_values("development.values.ndjson")',),
        _fill_in,
    ),
    Step(
        "Plan the restore into production",
        (
            "plan = admin.plan_restore(",
            '    production, "development.ndjson", list_all=True,',
            "    owners=owners, spaces=spaces, values=values)",
        ),
        _plan,
    ),
    Step(
        "Restore, and run it again",
        ('admin.apply(production, plan, journal="restore.journal", values=values)',),
        _restore,
    ),
    Step(
        "Make two exported automations name production's connections",
        ('admin.remap("automations", ids, output="for-production")',),
        _remap,
    ),
    Step("Check what was restored", ("admin.check(production, ids)",), _check),
    Step(
        "Hand over what a leaving colleague owns, and undo it",
        (
            "plan = admin.plan_handover(production, leaving, staying)",
            'admin.apply(production, plan, journal="handover.journal")',
            'admin.apply(production, undo, journal="undo.journal")',
        ),
        _hand_over,
    ),
)

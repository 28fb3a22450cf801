"""Audits as JSON: written, read again, damaged, and compared."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from admin.audit.lists import NOW, SCHEMA, connection, report, valid
from admin.check.test_check_results import SCHEMA as CHECK_SCHEMA
from cli.invoking import At
from qlik_automation_connections import Tenant
from qlik_automation_connections.admin import (
    AuditedConnection,
    AuditReport,
    JobError,
    audit,
    compare_audits,
)
from qlik_automation_connections.admin._audit.report import Change, Mention
from qlik_automation_connections.sandbox import Sandbox

texts = st.none() | st.text(max_size=6)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.none() | st.datetimes(timezones=zones)
connections = st.lists(
    st.builds(
        AuditedConnection,
        id=st.sampled_from(["a", "b", "c", "d", "e", ""]),
        name=texts,
        connector_id=texts,
        connector=texts,
        owner_id=texts,
        owner=texts,
        space_id=texts,
        space=texts,
        created_at=moments,
        updated_at=moments,
        is_connected=st.sampled_from([True, False, None]),
        managed=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda item: item.id,
)
reports = st.builds(lambda listed, filter: report(*listed, filter=filter), connections, st.none() | st.just("name pr"))


@given(reports)
def test_an_audit_reads_back_as_it_was_written(audited: AuditReport) -> None:
    document = valid(audited)
    again = AuditReport.from_dict(document)
    assert again.to_dict() == audited.to_dict()
    assert again.findings == audited.findings
    assert [item.updated_at for item in again.connections] == [item.updated_at for item in audited.connections]


@given(connections, connections)
def test_changes_are_what_leads_from_one_to_the_other(
    old: list[AuditedConnection], new: list[AuditedConnection]
) -> None:
    before, after = report(*old), report(*new)
    changes = compare_audits(AuditReport.from_dict(before.to_dict()), after)
    assert changes == compare_audits(before, after)
    ids = {item.id for item in old}
    there = {item.id for item in changes.vanished}
    assert (ids - there) | {item.id for item in changes.appeared} == {item.id for item in new}
    known = {item.id: item for item in new}
    for kind, field in (("renamed", "name"), ("changed_owner", "owner_id"), ("changed_space", "space_id")):
        told = {change.id: change for change in getattr(changes, kind)}
        for item in old:
            if item.id not in known:
                assert item.id not in told
                continue
            was, now = getattr(item, field), getattr(known[item.id], field)
            assert (item.id in told) == (was != now)
            if item.id in told:
                assert (told[item.id].before, told[item.id].after) == (was, now)
    after.changes = changes
    valid(after)
    same = compare_audits(before, before)
    assert [value for name, value in same.to_dict().items() if name not in ("since", "before") and value] == []


def test_every_kind_of_change() -> None:
    before = report(
        connection("gone", name="last name"),
        connection("same"),
        connection("name", name="old"),
        connection("owner", owner_id="u-1"),
        connection("space", space_id="s-1"),
        connection("breaks", is_connected=True),
        connection("mends", is_connected=False),
        connection("unsure", is_connected=None),
        connection("doubted", is_connected=False),
        made_at=NOW - timedelta(days=1),
    )
    after = report(
        connection("new", name="first name"),
        connection("same"),
        connection("name", name=None),
        connection("owner", owner_id="u-2"),
        connection("space", space_id=None),
        connection("breaks", is_connected=False),
        connection("mends", is_connected=True),
        connection("unsure", is_connected=False),
        connection("doubted", is_connected=None),
    )
    changes = compare_audits(before, after)
    assert changes.since == before.made_at
    assert changes.appeared == [Mention("new", "first name")]
    assert changes.vanished == [Mention("gone", "last name")]
    assert changes.renamed == [Change("name", None, "old", None)]
    assert changes.changed_owner == [Change("owner", "name of owner", "u-1", "u-2")]
    assert changes.changed_space == [Change("space", "name of space", "s-1", None)]
    assert changes.broke == [Mention("breaks", "name of breaks")]
    assert changes.mended == [Mention("mends", "name of mends")]
    after.changes = changes
    assert valid(after)["changes"]["since"] == "2026-11-23T12:00:00Z"


def test_what_happened_at_a_tenant_between_two_audits() -> None:
    with Sandbox(60) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        first = AuditReport.from_dict(json.loads(json.dumps(audit(tenant, True).to_dict())))
        oauth = {connector.id for connector in sandbox.connectors if connector.oauth}
        loose = [item for item in sandbox.snapshot() if item["connectorId"] in oauth and not item["isConnected"]]
        free = [item["id"] for item in sandbox.snapshot() if item["id"] not in sandbox.in_use]
        managed = {item["id"] for item in sandbox.snapshot() if item["connectorId"].startswith("61a87510")}
        gone, renamed, moved = [id for id in free if id not in managed and id != loose[0]["id"]][:3]
        tenant.connections.delete(gone)
        tenant.connections.update(renamed, name="anew")
        tenant.connections.change_space(moved, space_id=sandbox.spaces[0].id)
        tenant.connections.change_owner(moved, user_id=sandbox.users[3].id)
        sandbox.consent(loose[0]["id"])
        made = tenant.connections.create(connector_id=sandbox.connectors[0].id, name="made")
        changes = audit(tenant, True, since=first).changes
    assert changes is not None
    assert [item.id for item in changes.appeared] == [made.id]
    assert [item.id for item in changes.vanished] == [gone]
    assert [(item.id, item.after) for item in changes.renamed] == [(renamed, "anew")]
    assert [item.id for item in changes.changed_owner] == [moved]
    assert loose[0]["id"] in [item.id for item in changes.mended]


def test_audits_that_can_not_be_compared() -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"tenant": "https://other.example"}, "The earlier audit is of https://other.example"),
        ({"tenant": "http://["}, "The earlier audit is of"),
        ({"tenant": "http://127.0.0.1:5"}, "The earlier audit is of"),
        ({"tenant": ""}, "The earlier audit is of"),
        ({"list_all": False}, "only the caller's"),
        ({"filter": "name pr"}, "different filters"),
    ]
    for others, words in cases:
        with pytest.raises(JobError, match=words):
            compare_audits(report(**others), report())
    # Sandboxes are one tenant, whatever their ports.
    before, after = report(tenant="http://127.0.0.1:5"), report(tenant="http://localhost:6")
    assert compare_audits(before, after).appeared == []


def document(**changes: Any) -> dict[str, Any]:
    written = valid(report(connection("a", is_connected=False), connection("b", space_id=None)))
    return {**written, **changes}


NO_CONNECTIONS: list[Any] = [None, {}, "x", [1], [None], [{}], [[]]]


def test_a_damaged_audit_is_refused_in_words() -> None:
    whole = document()
    (finding, *_), (first, *_) = whole["findings"], whole["connections"]
    cases: list[dict[str, Any]] = [
        *({"untouched_days": days} for days in ("9", None, True, 1.5)),
        *({"made_at": at} for at in (None, 5, "yesterday", "2026-01-01", "2026-01-01T00:00:00")),
        *({"connections": listed} for listed in NO_CONNECTIONS),
        *({"connections": [{**first, "id": id}]} for id in (5, ["a"], {"a": 1}, True)),
        *({"connections": [{**first, name: 5}]} for name in ("updated_at", "is_connected", "managed")),
        *({"findings": [{**finding, name: "unheard-of"}]} for name in ("code", "severity")),
    ]
    for changes in cases:
        with pytest.raises(JobError, match="Not a valid audit"):
            AuditReport.from_dict({**whole, **changes})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(document())), json_values)
def test_whatever_stands_in_an_audit_it_is_read_or_refused(name: str, value: Any) -> None:
    try:
        again = AuditReport.from_dict(document(**{name: value}))
    except JobError:
        return
    valid(evolve(again, tenant=again.tenant or "x"))


def test_timestamps_are_written_in_utc() -> None:
    at = datetime(2026, 1, 1, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=2)))
    written = valid(report(connection(updated_at=at), made_at=at))
    assert written["made_at"] == written["connections"][0]["updated_at"] == "2025-12-31T23:02:03.456789Z"
    assert AuditReport.from_dict(written).made_at == at.astimezone(UTC)


def test_what_the_commands_print_is_what_the_schemas_describe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Sandbox(30) as sandbox:
        run = At(sandbox)
        audited = json.loads(run("audit", "--all", "--json").stdout)
        SCHEMA.validate(audited)
        Path("audit.json").write_text(json.dumps(audited), encoding="utf-8")
        assert AuditReport.from_dict(audited).to_dict() == audited
        again = json.loads(run("audit", "--all", "--json", "--since", "audit.json").stdout)
        SCHEMA.validate(again)
        assert again["changes"]["since"] == audited["made_at"]
        checked = json.loads(run("check", "--ids-file", "audit.json", "--json", "--journal", "journal").stdout)
        CHECK_SCHEMA.validate(checked)
        assert [item["id"] for item in checked["checked"]] == [item["id"] for item in audited["connections"]]

"""The rules of an audit at their bounds, and its counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from admin.audit.lists import NOW, connection, days_ago, report, valid
from qlik_automation_connections.admin import AuditedConnection, Finding
from qlik_automation_connections.admin._audit.ages import age_of
from qlik_automation_connections.admin._audit.finding_kinds import CODES, FINDING_KINDS
from qlik_automation_connections.admin._audit.findings import find
from qlik_automation_connections.admin._managed import MANAGED_CONNECTOR_ID, is_managed

SECOND = timedelta(seconds=1)


def found(
    *connections: AuditedConnection,
    untouched_days: int = 365,
    active: set[str] | None = None,
    inactive: dict[str, str] | None = None,
) -> list[tuple[str | None, str]]:
    findings = find(
        list(connections),
        now=NOW,
        untouched_days=untouched_days,
        active_users=None if active is None else frozenset(active),
        inactive_users=inactive or {},
    )
    for finding in findings:
        assert finding.severity == FINDING_KINDS[finding.code].severity
        assert finding.sentence.endswith(".")
    return [(finding.connection_id, finding.code) for finding in findings]


def codes(*connections: AuditedConnection, **options: Any) -> list[str]:
    return [code for _, code in found(*connections, **options)]


def test_only_what_the_service_calls_unconnected_is() -> None:
    # Nothing else is found where all is well.
    assert found(connection(), active={"u-1"}) == []
    for state, expected in [(True, []), (False, ["not-connected"]), (None, [])]:
        assert codes(connection(is_connected=state)) == expected, state


def test_untouched_begins_with_exactly_so_many_days() -> None:
    for days in [1, 30, 365]:
        at = days_ago(days)
        assert codes(connection(updated_at=at), untouched_days=days) == ["untouched"], days
        assert codes(connection(updated_at=at - SECOND), untouched_days=days) == ["untouched"], days
        assert codes(connection(updated_at=at + SECOND), untouched_days=days) == [], days
    assert codes(connection(updated_at=NOW + timedelta(days=400)), untouched_days=1) == []


def test_the_ends_of_time_are_survived() -> None:
    for moment in [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(1969, 12, 31, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(-timedelta(hours=12))),
    ]:
        document = valid(report(connection(updated_at=moment, created_at=moment)))
        assert datetime.fromisoformat(document["connections"][0]["updated_at"]) == moment, moment
        assert bool(document["findings"]) == (moment < NOW), moment


def test_the_sentence_names_the_days_and_the_day_in_utc() -> None:
    at = datetime(2025, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    (finding,) = report(connection(updated_at=at)).findings
    assert finding.sentence == "It has not been changed for 633 days, since 2025-02-28."


def test_duplicates_have_name_owner_and_connector_in_common() -> None:
    twins = [connection("a", name="SMTP"), connection("b", name="SMTP")]
    others = [
        connection("c", name="smtp"),
        connection("d", name="SMTP", owner_id="u-2"),
        connection("e", name="SMTP", connector_id="k-2"),
        connection("f", name="SMTP "),
    ]
    assert found(*twins, *others) == [("a", "duplicate"), ("b", "duplicate")]
    # Another space or state makes no other connection of it.
    assert codes(twins[0], connection("g", name="SMTP", space_id="s-2")) == ["duplicate", "duplicate"]
    # Nor is what lacks one of them a duplicate.
    for missing in ("name", "owner_id", "connector_id"):
        for empty in (None, ""):
            pair = [connection(id, **{"name": "SMTP", missing: empty}) for id in "ab"]
            assert "duplicate" not in codes(*pair), missing
    sentences = [item.sentence for item in report(*(connection(id, name="SMTP") for id in "abc")).findings]
    assert sentences == ["Its owner has 3 connections with this name for this connector."] * 3


def test_owners_are_active_if_they_are_named() -> None:
    pair = [connection("a"), connection("b", owner_id="u-2"), connection("c", owner_id=None)]
    assert found(*pair) == []
    assert found(*pair, active={"u-1"}) == [("b", "inactive-owner"), ("c", "inactive-owner")]
    assert len(found(*pair, active=set())) == 3


def test_personal_spaces_and_unreadable_timestamps_are_notices() -> None:
    assert codes(connection(space_id=None)) == ["personal-space"]
    assert codes(connection(created_at=None)) == ["unknown-timestamp"]
    (finding,) = report(connection(created_at=None, updated_at=None)).findings
    assert finding.sentence == "The service sent no usable time for when it was created and changed."


def test_the_service_s_own_are_not_blamed_for_what_the_service_does() -> None:
    own = {"connector_id": MANAGED_CONNECTOR_ID, "managed": True, "name": "Qlik Cloud Services", "space_id": None}
    pair = [connection(id, updated_at=days_ago(4000), **own) for id in "ab"]
    assert found(*pair) == []
    broken = connection("a", is_connected=False, created_at=None, **own)
    assert codes(broken, active=set()) == ["not-connected", "inactive-owner", "unknown-timestamp"]
    assert is_managed(MANAGED_CONNECTOR_ID)
    assert not is_managed(MANAGED_CONNECTOR_ID.upper())
    assert not is_managed(None)
    assert not is_managed("")


maybe = st.sampled_from([None, "", "a", "b"])
connections = st.lists(
    st.builds(
        connection,
        id=st.sampled_from("xyz"),
        name=maybe,
        owner_id=maybe,
        connector_id=maybe,
        space_id=maybe,
        updated_at=st.none() | st.integers(-5, 3000).map(days_ago),
        is_connected=st.sampled_from([True, False, None]),
        managed=st.booleans(),
    ),
    max_size=12,
)


@given(connections)
def test_figures_add_up(listed: list[AuditedConnection]) -> None:
    # An audit holds each id once.
    once = [item for number, item in enumerate(listed) if item.id not in [i.id for i in listed[:number]]]
    audited = report(*once)
    summary = audited.summary
    assert summary["connected"] + summary["not_connected"] + summary["unknown"] == summary["connections"] == len(once)
    assert summary["findings"] == sum(len(audited.of_code(code)) for code in CODES)
    assert summary["with_findings"] == len({finding.connection_id for finding in audited.findings})
    for counts in audited.counts.values():
        assert sum(count.connections for count in counts) == len(once)
        assert sum(count.not_connected for count in counts) == summary["not_connected"]
        assert sum(count.findings for count in counts) == len(audited.findings)
        assert len({count.id for count in counts}) == len(counts)
    order = {item.id: number for number, item in enumerate(once)}
    places = [order[finding.connection_id] for finding in audited.findings]
    assert places == sorted(places)
    valid(audited)


def test_counts_are_by_size_with_names_where_they_are_known() -> None:
    audited = report(
        connection("a", owner_id="u-2", owner="Uma", space_id=None),
        connection("b", owner_id="u-1"),
        connection("c", owner_id="u-2", owner="Uma", is_connected=False, space_id="s-1", space="Sales"),
    )
    counts = audited.counts
    owners = [
        (count.id, count.name, count.connections, count.not_connected, count.findings) for count in counts["owner"]
    ]
    assert owners == [("u-2", "Uma", 2, 1, 2), ("u-1", None, 1, 0, 0)]
    assert {count.id for count in counts["space"]} == {None, "s-1"}


def test_ages_are_whole_days() -> None:
    cases = [
        (-3, "0-30"), (0, "0-30"), (30, "0-30"), (31, "31-90"), (90, "31-90"), (91, "91-365"), (365, "91-365"),
        (366, "366-730"), (730, "366-730"), (731, "over-730"), (9000, "over-730"),
    ]  # fmt: skip
    for days, code in cases:
        assert age_of(days_ago(days), NOW).id == code, days
        assert age_of(days_ago(days) - timedelta(hours=23), NOW).id == code, days
    # They are in order, and the unknown comes last.
    listed = [
        connection("a", updated_at=None),
        *(connection(str(days), updated_at=days_ago(days)) for days in (999, 5, 5)),
    ]
    ages = report(*listed).counts["age"]
    assert [(count.id, count.connections) for count in ages] == [("0-30", 2), ("over-730", 1), ("unknown", 1)]
    (finding,) = report(connection(is_connected=False)).findings
    assert finding == Finding("not-connected", "error", "c-1", "It is not connected: automations that use it fail.")

"""The page of an audit as Python writes it, without a browser."""

import base64
import hashlib
import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browser.audit_of import MADE_AT, audit, connection, finding, many
from qlik_automation_connections import ConfigurationError
from qlik_automation_connections.admin import AuditReport
from qlik_automation_connections.admin._audit.changes import KINDS
from qlik_automation_connections.admin._audit.html import html_report
from qlik_automation_connections.admin._audit.html.embedded import json_for_html

HOSTILE = ["<script>alert(1)</script>", "</script>", "<!--", "a & b", "\u2028\u2029", "\ud800", "\x00", '"', "'", "\\"]


def embedded(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


class Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)

    def handle_data(self, data: str) -> None:
        if self.names[-1:] != ["script"] and self.names[-1:] != ["style"]:
            self.text += data


def test_no_name_becomes_markup() -> None:
    def page_of(name: str) -> str:
        row = connection("c", name, connector=name, owner=name, space_id="s", space=name)
        return html_report(audit([row], [finding("c", sentence=f"{name} is odd.")], tenant=f"https://{name}/"))

    plain = Elements(page_of("plain")).names
    for hostile in HOSTILE:
        page = page_of(hostile)
        assert Elements(page).names == plain, hostile
        assert embedded(page)["names"] == [hostile]
        page.encode("utf-8")


@given(st.text(st.characters(codec=None), max_size=40))
def test_json_for_html_holds_nothing_that_ends_it(text: str) -> None:
    written = json_for_html([text])
    assert json.loads(written) == [text]
    assert not re.search("[<>&\u2028\u2029]", written)
    written.encode("utf-8")


def test_a_sentence_that_many_findings_share_is_written_once() -> None:
    rows = [connection(f"c{number}") for number in range(50)]
    page = html_report(audit(rows, [finding(row["id"], sentence="It is odd.") for row in rows]))
    assert page.count("It is odd.") == 1
    assert embedded(page)["findings"]["sentence"] == [0] * 50


@pytest.mark.exhaustive
def test_ten_thousand_connections_stay_under_five_megabytes() -> None:
    report = many(10_000)
    assert len(html_report(report).encode()) < 5_000_000 < len(json.dumps(report))


def test_timestamps_are_in_utc() -> None:
    read = {
        "2025-01-01T00:30:00+01:00": "2024-12-31T23:30:00",
        "2025-01-01T00:30:00.250000+00:00": "2025-01-01T00:30:00.250000",
        "0001-01-01T00:30:00+01:00": "0001-01-01T00:30:00",
        None: None,
    }
    page = html_report(audit([connection(f"c{n}", created_at=written) for n, written in enumerate(read)]))
    assert embedded(page)["created"] == list(read.values())


PERIODS: list[tuple[list[int | None], int]] = [
    ([0, 300], 11),
    ([0, 700], 9),
    ([0, 1500], 5),
    ([None, 0, 1500], 6),
    ([-400, 60], 3),
    ([0, 9000], 12),
    ([None], 1),
    ([], 0),
]


def test_ages_are_divided_finely_enough_to_see_and_coarsely_enough_to_count() -> None:
    for days, periods in PERIODS:
        updated = [None if day is None else (MADE_AT - timedelta(days=day)).isoformat() for day in days]
        data = embedded(html_report(audit([connection(f"c{n}", updated_at=at) for n, at in enumerate(updated)])))
        assert (len(data["periods"]), len(data["period"])) == (periods, len(days)), days


def test_the_trend_has_earlier_audits_of_the_same_scope() -> None:
    def earlier(days: int, count: int, **fields: Any) -> dict[str, Any]:
        rows = [connection(f"c{n}", is_connected=n > 0) for n in range(count)]
        made_at = (MADE_AT - timedelta(days=days)).isoformat()
        return audit(rows, [finding("c0")], **{"made_at": made_at, **fields})

    report = earlier(0, 9)
    others = [
        earlier(3, 50, tenant="https://other.eu.qlikcloud.com"),
        earlier(3, 50, list_all=False),
        earlier(3, 50, filter='name eq "x"'),
        earlier(-3, 50),
    ]
    history: list[AuditReport | dict[str, Any]] = [earlier(1, 6), AuditReport.from_dict(earlier(7, 4)), *others]
    text = Elements(html_report(report, history=history)).text
    assert "Trend of 3 audits, 2026-11-17 to 2026-11-24" in text
    assert "Connections 4 → 9" in text
    assert "Not connected 1 → 1" in text
    assert "2026-11-24 10:009112026-11-23 10:006112026-11-17 10:00411" in text
    assert "Trend" not in Elements(html_report(report, history=others)).text
    with pytest.raises(ConfigurationError, match="Not an audit"):
        html_report(report, history=[{}])


def test_policy_allows_the_pages_own_script_and_style_alone() -> None:
    page = html_report(audit([connection("c")]))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert policy
    assert script
    assert style

    def hashed(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert policy[1].split("; ") == [
        "default-src 'none'",
        f"script-src {hashed(script[1])}",
        f"style-src {hashed(style[1])}",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert not re.search(r"<\w[^>]* (?:src|srcset|style|on\w+)=", page)


def test_what_stands_on_top() -> None:
    report = audit([connection("c")], list_all=False, untouched_days=90, active_users=12)
    text = Elements(html_report(report)).text
    assert "acme.eu.qlikcloud.com, 24 November 2026, 10:00 UTC" in text
    assert "Only the caller's own connections were listed." in text
    assert "not updated for 90 days or more" in text
    assert "compared with a list of 12 active users" in text


def test_charts_sum_up_what_is_beyond_ten() -> None:
    rows = [connection(f"c{n}-{m}", owner_id=f"u{n}", owner=f"Owner {n}") for n in range(13) for m in range(13 - n)]
    text = Elements(html_report(audit(rows))).text
    assert "Owner 10" not in text
    assert "Owner 9400" in text  # the tenth: four connections, none of them not connected, no finding
    assert "3 others600" in text


def test_changes_are_counted_without_a_script() -> None:
    for kind in KINDS:
        more = {"before": "y", "after": "x"} if kind.startswith(("renamed", "changed")) else {}
        changes: dict[str, Any] = {other: [] for other in KINDS}
        changes |= {"since": "2026-10-01T00:00:00+00:00", kind: [{"id": "c", "name": "x", **more}]}
        page = html_report(audit([connection("c", "x")], changes=changes))
        assert re.findall(r'data-changes="(\w+)"', page) == [kind]


def test_what_is_no_audit_is_refused() -> None:
    for wrong, said in (
        ({"format": "something"}, "Not an audit"),
        ({"version": 2}, "version 2"),
        ({"findings": None}, "findings: expected a list"),
        ({"connections": [{}]}, "connections[0]: id is missing"),
        ({"made_at": "yesterday"}, "made_at: expected a time"),
        ({"changes": {}}, "changes: since is missing"),
    ):
        with pytest.raises(ConfigurationError, match=re.escape(said)):
            html_report(audit([connection("c")]) | wrong)


def test_an_empty_audit_has_a_page() -> None:
    text = Elements(html_report(audit([]))).text
    assert "Nothing is urgent. There are no findings." in text
    assert "Nothing to show." in text

"""When things happened in a sandbox: in the four years before today, or before the moment it is given."""

from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest

from qlik_automation_connections.sandbox import Sandbox

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)


def ages(sandbox: Sandbox, field: str, now: datetime) -> list[timedelta]:
    return sorted(now - datetime.fromisoformat(item[field]) for item in sandbox.snapshot())


def test_ages_spread_over_four_years() -> None:
    with_default, at_noon = Sandbox(250), Sandbox(250, now=NOW)
    for sandbox, now in ((with_default, datetime.now(UTC)), (at_noon, NOW)):
        changed = ages(sandbox, "updatedAt", now)
        assert timedelta(0) < changed[0]
        assert ages(sandbox, "createdAt", now)[-1] < timedelta(days=4 * 365 + 3)
        for days in (30, 90, 365, 730):
            younger = sum(age <= timedelta(days=days) for age in changed)
            assert 10 <= younger <= 240, days
        for item in sandbox.snapshot():
            assert item["createdAt"] <= item["updatedAt"]


def test_the_same_day_gives_the_same_data() -> None:
    earlier = NOW.replace(hour=1).astimezone(timezone(timedelta(hours=5)))
    assert Sandbox(20, now=earlier).snapshot() == Sandbox(20, now=NOW).snapshot()
    later = Sandbox(20, now=NOW + timedelta(days=1)).snapshot()
    assert [item["id"] for item in later] == [item["id"] for item in Sandbox(20, now=NOW).snapshot()]
    assert later != Sandbox(20, now=NOW).snapshot()


def test_automations_ran_before_that_day(bot: httpx.Client) -> None:
    today = datetime.now(UTC)
    for item in bot.get("/api/workflows/automations", params={"limit": "200"}).json()["data"]:
        assert item["createdAt"] <= item["updatedAt"]
        assert datetime.fromisoformat(item["lastRunAt"] or item["updatedAt"]) <= today


def test_a_moment_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Sandbox(now=NOW.replace(tzinfo=None))

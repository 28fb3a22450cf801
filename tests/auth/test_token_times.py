"""When a token is renewed."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from exchange.clock import Clock
from exchange.scripted import Ask, Kind, Service, answers, run, success
from qlik_automation_connections import OAuthClient
from qlik_automation_connections._auth import oauth

GET = "getAutomationConnection"
NOW = datetime.datetime(2026, 7, 1, 12, 0, 0, tzinfo=datetime.UTC)


class WallClock(datetime.datetime):
    """The wall clock, which tests set."""

    moment = NOW

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> WallClock:
        return cls.fromtimestamp(cls.moment.timestamp(), tz)


@pytest.fixture(autouse=True)
def wall(monkeypatch: pytest.MonkeyPatch) -> type[WallClock]:
    monkeypatch.setattr(oauth, "datetime", SimpleNamespace(datetime=WallClock, UTC=datetime.UTC))
    monkeypatch.setattr(WallClock, "moment", NOW)
    return WallClock


def _sign_ins(kind: Kind, clock: Clock, lasts: dict[str, Any], *after: float) -> list[int]:
    """How often the client signed in by each of these moments, in seconds after the first request."""
    service = Service(success(GET), tokens=(answers(200, content={"access_token": "token-1", **lasts}),))
    counts = []

    async def ask_at(ask: Ask) -> None:
        began = clock.now
        await ask(GET)
        for seconds in after:
            clock.now = began + seconds
            await ask(GET)
            counts.append(len(service.sign_ins))

    run(kind, ask_at, service, auth=OAuthClient("client-1", "secret"))
    return counts


HOUR = {
    "expires_in": {"expires_in": 3600},
    "expires_in as text": {"expires_in": "3600"},
    "expires_in with a fraction": {"expires_in": 3600.0},
    "expires_at with a zone": {"expires_at": "2026-07-01T13:00:00Z"},
    "expires_at with an offset": {"expires_at": "2026-07-01T15:00:00.000+02:00"},
    "expires_at without a zone": {"expires_at": "2026-07-01T13:00:00"},
    "expires_at since 1970": {"expires_at": int(NOW.timestamp()) + 3600},
    "expires_at since 1970 as text": {"expires_at": f"{int(NOW.timestamp()) + 3600}"},
    "both, and expires_in counts": {"expires_in": 3600, "expires_at": "2020-01-01T00:00:00Z"},
    "both, and expires_in is no time": {"expires_in": "soon", "expires_at": "2026-07-01T13:00:00Z"},
    "both, and expires_in is null": {"expires_in": None, "expires_at": "2026-07-01T13:00:00Z"},
}


@pytest.mark.parametrize("lasts", HOUR.values(), ids=HOUR)
def test_shortly_before_it_ends(clock: Clock, lasts: dict[str, Any], kind: Kind) -> None:
    assert _sign_ins(kind, clock, lasts, 1800, 3500, 3599) == [1, 1, 2]


@pytest.mark.parametrize(
    "lasts", [{}, {"expires_in": "soon"}, {"expires_at": "tomorrow"}, {"expires_in": None, "expires_at": None}]
)
def test_without_a_time_it_is_kept_until_it_is_refused(clock: Clock, lasts: dict[str, Any], kind: Kind) -> None:
    assert _sign_ins(kind, clock, lasts, 10, 1_000_000) == [1, 1]


@pytest.mark.parametrize(
    "lasts", [{"expires_in": 0}, {"expires_in": -5}, {"expires_at": "2020-01-01T00:00:00Z"}, {"expires_at": 0}]
)
def test_one_that_has_ended_is_good_for_one_request(clock: Clock, lasts: dict[str, Any], kind: Kind) -> None:
    assert _sign_ins(kind, clock, lasts, 1, 2) == [2, 3]


def test_a_short_life_is_used(clock: Clock, kind: Kind) -> None:
    assert _sign_ins(kind, clock, {"expires_in": 10}, 5, 10) == [1, 2]


@pytest.mark.parametrize("jump", [datetime.timedelta(days=-400), datetime.timedelta(days=400)])
@pytest.mark.parametrize("lasts", [{"expires_in": 3600}, {"expires_at": "2026-07-01T13:00:00Z"}])
def test_the_wall_clock_may_jump(
    clock: Clock, wall: type[WallClock], lasts: dict[str, Any], jump: datetime.timedelta, kind: Kind
) -> None:
    service = Service(success(GET), tokens=(answers(200, content={"access_token": "token-1", **lasts}),))

    async def jump_between(ask: Ask) -> None:
        await ask(GET)
        wall.moment = NOW + jump
        await ask(GET)
        assert len(service.sign_ins) == 1
        clock.now += 3599
        await ask(GET)
        assert len(service.sign_ins) == 2

    run(kind, jump_between, service, auth=OAuthClient("client-1", "secret"))


@pytest.mark.parametrize("year", [1970, 2099])
def test_a_wrong_wall_clock_does_not_matter(clock: Clock, wall: type[WallClock], year: int, kind: Kind) -> None:
    wall.moment = NOW.replace(year=year)
    lasts = {"expires_in": 3600, "expires_at": "2026-07-01T13:00:00Z"}
    assert _sign_ins(kind, clock, lasts, 1800, 3599) == [1, 2]

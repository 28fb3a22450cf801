"""Rate limits: how many, for whom, and when a place is free again."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlik_automation_connections.sandbox import Sandbox
from qlik_automation_connections.sandbox import _limits as limits
from qlik_automation_connections.sandbox._limits import SlidingWindowLimits
from qlik_automation_connections.sandbox._responses import HTTPError
from qlik_automation_connections.sandbox._spec import load
from sandbox.conftest import client

LIST = "/api/workflows/automation-connections"
FEW = 10
"""How many requests of tier 2 a window lets through where there are few places."""


@pytest.fixture
def few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WINDOW_MINUTES", FEW / 100)


class StoppedClock:
    """Stands in for the sandbox's clock, and moves when it is told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds


@pytest.mark.parametrize(("speed", "waits"), [(1.0, ["300", "1"]), (1000.0, ["0.300", "0.001"])])
def test_a_place_is_free_again_when_its_window_has_passed(
    monkeypatch: pytest.MonkeyPatch, few_places: None, speed: float, waits: list[str]
) -> None:
    clock = StoppedClock()
    monkeypatch.setattr(limits.Clock, "now", lambda _: clock.now())
    with Sandbox(5, limits=True, speed=speed) as sandbox, client(sandbox) as admin:
        target = f"{LIST}/{sandbox.snapshot()[0]['id']}/actions/check"
        assert {admin.post(target).status_code for _ in range(FEW)} == {200}
        for clock.seconds, wait in zip((0.0, 299.5), waits, strict=True):
            refused = admin.post(target)
            assert (refused.status_code, refused.headers["retry-after"]) == (429, wait)
            assert refused.json()["errors"][0]["code"] == "HTTP-429"
        clock.seconds = 300.0
        assert {admin.post(target).status_code for _ in range(FEW)} == {200}
        assert admin.post(target).status_code == 429
    assert [entry.time for entry in sandbox.ledger if not entry.refused] == [0.0] * FEW + [300.0] * FEW


def test_a_window_lets_as_many_through_as_are_published() -> None:
    window = SlidingWindowLimits()
    for operation, most in (("getAutomationConnections", 5000), ("checkAutomationConnection", 500)):
        published = load().operations[operation]
        for _ in range(most):
            window.acquire("user", published.tier, published.requests_per_minute, 1.0)
        with pytest.raises(HTTPError):
            window.acquire("user", published.tier, published.requests_per_minute, 1.0)


def test_principals_and_tiers_have_limits_of_their_own(few_places: None) -> None:
    with (
        Sandbox(50, limits=True) as sandbox,
        client(sandbox) as admin,
        client(sandbox, sandbox.user_api_key) as user,
        client(sandbox, "") as stranger,
    ):
        own = next(item["id"] for item in sandbox.snapshot() if item["ownerId"] == sandbox.users[1].id)
        target = f"{LIST}/{own}/actions/check"
        assert {admin.post(target).status_code for _ in range(FEW)} == {200}
        refused = admin.post(target)
        assert refused.status_code == 429
        # Whole seconds at the real clock's speed, close to the whole window.
        assert 290 <= int(refused.headers["retry-after"]) <= 300
        assert admin.delete(f"{LIST}/{own}?forced=true").status_code == 429
        assert admin.get(LIST).status_code == 200
        assert user.post(target).status_code == 200
        assert [entry.refused for entry in sandbox.ledger.select(status=429)] == [True, True]
        assert len(sandbox.snapshot()) == 50
        token = {"grant_type": "client_credentials", "client_id": sandbox.client_id}
        token["client_secret"] = sandbox.client_secret
        statuses = [stranger.post("/oauth/token", json=token).status_code for _ in range(FEW + 1)]
        assert statuses == [200] * FEW + [429]
        assert (sandbox.ledger[-1].tier, sandbox.ledger[-1].principal) == (2, f"client:{sandbox.client_id}")


def test_without_limits_nothing_is_refused(few_places: None) -> None:
    with Sandbox(5) as sandbox, client(sandbox) as admin:
        target = f"{LIST}/{sandbox.snapshot()[0]['id']}/actions/check"
        assert {admin.post(target).status_code for _ in range(FEW + 5)} == {200}


def test_many_threads_at_once_get_exactly_the_places_there_are(few_places: None) -> None:
    with Sandbox(5, limits=True) as sandbox:
        target = f"{LIST}/{sandbox.snapshot()[0]['id']}/actions/check"

        def work() -> None:
            # Of its own: one that many threads share may lose a connection.
            with client(sandbox) as admin:
                for _ in range(4):
                    admin.post(target)

        threads = [threading.Thread(target=work) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sandbox.ledger.count(status=200) == FEW
        assert sandbox.ledger.count(status=429) == 64 - FEW
        assert [entry.number for entry in sandbox.ledger] == list(range(1, 65))


@given(st.lists(st.floats(0, 40, allow_nan=False), max_size=60), st.integers(1, 3))
def test_no_window_ever_holds_more_than_its_bound(gaps: list[float], per_minute: int) -> None:
    window, now, let_through, waits = SlidingWindowLimits(), 0.0, list[float](), list[tuple[float, float]]()
    bound = per_minute * 5
    for gap in gaps:
        now += gap
        try:
            window.acquire("user", 2, per_minute, now)
        except HTTPError as refusal:
            waits.append((let_through[-bound] + 300 - now, float(refusal.headers["Retry-After"])))
        else:
            let_through.append(now)
    assert all(later - earlier >= 300 for earlier, later in zip(let_through, let_through[bound:], strict=False))
    # What was refused had to be, and the wait that was told is long enough and less than a second too long.
    assert all(0 < needed <= told + 1e-6 and told < needed + 1 for needed, told in waits)


def test_a_refused_request_uses_no_place_up() -> None:
    window = SlidingWindowLimits(speed=2)
    for second in range(5):
        window.acquire("user", 1, 1, float(second))
    for _ in range(100):
        with pytest.raises(HTTPError) as refused:
            window.acquire("user", 1, 1, 100.0)
        assert refused.value.headers == {"Retry-After": "100.000"}
    window.acquire("user", 1, 1, 300.0)
    with pytest.raises(HTTPError):
        window.acquire("user", 1, 1, 300.5)

"""What users may say of the pacing, and how wrong values are refused."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qlik_automation_connections import ConfigurationError, Tenant
from qlik_automation_connections._extras import install_hint
from qlik_automation_connections.pacing import Pacing, PacingWait, pacer_for
from qlik_automation_connections.pacing._settings import CAPACITIES, pacing_of


def test_it_is_on_by_default_and_can_be_off() -> None:
    assert pacing_of(None) == Pacing(store="memory")
    assert pacing_of("off") is None


def test_an_address_is_a_store_and_may_set_the_window() -> None:
    for address in (
        "memory",
        "sqlite:///budget.db",
        "sqlite:////var/lib/budget.db",
        "redis://h:6379/0",
        "rediss://:pw@h",
    ):
        assert pacing_of(address) == Pacing(store=address)
    for store in ("memory", "sqlite:///a?b.db", "redis://host", "redis://host/0?protocol=3"):
        separator = "&" if store.startswith("redis") and "?" in store else "?"
        assert pacing_of(f"{store}{separator}window=2.5") == Pacing(store=store, window=2.5)


def test_a_wrong_window_in_an_address_is_refused() -> None:
    for window in ("0", "-1", "nan", "", "soon", "86401"):
        with pytest.raises(ConfigurationError, match="pacing window must be"):
            Pacing(store=f"sqlite:///budget.db?window={window}")


def test_a_pacing_is_taken_as_it_is() -> None:
    pacing = Pacing(margin=0.05)
    assert pacing_of(pacing) is pacing


def test_other_values_are_refused_with_what_is_allowed() -> None:
    stores = ("", "on", "sqlite://", "sqlite:///", "sqlite:///?window=3", "redis://", "http://host", "redis://[")
    for value in (True, 3, b"off", *stores, "sqlite:///a\0b"):
        with pytest.raises(ConfigurationError, match=r"sqlite:///budget\.db"):
            pacing_of(value)


def test_wrong_settings_are_refused_by_name() -> None:
    wrong: dict[str, list[Any]] = {
        "margin": [-0.1, 1.1, float("nan"), "0.1", True],
        "window": [0, -1.0, float("inf")],
        "on_wait": [3],
        "store": [None],
    }
    for name, values in wrong.items():
        for value in values:
            with pytest.raises(ConfigurationError, match=name):
                Pacing(**{name: value})


def test_no_password_is_shown() -> None:
    assert "s3cret" not in repr(Pacing(store="redis://user:s3cret@host:6379/0"))
    with pytest.raises(ConfigurationError) as refused:
        pacing_of("reddis://user:s3cret@host")
    assert "s3cret" not in str(refused.value)
    with pytest.raises(ConfigurationError) as unreachable:
        pacer_for(Pacing(store="redis://user:s3cret@127.0.0.1:1/0"), "https://acme.example", "someone")
    assert "s3cret" not in str(unreachable.value)
    assert "redis://127.0.0.1:1/0" in str(unreachable.value)


ODD = (
    "redis://user:s3cret/x@host:6379/0",
    "redis://user:12/s3cret@host",
    "redis://user:12?s3cret@host",
    "redis://user:12#s3cret@host",
    "redis://user:s3cret@host:99999",
    "redis://user:s3cret@host:port",
    "redis://user:s3cret@host:0/0",
    "redis://user:s3cret@host/name",
    "redis://user:s3cret@[::1",
    "rediss://user:s3cret@",
    "reddis://user:s3cret@host",
)


@pytest.mark.parametrize(
    "make",
    [
        lambda address: Pacing(store=address),
        pacing_of,
        lambda address: Tenant("https://acme.example", api_key="key-1", pacing=address),
    ],
    ids=["Pacing", "setting", "tenant"],
)
def test_an_odd_address_is_refused_and_in_no_frame(make: Callable[[str], object]) -> None:
    for address in ODD:
        with pytest.raises(ConfigurationError, match=r"must be 'memory'.*percent-encoded") as caught:
            make(address)
        _shows_no_secret(caught.value)


def test_an_odd_option_of_a_server_is_refused() -> None:
    queries = ("db=x", "socket_timeout=soon", "unheard_of=1", "protocol=9", "retry=5", "connection_class=x")
    for query in (*queries, "client_name=%zz%20"):
        pacing = Pacing(store=f"redis://user:s3cret@127.0.0.1:1/0?password=s3cret&{query}")
        with pytest.raises(ConfigurationError, match=r"redis://127\.0\.0\.1:1/0 can't be used for pacing") as caught:
            pacer_for(pacing, "https://acme.example", query)
        assert "s3cret" not in repr(pacing)
        _shows_no_secret(caught.value)


def _shows_no_secret(error: BaseException) -> None:
    for one in (error, error.__cause__, error.__context__):
        if one is None:
            continue
        assert "s3cret" not in str(one)
        for frame, _ in traceback.walk_tb(one.__traceback__):
            if not frame.f_code.co_filename.startswith(str(Path(__file__).parent)):
                assert "s3cret" not in repr(frame.f_locals), frame


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ConfigurationError, match=re.escape(install_hint("redis"))):
        pacer_for(Pacing(store="redis://127.0.0.1:6379/0"), "https://acme.example", "no extra")


def test_the_margin_makes_the_window_longer() -> None:
    assert Pacing().held_seconds == pytest.approx(303.0)


def test_the_capacities_are_those_of_the_published_limits() -> None:
    assert CAPACITIES == {1: 5000, 2: 500}


def test_a_wait_reads_as_text() -> None:
    assert str(PacingWait(2, 191.7, "https://acme.example")) == "waiting 3:12 for the service's limit (tier 2)"

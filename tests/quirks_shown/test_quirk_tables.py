"""Each quirk of the table has a switch, a case, a sign and a row; one entry is enough for a new one."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

import quirk_page
from core.test_quirks import CASES
from qlik_automation_connections import QUIRKS, Quirk, sandbox
from qlik_automation_connections.quirks import Mender
from qlik_automation_connections.sandbox import wire
from quirk_signs import NAMED, SCHEMAS, sightings

EACH = pytest.mark.parametrize("quirk", QUIRKS, ids=lambda quirk: quirk.name)
PLANTED = Quirk(
    name="planted",
    sent="an object where the list of params is",
    read="nothing",
    origin="made up",
    answer="connection",
    sample='{"params": {"host": "made up"}, "name": "mail"}',
)
BESIDES = {"null-values": {"link-without-page"}, "link-without-page": {"null-values"}}
"""Quirks that a sample shows too, because it can't show the one without the other."""


def seen(content: Any, quirk: Quirk, quirks: tuple[Quirk, ...] = QUIRKS) -> set[str | None]:
    """The quirks that an answer shows, but for what it leaves out."""
    return {
        sighting.quirk
        for sighting in sightings(content, SCHEMAS[quirk.answer], last_page="links" in content, quirks=quirks)
        if sighting.form != "missing"
    }


@EACH
def test_it_has_a_switch_in_the_sandbox(quirk: Quirk) -> None:
    assert quirk.name in sandbox.QUIRKS


@EACH
def test_it_has_a_case_that_is_found_by_its_name(quirk: Quirk) -> None:
    assert any(case.quirk == quirk.name for case in CASES)


@EACH
def test_its_sample_shows_it(quirk: Quirk) -> None:
    found = seen(json.loads(quirk.sample), quirk)
    assert quirk.name in found
    assert found <= {quirk.name} | BESIDES.get(quirk.name, set())


@EACH
def test_its_sample_can_be_read(quirk: Quirk) -> None:
    mender = Mender()
    mender.mend(json.loads(quirk.sample), SCHEMAS[quirk.answer])
    assert bool(mender.unread) is (quirk.name == "unreadable-value")


def test_nothing_has_a_sign_or_a_switch_that_is_not_in_the_table() -> None:
    names = {quirk.name for quirk in QUIRKS}
    assert names >= NAMED
    assert set(sandbox.QUIRKS) == names


def test_the_page_is_the_table() -> None:
    assert quirk_page.main(["--check"]) == 0, "run scripts/quirk_page.py"


def test_a_page_that_is_out_of_date_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    monkeypatch.setattr(quirk_page, "PAGE", tmp_path / "quirks.md")
    assert quirk_page.main(["--check"]) == 1
    assert quirk_page.main([]) == 0
    assert quirk_page.main(["--check"]) == 0
    (tmp_path / "quirks.md").write_text(quirk_page.page(QUIRKS[1:]), encoding="utf-8")
    assert quirk_page.main(["--check"]) == 1
    assert "out of date" in capsys.readouterr().err


def test_one_entry_gives_a_row_a_switch_and_a_sign() -> None:
    table = (*QUIRKS, PLANTED)
    assert "| `planted` | an object where the list of params is |" in quirk_page.page(table)

    (switch,) = (each for each in wire.switches(table) if each.name == "planted")
    assert not switch.default
    clean = {"id": "c1", "name": "x", "params": [{"name": "host"}]}
    sent = switch.apply(copy.deepcopy(clean))
    assert sent == {"id": "c1", "name": "mail", "params": {"host": "made up"}}

    assert None in seen(sent, PLANTED)
    assert "planted" not in seen(sent, PLANTED)
    assert "planted" in seen(sent, PLANTED, table)
    assert None not in seen(sent, PLANTED, table)
    assert "planted" not in seen(clean, PLANTED, table)


def test_a_sample_of_an_element_holds_for_every_element() -> None:
    planted = PLANTED._replace(sample='{"params": [{"order": "1"}], "error": {}}')
    (switch,) = (each for each in wire.switches((planted,)) if each.name == "planted")
    sent = switch.apply({"params": [{"order": 1, "name": "a"}, {"order": 2, "name": "b"}], "error": {"message": "m"}})
    assert sent == {
        "params": [{"order": "1", "name": "a"}, {"order": "1", "name": "b"}],
        "error": {"message": "m"},
    }

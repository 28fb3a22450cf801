"""Each quirk of the table has a switch, a case, a reader that explains its sample, and a row on the page."""

from __future__ import annotations

import json
from typing import Any, Final

import attrs

import quirk_page
from core.test_quirks import CASES
from qlik_automation_connections import QUIRKS, Quirk, sandbox
from qlik_automation_connections._normalizer import Normalizer
from qlik_automation_connections.sandbox import _documents as documents
from qlik_automation_connections_api.models.check_result import CheckResult
from qlik_automation_connections_api.models.connection import Connection
from qlik_automation_connections_api.models.connection_list import ConnectionList
from qlik_automation_connections_api.models.error_response import ErrorResponse

MODELS: Final[dict[str, tuple[str, Any]]] = {
    "list": ("AutomationConnectionsList", ConnectionList),
    "connection": ("AutomationConnectionDetailObject", Connection),
    "check": ("AutomationConnectionCheckObject", CheckResult),
    "error": ("ErrorResponse", ErrorResponse),
}
PLANTED = attrs.evolve(
    QUIRKS[0],
    name="planted",
    sent="an object where the list of params is",
    response="connection",
    sample='{"params": {"host": "made up"}, "name": "mail"}',
)


def read(quirk: Quirk) -> Normalizer:
    """The normalizer that has read the quirk's sample, with the ids that samples leave out."""
    normalizer = Normalizer()
    schema, model = MODELS[quirk.response]
    content = normalizer.unwrap(json.loads(quirk.sample), schema)
    for each in (content.get("data") or []) if quirk.response == "list" else [content]:
        if quirk.response in ("list", "connection"):
            each.setdefault("id", "x")
    model.from_dict(content, normalizer)
    return normalizer


def test_each_has_a_name_a_case_and_a_switch_of_its_own() -> None:
    names = [quirk.name for quirk in QUIRKS]
    assert len(set(names)) == len(names)
    assert set(sandbox.QUIRKS) == set(names)
    assert set(names) - {case.quirk for case in CASES} == set()


def test_each_sample_shows_its_quirk_and_nothing_but_what_the_sample_leaves_out() -> None:
    for quirk in QUIRKS:
        normalizer = read(quirk)
        assert {quirk.name} <= set(normalizer.quirks) <= {quirk.name, "null-values", "link-without-page"}
        assert bool(normalizer.failed_reads) is (quirk.name == "unreadable-value"), quirk.name


def test_the_page_is_the_table() -> None:
    text = quirk_page.PAGE.read_text(encoding="utf-8")
    assert text == quirk_page.page(), "run python scripts/quirk_page.py"
    assert text != quirk_page.page(QUIRKS[1:])


def test_one_entry_gives_a_row_and_a_switch() -> None:
    table = (*QUIRKS, PLANTED)
    assert "| `planted` | an object where the list of params is |" in quirk_page.page(table)

    (switch,) = (each for each in documents.switches(table) if each.name == "planted")
    assert not switch.default
    sent: dict[str, Any] = {"id": "c1", "name": "x", "params": [{"name": "host"}]}
    switch.changes[documents.CONNECTION](sent)
    assert sent == {"id": "c1", "name": "mail", "params": {"host": "made up"}}


def test_a_sample_of_an_element_holds_for_every_element() -> None:
    planted = attrs.evolve(PLANTED, sample='{"params": [{"order": "1"}], "error": {}}')
    (switch,) = (each for each in documents.switches((planted,)) if each.name == "planted")
    sent: dict[str, Any] = {"params": [{"order": 1, "name": "a"}, {"order": 2, "name": "b"}], "error": {"message": "m"}}
    switch.changes[documents.CONNECTION](sent)
    assert sent == {"params": [{"order": "1", "name": "a"}, {"order": "1", "name": "b"}], "error": {"message": "m"}}

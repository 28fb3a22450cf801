"""Ids: each is refused before anything is sent, or goes into the path as one encoded segment."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from attrs import frozen
from hypothesis import example, given
from hypothesis import strategies as st

from core.scripted import PATHS, Kind, Of, Reply, Script, ask, reply, tenant
from looping import for_each, in_turn
from qlik_automation_connections import ConfigurationError


@frozen
class OnOne:
    """An operation on one thing: how it is asked for, what answers it, what follows the id in its path, and of what."""

    ask: Callable[[Any, Any], Any]
    answers: tuple[Reply, ...]
    ending: str = ""
    resource: str = "connections"
    paths: Mapping[str, str] = PATHS


class Echo(Script):
    """A script whose answers are about the id that was asked for."""

    def __init__(self, operation: OnOne) -> None:
        super().__init__(*operation.answers)
        self._ending = operation.ending

    def __call__(self, request: httpx.Request) -> httpx.Response:
        response = super().__call__(request)
        id = unquote(self.raw_paths[-1].removesuffix(self._ending).rpartition("/")[2])
        return (
            httpx.Response(response.status_code, json={**response.json(), "id": id}) if response.content else response
        )


_DETAIL = reply(200, {"params": [{"id": "p1", "name": "user"}]})
OPERATIONS = {
    "get": OnOne(lambda c, id: c.get(id), (_DETAIL,)),
    "get_json": OnOne(lambda c, id: c.get_json(id), (_DETAIL,)),
    "update": OnOne(lambda c, id: c.update(id, name="n"), (_DETAIL,)),
    "update by name": OnOne(lambda c, id: c.update(id, params={"user": "bot"}), (_DETAIL, _DETAIL)),
    "delete": OnOne(lambda c, id: c.delete(id), (Reply(204),)),
    "change_owner": OnOne(lambda c, id: c.change_owner(id, user_id="u"), (Reply(204),), "/actions/change-owner"),
    "change_space": OnOne(lambda c, id: c.change_space(id, space_id="s"), (Reply(204),), "/actions/change-space"),
    "check": OnOne(lambda c, id: c.check(id), (reply(200, {"connected": True}),), "/actions/check"),
    "get connector": OnOne(
        lambda c, id: c.get(id),
        (_DETAIL,),
        resource="connectors",
        # v1 is not known to have one.
        paths=dict.fromkeys(PATHS, "/api/workflows/automation-connectors"),
    ),
    **{
        f"{name} automation": OnOne(
            lambda a, id, name=name: getattr(a, name)(id),  # type: ignore[misc]
            (reply(200, {}),),
            resource="automations",
            paths={"workflows": "/api/workflows/automations", "v1": "/api/v1/automations"},
        )
        for name in ("get", "get_json")
    },
}

TRAPS = [
    *(
        "..",
        ".",
        "../x",
        "x/..",
        "a/b",
        "/",
        "//evil.example",
        "\\",
        "..\\x",
        "...",
        "%2e%2e",
        "%2E",
        "%2F",
        "%",
        "%zz",
    ),
    *("?x=1", "#x", "a?b#c", ";a=1", "a b", " x ", "+", "&", "=", "@", ":", "{id}", "*", "~", "''", '"'),
    *("", " ", "\t", "\n", "\u3000", "\u2028", "\x00", "\x1f", "\x7f", "\x85", "x\ny", "\ud800", "x\udfff", "\u200b"),
    *("é", "e\u0301", "日本", "😀", "\uff0e\uff0e", "x" * 5000),
]
ids = st.sampled_from(TRAPS) | st.text(st.characters()) | st.text("./%\\?#;2eEfF \x00\ud800", max_size=6)


def is_refused(id: str) -> bool:
    """The ids that must not be sent, in the words of the character database."""
    categories = {unicodedata.category(character) for character in id}
    return not id.strip() or id in {".", ".."} or not categories.isdisjoint({"Cc", "Cs"})


@pytest.mark.filterwarnings("ignore:The v1 paths:DeprecationWarning")
@for_each("api_version", PATHS)
@for_each("name", OPERATIONS)
def test_an_id_is_refused_or_is_one_segment_of_the_path(name: str, api_version: str) -> None:
    operation = OPERATIONS[name]
    script = Echo(operation)
    resource = getattr(tenant(script, api_version=api_version), operation.resource)
    base = operation.paths[api_version]

    @given(ids)
    @example("workflows")
    @example("..")
    @example("a/b")
    @example("%2e%2e")
    @example("\ud800")
    def check(id: str) -> None:
        script.requests.clear()
        try:
            operation.ask(resource, id)
        except ConfigurationError:
            assert is_refused(id)
            assert not script.requests
            return
        assert not is_refused(id)
        assert len(script.raw_paths) == len(operation.answers)
        for path in script.raw_paths:
            assert path.startswith(f"{base}/")
            assert path.endswith(operation.ending)
            segment = path.removeprefix(f"{base}/").removesuffix(operation.ending)
            assert not set(segment) & set("/?#\\")
            assert unquote(segment, errors="strict") == id

    check()


@for_each("id", ["", "  ", "\u3000", ".", "..", "a\nb", "\x00", "\x7f", "\x9f", "\ud800"])
@for_each("name", OPERATIONS)
@in_turn
def test_an_id_that_could_lead_elsewhere_is_refused(kind: Kind, name: str, id: str) -> None:
    script = Script(*OPERATIONS[name].answers)
    with pytest.raises(ConfigurationError, match=r"^id "):
        ask(kind, script, Of(OPERATIONS[name].resource, lambda resource: OPERATIONS[name].ask(resource, id)))
    assert not script.requests


@for_each("id", [None, 7, 1.5, True, b"x", ["x"], {"id": "x"}, ...])
@for_each("name", OPERATIONS)
def test_an_id_that_is_no_string_is_refused(name: str, id: object) -> None:
    script = Script(*OPERATIONS[name].answers)
    with pytest.raises(ConfigurationError, match="id must be a string"):
        OPERATIONS[name].ask(getattr(tenant(script), OPERATIONS[name].resource), id)
    assert not script.requests


@for_each("name", OPERATIONS)
def test_an_id_too_long_for_an_address_is_refused(name: str) -> None:
    script = Script(*OPERATIONS[name].answers)
    with pytest.raises(ConfigurationError):
        OPERATIONS[name].ask(getattr(tenant(script), OPERATIONS[name].resource), "x" * 70_000)
    assert not script.requests

"""Execution tokens are removed, and shown nowhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qlik_automation_connections.admin._remap.job import remap

from .exports import MAP, NEW, OLD, TOKEN, Remap, automation, dumped


def test_goes_with_its_comma_and_nothing_else(remapped: Remap) -> None:
    for before, after in [
        ('{"executionToken":"t","blocks":[]}', '{"blocks":[]}'),
        ('{"blocks":[],"executionToken":"t"}', '{"blocks":[]}'),
        ('{"blocks":[] , "executionToken" : "t" , "a":1}', '{"blocks":[] , "a":1}'),
        ('{ "executionToken":"t" }', "{  }"),
        ('{"executionToken":1,"executionToken":[2,{}]}', "{}"),
        ('{"executionToken":"t","executionToken":"u","a":1,"executionToken":null}', '{"a":1}'),
        ('{"":1,"executionToken":"t","executionToken":"u","a":1}', '{"":1,"a":1}'),
        ('{"a":{},"executionToken":"t","executionToken":{"b":[]},"c":[]}', '{"a":{},"c":[]}'),
        ('{\n  "a": 1,\n  "executionToken": "t",\n  "b": 2\n}\n', '{\n  "a": 1,\n  "b": 2\n}\n'),
        ('{\r\n  "a": 1,\r\n  "executionToken": "t"\r\n}', '{\r\n  "a": 1\r\n}'),
        ('{\n  "executionToken": "t",\n  "b": 2\n}', '{\n  "b": 2\n}'),
        ('{"execution\\u0054oken":"t","blocks":[]}', '{"blocks":[]}'),
        ('[{"executionToken":"t"},{"executionToken":"u","id":1}]', '[{},{"id":1}]'),
        ('{"data":{"id":1,"executionToken":"t"}}', '{"data":{"id":1}}'),
        ('{"data":[{"executionToken":"t"}],"executionToken":"u"}', '{"data":[{}]}'),
        ('{"automations":[{"executionToken":"t","workspace":{}}]}', '{"automations":[{"workspace":{}}]}'),
    ]:
        content, report = remapped(before, MAP)
        assert content.decode() == after, before
        assert report.status == "changed", before
        assert report.tokens_stripped == before.count("oken"), before


def test_stays_where_it_is_no_automations_own(remapped: Remap) -> None:
    text = dumped(automation(None, nested={"executionToken": "t"}, text="executionToken"))
    content, report = remapped(text, MAP)
    assert content.decode() == text
    assert report.tokens_stripped == 0
    assert [each.pointer for each in report.tokens_left] == ["/nested/executionToken"]


def test_one_that_is_left_is_named_by_its_place(remapped: Remap) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"notes": [{"id": 1, "executionToken": TOKEN}]}, "/notes/0/executionToken"),
        (
            {"workspace": {"blocks": [], "variables": [{"executionToken": TOKEN}]}},
            "/workspace/variables/0/executionToken",
        ),
        ({"workspace": {"blocks": [], "code": json.dumps({"executionToken": TOKEN})}}, "/workspace/code"),
    ]
    for left, pointer in cases:
        text = dumped({**automation(None), **left})
        content, report = remapped(text, MAP)
        assert content.decode() == text, left
        assert report.status == "unchanged", left
        assert [each.pointer for each in report.tokens_left] == [pointer], left
        assert TOKEN not in repr(report), left


def test_what_is_no_token_is_not_named(remapped: Remap) -> None:
    for text in ["executionToken", '{"executionToken": null}', 'the "executionToken" of it']:
        document = automation(None)
        document["workspace"]["note"] = json.loads(text) if text.startswith("{") else text
        assert remapped(dumped(document), MAP)[1].tokens_left == (), text


def test_a_strange_file_that_holds_one_fails_and_is_not_copied(tmp_path: Path) -> None:
    cases: list[Any] = [
        {"items": [{"id": "A1", "executionToken": TOKEN, "source": OLD}]},
        {"body": json.dumps({"executionToken": TOKEN, "source": OLD})},
        [["x", {"y": {"executionToken": [TOKEN]}}, OLD]],
    ]
    for document in cases:
        (tmp_path / "strange.json").write_text(dumped(document), encoding="utf-8")
        (file,) = remap(tmp_path, MAP, output=tmp_path / "out").files
        assert (file.status, file.automations, file.written) == ("failed", 0, None), document
        assert "executionToken" in (file.error or ""), document
        assert (len(file.tokens_left), [each.id for each in file.mentions]) == (1, [OLD]), document
        assert not (tmp_path / "out" / "strange.json").exists(), document
        assert TOKEN not in repr(file), document


def test_value_is_in_no_report(remapped: Remap) -> None:
    tokens: list[Any] = [TOKEN, {"deep": [TOKEN]}, f"{TOKEN} {OLD}"]
    for indent in [None, 2]:
        for token in tokens:
            content, report = remapped(dumped(automation(OLD, executionToken=token, note=1), indent=indent), MAP)
            assert TOKEN not in content.decode(), indent
            assert json.loads(content) == automation(NEW, note=1), indent
            assert TOKEN not in report.diff + repr(report), indent
            assert report.mentions == (), indent
            assert '"executionToken": [removed]' in report.diff, indent


def test_value_is_in_no_error(remapped: Remap) -> None:
    text = dumped(automation(OLD, executionToken=TOKEN))
    for broken in (text[:-2], text.replace(TOKEN, f"{TOKEN}\n"), text.replace(f'"{TOKEN}"', TOKEN)):
        content, report = remapped(broken, MAP)
        assert content.decode() == broken
        assert report.status == "failed"
        assert TOKEN not in repr(report)


KEYS = st.sampled_from(["executionToken", "a", "b", "id", "workspace"])
VALUES = st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(KEYS, VALUES), st.sampled_from([None, 1, "\t"]), st.sampled_from([(",", ":"), (" , ", " : ")]))
def test_what_remains_is_the_automation_without_the_key(
    remapped: Remap, document: dict[str, Any], indent: Any, separators: tuple[str, str]
) -> None:
    content, _ = remapped(dumped(document, indent=indent, separators=separators), MAP)
    assert json.loads(content) == {key: value for key, value in document.items() if key != "executionToken"}

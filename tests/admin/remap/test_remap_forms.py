"""What scripts make of an automation is repaired where that is exact, and otherwise a finding that fails the check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qlik_automation_connections._cli.group import qac
from qlik_automation_connections.admin import RemapReport, remap

from .exports import MAP, NEW, NEW_OTHER, OLD, OTHER, TOKEN, Remap, automation, block, dumped, workspace

# What `ConvertTo-Json` leaves of a block below its depth.
CUT = f"@{{id=B1; displayName=Send mail; settings=System.Object[]; value={OLD}}}"
BLOCKS = "/workspace/blocks"
SETTINGS = "/workspace/blocks/0/settings"


def of_blocks(blocks: Any) -> dict[str, Any]:
    return {"id": "A1", "workspace": {"blocks": blocks, "variables": []}}


def of_settings(value: Any) -> dict[str, Any]:
    return of_blocks([block(None, settings=value)])


def checked(tmp_path: Path, document: Any) -> RemapReport:
    (tmp_path / "export.json").write_text(dumped(document), encoding="utf-8")
    return remap(tmp_path, MAP)


def test_what_cannot_be_read_is_a_finding_with_its_place(tmp_path: Path) -> None:
    cases: list[tuple[Any, str, str]] = [
        ({"id": "A1", "workspace": "@{blocks=System.Object[]; variables=}"}, "/workspace", "text instead of a work"),
        ({"id": "A1", "workspace": "{'blocks': []}"}, "/workspace", "text instead of a workspace"),
        ({"id": "A1", "workspace": '{"blocks": ['}, "/workspace", "text instead of a workspace"),
        ({"id": "A1", "workspace": "[object Object]"}, "/workspace", "text instead of a workspace"),
        ({"id": "A1", "workspace": ""}, "/workspace", "text instead of a workspace"),
        ({"id": "A1", "workspace": [workspace()]}, "/workspace", "a list instead of a workspace"),
        ({"id": "A1", "workspace": 7}, "/workspace", "a number instead of a workspace"),
        ({"data": [automation(None), {"workspace": "x"}]}, "/data/1/workspace", "text instead of a workspace"),
        ({"a": {"b": {"workspace": "x"}}}, "/a/b/workspace", "text instead of a workspace"),
        ([CUT], "/0", "text that a script wrote"),
        ({"data": [CUT]}, "/data/0", "text that a script wrote"),
        ({"value": [f"{CUT} {CUT}"], "Count": 1}, "/value/0", "text that a script wrote"),
        ({"body": '{"workspace": {"blocks": ['}, "/body", "JSON in a text that can't be read"),
        (of_blocks("System.Object[]"), BLOCKS, "text instead of a list of blocks"),
        (of_blocks(f"{CUT} {CUT}"), BLOCKS, "text instead of a list of blocks"),
        (of_blocks(""), BLOCKS, "text instead of a list of blocks"),
        (of_blocks({}), BLOCKS, "an object instead of a list of blocks"),
        (of_blocks({"B1": block(OLD)}), BLOCKS, "an object instead of a list of blocks"),
        (of_blocks({"value": [block(OLD)], "Count": 2}), BLOCKS, "an object instead of a list of blocks"),
        (of_blocks({"value": block(OLD), "Count": 1}), BLOCKS, "an object instead of a list of blocks"),
        (of_blocks(7), BLOCKS, "a number instead of a list of blocks"),
        (of_blocks(False), BLOCKS, "true or false instead of a list of blocks"),
        (of_blocks([CUT]), f"{BLOCKS}/0", "text instead of a block"),
        (of_blocks([[block(OLD)]]), f"{BLOCKS}/0", "a list instead of a block"),
        (of_blocks([{"value": [block(OLD)], "Count": 1}]), f"{BLOCKS}/0", "an object instead of a block"),
        ({"blocks": "System.Object[]"}, "/blocks", "text instead of a list of blocks"),
        ({"blocks": {"a": block(OLD)}}, "/blocks", "an object instead of a list of blocks"),
        (of_settings("System.Object[]"), SETTINGS, "text instead of a list of settings"),
        (of_settings({}), SETTINGS, "an object instead of a list of settings"),
        (of_settings({"datasource": OLD}), SETTINGS, "an object instead of a list of settings"),
        (of_settings({"0": {"id": "x", "value": OLD}}), SETTINGS, "an object instead of a list of settings"),
        (of_settings(True), SETTINGS, "true or false instead of a list of settings"),
        (of_settings(["@{id=datasource; value=x}"]), f"{SETTINGS}/0", "text instead of a setting"),
        (of_settings([["x"]]), f"{SETTINGS}/0", "a list instead of a setting"),
        (of_blocks([block(None, blocks=CUT)]), f"{BLOCKS}/0/blocks", "text instead of a list of blocks"),
        (of_blocks([block(None, inputs="System.Object[]")]), f"{BLOCKS}/0/inputs", "text that a script wrote"),
        (
            of_blocks([block(None, inputs=["@{id=run_mode; value=manual}"])]),
            f"{BLOCKS}/0/inputs/0",
            "text that a script wrote",
        ),
        (of_blocks([block(None, x={"id": "datasource", "value": "c"})]), f"{BLOCKS}/0/x/value", "a datasource that is"),
        ({"flow": {"steps": [{"id": "datasource", "value": "c"}]}}, "/flow/steps/0/value", "a datasource that is"),
    ]
    for document, pointer, reason in cases:
        report = checked(tmp_path, document)
        (found, *_) = [each for each in report.files[0].unreadable if each.pointer == pointer]
        assert found.reason.startswith(reason), pointer
        assert report.files[0].status in ("unchanged", "no-automation"), pointer
        assert report.summary.unreadable >= 1, pointer
        assert not report.is_complete, pointer


def test_the_command_names_file_and_place_and_fails_the_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("map.json").write_text(json.dumps(MAP), encoding="utf-8")
    Path("exports").mkdir()
    text = dumped(of_blocks([block(None), CUT]))
    Path("exports/cut.json").write_text(text, encoding="utf-8")
    ended = CliRunner().invoke(qac, ["remap", "exports", "--id-map", "map.json", "--check"])
    line = text[: text.index('"@{')].count("\n") + 1
    assert ended.exit_code == 1
    assert f"cut.json:{line}:7" in ended.stdout
    assert "can't be read: text instead of a block; export it again" in " ".join(ended.stdout.split())


def test_what_is_empty_or_free_text_is_none(tmp_path: Path) -> None:
    cases: list[Any] = [
        {"id": "A1", "workspace": None},
        {"id": "A1", "workspace": []},
        {"id": "A1", "workspace": {}},
        of_blocks(None),
        of_settings(None),
        of_blocks([block(NEW, comment="@{variables('x')} @{$.name}", code="@{$.name}"), None]),
        {"stats": {"blocks": 12}},
        {"body": '{"text": "no workspace"}', "note": "[the blocks]"},
    ]
    for document in cases:
        assert checked(tmp_path, document).is_complete, document


@pytest.mark.parametrize(("indent", "order"), [(None, 1), (2, -1), ("\t", 1)])
def test_a_list_of_powershell_is_a_list_again(remapped: Remap, indent: Any, order: int) -> None:
    def wrapped(items: list[Any]) -> dict[str, Any]:
        return dict([("value", items), ("Count", len(items))][::order])

    def document(form: Any, first: str, second: str) -> Any:
        blocks = [block(None, settings=form([{"id": "datasource", "value": each}])) for each in (first, second)]
        inner = {"blocks": form(blocks), "variables": form([{"name": "v", "structure": form([])}])}
        return {"id": "A1", "workspace": inner, "schedules": form([{"interval": 60}])}

    content, report = remapped(dumped(document(wrapped, OLD, OTHER), indent=indent), MAP)
    assert json.loads(content) == document(list, NEW, NEW_OTHER)
    assert len(report.repairs) == 6
    assert {each.form for each in report.repairs} == {"wrapped"}
    assert [each.pointer for each in report.replaced] == [
        f"/workspace/blocks/value/{number}/settings/value/0/value" for number in (0, 1)
    ]
    assert (report.unreadable, report.mentions) == ((), ())
    again, report = remapped(content, MAP)
    assert (again, report.status, report.diff) == (content, "unchanged", "")


def test_a_single_block_or_setting_is_a_list_of_one_again(remapped: Remap) -> None:
    for indent in (None, 2):
        single = block(None, settings={"id": "datasource", "value": OLD}, blocks=block(OTHER))
        text = dumped(of_blocks(single), indent=indent)
        content, report = remapped(text, MAP)
        expected = block(None, settings=[{"id": "datasource", "value": NEW}], blocks=[block(NEW_OTHER)])
        assert json.loads(content) == of_blocks([expected]), indent
        assert [each.form for each in report.repairs] == ["single"] * 3, indent
        assert [(each.pointer, each.block_name) for each in report.repairs] == [
            (BLOCKS, None),
            (f"{BLOCKS}/settings", "Send mail"),
            (f"{BLOCKS}/blocks", "Send mail"),
        ], indent
        assert report.unreadable == (), indent


def test_the_diff_shows_a_repair_and_not_what_it_holds(remapped: Remap) -> None:
    document = of_blocks({"value": [block(None, settings={"id": "x", "value": "hunter2"})], "Count": 1})
    _, report = remapped(dumped(document), MAP)
    lines = report.diff.split("\n")
    assert lines[2:-1] == [
        "@@ -4 +4 @@ /workspace/blocks, column 15",
        '-…{"value": […], "Count": …},',
        "+…[…],",
        '@@ -9 +8 @@ /workspace/blocks/value/0/settings, column 23, block "Send mail"',
        "-…{…}",
        "+…[{…}]",
    ]


@pytest.mark.parametrize(("levels", "indent"), [(1, None), (2, 2), (3, 2)])
def test_a_workspace_in_a_string_is_rewritten_there(remapped: Remap, levels: int, indent: Any) -> None:
    def spelled(ids: tuple[str, str]) -> Any:
        inner: Any = {**workspace(*ids), "note": 'é😀\\"\n\u2028'}
        for _ in range(levels):
            inner = dumped(inner, indent=indent, ensure_ascii=levels == 2)
        return dumped({"id": "A1", "workspace": inner, "z": 1}, ensure_ascii=False)

    content, report = remapped(spelled((OLD, OTHER)), MAP)
    assert content.decode() == spelled((NEW, NEW_OTHER))
    assert [each.pointer for each in report.replaced] == [f"{BLOCKS}/{n}/settings/1/value" for n in (0, 1)]
    text = spelled((OLD, OTHER))
    assert [text.split("\n")[each.line - 1][each.column - 1 :].lstrip('\\"')[:36] for each in report.replaced] == [
        OLD,
        OTHER,
    ]
    assert (report.automations, report.unreadable, report.mentions) == (1, (), ())


def test_an_automation_in_a_string_loses_its_token_there(remapped: Remap) -> None:
    inside = automation(OLD, executionToken=TOKEN, note=f"see {OTHER}")
    text = dumped({"body": dumped(inside), "status": 200})
    content, report = remapped(text, MAP)
    assert json.loads(json.loads(content)["body"]) == automation(NEW, note=f"see {OTHER}")
    assert (report.automations, report.tokens_stripped, report.tokens_left) == (1, 1, ())
    (mention,) = report.mentions
    assert text.split("\n")[mention.line - 1][mention.column - 1 :].startswith(OTHER)
    assert TOKEN not in report.diff + repr(report) + content.decode()


def test_lists_in_a_string_are_repaired_there(remapped: Remap) -> None:
    def document(blocks: Any) -> str:
        return dumped({"id": "A1", "workspace": dumped({"blocks": blocks, "note": "\n"})})

    single = block(OLD)
    wrapped = dumped({"value": [block(OLD)], "Count": 1})
    for blocks in (single, json.loads(wrapped)):
        content, report = remapped(document(blocks), MAP)
        expected = {"blocks": [block(NEW)], "note": "\n"}
        assert json.loads(json.loads(content)["workspace"]) == expected
        assert (len(report.repairs), report.unreadable) == (1, ())


def test_a_new_id_is_spelled_as_json_in_json(remapped: Remap) -> None:
    for new in ('a"b\\c\n', "é", "\ud800"):
        content, _ = remapped(dumped({"workspace": dumped(workspace(OLD))}), {OLD: new})
        inner = json.loads(json.loads(content)["workspace"])
        assert inner["blocks"][0]["settings"][1]["value"] == new


NOTE = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\\n/é😀'), max_size=9)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NOTE, NOTE, st.booleans(), st.booleans(), st.sampled_from([None, 0, 3]))
def test_all_bytes_around_an_id_in_a_string_stay(
    remapped: Remap, before: str, after: str, outer: bool, inner: bool, indent: int | None
) -> None:
    def spelled(id: str) -> str:
        document = {"a": before, **workspace(id), "z": after}
        return dumped({"workspace": dumped(document, ensure_ascii=inner, indent=indent)}, ensure_ascii=outer)

    assert remapped(spelled(OLD), MAP)[0].decode() == spelled(NEW)


def test_an_old_id_in_a_field_of_a_block_fails_the_check(tmp_path: Path) -> None:
    cases: list[dict[str, Any]] = [
        block(NEW, inputs=[{"id": "connection", "value": OLD}]),
        block(NEW, inputs=[{"id": "list", "value": [{"deep": OLD}]}]),
        block(NEW, connectionId=OLD),
        block(NEW, byId={OLD: 1}),
        block(NEW, settings=[{"id": "connection", "value": f" {OLD}\n"}]),
        block(f"{{{OLD}}}"),
        block([OLD]),
    ]
    for block_with_id in cases:
        report = checked(tmp_path, of_blocks([block_with_id]))
        assert [each.id for each in report.files[0].mentions] == [OLD], block_with_id
        assert not report.is_complete, block_with_id
        assert report.files[0].status == "unchanged", block_with_id


def test_free_text_and_expressions_do_not(tmp_path: Path) -> None:
    cases: list[Any] = [
        of_blocks([block(NEW, inputs=[{"id": "text", "value": f"see {OLD}"}], code=f'get("{OLD}")')]),
        of_blocks([block(NEW, comment=f"was {OLD}")]),
        {**automation(NEW), "description": OLD},
        of_blocks([block("{$.connection}")]),
    ]
    for document in cases:
        assert checked(tmp_path, document).is_complete, document


def test_a_reference_that_is_no_text_fails_the_check(tmp_path: Path) -> None:
    cases: list[Any] = [7, True, [], {"a": 1}]
    for value in cases:
        report = checked(tmp_path, automation(value))
        assert [each.reason for each in report.files[0].unresolved] == ["not a string"], value
        assert not report.is_complete, value


@pytest.mark.exhaustive
def test_time_grows_with_the_length_in_strings_too(remapped: Remap) -> None:
    # Quadratic work would take hours.
    ids = {f"id-{number:06}": f"new-{number:06}" for number in range(10_000)}
    inner = {**workspace(*ids), "note": "\\" * 300_000, "mentions": "\n".join(ids)}
    content, report = remapped(dumped({"workspace": dumped(inner), "x": '{"' + "\\" * 300_000}), ids)
    assert (len(report.replaced), len(report.mentions)) == (10_000, 10_000)
    assert json.loads(json.loads(content)["workspace"])["note"] == inner["note"]

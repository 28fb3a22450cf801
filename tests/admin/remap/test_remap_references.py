"""References are rewritten; what is no plain reference is reported and stays."""

from __future__ import annotations

import json
from typing import Any

from qlik_automation_connections.admin._remap.report import FileReport

from .exports import MAP, NEW, NEW_OTHER, OLD, OTHER, Remap, automation, block, dumped, workspace


def pointers(places: Any) -> list[str]:
    return [place.pointer for place in places]


def test_rewrites_the_reference_wherever_the_automation_stands(remapped: Remap) -> None:
    documents: list[tuple[Any, str]] = [
        (automation(OLD), "/workspace/blocks/0/settings/1/value"),
        (workspace(OLD), "/blocks/0/settings/1/value"),
        ([automation(None), automation(OLD)], "/1/workspace/blocks/0/settings/1/value"),
        ({"data": [automation(OLD)], "links": {}}, "/data/0/workspace/blocks/0/settings/1/value"),
        ({"data": automation(OLD)}, "/data/workspace/blocks/0/settings/1/value"),
        ([{"data": workspace(OLD)}], "/0/data/blocks/0/settings/1/value"),
        ({"automations": [automation(OLD)]}, "/automations/0/workspace/blocks/0/settings/1/value"),
        ({"a": {"b": [[workspace(OLD)]]}}, "/a/b/0/0/blocks/0/settings/1/value"),
        ({"workspace": [workspace(OLD)]}, "/workspace/0/blocks/0/settings/1/value"),
    ]
    indents: list[Any] = [None, 2, "\t"]
    for document, pointer in documents:
        for indent in indents:
            text = dumped(document, indent=indent)
            content, report = remapped(text, MAP)
            assert content.decode() == text.replace(OLD, NEW), pointer
            (replaced,) = report.replaced
            assert (replaced.pointer, replaced.old, replaced.new) == (pointer, OLD, NEW), pointer
            assert (replaced.block_id, replaced.block_name) == ("B1", "Send mail"), pointer
            assert (report.status, report.automations) == (
                "changed",
                len(document) if isinstance(document, list) else 1,
            ), pointer
            before = text[: text.index(f'"{OLD}"')]
            assert (replaced.line, replaced.column) == (before.count("\n") + 1, len(before) - before.rfind("\n")), (
                pointer
            )


def test_each_reference_is_looked_up_once(remapped: Remap) -> None:
    content, _ = remapped(dumped(automation(OLD, OTHER)), {OLD: OTHER, OTHER: OLD})
    assert content.decode() == dumped(automation(OTHER, OLD))
    content, _ = remapped(dumped(automation(OLD, OTHER)), {OLD: OTHER, OTHER: NEW})
    assert content.decode() == dumped(automation(OTHER, NEW))


def test_a_second_run_changes_nothing(remapped: Remap) -> None:
    content, _ = remapped(dumped(automation(OLD, OTHER, executionToken="t")), MAP)
    again, report = remapped(content, MAP)
    assert again == content
    assert report.status == "unchanged"
    assert [reference.id for reference in report.already] == [NEW, NEW_OTHER]
    assert report.unmapped == ()


def test_all_bytes_but_the_id_stay(remapped: Remap) -> None:
    text = (
        '\ufeff{ "workspace" :{"blocks":[\r\n\t{"x":1.50e+3,"x":-0,"note":"\\u00e9\\/é","settings":[\r\n'
        f'{{"value":"{OLD}" ,"displayValue":"Mail","id":"datasource","extra":[ ]}}]}}\r\n] }},"z":"😀"}}\r\n\n'
    )
    content, report = remapped(text, MAP)
    assert content.decode() == text.replace(OLD, NEW)
    assert report.replaced[0].line == 3


def test_utf_16_and_32_stay_what_they_are(remapped: Remap) -> None:
    for codec in ["utf-16", "utf-16-be", "utf-32"]:
        text = ("\ufeff" if codec.endswith("be") else "") + dumped(automation(OLD, note="é😀"), ensure_ascii=False)
        content, _ = remapped(text.encode(codec), MAP)
        assert content == text.replace(OLD, NEW).encode(codec), codec


def test_a_value_with_escapes_and_keys_with_escapes_are_read_as_what_they_mean(remapped: Remap) -> None:
    spelled = "".join(f"\\u{ord(character):04X}" for character in OLD)
    text = dumped(automation("HERE")).replace("HERE", spelled)
    text = text.replace('"datasource"', '"data\\u0073ource"').replace('"blocks"', '"block\\u0073"')
    content, report = remapped(text, MAP)
    assert content.decode() == text.replace(spelled, NEW)
    assert report.replaced[0].old == OLD


def test_a_new_id_is_written_as_json(remapped: Remap) -> None:
    for new in ('a"b\\c\n', "é", "\ud800"):
        content, _ = remapped(dumped(automation(OLD)), {OLD: new})
        assert json.loads(content)["workspace"]["blocks"][0]["settings"][1]["value"] == new


def test_no_reference_is_nothing(remapped: Remap) -> None:
    for value in (None, "", "  "):
        content, report = remapped(dumped(automation(value)), MAP)
        assert content.decode() == dumped(automation(value)), value
        assert (report.status, report.automations) == ("unchanged", 1), value
        assert report.replaced + report.unmapped + report.already + report.unresolved == (), value


def test_what_is_no_plain_id_is_listed_and_stays(remapped: Remap) -> None:
    texts, others = ("{$.connection}", f"{{{OLD}}}"), (7, True, [OLD], {"id": OLD})
    for value in (*texts, *others):
        reason = "expression" if value in texts else "not a string"
        content, report = remapped(dumped(automation(value)), MAP)
        assert content.decode() == dumped(automation(value)), value
        assert [(each.pointer, each.reason) for each in report.unresolved] == [
            ("/workspace/blocks/0/settings/1/value", reason)
        ], value
        assert [mention.id for mention in report.mentions] == ([OLD] if OLD in str(value) else []), value


def test_references_without_a_mapping_are_told_from_those_that_are_new_already(remapped: Remap) -> None:
    _, report = remapped(dumped(automation("unknown", NEW, "same")), {**MAP, "same": "same"})
    assert [reference.id for reference in report.unmapped] == ["unknown"]
    assert [reference.id for reference in report.already] == [NEW, "same"]
    assert report.status == "unchanged"


def test_only_settings_of_blocks_are_references(remapped: Remap) -> None:
    setting = {"id": "datasource", "value": OLD}
    document = automation(None, settings=[setting], inputs={"settings": [setting]})
    document["workspace"]["blocks"][0]["inputs"] = [setting]
    document["workspace"]["blocks"].append({"settings": {"0": setting}})
    document["workspace"]["blocks"].append([{"settings": [setting]}])
    document["workspace"]["blocks"].append({"settings": [[setting], {"id": "other", "value": OLD}, {"value": OLD}]})
    content, report = remapped(dumped(document), MAP)
    assert content.decode() == dumped(document)
    assert len(report.mentions) == dumped(document).count(OLD) == 8
    assert report.replaced == ()


def test_of_an_id_that_comes_twice_in_a_setting_the_last_one_counts(remapped: Remap) -> None:
    text = f'{{"blocks":[{{"settings":[{{"id":"x","value":"{OLD}","id":"datasource","value":"{OTHER}"}}'
    text += f',{{"id":"datasource","value":"{OLD}","id":null}}]}}]}}'
    content, report = remapped(text, MAP)
    assert content.decode() == text.replace(OLD, NEW, 1).replace(OTHER, NEW_OTHER)
    assert [mention.pointer for mention in report.mentions] == ["/blocks/0/settings/1/value"]


def mention(report: FileReport) -> list[tuple[str, str, int, int, bool]]:
    return [(each.id, each.pointer, each.line, each.column, each.in_key) for each in report.mentions]


def test_ids_elsewhere_are_listed_with_their_place_alone(remapped: Remap) -> None:
    document = automation(None)
    document["workspace"]["variables"] = [{"name": "v", "value": f"hunter3 {OLD}; {OTHER}"}]
    document["workspace"]["blocks"][0]["code"] = f'hunter4\t\n"é😀\\{OLD}"'
    document["workspace"]["blocks"][0]["a/b~c"] = {f"key-{OLD}": 1}
    text = dumped(document)
    content, report = remapped(text, MAP)
    assert content.decode() == text
    lines = text.split("\n")
    expected = [
        (OLD, "/workspace/blocks/0/code", False),
        (OLD, "/workspace/blocks/0/a~1b~0c", True),
        (OLD, "/workspace/variables/0/value", False),
        (OTHER, "/workspace/variables/0/value", False),
    ]
    assert [(each.id, each.pointer, each.in_key) for each in report.mentions] == expected
    for each in report.mentions:
        assert lines[each.line - 1][each.column - 1 :].startswith(each.id)
    assert "hunter" not in str(report)


def test_the_column_counts_characters_of_the_file(remapped: Remap) -> None:
    for escaped in ["\\\\", "\\u00e9 ", "\\ud83d\\ude00", "\\ud83d\\ud83d\\ude00", "\\n", '\\"', "é😀"]:
        text = f'{{"blocks":[],"note":"{escaped}{OLD} {escaped} {OTHER}"}}'
        _, report = remapped(text, MAP)
        assert mention(report) == [
            (identifier, "/note", 1, text.index(identifier) + 1, False) for identifier in (OLD, OTHER)
        ], escaped


def test_ids_are_found_as_whole_words(remapped: Remap) -> None:
    for text, found in [
        ("a1", ["a1"]),
        ("xa1", []),
        ("a12", []),
        ("a1_", []),
        ("éa1", []),
        ("-a1-a1.", ["a1", "a1"]),
        ("a1-b2", ["a1", "a1-b2"]),
        ("a1-b22", ["a1"]),
        ("***", ["*"] * 3),
        ("{x}", ["{x}"]),
        ("y{x}y", ["{x}"]),
        ("x", []),
        ("é.ß", ["é.ß"]),
        ("é.ßß", []),
    ]:
        ids = dict.fromkeys(("a1", "a1-b2", "*", "{x}", "é.ß"), "new")
        _, report = remapped(json.dumps({"blocks": [], "note": text}), ids)
        assert [each.id for each in report.mentions] == found, text


def test_block_names_fall_back_and_blocks_are_told_apart(remapped: Remap) -> None:
    unnamed: dict[str, Any] = {"settings": [{"id": "datasource", "value": OLD}]}
    blocks = [block(OLD, id="B2", displayName=""), block(OLD, displayName=None, name="sendMail"), unnamed]
    _, report = remapped(dumped({"blocks": blocks}), MAP)
    assert [(each.block_id, each.block_name) for each in report.replaced] == [
        ("B2", None),
        ("B1", "sendMail"),
        (None, None),
    ]
    assert pointers(report.replaced)[2] == "/blocks/2/settings/0/value"


def test_blocks_in_blocks_have_references_too(remapped: Remap) -> None:
    for name in ["blocks", "children"]:
        inner = block(OLD, id="B3", displayName="inner")
        text = dumped({"blocks": [block(None, **{name: [block(OTHER, **{name: [inner]}), "text"]})]})
        content, report = remapped(text, MAP)
        assert content.decode() == text.replace(OLD, NEW).replace(OTHER, NEW_OTHER), name
        assert report.mentions == (), name
        assert {(each.old, each.block_name) for each in report.replaced} == {(OLD, "inner"), (OTHER, "Send mail")}, name


def test_a_file_without_automation_is_left_alone_and_its_ids_are_listed(remapped: Remap) -> None:
    cases: list[Any] = [{}, [], 7, "text", {"a": [OLD]}, {"blocks": None}, {"blocks": 7}, {"data": []}, {OLD: NEW}]
    for document in cases:
        content, report = remapped(dumped(document), MAP)
        assert content.decode() == dumped(document), document
        assert (report.status, report.automations) == ("no-automation", 0), document
        assert len(report.mentions) == dumped(document).count(OLD), document


def test_an_automation_without_workspace_is_one(remapped: Remap) -> None:
    _, report = remapped('{"id":"A1","workspace":null}', MAP)
    assert (report.status, report.automations) == ("unchanged", 1)

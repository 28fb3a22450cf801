"""The diff shows what changes, and no more of what stands next to it than it must."""

from __future__ import annotations

import json

from .exports import MAP, NEW, OLD, OTHER, TOKEN, Remap, automation, dumped


def test_whole_lines_where_members_have_lines_of_their_own(remapped: Remap) -> None:
    text = dumped({"executionToken": TOKEN, **automation(OLD)})
    content, report = remapped(text, MAP)
    lines = report.diff.split("\n")
    assert lines == [
        "--- export.json",
        "+++ export.json",
        "@@ -2 +1,0 @@ /executionToken",
        '-  "executionToken": [removed],',
        '@@ -17 +16 @@ /workspace/blocks/0/settings/1/value, block "Send mail"',
        f'-            "value": "{OLD}",',
        f'+            "value": "{NEW}",',
        "",
    ]
    assert text.split("\n")[16] == lines[5][1:]
    assert content.decode().split("\n")[15] == lines[6][1:]
    # Tabs that indent a file are shown as they are.
    _, report = remapped(dumped(automation(OLD), indent="\t"), MAP)
    assert f'-\t\t\t\t\t\t"value": "{OLD}",\n+\t\t\t\t\t\t"value": "{NEW}",\n' in report.diff


def test_members_alone_in_a_file_of_one_line(remapped: Remap) -> None:
    text = json.dumps(automation(OLD, executionToken=TOKEN))
    _, report = remapped(text, MAP)
    column = text.index(f'"value": "{OLD}"') + 1
    token = text.index('"executionToken"') + 1
    assert report.diff.split("\n")[2:] == [
        f'@@ -1 +1 @@ /workspace/blocks/0/settings/1/value, column {column}, block "Send mail"',
        f'-…"value": "{OLD}"…',
        f'+…"value": "{NEW}"…',
        f"@@ -1 +1 @@ /executionToken, column {token}",
        '-…"executionToken": [removed]…',
        "",
    ]


def test_neighbours_are_not_shown(remapped: Remap) -> None:
    for indent in (None, 0, 2):
        _, report = remapped(dumped(automation(OLD, OTHER), indent=indent), MAP)
        assert report.diff.count("\n+") == 3
        assert "hunter2" not in report.diff


def test_a_value_on_another_line_than_its_key(remapped: Remap) -> None:
    _, report = remapped(f'{{"blocks":[{{"settings":[{{"id":"datasource","value":\n  "{OLD}"}}]}}]}}', MAP)
    assert f'@@ -2 +2 @@ /blocks/0/settings/0/value, column 3\n-…"{OLD}"…\n+…"{NEW}"…\n' in report.diff


def test_names_cannot_forge_lines_or_upset_a_terminal(remapped: Remap) -> None:
    document = automation(OLD)
    document["workspace"]["blocks"][0]["displayName"] = "a\n+forged\x1b[2J\u202e\x7f"
    _, report = remapped(dumped(document), MAP)
    assert 'block "a\\n+forged\\x1b[2J\\u202e\\x7f"\n' in report.diff
    assert report.diff.count("\n") == 5
    # Nothing to change is no diff.
    assert remapped(dumped(automation(None)), MAP)[1].diff == ""

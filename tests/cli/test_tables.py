"""Tables of every command at the widths that terminals have, and what else a list, a plan and a prompt say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from rich.cells import cell_len

from cli.invoking import At
from qlik_automation_connections._cli.format import print_steps
from qlik_automation_connections._cli.output import Column
from qlik_automation_connections.sandbox import Sandbox
from sampling import few

_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


@pytest.fixture(scope="module")
def many() -> Iterator[At]:
    with Sandbox(connections=60) as sandbox:
        yield At(sandbox, machine=True)


@pytest.fixture(scope="module")
def empty() -> Iterator[At]:
    with Sandbox(connections=0, name="production") as sandbox:
        yield At(sandbox)


@pytest.fixture(scope="module")
def archive(many: At, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = str(tmp_path_factory.mktemp("backup") / "backup.ndjson")
    assert many("backup", path, "--all").exit_code == 0
    return path


@pytest.fixture
def exports(many: At, tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "map.json").write_text(json.dumps({many.ids[0]: many.ids[1]}))
    block = {"id": "b", "settings": [{"id": "datasource", "value": many.ids[0]}]}
    for number in range(3):
        path = tmp_path / "exports" / f"{'a long name ' * number}{number}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"id": "a", "workspace": {"blocks": [block]}}))
    return str(tmp_path / "exports"), str(tmp_path / "map.json")


@pytest.mark.parametrize("width", few([60, 120, 80, 100], 2))
@pytest.mark.usefixtures("printing_to_a_terminal")
def test_each_table_fits_and_identifies_every_row(
    many: At, empty: At, archive: str, exports: tuple[str, str], width: int
) -> None:
    old, new = many.sandbox.users[0].id, many.sandbox.users[1].id
    connections = {item["id"]: item["name"] for item in many.sandbox.snapshot()}
    commands: dict[str, tuple[list[str], str]] = {
        "list": (["list", "--all"], "Connected"),
        "audit": (["audit", "--all", "--every"], "Connected"),
        "check": (["check", "--all", "--every"], "Connected"),
        "usage": (["usage", *many.sandbox.in_use], "State"),
        "backup show": (["backup", "show", archive], "Params"),
        "handover": (["handover", "--from", old, "--to", new, "--dry-run"], "Move 1"),
        "restore": (["restore", archive, "--all", "--dry-run"], "Create "),
        "remap": (["remap", exports[0], "--id-map", exports[1]], "Status"),
    }
    for name, (arguments, state) in commands.items():
        run = empty if name == "restore" else many
        result = run(*arguments, COLUMNS=str(width), LINES="50", TERM="xterm", NO_COLOR="1")
        assert result.exit_code in (0, 1, 5), (name, result.output)
        lines = _SEQUENCE.sub("", result.stdout).splitlines()
        assert max(map(cell_len, lines)) <= width, name
        assert any(state in line for line in lines[:3]), name
        table = "\n".join(lines).partition("\n\n")[0].splitlines()
        while table and not table[0].startswith(("Name ", "Connection", "File", "Nothing")):
            assert name in ("handover", "restore"), name
            del table[0]
        whole = [id for id in connections if any(id in line for line in table)]
        if any("Id" in heading for heading in re.split(r"\s{2,}", table[0])):
            # Ids are whole, and one of each row is there.
            assert len(re.findall(r"\b[0-9a-f]{8}-", "\n".join(table))) >= len(whole) > 0, name
            assert "…" not in "".join(re.findall(r"[0-9a-f]{8}-\S*", "\n".join(table))), name
        elif name in ("list", "audit", "check"):
            # Without an id, a name is whole, in as many lines as it takes.
            room = len(table[0]) - len(table[0].removeprefix("Name").lstrip())
            names = "".join("".join(line[:room].split()) for line in table)
            cut = [text for text in connections.values() if text.isascii() and "".join(text.split()) not in names]
            assert cut == [], name


def test_a_list_ends_in_a_count_and_says_whose_they_are(many: At, archive: str, tmp_path: Path) -> None:
    theirs = "These are yours; --all shows everybody's."
    assert many("list", "--all").stdout.endswith("\n\n60 connections.\n")
    assert many("list", "--filter", 'name eq "nobody has it"').stdout == f"Nothing was found. {theirs}\n"
    for arguments in (["list"], ["audit"], ["check", "--filter", 'name ne "x"'], ["backup", str(tmp_path / "mine")]):
        assert theirs in many(*arguments).stdout, arguments
    for form in ("--json", "--csv", "-oname"):
        assert theirs not in many("list", form).output


def test_every_form_is_also_an_argument_of_o(many: At) -> None:
    for form in ("json", "ndjson", "csv"):
        assert many("list", "--all", "-o", form).stdout == many("list", "--all", f"--{form}").stdout
    assert many("list", "-o", "table").stdout == many("list").stdout
    assert many("list", "--all", "-o", "name").stdout.split() == many.ids
    assert yaml.safe_load(many("list", "--all", "-o", "yaml").stdout) == many.json("list", "--all")
    assert many("get", many.ids[0], "-o", "name").stdout == f"{many.ids[0]}\n"
    assert many("check", "--all", "-o", "name").stdout.split() == many.broken
    for two, said in (
        (["-o", "yaml", "--json"], "--json and -o yaml."),
        (["--ndjson", "--csv"], "--ndjson and --csv."),
    ):
        result = many("list", *two)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"Pass only one of {said}" in result.stderr


def test_a_long_plan_shows_some_of_each_and_ends_in_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [
        {
            "name": f"connection {number}",
            "action": "skip" if number % 9 == 0 else "move",
            "reason": f"r{number % 3}",
            "why": f"Reason {number % 3}",
        }
        for number in range(300)
    ]
    print_steps(steps, [Column("Name", "name")], empty="")
    shown = capsys.readouterr().out
    assert len(re.findall(r"^connection \d+$", shown, re.MULTILINE)) == 40
    assert "\nMove 100 connections: Reason 1\nName\nconnection 1\n" in shown
    assert re.search(
        r"\nAction +Reason +Connections\nmove +r0 +66\nmove +r1 +100\nmove +r2 +100\nskip +r0 +34\n", shown
    )
    print_steps(steps[:30], [Column("Name", "name")], empty="")
    assert len(re.findall(r"^connection \d+$", capsys.readouterr().out, re.MULTILINE)) == 30


def test_a_change_says_where_and_what(at: At) -> None:
    first = at.sandbox.snapshot()[0]
    owner = next(user.name for user in at.sandbox.users if user.id == first["ownerId"])
    dry = at("change-space", first["id"], "--personal", "--dry-run").stderr.splitlines()
    assert dry[0] == f"Move 1 connection in {at.sandbox.url}:"
    assert dry[1].split() == ["Name", "Connector", "Owner", "Id"]
    assert dry[2].startswith(first["name"])
    assert dry[2].endswith(first["id"])
    assert owner in dry[2] or first["ownerId"] in dry[2]
    many = at("delete", "--all", "--dry-run", "--no-usage").stderr
    assert "\nand " in many
    assert " more\nDry run: nothing was changed.\n" in many
    done = at("change-space", first["id"], "--personal", "--yes")
    assert done.stderr == f"Move 1 connection in {at.sandbox.url}: {first['id']}.\n"
    refused = at("delete", first["id"])
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert f" in {at.sandbox.url}? Not an interactive terminal; pass --yes" in refused.stderr


def test_ids_from_a_pipe_keep_their_names(at: At) -> None:
    listed = at("list", "--all", "--max", "2", "--json").stdout
    first, second = json.loads(listed)
    done = at("change-space", "-", "--personal", "--yes", stdin=listed)
    assert f": {first['name']} ({first['id']}), {second['name']} ({second['id']}).\n" in done.stderr


def test_a_dry_run_of_what_is_not_there_says_so(at: At) -> None:
    for command in (["delete"], ["change-space", "--personal"]):
        gone = at(*command, "nobody", "--dry-run")
        assert gone.exit_code == 4
        assert gone.stderr == "nobody: the connection does not exist, or you may not see it.\n"
        some = at(*command, "nobody", at.ids[0], "--dry-run")
        assert some.exit_code == 5
        assert "nobody: the connection does not exist" in some.stderr
    assert at.changes() == []


def test_params_that_the_connector_lacks_are_not_created(at: At) -> None:
    smtp = at.sandbox.connectors[0].id
    arguments = ["create", "--connector", smtp, "--name", "made", "--yes", "--param-env", "hots=H"]
    refused = at(*arguments, H="x")
    assert refused.exit_code == 2
    assert "The connector has no param 'hots'. It has " in refused.stderr
    assert at.changes() == []
    assert at(*arguments, "--force-params", H="x").exit_code == 0
    assert "createAutomationConnection" in at.changes()


def test_who_owns_nothing_hands_nothing_over(at: At, tmp_path: Path) -> None:
    owners = {item["ownerId"] for item in at.sandbox.snapshot()}
    idle = next(user for user in at.sandbox.users if user.id not in owners)
    journal = str(tmp_path / "journal")
    nothing = at("handover", "--from", idle.id, "--to", at.sandbox.users[0].id, "--yes", "--journal", journal)
    assert nothing.exit_code == 4
    assert f"Nothing to hand over: the user {idle.name} owns no connections in {at.sandbox.url}." in nothing.stderr


def test_help_has_groups_and_two_examples_that_can_be_parsed(many: At) -> None:
    import shlex

    from qlik_automation_connections._cli.auth_options import signs_in
    from qlik_automation_connections._cli.group import COMMANDS, qac
    from qlik_automation_connections._cli.help import GROUPS, Command

    @click.command()
    @signs_in
    def probe() -> None: ...

    grouped = {name for names in GROUPS.values() for name in names}
    assert {param.name for param in probe.params} <= grouped
    context = click.Context(qac)
    for name in COMMANDS:
        command = qac.get_command(context, name)
        assert command is not None
        below = dict(command.commands) if isinstance(command, click.Group) else {}
        below.pop("write", None)  # it has those of its group
        for each in (command, *below.values()):
            assert isinstance(each, Command)
            assert len(each.examples) == 2, each.name
            for line in re.findall(r"qac [^|]*", " | ".join(each.examples)):
                first, *rest = shlex.split(line.rstrip().removesuffix(')"'))[1:]
                there = qac.get_command(context, first)
                assert there is not None
                there.make_context(first, rest, parent=context)
    shown = many("help", "list").stdout
    for heading in ("\nWhat:\n", "\nHow:\n", "\nSign in:\n", "\nOutput:\n", "\nExamples:\n"):
        assert heading in shown
    assert not re.search(r"\[[^]]*<=?x|x>=", shown)


def test_what_was_mistyped_is_said_in_words(many: At) -> None:
    for arguments, said in (
        (["lst"], "There is no command 'lst'. Did you mean list?"),
        (["qwerty"], "There is no command 'qwerty'. qac help lists them."),
        (["help", "chek"], "There is no command 'chek'. Did you mean check?"),
        (["list", "--al"], "There is no option --al. Did you mean --all?"),
        (["list", "--zzzzzz"], "There is no option --zzzzzz.\n"),
        (["list", "--max", "0"], "'0' is not a whole number of at least 1."),
        (["check", "--workers", "1000"], "'1000' is not a whole number from 1 to 100."),
        (["list", "--timeout", "inf"], "'inf' is not a number above 0."),
    ):
        result = many(*arguments)
        assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


def test_ls_is_list_and_help_is_the_option(many: At) -> None:
    assert many("ls", "--all").stdout == many("list", "--all").stdout
    assert many("help", "backup", "verify").stdout == many("backup", "verify", "--help").stdout
    assert many("help").stdout == many("--help").stdout


def test_errors_begin_with_what_failed_and_end_in_what_support_needs(many: At, tmp_path: Path) -> None:
    gone = many("get", "nobody")
    assert gone.exit_code == 4
    assert re.fullmatch(
        r"Error: Could not get connection 'nobody': 404 Not Found: .*\. The id is wrong, .* can't see it\."
        r" \[getAutomationConnection, trace id [0-9a-f]+\]\n",
        gone.stderr,
    )
    assert gone.stderr.count("Not Found") == 1
    refused = many("list", "--all", QLIK_API_KEY=many.sandbox.user_api_key)
    assert "takes the role TenantAdmin or AnalyticsAdmin; without --all you get your own." in refused.stderr
    path = tmp_path / "there"
    path.write_text("")
    exists = many("backup", str(path))
    assert "or pass --overwrite." in exists.stderr
    assert "overwrite=True" not in exists.stderr


@pytest.mark.usefixtures("without_waiting")
def test_the_address_that_can_not_be_reached_is_shown() -> None:
    with Sandbox(connections=0) as sandbox:
        at = At(sandbox)
        url = sandbox.url
    result = at("list")
    assert result.exit_code == 6
    assert result.stderr.startswith(f"Error: Could not list connections: {url} can't be reached (")
    assert "Errno" not in result.stderr
    assert "ConnectError" not in result.stderr

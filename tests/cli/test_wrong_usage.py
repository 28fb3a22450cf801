"""Whatever is wrong with what a user says: a line that says so, the right exit code, and nothing sent that changes."""

from __future__ import annotations

import copy
import itertools
import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from cli.invoking import At
from sampling import sampled_and_whole

GEHEIM = "g3h3im-v3rtraulich"


def error_of(output: str) -> str:
    """The line with the error; the hint to the help above it is click's."""
    lines = output.splitlines()
    errors = [line for line in lines if line.startswith("Error: ")]
    assert len(errors) == 1, output
    assert lines[-1] == errors[0], output
    assert len([line for line in lines if not line.startswith(("Usage: ", "Try 'qac", "Warning: --"))]) <= 3
    return errors[0]


def is_refused(result: Result, said: str, asked: str, code: int = 2) -> None:
    assert (result.exit_code, result.stdout) == (code, ""), asked
    assert said in error_of(result.stderr), asked
    assert GEHEIM not in result.output, asked


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files with something wrong, which is the current one."""
    monkeypatch.chdir(tmp_path)
    contents: dict[str, bytes] = {
        "empty": b"",
        "blank": b"\n\n",
        "binary": bytes(range(256)),
        "two-lines": f"{GEHEIM}\n{GEHEIM}\n".encode(),
        "torn.json": b'{"users": ',
        "list.json": b"[1, 2]",
        "deep.json": b"[" * 100_000,
        "object.json": b'{"format": "something else"}',
        "newer.json": b'{"format": "qlik-automation-connections/audit", "version": 2}',
        "hollow.json": b'{"format": "qlik-automation-connections/audit", "version": 1}',
        "numbers.json": b'{"password": 12}',
        "no-ids.csv": b"id,name\n,x\n",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    return tmp_path


OF_EVERY_COMMAND = [
    ("--tenant http://example.org", "would send the token unencrypted"),
    ("--tenant ht<>tp://x", "must be https://HOST"),
    (f"--tenant https://me:{GEHEIM}@x.example.org", "contains a user name or password"),
    ("--tenant https://x.example.org/path", "must be https://x.example.org, without a path"),
    ("--tenant ", "No tenant given"),
    ("--api-key-file missing", "--api-key-file can't be read: No such file"),
    ("--api-key-file folder", "--api-key-file can't be read: Is a directory"),
    (f"--api-key-file {GEHEIM}", "takes the path of a file, not the secret itself"),
    (f"--api-key-file {GEHEIM * 50}", "takes the path of a file, not the secret itself"),
    (f"--client-secret-file {GEHEIM}", "takes the path of a file, not the secret itself"),
    ("--api-key-file empty", "--api-key-file: empty is empty"),
    ("--api-key-file blank", "--api-key-file: blank is empty"),
    ("--api-key-file binary", "binary can't be read: it is not UTF-8 text"),
    ("--api-key-file two-lines", "The API key contains a character that no token has"),
    ("--api-key-file two-lines --api-key x", "Pass only one of --api-key, --api-key-file and --api-key-command"),
    ("--client-id x --client-secret-file empty", "--client-secret-file: empty is empty"),
    ("--client-id x", "The secret of the OAuth client is missing"),
    ("--client-secret-file two-lines", "The id of the OAuth client is missing"),
    ("--client-id ", "The id of the OAuth client is missing: pass --client-id"),
    ("--as-user x", "The id of the OAuth client is missing"),
    ("--api-key-file two-lines --client-id x", "not both: leave out --client-id"),
    ("--api-key-file two-lines --as-user x", "not both: leave out --as-user"),
    ("--context nobody", "no context 'nobody'"),
    ("--context x --tenant y", "leave out --tenant"),
    ("--context x --as-user y", "leave out --as-user"),
    ("--context x --client-secret-file two-lines", "leave out --client-secret-file"),
    ("--sandbox --tenant x", "--sandbox uses its own tenant: leave out --tenant"),
    ("--sandbox --context x", "--sandbox uses its own tenant: leave out --context"),
    ("--sandbox --client-secret-file two-lines", "--sandbox uses its own tenant: leave out --client-secret-file"),
    ("--pacing nonsense", "The pacing store must be"),
    (f"--pacing redis://x:{GEHEIM}@127.0.0.1:1/0", "can't be used for pacing"),
    (f"--pacing redis://x:12/{GEHEIM}@127.0.0.1:1/0", "The pacing store must be"),
    (f"--pacing redis://x:{GEHEIM}@127.0.0.1:99999", "The pacing store must be"),
    (f"--pacing redis://x:{GEHEIM}@127.0.0.1:1/0?unheard_of=1", "an option in its address is wrong"),
    ("--pacing sqlite:///missing/x.db", "can't be used for pacing"),
    ("--timeout abc", "'--timeout'"),
    ("--timeout nan", "'--timeout'"),
    ("--timeout inf", "'--timeout'"),
    ("--timeout 0", "'--timeout'"),
    ("--names missing", "--names: The file of names missing can't be read"),
    ("--names torn.json", "--names: The file of names torn.json is not JSON"),
    ("--names list.json", "--names: list.json: Not a valid file of names"),
    ("--names deep.json", "--names: "),
    ("--names binary", "--names: "),
    ("--ca-file missing", "--ca-file: 'missing' can't be loaded"),
    ("--ca-file binary", "--ca-file: 'binary' can't be loaded"),
]


def test_options_of_every_command(at: At, files: Path) -> None:
    home = files / ".qlik"
    home.mkdir()
    (home / "contexts.yml").write_text("contexts:\n  x: {server: 'https://x.example.org'}\n")
    for arguments, said in OF_EVERY_COMMAND:
        words = [word for word in arguments.split(" ") if word or arguments.endswith(" ")]
        is_refused(at("list", *words, QLIK_CLI_USER_HOME_DIR=str(files)), said, arguments)
    assert len(at.sandbox.ledger) == 0


def test_a_damaged_file_of_contexts(at: At, tmp_path: Path) -> None:
    for content in ("contexts: [", "contexts: 1", "\t", "contexts: {x: 1}", "\x00", f"key: {GEHEIM}\n :"):
        (tmp_path / "contexts.yml").write_text(content)
        result = at("list", "--context", "x", QLIK_CLI_USER_HOME_DIR=str(tmp_path))
        is_refused(result, "contexts.yml", content)


OF_THE_AUDIT = [
    ("--since missing", "--since: missing can't be read"),
    ("--since folder", "--since: folder can't be read"),
    ("--since torn.json", "--since: torn.json is not valid JSON (line 1)"),
    ("--since deep.json", "--since: deep.json is not valid JSON"),
    ("--since binary", "--since: binary can't be read"),
    ("--since list.json", "--since: list.json: Not an audit"),
    ("--since object.json", "--since: object.json: Not an audit"),
    ("--since newer.json", "has version 2"),
    ("--since hollow.json", "--since: hollow.json: Not a valid audit"),
    ("--html folder/missing/x.html", "--html: the folder"),
    ("--html folder", "--html: folder is a folder"),
    ("--html empty", "--html: empty already exists"),
    ("--overwrite", "--overwrite needs --html"),
    ("--history empty", "--history: empty can't be used as a folder"),
    ("--history missing/audits", "--history: missing/audits can't be used as a folder"),
    ("--junit missing/x.xml", "--junit: the folder missing does not exist."),
    ("--fail-on nonsense", "'--fail-on'"),
    ("--untouched-days 0", "'--untouched-days'"),
    ("--active-users empty", "empty holds no ids"),
    ("--active-users list.json", "list.json: entry 1 is neither an id nor an object with one"),
    ("--active-users torn.json", "torn.json: line 1 is neither an id nor a JSON object with one"),
]


def test_options_of_the_audit_are_refused_before_anything_is_sent(at: At, files: Path) -> None:
    before = {path: path.read_bytes() for path in files.iterdir() if path.is_file()}
    for arguments, said in OF_THE_AUDIT:
        is_refused(at("audit", *arguments.split()), said, arguments)
    assert len(at.sandbox.ledger) == 0
    assert {path: path.read_bytes() for path in files.iterdir() if path.is_file()} == before


SELECTIONS = [
    ("", "No connections selected"),
    ("a --all", "not both"),
    ("--ids-file empty --owner x", "not both"),
    ("--ids-file missing", "missing can't be read"),
    ("--ids-file empty", "empty holds no ids"),
    ("--ids-file binary", "binary can't be read"),
    ("--ids-file deep.json", "deep.json: it is not a list of ids"),
    ("--ids-file no-ids.csv", "no-ids.csv: row 1 after the headings has no id"),
    ("-", "Standard input holds no ids"),
    ("--filter nonsense", "filter"),
    ("--filter ", "filter is empty"),
]


def test_selections(at: At, files: Path) -> None:
    owner = "aaaaaaaaaaaaaaaaaaaaaaaa"
    for command in ("check", "delete --yes", f"change-owner --to {owner} --yes", "change-space --personal -y"):
        for arguments, said in SELECTIONS:
            result = at(*command.split(), *(arguments.split(" ") if arguments else []))
            is_refused(result, said, f"{command} {arguments}", 1 if arguments == "--filter nonsense" else 2)
    assert at.changes() == []


def test_ids_that_are_none(at: At) -> None:
    owner = "aaaaaaaaaaaaaaaaaaaaaaaa"
    for command in ("get", "check", "delete --yes", "update --name x --yes", f"change-owner --to {owner} --yes"):
        for id in ("..", ".", "", " ", "a\nb", "\x1b[31m"):
            result = at(*command.split(), "--", id)
            is_refused(result, "id ", f"{command} {id!r}")
            assert "\x1b" not in result.output
    # One of them keeps all from being changed.
    assert at("delete", *at.ids[:5], "..", "--forced", "--yes").exit_code == 2
    assert len(at.sandbox.ledger) == 0
    assert len(at.ids) == 12


def test_ids_that_nobody_has_are_not_found(at: At) -> None:
    for id in ("a/b", "%2e%2e", "a?x=1", "a#b", "ü", "\u202eabc"):
        for command in (["get"], ["check"], ["delete", "--yes"]):
            result = at(*command, id)
            assert (result.exit_code, "\u202e" in result.output) == (4, False), (command, id)
    assert len(at.ids) == 12


COMMANDS = [
    ("create", "--connector"),
    ("create --connector x --param password --yes", "NAME=…: the equals sign is missing after 'password'"),
    ("create --connector x --param-env password=NOT_SET --yes", "the variable NOT_SET is not set"),
    ("create --connector x --param-file password=missing --yes", "--param-file can't be read"),
    (f"create --connector x --param-file password={GEHEIM} --yes", "not the secret itself"),
    ("create --connector x --params-file torn.json --yes", "torn.json is not valid JSON"),
    ("create --connector x --params-file deep.json --yes", "deep.json is not valid JSON"),
    ("create --connector x --params-file list.json --yes", "must hold a JSON object that maps names to strings"),
    ("create --connector x --params-file numbers.json --yes", "must hold a JSON object that maps names to strings"),
    ("create --connector x --param-prompt password --yes", "--param-prompt needs an interactive terminal"),
    ("create --connector x --patience nan --yes", "'--patience'"),
    ("create --connector 7c2e1d40-51b8-4c6e-8a0f-3f9d5b7a2c61", "pass --yes to continue, or --dry-run"),
    ("update x", "Nothing to change"),
    ("change-owner x --yes", "--to"),
    ("change-space x --yes", "Pass either --to SPACE or --personal"),
    ("change-space x --to y --personal --yes", "Pass either --to SPACE or --personal"),
    ("list --max 0", "'--max'"),
    ("list --sort owner", "'--sort'"),
    ("list --nonsense", "--nonsense"),
    ("get", "ID"),
    ("get a b", "unexpected extra argument"),
    ("check a --workers 0", "'--workers'"),
    ("check --all --junit missing/x.xml", "--junit: the folder missing does not exist."),
    ("check a --journal folder/missing/x", "can't be opened"),
    ("check a --journal torn.json", "is not a journal"),
    ("check --resume --journal torn.json", "is not a journal"),
    ("check --resume --journal missing", "missing does not hold a stopped check"),
    ("check --resume --journal empty", "empty does not hold a stopped check"),
    ("delete a --yes --no-usage --journal torn.json", "is not a journal"),
    ("check --resume", "no unfinished check of"),
    ("check --resume --sandbox", "nothing to resume"),
    ("completion nonsense", "nonsense"),
    ("nonsense", "nonsense"),
    ("--nonsense", "--nonsense"),
]


def test_commands(at: At, files: Path) -> None:
    for arguments, said in COMMANDS:
        is_refused(at(*arguments.split()), said, arguments)
    assert at.changes() == []


def test_an_earlier_audit_of_another_tenant_is_refused(at: At, tmp_path: Path) -> None:
    document = at.json("audit")
    for changed in ({"tenant": "https://other.example.org"}, {"list_all": True}):
        (tmp_path / "old.json").write_text(json.dumps({**document, **changed}))
        result = at("audit", "--since", str(tmp_path / "old.json"))
        assert result.exit_code == 2
        assert "--since: " in error_of(result.stderr)


_WRONG: tuple[Any, ...] = (None, 1, "x", [], {}, [1], [[]], [{}], {"a": []}, True, "2021-01-01")


@sampled_and_whole
def test_an_earlier_audit_with_a_wrong_value_anywhere_is_no_traceback(at: At, tmp_path: Path, step: int) -> None:
    document = at.json("audit")
    document["connections"], document["findings"] = document["connections"][:1], document["findings"][:1]
    of_a_row = [(kind, key) for kind in ("connections", "findings") for key in document[kind][0]]
    places = [("tenant",), ("made_at",), ("untouched_days",), ("connections",), ("findings",), *of_a_row]
    old = tmp_path / "old.json"
    for place, wrong in list(itertools.product(places, _WRONG))[::step]:
        damaged = copy.deepcopy(document)
        (damaged if len(place) == 1 else damaged[place[0]][0])[place[-1]] = wrong
        old.write_text(json.dumps(damaged))
        assert at("audit", "--since", str(old)).exit_code in (0, 2), (place, wrong)


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_check_works_without_a_place_for_its_journal(at: At, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    result = at("check", at.ids[0], "--json", XDG_CONFIG_HOME=str(tmp_path / "taken"))
    assert result.exit_code in (0, 1)
    assert json.loads(result.stdout)["summary"]["checked"] == 1
    assert result.stderr.startswith("Warning: ")
    assert result.stderr.count("\n") == 1

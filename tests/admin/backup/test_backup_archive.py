"""Reading and checking archives: whole ones, and whatever else may be in a file."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin.backup.archives import lines, told_tenant
from qlik_automation_connections import Tenant
from qlik_automation_connections.admin._backup.archive import Archive
from qlik_automation_connections.admin._backup.job import backup
from qlik_automation_connections.admin._backup.records import checksum
from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._journal import encoded

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"
Lines = list[bytes]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """An archive of five connections, in lines 2 to 5 and 7, and one that could not be read, in line 6."""
    documents: dict[str, Any] = {id: {"id": id, "name": f"name {id}", "params": [{"name": "host"}]} for id in "abcdef"}
    documents["e"] = 403
    with told_tenant(documents) as tenant:
        backup(tenant, tmp_path / "backup.ndjson", page_size=4)
    return tmp_path / "backup.ndjson"


def sealed(parts: Lines) -> Lines:
    """The lines with a manifest that fits them."""
    entries = [json.loads(part) for part in parts[:-1]]
    counts = [sum(entry["type"] == kind for entry in entries) for kind in ("connection", "unread")]
    digest = hashlib.sha256(b"".join(parts[:-1])).hexdigest()
    manifest = {**json.loads(parts[-1]), "connections": counts[0], "unread": counts[1], "sha256": digest}
    return [*parts[:-1], encoded(manifest)]


def entry(parts: Lines, number: int, **changes: Any) -> Lines:
    return [*parts[: number - 1], encoded({**json.loads(parts[number - 1]), **changes}), *parts[number:]]


DAMAGE: dict[str, tuple[Callable[[Lines], Lines], int]] = {
    "manifest missing": (lambda parts: parts[:-1], 8),
    "all but the header missing": (lambda parts: parts[:1], 2),
    "torn in a line": (lambda parts: [*parts[:3], parts[3][:40]], 4),
    "torn at the end": (lambda parts: [*parts[:-1], parts[-1][:-1]], 8),
    "a line missing": (lambda parts: [*parts[:2], *parts[3:]], 7),
    "a line missing, counted": (lambda parts: [*parts[:2], *entry(parts, 8, connections=4)[3:]], 7),
    "a line doubled": (lambda parts: [*parts[:3], *parts[2:]], 4),
    "a line doubled, sealed": (lambda parts: sealed([*parts[:3], *parts[2:]]), 4),
    "lines moved": (lambda parts: [parts[0], parts[2], parts[1], *parts[3:]], 8),
    "a document edited": (lambda parts: [*parts[:2], parts[2].replace(b"name b", b"name x"), *parts[3:]], 3),
    "a document edited, sealed": (
        lambda parts: sealed([*parts[:2], parts[2].replace(b"name b", b"name x"), *parts[3:]]),
        3,
    ),
    "a reason edited": (lambda parts: entry(parts, 6, reason="Nobody knows."), 8),
    "a time edited": (lambda parts: entry(parts, 4, read_at="2020-01-01T00:00:00.000000Z"), 8),
    "the header edited": (lambda parts: entry(parts, 1, tenant="https://other.example.com"), 8),
    "counts edited": (lambda parts: entry(parts, 8, unread=0), 8),
    "something behind it": (lambda parts: [*parts, b"\n"], 9),
    "another archive behind it": (lambda parts: parts + parts, 9),
    "a second header": (lambda parts: [parts[0], *parts], 2),
    "an empty line": (lambda parts: [parts[0], b"\n", *parts[1:]], 2),
    "no JSON": (lambda parts: [parts[0], b"connection\n", *parts[1:]], 2),
    "no object": (lambda parts: [parts[0], b"[]\n", *parts[1:]], 2),
    "nested without end": (lambda parts: [parts[0], b"[" * 200_000 + b"\n", *parts[1:]], 2),
    "no UTF-8": (lambda parts: [parts[0], b'{"type": "\xff"}\n', *parts[1:]], 2),
    "an unknown line": (lambda parts: sealed([parts[0], b'{"type": "other"}\n', *parts[1:]]), 2),
    "no id": (lambda parts: sealed(entry(parts, 2, id=None)), 2),
    "no document": (lambda parts: sealed(entry(parts, 2, document=[])), 2),
    "no reason": (lambda parts: sealed(entry(parts, 6, reason=None)), 6),
    "no name": (lambda parts: sealed(entry(parts, 6, name=5)), 6),
    "no tenant": (lambda parts: sealed(entry(parts, 1, tenant=None)), 1),
    "no selection": (lambda parts: sealed(entry(parts, 1, selection=None)), 1),
    "a newer version": (lambda parts: sealed(entry(parts, 1, version=2)), 1),
    "no version": (lambda parts: sealed(entry(parts, 1, version=True)), 1),
    "another format": (lambda parts: sealed(entry(parts, 1, format="other")), 1),
    "empty": (lambda parts: [], 1),
    "a picture": (lambda parts: [b"\x89PNG\r\n\x1a\n\x00\x00"], 1),
}


def test_whatever_is_wrong_is_said_with_the_line(written: Path) -> None:
    parts = written.read_bytes().splitlines(keepends=True)
    assert len(parts) == 8
    for damage, (change, number) in DAMAGE.items():
        written.write_bytes(b"".join(change(parts)))
        with pytest.raises(JobError) as caught:
            Archive(written).verify()
        assert f"line {number}" in str(caught.value), damage
        with pytest.raises(JobError):
            list(Archive(written).records())
    written.write_bytes(b"".join(entry(parts, 1, version=2)))
    with pytest.raises(JobError, match="has version 2; this release reads 1"):
        Archive(written)


def test_a_connection_that_is_there_twice_is_named_by_verify_and_still_read(written: Path) -> None:
    parts = written.read_bytes().splitlines(keepends=True)
    written.write_bytes(b"".join(sealed([*parts[:-1], parts[2], parts[-1]])))
    with pytest.raises(JobError, match="line 8: the connection 'b' is also in line 3"):
        Archive(written).verify()
    assert [record.id for record in Archive(written).records()] == [*"abcdfb"]
    assert Archive(written).summary().connections == 6


def test_any_bit_that_is_turned_is_noticed(written: Path) -> None:
    content = written.read_bytes()
    chance = random.Random(7)
    for position in chance.sample(range(len(content)), 150):
        damaged = bytearray(content)
        damaged[position] ^= 1 << chance.randrange(8)
        written.write_bytes(damaged)
        if position >= content.rindex(b'"ended_at"') and damaged.endswith(b"\n"):
            # The time of the end is not in any checksum.
            continue
        with pytest.raises(JobError):
            Archive(written).verify()


def test_any_end_that_is_cut_off_is_noticed(written: Path) -> None:
    content = written.read_bytes()
    for length in range(0, len(content), 17):
        written.write_bytes(content[:length])
        with pytest.raises(JobError):
            Archive(written).verify()


def test_what_can_not_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="can't be read: No such file"):
        Archive(tmp_path / "none")
    with pytest.raises(JobError, match="can't be read"):
        Archive(tmp_path)


def test_a_document_that_is_none_of_a_connection_is_said_with_the_line(tmp_path: Path) -> None:
    with told_tenant({"a": {"id": "a", "params": 5}, "b": {"id": "b", "params": ["x", {"name": "n"}]}}) as tenant:
        backup(tenant, tmp_path / "backup.ndjson")
    first, second = Archive(tmp_path / "backup.ndjson").records()
    assert first.connection.params == []
    assert [param.name for param in second.connection.params] == ["n"]
    document = {"id": "a", "params": [None, [{"name": "x"}]]}
    parts = (tmp_path / "backup.ndjson").read_bytes().splitlines(keepends=True)
    parts = sealed(entry(parts, 2, document=document, sha256=checksum(document)))
    (tmp_path / "nested.ndjson").write_bytes(b"".join(parts))
    record, _ = Archive(tmp_path / "nested.ndjson").records()
    with pytest.raises(JobError, match="'a' in line 2 can't be parsed"):
        _ = record.connection


def test_params_by_number_or_by_name_are_read(tmp_path: Path) -> None:
    by_number = {"id": "a", "params": {"0": {"name": "host", "value": "x"}, "2": {"name": "port", "value": "y"}}}
    by_name = {"id": "b", "params": {"host": {"value": "x", "fieldType": "string"}}}
    with told_tenant({"a": by_number, "b": {"data": by_name}}) as tenant:
        backup(tenant, tmp_path / "backup.ndjson")
    found = [
        [param.name for param in record.connection.params] for record in Archive(tmp_path / "backup.ndjson").records()
    ]
    assert found == [["host", "port"], ["host"]]
    assert [line["param"] for line in lines(tmp_path / "backup.values.ndjson")] == ["host", "port", "host"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
any_text = st.text(st.characters(exclude_categories=()))


@given(st.dictionaries(any_text, json_values | any_text, max_size=4))
def test_a_line_reads_back_as_it_was_with_the_same_checksum(document: dict[str, Any]) -> None:
    line = encoded({"document": document})
    assert line.count(b"\n") == 1
    back = json.loads(line)["document"]
    # Halves that meet make a pair; it is the same text to whoever reads it.
    assert json.loads(json.dumps(back)) == json.loads(json.dumps(document))
    if not any("\ud800" <= character <= "\udfff" for character in str(json.dumps(document, ensure_ascii=False))):
        assert checksum(back) == checksum(document)


def test_the_checksum_is_of_the_canonical_document() -> None:
    canonical = '{"a":[1.5,null],"ü":"日"}'.encode()
    assert checksum({"ü": "日", "a": [1.5, None]}) == hashlib.sha256(canonical).hexdigest()


def test_lines_are_as_their_schemas_say(tenant: Tenant, path: Path) -> None:
    backup(tenant, path, list_all=True)
    archive = _validator("backup")
    found = lines(path)
    for line in [*found, {"type": "unread", "id": None, "name": None, "reason": "It is gone."}]:
        archive.validate(line)
    for line in ({**found[0], "version": 2}, {**found[1], "more": 1}, {**found[-1], "connections": -1}, {}):
        assert not archive.is_valid(line)
    values = _validator("values")
    template = lines(path.with_name("backup.values.ndjson"))
    for line in template:
        values.validate(line)
    assert values.is_valid({**template[0], "env": "NAME"})
    assert not values.is_valid({**template[0], "value": 5})


def _validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)

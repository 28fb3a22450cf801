"""Documents: there and back, by their published schemas, and refused alike where they are something else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from document_schemas import FOLDER, schemas
from qlik_automation_connections.admin._backup.records import ArchiveHeader
from qlik_automation_connections.admin._deploy.undo import DeployUndo
from qlik_automation_connections.admin._document import NAMESPACE, Document, Id, field_types
from qlik_automation_connections.admin._documents import DOCUMENTS
from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._journal import JournalHeader

ALL: tuple[type[Document], ...] = (*DOCUMENTS, JournalHeader)
texts = st.text(max_size=5)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    Id: st.text("abc-1", min_size=1, max_size=4),
    bool: st.booleans(),
    int: st.integers(0, 9),
    float: st.floats(0, 9, allow_nan=False),
    datetime: st.datetimes(timezones=st.just(UTC)),
    dict: st.dictionaries(texts, texts, max_size=2),
    Any: st.none() | texts | st.integers(),
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Values of the type of a field."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in PLAIN:
        return PLAIN[kind]
    if origin in (Union, UnionType):
        return st.one_of([st.none() if each is NoneType else values_of(each) for each in arguments])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (list, tuple, Sequence):
        items = st.lists(values_of(arguments[0]), max_size=2)
        return items.map(tuple) if origin is tuple else items
    if origin in (dict, Mapping):
        return st.dictionaries(texts, values_of(arguments[1]), max_size=2)
    fields = attrs.fields(kind)
    types = field_types(kind)
    return st.builds(kind, **{str(field.alias): values_of(types[field.name]) for field in fields})


def names(cls: type[Document]) -> str:
    return cls.FORMAT


@cache
def validator(format: str) -> Draft202012Validator:
    schema = json.loads((FOLDER / f"{format}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_schemas_are_written_from_the_classes() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert written == schemas(), "run python scripts/document_schemas.py"


@pytest.mark.parametrize("cls", ALL, ids=names)
@given(data=st.data())
def test_a_document_comes_back_as_it_was(cls: type[Document], data: st.DataObject) -> None:
    made = data.draw(values_of(cls))
    try:
        made.check()
    except JobError:
        assume(False)
    document = json.loads(json.dumps(made.to_dict()))
    assert list(document)[:2] == ["format", "version"]
    assert [error.message for error in validator(cls.FORMAT).iter_errors(document)] == []
    # Some are compared by identity.
    assert cls.from_dict(document).to_dict() == made.to_dict()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats(-2, 2) | st.sampled_from(["", " ", "x"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)


def places(document: Any) -> list[Any]:
    """All objects in a document."""
    inner = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    return [*([document] if isinstance(document, dict) else []), *(place for each in inner for place in places(each))]


def _leave_out_derived(cls: type[Document], document: dict[str, Any]) -> None:
    """Removes what is passed over, whatever it is, also from documents within."""
    for name in cls.DERIVED:
        del document[name]
    for name, kind in field_types(cast(Any, cls)).items():
        if isinstance(kind, type) and issubclass(kind, Document):
            _leave_out_derived(kind, document[name])


@pytest.mark.parametrize("cls", ALL, ids=names)
@given(data=st.data())
def test_what_the_reader_refuses_the_schema_refuses_and_the_other_way_round(
    cls: type[Document], data: st.DataObject
) -> None:
    document = json.loads(json.dumps(data.draw(values_of(cls)).to_dict()))
    _leave_out_derived(cls, document)
    place = data.draw(st.sampled_from(places(document)))
    name = data.draw(st.sampled_from([*place, "unknown"]))
    if data.draw(st.booleans()):
        place.pop(name, None)
    else:
        place[name] = data.draw(json_values)
    refused = ""
    try:
        cls.from_dict(document)
    except JobError as error:
        refused = str(error)
    # What a schema can't tell: fields that contradict each other, a time from another text, 1.0 from 1.
    assume("can't be carried out" not in refused and "expected a time" not in refused)
    assume(not _has_whole_float(document))
    assert bool(refused) != validator(cls.FORMAT).is_valid(document), refused


def _has_whole_float(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(map(_has_whole_float, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float) and value.is_integer()


def test_the_page_lists_every_document() -> None:
    page = (FOLDER.parent / "compatibility.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\|[^|]+\|[^|]+\| `([\w-]+)` \| (\d|-) \|.*$", page, re.MULTILINE))
    kinds: tuple[type[Document], ...] = (*ALL, ArchiveHeader, DeployUndo)
    versions = {cls.FORMAT: str(cls.VERSION) for cls in kinds}
    assert rows == {**versions, "values": "-"}
    assert sorted(re.findall(r"\(schemas/([\w.-]+)\)", page)) == sorted(schemas())


def test_a_newer_version_and_another_format_are_refused_by_name() -> None:
    for cls in ALL:
        head = {"format": NAMESPACE + cls.FORMAT, "version": cls.VERSION + 1}
        with pytest.raises(JobError, match=f"This {cls.TITLE} has version {cls.VERSION + 1}.*newer release"):
            cls.from_dict(head)
        for other in ({}, {"format": "something else", "version": 1}, cast("dict[str, Any]", [])):
            with pytest.raises(JobError, match=f"Not an? {cls.TITLE}"):
                cls.from_dict(other)
        with pytest.raises(JobError, match="Create it again"):
            cls.from_dict({**head, "version": True})


@attrs.frozen
class _Inner:
    id: Id
    count: int = 0
    kind: Literal["a", "b"] | None = None
    at: datetime | None = None


@attrs.frozen
class _Outer(Document):
    FORMAT = "outer"
    TITLE = "outer thing"
    parts: list[_Inner]
    names: dict[str, Id] = attrs.field(factory=dict)


def test_an_error_names_the_path_and_what_was_expected_and_shows_no_value() -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "parts is missing"),
        ({"parts": {}}, "parts: expected a list"),
        ({"parts": ["x"]}, "parts[0]: expected an object"),
        ({"parts": [{"id": "x"}, {}]}, "parts[1]: id is missing"),
        ({"parts": [{"id": "x", "colour": 1}]}, "parts[0]: unknown field 'colour'"),
        ({"parts": [{"id": " "}]}, "parts[0].id: expected a string that is not blank"),
        ({"parts": [{"id": None}]}, "parts[0].id: expected a string that is not blank"),
        ({"parts": [{"id": "x", "count": True}]}, "parts[0].count: expected a whole number, 0 or more"),
        ({"parts": [{"id": "x", "count": -1}]}, "parts[0].count: expected a whole number, 0 or more"),
        ({"parts": [{"id": "x", "kind": "c"}]}, "parts[0].kind: expected one of a, b or null"),
        ({"parts": [{"id": "x", "at": "2026-01-01"}]}, "parts[0].at: expected a time with its zone or null"),
        ({"parts": [], "names": {"a": ""}}, "names.a: expected a string that is not blank"),
    ]
    for wrong, said in cases:
        head = {"format": f"{NAMESPACE}outer", "version": 1}
        with pytest.raises(JobError) as caught:
            _Outer.from_dict({**head, **wrong})
        assert str(caught.value) == f"Not a valid outer thing: {said}.", said


def test_a_file_that_can_not_be_read_or_is_not_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    for content, said in (
        (None, "can't be read"),
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"{}", "Not a"),
    ):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(JobError, match=said) as caught:
            _Outer.read(path)
        assert str(path) in str(caught.value)
    written = _Outer([_Inner("x")])
    with pytest.raises(JobError, match="already exists"):
        written.write(path)
    written.write(path, overwrite=True)
    assert _Outer.read(path) == written

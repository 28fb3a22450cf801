"""Two models made from the spec by two generators read the same JSON: one strict, one the client's own."""

from __future__ import annotations

import datetime
from typing import Any

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlik_automation_connections._normalizer import Normalizer, WrongShape
from qlik_automation_connections_api.types import MissingId
from spec.documents import LENIENT, SCHEMAS, comparable, copied, kind, unfit, valid
from spec.generated_models import MODELS, attribute
from strict import models as strict

EACH = pytest.mark.parametrize("name", SCHEMAS)
EACH_ANSWER = pytest.mark.parametrize("name", LENIENT)

TYPES: dict[str, type] = {
    "string": str,
    "date-time": datetime.datetime,
    "boolean": bool,
    "integer": int,
    "array": list,
}


def read_strictly(name: str, value: Any) -> pydantic.BaseModel:
    reader: type[pydantic.BaseModel] = getattr(strict, name)
    return reader.model_validate(value)


@EACH
@given(data=st.data())
def test_both_take_what_is_valid_and_give_it_back(name: str, data: st.DataObject) -> None:
    sent = data.draw(valid(name))
    read_strictly(name, sent)
    assert comparable(MODELS[name].from_dict(copied(sent)).to_dict(), name) == comparable(sent, name)


@EACH
@given(data=st.data())
def test_each_attribute_is_the_field(name: str, data: st.DataObject) -> None:
    sent = data.draw(valid(name))
    read = MODELS[name].from_dict(copied(sent))
    for field, part in SCHEMAS[name]["properties"].items():
        if field not in sent:
            continue
        value = getattr(read, attribute(field))
        match kind(part):
            case "string" | "boolean" | "integer":
                assert value == sent[field]
            case "date-time":
                assert value == datetime.datetime.fromisoformat(sent[field])
                assert value.tzinfo is not None
            case "array":
                assert len(value) == len(sent[field])
                if part["items"].get("type") == "string":
                    assert value == sent[field]
    assert read.additional_properties == {}


@EACH_ANSWER
@given(data=st.data())
def test_what_is_valid_shows_no_quirk_but_what_is_left_out(name: str, data: st.DataObject) -> None:
    sent = data.draw(valid(name))
    if name == "AutomationConnectionCheckObject" and len(sent) == 1:
        sent["connected"] = sent["is_connected"] = next(iter(sent.values()))
    plain = MODELS[name].from_dict(copied(sent))
    normalizer = Normalizer()
    read = MODELS[name].from_dict(copied(sent), normalizer)
    assert normalizer.failed_reads == []
    assert set(normalizer.quirks) <= {"null-values", "empty-space-id", "link-without-page", "unknown-field"}
    # The one value that is valid and means none: the personal space.
    for each in _connections(plain):
        each.space_id = each.space_id or None
    assert read == plain


def _connections(read: Any) -> list[Any]:
    found = [read, *getattr(read, "data", [])]
    return [each for each in found if hasattr(each, "space_id")]


@EACH_ANSWER
@given(data=st.data())
def test_unknown_fields_are_kept(name: str, data: st.DataObject) -> None:
    sent = data.draw(valid(name))
    unknown = data.draw(st.dictionaries(st.text(max_size=5).map("x-{}".format), st.integers() | st.none(), max_size=3))
    read = MODELS[name].from_dict(copied({**sent, **unknown}), Normalizer())
    assert read.additional_properties == unknown
    assert read.to_dict().items() >= unknown.items()


def _spoilt(data: st.DataObject, name: str) -> tuple[str, Any, dict[str, Any]]:
    """A valid object with one field of another type than declared."""
    sent = data.draw(valid(name))
    field, part = data.draw(st.sampled_from(sorted(SCHEMAS[name]["properties"].items(), key=lambda item: item[0])))
    sent[field] = data.draw(st.sampled_from(unfit(part)))
    return field, part, sent


@EACH_ANSWER
@given(data=st.data())
def test_what_is_invalid_is_normalized_or_refused(name: str, data: st.DataObject) -> None:
    field, part, sent = _spoilt(data, name)
    with pytest.raises(pydantic.ValidationError):
        read_strictly(name, sent)
    normalizer = Normalizer()
    try:
        read = MODELS[name].from_dict(copied(sent), normalizer)
    except (WrongShape, MissingId):
        return
    value = getattr(read, attribute(field))
    wanted = TYPES.get(kind(part)) or (MODELS.get(str(part.get("$ref", "")).rsplit("/", 1)[-1]) or dict)
    assert value is None or isinstance(value, wanted)
    if normalizer.failed_reads:
        assert value == ([] if kind(part) == "array" else None)
        assert [failed.field for failed in normalizer.failed_reads] == [f"{name}.{field}"]
        assert read.additional_properties == {field: sent[field]}


@EACH_ANSWER
@given(data=st.data())
def test_what_was_read_and_written_reads_the_same(name: str, data: st.DataObject) -> None:
    _, _, sent = _spoilt(data, name)
    try:
        once = MODELS[name].from_dict(copied(sent), Normalizer())
    except (WrongShape, MissingId):
        return
    assert MODELS[name].from_dict(once.to_dict(), Normalizer()) == once


@pytest.mark.parametrize("name", sorted(set(SCHEMAS) - set(LENIENT)))
@given(data=st.data())
def test_the_strict_reading_refuses_a_body_of_wrong_types(name: str, data: st.DataObject) -> None:
    _, _, sent = _spoilt(data, name)
    with pytest.raises(pydantic.ValidationError):
        read_strictly(name, sent)

"""Two models made from the spec by two generators read the same JSON: one strict, one the client's own."""

from __future__ import annotations

import datetime
from typing import Any

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlik_automation_connections.quirks import Mender, WrongShape
from spec.documents import LENIENT, SCHEMAS, comparable, copied, few_examples, kind, unfit, valid
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
@few_examples
@given(data=st.data())
def test_both_take_what_is_valid_and_give_it_back(name: str, data: st.DataObject) -> None:
    sent = data.draw(valid(name))
    read_strictly(name, sent)
    assert comparable(MODELS[name].from_dict(copied(sent)).to_dict(), name) == comparable(sent, name)


@EACH
@few_examples
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
@few_examples
@given(data=st.data())
def test_what_is_valid_needs_no_mending(name: str, data: st.DataObject) -> None:
    sent = data.draw(valid(name))
    if name == "AutomationConnectionCheckObject" and len(sent) == 1:
        sent["connected"] = sent["is_connected"] = next(iter(sent.values()))
    plain = MODELS[name].from_dict(copied(sent))
    mender = Mender()
    mended = MODELS[name].from_dict(mender.mend(copied(sent), name))
    assert mender.unread == []
    # The one value that is valid and means none: the personal space.
    for each in _connections(plain):
        each.space_id = each.space_id or None
    assert mended == plain


def _connections(read: Any) -> list[Any]:
    found = [read, *getattr(read, "data", [])]
    return [each for each in found if hasattr(each, "space_id")]


@EACH_ANSWER
@few_examples
@given(data=st.data())
def test_unknown_fields_are_kept(name: str, data: st.DataObject) -> None:
    sent = data.draw(valid(name))
    unknown = data.draw(st.dictionaries(st.text(max_size=5).map("x-{}".format), st.integers() | st.none(), max_size=3))
    read = MODELS[name].from_dict(Mender().mend(copied({**sent, **unknown}), name))
    assert read.additional_properties == unknown
    assert read.to_dict().items() >= unknown.items()


def _spoilt(data: st.DataObject, name: str) -> tuple[str, Any, dict[str, Any]]:
    """A valid object with one field of another type than declared."""
    sent = data.draw(valid(name))
    field, part = data.draw(st.sampled_from(sorted(SCHEMAS[name]["properties"].items(), key=lambda item: item[0])))
    sent[field] = data.draw(st.sampled_from(unfit(part)))
    return field, part, sent


@EACH_ANSWER
@few_examples
@given(data=st.data())
def test_what_is_invalid_is_mended_or_refused(name: str, data: st.DataObject) -> None:
    field, part, sent = _spoilt(data, name)
    with pytest.raises(pydantic.ValidationError):
        read_strictly(name, sent)
    mender = Mender()
    reason: str | None = None
    try:
        mended = mender.mend(copied(sent), name)
    except WrongShape as refused:
        reason = str(refused)
    if reason is not None:
        assert field in reason
        return
    value = getattr(MODELS[name].from_dict(mended), attribute(field))
    wanted = TYPES.get(kind(part)) or (MODELS.get(str(part.get("$ref", "")).rsplit("/", 1)[-1]) or dict)
    assert value is None or isinstance(value, wanted)
    if mender.unread:
        assert value == ([] if kind(part) == "array" else None)
        assert [unread.field for unread in mender.unread] == [f"{name}.{field}"]


@EACH_ANSWER
@few_examples
@given(data=st.data())
def test_mending_twice_is_mending_once(name: str, data: st.DataObject) -> None:
    _, _, sent = _spoilt(data, name)
    try:
        once = Mender().mend(copied(sent), name)
    except WrongShape:
        return
    assert Mender().mend(copied(once), name) == once


@pytest.mark.parametrize("name", sorted(set(SCHEMAS) - set(LENIENT)))
@few_examples
@given(data=st.data())
def test_the_strict_reading_refuses_a_body_of_wrong_types(name: str, data: st.DataObject) -> None:
    _, _, sent = _spoilt(data, name)
    with pytest.raises(pydantic.ValidationError):
        read_strictly(name, sent)

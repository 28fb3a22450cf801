"""Two models made from the spec by two generators read the same JSON: one strict, an oracle, one the client's own."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from looping import for_each
from qlik_automation_connections._normalizer import Normalizer, WrongShape
from qlik_automation_connections_api import models
from qlik_automation_connections_api.types import MissingId
from spec.documents import LENIENT, SCHEMAS, comparable, copied, kind, unfit, valid
from spec.generated_models import MODELS, attribute
from strict import models as strict

# Written inline in the spec, so without a schema of their own: an object of anything, and a list of words.
PARTS_OF_OTHERS = {"CreationError", "AutomationWorkspace", "CreateAutomationWorkspace", "UpdateAutomationWorkspace"}
PARTS_OF_OTHERS |= {"AutomationState", "AutomationRunMode", "AutomationLastRunStatus"}
PARTS_OF_OTHERS |= {"Sort", "ConnectorSort", "AutomationSort", "UserSort", "SpaceSort"}


def oracle(name: str, value: Any) -> pydantic.BaseModel:
    reader: type[pydantic.BaseModel] = getattr(strict, name)
    return reader.model_validate_json(json.dumps(value))


def assert_same(read: Any, expected: Any) -> None:
    """One value of a generated model is what the oracle has in its place."""
    if isinstance(expected, pydantic.BaseModel):
        for field in type(expected).model_fields:
            value = getattr(expected, field)
            mine = getattr(read, attribute(field))
            if field in expected.model_fields_set:
                assert_same(mine, value)
            else:
                assert not mine, f"{field} came from nowhere"
    elif isinstance(expected, list):
        assert len(read) == len(expected)
        for mine, value in zip(read, expected, strict=True):
            assert_same(mine, value)
    elif isinstance(expected, dict):
        assert dict(read) == expected
    else:
        assert type(read) is type(expected) or hasattr(expected, "tzinfo")
        assert read == expected


def without_empty_lists(read: pydantic.BaseModel, name: str) -> Any:
    """What the oracle writes. A model of what is received writes a missing list as an empty one: they are the same."""
    written = read.model_dump(mode="json", exclude_unset=True)
    return _pruned(written) if name in LENIENT else written


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _pruned(inner) for key, inner in value.items() if inner != []}
    return [_pruned(inner) for inner in value] if isinstance(value, list) else value


def test_every_generated_model_has_its_oracle() -> None:
    assert set(models.__all__) - PARTS_OF_OTHERS == {model.__name__ for model in MODELS.values()}
    oracles = {
        name for name, each in vars(strict).items() if isinstance(each, type) and each.__module__ == strict.__name__
    }
    assert oracles == set(SCHEMAS)


@for_each("name", SCHEMAS)
@given(data=st.data())
def test_both_read_and_write_the_same(name: str, data: st.DataObject) -> None:
    sent = data.draw(valid(name))
    read = MODELS[name].from_dict(copied(sent))
    assert_same(read, oracle(name, sent))
    assert read.additional_properties == {}
    written = read.to_dict()
    assert comparable(written, name) == comparable(sent, name)
    assert without_empty_lists(oracle(name, written), name) == without_empty_lists(oracle(name, sent), name)


@pytest.mark.parametrize("spoil", ["lost", "changed", "invented"])
def test_the_comparison_sees_a_difference(spoil: str) -> None:
    sent = {"id": "a", "params": [{"name": "p", "isOptional": True}]}
    read = MODELS["AutomationConnectionDetailObject"].from_dict(copied(sent))
    match spoil:
        case "lost":
            read.id = None
        case "changed":
            read.params[0].is_optional = 1
        case "invented":
            read.redirect = "x"
    with pytest.raises(AssertionError):
        assert_same(read, oracle("AutomationConnectionDetailObject", sent))


EACH_ANSWER = for_each("name", LENIENT)

TYPES: dict[str, type] = {
    "string": str,
    "date-time": datetime.datetime,
    "boolean": bool,
    "integer": int,
    "array": list,
}


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
        oracle(name, sent)
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
    assert MODELS[name].from_dict(read.to_dict(), Normalizer()) == read


@for_each("name", sorted(set(SCHEMAS) - set(LENIENT)))
@given(data=st.data())
def test_the_strict_reading_refuses_a_body_of_wrong_types(name: str, data: st.DataObject) -> None:
    _, _, sent = _spoilt(data, name)
    with pytest.raises(pydantic.ValidationError):
        oracle(name, sent)

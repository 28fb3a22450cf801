"""The strict pydantic models as an oracle: what the client's models read and write is what the oracle reads and writes.

`test_two_readings.py` holds both against the JSON that was made up; here they are held against each other, whole.
"""

from __future__ import annotations

import json
from typing import Any

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlik_automation_connections_api import models
from spec.documents import LENIENT, SCHEMAS, copied, valid
from spec.generated_models import MODELS, attribute
from strict import models as strict

EACH = pytest.mark.parametrize("name", SCHEMAS)

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


@EACH
@given(data=st.data())
def test_from_dict_reads_what_the_oracle_reads(name: str, data: st.DataObject) -> None:
    sent = data.draw(valid(name))
    assert_same(MODELS[name].from_dict(copied(sent)), oracle(name, sent))


@EACH
@given(data=st.data())
def test_to_dict_writes_what_the_oracle_takes_and_would_write(name: str, data: st.DataObject) -> None:
    sent = data.draw(valid(name))
    written = MODELS[name].from_dict(copied(sent)).to_dict()
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

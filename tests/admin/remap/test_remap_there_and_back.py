"""For one-to-one maps, there and back is the identity, byte for byte."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .exports import Remap

OLDS = ["old-1", "old-2", "é", 'quo"te']
NEWS = ["new-1", "new-2", "ß 3", "back\\slash"]

TEXT = st.one_of(st.text(max_size=8), st.sampled_from(OLDS), st.sampled_from(["datasource", "{$.x}", "id"]))
# No target may be there before: on the way back it would be taken for one that the first way put there.
CLEAN = TEXT.filter(lambda text: text not in NEWS)
JUNK = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | CLEAN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
SETTING = st.fixed_dictionaries(
    {"id": st.sampled_from(["datasource", "other"]), "value": st.sampled_from(OLDS) | JUNK},
    optional={"displayValue": JUNK, "x": JUNK},
)
BLOCK = st.fixed_dictionaries({"settings": st.lists(SETTING, max_size=3) | JUNK}, optional={"id": JUNK, "name": JUNK})
WORKSPACE = st.fixed_dictionaries({"blocks": st.lists(BLOCK | JUNK, max_size=3)}, optional={"variables": JUNK})
AUTOMATION = WORKSPACE | st.fixed_dictionaries({"workspace": WORKSPACE}, optional={"description": JUNK, "name": JUNK})
DOCUMENT: st.SearchStrategy[Any] = (
    AUTOMATION | st.lists(AUTOMATION, max_size=3) | st.builds(dict, data=st.lists(AUTOMATION, max_size=2))
)


def datasources(document: Any) -> list[Any]:
    """The plain way: of the decoded document, all that stands where references stand."""
    if isinstance(document, list):
        return [each for item in document for each in datasources(item)]
    if not isinstance(document, dict):
        return []
    found = datasources(document.get("data"))
    inner = document.get("workspace")
    for workspace in [inner, document] if isinstance(inner, dict) else [document]:
        blocks = workspace.get("blocks")
        for block in blocks if isinstance(blocks, list) else []:
            settings = block.get("settings") if isinstance(block, dict) else None
            for setting in settings if isinstance(settings, list) else []:
                if isinstance(setting, dict) and setting.get("id") == "datasource":
                    found.append(setting.get("value"))
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DOCUMENT, st.permutations(NEWS), st.sampled_from([None, 0, 3]), st.sampled_from(["", "\ufeff"]))
def test_there_and_back(remapped: Remap, document: Any, news: list[str], indent: Any, mark: str) -> None:
    # Ids are spelled here as they are written: with no more escapes than they need.
    text = mark + json.dumps(document, indent=indent, ensure_ascii=False)
    ids = dict(zip(OLDS, news, strict=True))
    there, report = remapped(text, ids)
    values = datasources(document)
    assert sorted(each.old for each in report.replaced) == sorted(each for each in values if each in OLDS)
    moved = [ids.get(each, each) if isinstance(each, str) else each for each in values]
    assert datasources(json.loads(there.decode("utf-8-sig"))) == moved
    back, _ = remapped(there, {new: old for old, new in ids.items()})
    assert back.decode() == text

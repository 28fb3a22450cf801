"""The list of an environment's packages, turned into the wheel's SBOM."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from releasing import sbom
from releasing.failure import ReleaseError

HOST = "index.example.org"
OWN = {
    "bom-ref": "mine==1.2.3",
    "name": "mine",
    "version": "1.2.3",
    "type": "library",
    "externalReferences": [{"type": "distribution", "url": "file:///somewhere/mine.whl"}],
}
OTHER = {
    "bom-ref": "other==1",
    "name": "other",
    "version": "1",
    "externalReferences": [
        {"type": "distribution", "url": f"https://{HOST}/project/other"},
        {"type": "website", "url": "https://other.example.com/"},
    ],
}
TOOL = {"name": "tool", "externalReferences": [{"type": "distribution", "url": f"https://{HOST}/project/tool"}]}
LISTED: dict[str, Any] = {
    "components": [OWN, OTHER],
    "dependencies": [{"ref": "mine==1.2.3", "dependsOn": ["other==1"]}],
    "metadata": {"tools": {"components": [TOOL]}, "timestamp": "2026-01-01T00:00:00+00:00"},
}


def test_the_wheel_is_what_it_is_about() -> None:
    before = copy.deepcopy(LISTED)
    document = sbom.about(LISTED, "mine", "ab" * 32, [HOST])
    assert before == LISTED
    about = document["metadata"]["component"]
    assert (about["bom-ref"], about["purl"]) == ("mine==1.2.3", "pkg:pypi/mine@1.2.3")
    assert about["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]
    assert [each["name"] for each in document["components"]] == ["other"]
    assert document["dependencies"] == LISTED["dependencies"]


def test_where_packages_were_fetched_is_left_out_and_where_projects_are_stays() -> None:
    document = sbom.about(LISTED, "mine", "", [HOST])
    (other,) = document["components"]
    assert [each["url"] for each in other["externalReferences"]] == ["https://other.example.com/"]
    assert "externalReferences" not in document["metadata"]["component"]
    assert document["metadata"]["tools"]["components"] == [{"name": "tool"}]


@pytest.mark.parametrize("components", [[], [OTHER], [OWN, OWN]])
def test_a_list_without_the_wheel_is_refused(components: list[Any]) -> None:
    with pytest.raises(ReleaseError, match="components mine"):
        sbom.about({**LISTED, "components": components}, "mine", "", [HOST])

"""What a wheel says of itself, and which extras must be shown to work."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from releases import archives
from releasing import installed_use, metadata
from releasing.failure import ReleaseError

ROOT = Path(__file__).resolve().parents[2]


def wheel(folder: Path, text: str) -> Path:
    return archives.wheel(folder, {f"{archives.NAME}.dist-info/METADATA": text})


def test_extras_and_pythons_are_read(tmp_path: Path) -> None:
    read = metadata.require(wheel(tmp_path, archives.METADATA), "1.2.3")
    assert (read.version, read.extras, read.pythons) == ("1.2.3", ["cli"], ["3.11", "3.12"])
    needed = {extra: [str(each.name) for each in read.needed_for(extra)] for extra in ("", "cli", "dev")}
    assert needed == {"": ["httpx"], "cli": ["click"], "dev": ["pytest"]}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Version: 1.2.3", "Version: 1.2.4", "version is '1.2.4'"),
        ("License-Expression: MIT\n", "", "license_expression is None"),
        ("Requires-Python: >=3.11", "Requires-Python: >=3.8", "requires_python is '>=3.8'"),
        ("Summary: A client.\n", "", "summary is empty"),
        ("\n# A client\n", "", "description is empty"),
        ("Keywords: a,b\n", "", "keywords is empty"),
        ("httpx>=0.27", "httpx", "httpx is required without a lower bound"),
        ("click>=8.2", "click<9", "click is required without a lower bound"),
        ("httpx>=0.27", "httpx @ https://example.org/httpx.whl", "httpx is required from an address"),
        ("Keywords: a,b", "Keywords: a,b\nColour: red", "colour is no known field"),
        ("Classifier: Programming Language :: Python :: 3.12\nClassifier: Programming Language :: Python :: 3.11\n",
         "Classifier: Typing :: Typed\n", "no classifier names a version of Python"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in archives.METADATA
    with pytest.raises(ReleaseError) as caught:
        metadata.require(wheel(tmp_path, archives.METADATA.replace(old, new)), "1.2.3")
    assert said in caught.value.problem


def test_an_extra_that_nothing_shows_stops_the_release(tmp_path: Path) -> None:
    text = archives.METADATA.replace("Provides-Extra: cli", "Provides-Extra: cli\nProvides-Extra: new-one")
    with pytest.raises(ReleaseError, match="new-one") as caught:
        installed_use.require_exercises(metadata.read(wheel(tmp_path, text)))
    assert "for_new_one.py" in caught.value.to_do


def test_every_extra_of_this_project_has_an_exercise() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = set(project["optional-dependencies"]) - {metadata.DEVELOPERS_EXTRA}
    assert extras
    for extra in extras:
        assert installed_use.exercise_of(extra).is_file()


def test_each_extra_is_used_alone_and_all_together() -> None:
    assert installed_use.combinations(["a", "b"]) == [("a", "b"), (), ("a",), ("b",)]
    assert installed_use.combinations(["a"]) == [("a",), ()]

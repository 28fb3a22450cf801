"""Which release is the last, and which version a checkout has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api_change import releases
from api_change.reasons import CannotCompareError

Check = Callable[..., tuple[int, dict[str, Any]]]


def test_candidates_are_no_releases(released: Any) -> None:
    released.commit("v0.3.1rc1")
    assert releases.last_release(released.folder) == "v0.3.0"
    released.commit("v0.3.1")
    released.commit("v0.4.0.dev1")
    assert releases.last_release(released.folder) == "v0.3.1"


def test_a_version_raised_is_no_change_by_itself(released: Any, check: Check) -> None:
    released.edit(releases.VERSION_FILE, "0.3.0", "0.3.1")
    code, found = check(released)
    assert (code, found["version"], found["verdict"]) == (0, "0.3.1", "none")


def test_the_version_of_an_older_layout_is_read_too(files: Any) -> None:
    files.edit("pyproject.toml", 'dynamic = ["version"]', 'version = "0.2.9"')
    assert releases.version_of(files.folder) == "0.2.9"


@pytest.mark.parametrize("text", ["", "__version__ = version()\n"])
def test_a_checkout_without_a_version_cannot_be_compared(files: Any, text: str) -> None:
    (files.folder / releases.VERSION_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(CannotCompareError, match=r"version\.py"):
        releases.version_of(files.folder)

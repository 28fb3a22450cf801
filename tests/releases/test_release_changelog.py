"""The changelog of a release."""

from __future__ import annotations

import datetime

import pytest
from packaging.version import Version

from api_change.changelog import entries_of
from releases.conftest import CHANGELOG
from releasing.changelog import for_release
from releasing.failure import ReleaseError

DAY = datetime.date(2026, 3, 4)
NEXT = Version("0.3.1")


def test_unreleased_becomes_the_version() -> None:
    changed = for_release(CHANGELOG, NEXT, DAY)
    assert changed == CHANGELOG.replace("## Unreleased\n", "## Unreleased\n\n## 0.3.1 - 2026-03-04\n")
    assert entries_of(changed, "0.3.1") == ("0.3.1", {"Added": "\n\n- Something.\n\n"})
    assert entries_of(changed, "") == ("Unreleased", {})


def test_a_candidate_leaves_it_alone_but_wants_entries() -> None:
    assert for_release(CHANGELOG, Version("0.3.1rc1"), DAY) == CHANGELOG
    with pytest.raises(ReleaseError, match="no entry"):
        for_release(CHANGELOG.replace("- Something.", ""), Version("0.3.1rc1"), DAY)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CHANGELOG.replace("- Something.", "Words, and no entry."), "no entry"),
        (CHANGELOG.replace("## Unreleased", "## Later"), "0 headings"),
        (CHANGELOG + "\n## [Unreleased]\n", "2 headings"),
        (CHANGELOG + "\n## [0.3.1]\n", "a section 0.3.1 already"),
        ("", "0 headings"),
    ],
)
def test_a_changelog_that_says_nothing_of_the_release_is_refused(text: str, said: str) -> None:
    with pytest.raises(ReleaseError, match=said):
        for_release(text, NEXT, DAY)

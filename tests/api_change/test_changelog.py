"""What the changelog must say of a change, and which version may follow which."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_change import changelog, versions
from api_change.reasons import CannotCompareError, Level, Reason

HEAD = "# Changelog\n\nThe format.\n\n"
LAST = "\n## [0.3.0] - 2026-01-01\n\n### Added\n\n- Old.\n\n### Removed\n\n- **Breaking**: old.\n"
PATCH = Reason(Level.PATCH, "files", "a.py", "changed")
ADDED = Reason(Level.MINOR, "python", "Tenant.new", "was added", adds=True)
EASIER = Reason(Level.MINOR, "spec", "list(limit)", "maximum is 500, and was 200")
BROKEN = Reason(Level.MAJOR, "python", "Page.items", "was removed")
RENAMED = Reason(Level.MAJOR, "python", "Tenant.old", "was removed")


def said(folder: Path, section: str, *reasons: Reason, version: str = "") -> list[str]:
    file = folder / "CHANGELOG.md"
    file.write_text(HEAD + section + LAST, encoding="utf-8")
    return changelog.complaints(file, version, reasons)


@pytest.mark.parametrize(
    ("section", "reasons", "lacks"),
    [
        ("", [], None),
        ("## Unreleased\n", [], None),
        ("", [PATCH], "is missing or has no entry"),
        ("## Unreleased\n", [PATCH], "is missing or has no entry"),
        ("## Unreleased\n\n### Fixed\n", [PATCH], "is missing or has no entry"),
        ("## Unreleased\n\n### Fixed\n\nNo list.\n", [PATCH], "is missing or has no entry"),
        ("## Unreleased\n\n### Fixed\n\n- It.\n", [PATCH], None),
        ("## [Unreleased]\n\n### Fixed\n\n* It.\n", [PATCH], None),
        ("## Unreleased\n\n### Fixed\n\n- It.\n", [ADDED], '"Added"'),
        ("## Unreleased\n\n### Changed\n\n- It.\n", [ADDED, PATCH], '"Added"'),
        ("## Unreleased\n\n### Added\n\n- It.\n", [ADDED, PATCH], None),
        ("## Unreleased\n\n### Changed\n\n- It.\n", [EASIER], None),
        ("## Unreleased\n\n### Fixed\n\n- It.\n", [EASIER], '"Changed"'),
        ("## Unreleased\n\n### Changed\n\n- It.\n", [BROKEN], "**Breaking**"),
        ("## Unreleased\n\n### Added\n\n- **Breaking**: it.\n", [BROKEN], "**Breaking**"),
        ("## Unreleased\n\n### Removed\n\n- **Breaking**: it.\n", [BROKEN], None),
        ("## Unreleased\n\n### Changed\n\n- **Breaking:** it.\n", [BROKEN], None),
        ("## Unreleased\n\n### Changed\n\n- **Breaking**: it.\n", [BROKEN, ADDED], '"Added"'),
        # Tenant.new is the new name of Tenant.old, which one entry tells.
        ("## Unreleased\n\n### Changed\n\n- **Breaking**: it.\n", [RENAMED, ADDED], None),
    ],
)
def test_what_a_section_lacks(section: str, reasons: list[Reason], lacks: str | None, tmp_path: Path) -> None:
    found = said(tmp_path, section, *reasons)
    assert len(found) == (lacks is not None)
    assert lacks is None or lacks in found[0]


def test_a_section_of_the_version_takes_the_place_of_unreleased(tmp_path: Path) -> None:
    section = "## Unreleased\n\n## 0.4.0 - 2026-02-02\n\n### Changed\n\n- **Breaking**: it.\n"
    assert said(tmp_path, section, BROKEN, version="0.4.0") == []
    assert len(said(tmp_path, section, BROKEN, version="0.5.0")) == 1


def test_a_changelog_that_is_not_there(tmp_path: Path) -> None:
    assert changelog.complaints(tmp_path / "CHANGELOG.md", "", [PATCH]) == ["CHANGELOG.md is missing"]
    assert changelog.is_empty(tmp_path / "CHANGELOG.md", "0.1.0") == "CHANGELOG.md is missing"


@pytest.mark.parametrize(
    ("base", "level", "following"),
    [
        ("0.3.7", Level.NONE, "0.3.7"),
        ("0.3.7", Level.PATCH, "0.3.8"),
        ("0.3.7", Level.MINOR, "0.3.8"),
        ("0.3.7", Level.MAJOR, "0.4.0"),
        ("1.3.7", Level.PATCH, "1.3.8"),
        ("1.3.7", Level.MINOR, "1.4.0"),
        ("1.3.7", Level.MAJOR, "2.0.0"),
    ],
)
def test_the_version_that_may_follow(base: str, level: Level, following: str) -> None:
    assert versions.written(versions.required(versions.parse(base), level)) == following


@given(st.tuples(*[st.integers(0, 10**6)] * 3), st.sampled_from(["", "rc1", ".dev3", "-rc.1", "a2"]))
def test_versions_are_read_as_they_are_written(release: tuple[int, int, int], candidate: str) -> None:
    assert versions.parse(versions.written(release) + candidate) == release
    assert versions.parse(f"v{versions.written(release)}") == release
    for level in Level:
        assert versions.required(release, level) >= release


@pytest.mark.parametrize("text", ["", "1", "one.two", "1.2.3.4", "v", "release-1.2"])
def test_what_is_no_version(text: str) -> None:
    with pytest.raises(CannotCompareError, match="no version"):
        versions.parse(text)

"""The command, on small repositories: what breaks, what the changelog and the version lack, and the exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

import check_api
from release_history import VERSION_FILE, changelog_section, last_release
from scripts.repository import Repository
from steps import StepError

TENANT = "overlays/qlik_automation_connections/_tenant.py"
THING = "generated/qlik_automation_connections_api/thing.py"


@pytest.fixture(autouse=True)
def without_mypy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave mypy out where it is not what is tested: it takes seconds."""
    if "with_mypy" not in request.fixturenames:
        monkeypatch.setattr(check_api, "complaints_of_mypy", lambda root, base: ())


@pytest.fixture
def with_mypy() -> None:
    """Marks a test that needs it."""


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    return Check(capsys)


class Check:
    """Runs the command."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, checkout: Path, *arguments: str) -> tuple[int, str]:
        code = check_api.main(["--root", str(checkout), *arguments])
        printed = self.capsys.readouterr()
        return code, printed.out + printed.err


def test_without_a_release_it_says_so_and_passes(unreleased: Repository, check: Check) -> None:
    assert check(unreleased.folder) == (0, "No release yet to compare with.\n")


def test_nothing_changed(released: Repository, check: Check) -> None:
    released.edit("CHANGELOG.md", "all", "everything")
    released.edit(VERSION_FILE, "0.3.0", "0.3.1")
    assert check(released.folder) == (0, "Nothing changed since v0.3.0.\n")


BREAKING = [
    (TENANT, "sort: str | None = None", "order: str | None = None", "Tenant.things(sort): Parameter was removed"),
    (TENANT, "def close", "def shut", "Tenant.close: Public object was removed"),
    (TENANT, "timeout: float = 5", "timeout: float", "Tenant.__init__(timeout): Parameter is now required"),
    (THING, "    parts: list[str] = _attrs_field(factory=list)\n", "", "Thing.parts: Public object was removed"),
    (THING, "name: str | None = None", "name: str | None", "Thing.__init__(name): Parameter is now required"),
    (THING, "    name", "    age: int\n    name", "Thing.__init__(age): Parameter was added as required"),
]


def test_what_breaks_callers_wants_an_entry_that_says_so(released: Repository, check: Check) -> None:
    for name, old, new, _ in BREAKING:
        released.edit(name, old, new)
    released.enter("Added", "It.")
    code, text = check(released.folder)
    assert code == 1
    assert [said for *_, said in BREAKING if said not in text] == []
    assert "**Breaking**" in text
    released.enter("Changed", "**Breaking**: it.")
    assert check(released.folder)[0] == 0


def test_any_other_change_wants_an_entry(released: Repository, check: Check) -> None:
    for name, old, new in (
        (TENANT, '"""Lists."""', '"""Lists things."""'),
        (TENANT, "sort: str | None = None", "sort: str | None = None, limit: int = 5"),
        (THING, "    parts", "    age: int | None = None\n    parts"),
        (THING, "factory=list", 'factory=list, metadata={"a": 1}'),
    ):
        released.edit(name, old, new)
        code, text = check(released.folder)
        assert (code, "no breaking change" in text, "has no entry" in text) == (1, True, True), new
        released.edit(name, new, old)
    released.edit(name, old, new)
    released.enter("Fixed", "It.")
    assert check(released.folder) == (0, "Since v0.3.0: no breaking change; the next version is 0.3.1 or higher.\n")


@pytest.mark.usefixtures("with_mypy")
def test_old_code_of_users_is_checked_against_the_new_package(released: Repository, check: Check) -> None:
    released.edit(TENANT, "-> list[str]", "-> list[str] | None")
    code, text = check(released.folder)
    assert code == 1
    assert "breaking: user_code.py:3: error: Incompatible types in assignment" in text


@pytest.mark.usefixtures("with_mypy")
def test_a_release_without_code_of_users_is_compared_too(unreleased: Repository, check: Check) -> None:
    unreleased.git("rm", "--quiet", "tests/typing/user_code.py")
    unreleased.commit()
    unreleased.git("tag", "v0.3.0")
    unreleased.edit(TENANT, '"""Lists."""', '"""Lists things."""')
    unreleased.enter("Fixed", "It.")
    assert check(unreleased.folder) == (0, "Since v0.3.0: no breaking change; the next version is 0.3.1 or higher.\n")


def test_a_version_that_is_too_low_is_refused(released: Repository, check: Check) -> None:
    released.edit(TENANT, "def close", "def shut")
    released.enter("Removed", "**Breaking**: it.")
    released.edit("CHANGELOG.md", "## Unreleased", "## Unreleased\n\n## 0.3.1 - 2026-02-02")
    released.edit(VERSION_FILE, "0.3.0", "0.3.1")
    code, text = check(released.folder)
    assert code == 1
    assert "the next version is 0.4.0 or higher" in text
    released.edit(VERSION_FILE, "0.3.1", "0.4.0rc1")
    released.edit("CHANGELOG.md", "## 0.3.1", "## 0.4.0rc1")
    assert check(released.folder)[0] == 0


def test_the_version_that_may_follow() -> None:
    for base, breaking, adds, lowest in (
        ("0.3.7", False, True, "0.3.8"),
        ("0.3.7", True, False, "0.4.0"),
        ("1.3.7", False, False, "1.3.8"),
        ("1.3.7", False, True, "1.4.0"),
        ("1.3.7", True, True, "2.0.0"),
    ):
        assert check_api.lowest_version(Version(base), breaking=breaking, adds=adds) == Version(lowest)


def test_the_last_release_is_the_newest_version_that_is_no_candidate(released: Repository) -> None:
    for tag in ("v0.10.0", "v0.9.0", "vision", "v0.11.0rc1"):
        released.git("tag", tag)
    assert last_release(released.folder) == "v0.10.0"


def test_a_base_can_be_named(unreleased: Repository, check: Check) -> None:
    unreleased.edit(TENANT, "def close", "def shut")
    unreleased.commit()
    code, text = check(unreleased.folder, "--base", "HEAD~1")
    assert (code, "Tenant.close" in text) == (1, True)


def test_a_base_that_is_not_there_is_no_comparison(released: Repository, check: Check) -> None:
    for base in ("v9.9.9", "--help"):
        code, text = check(released.folder, f"--base={base}")
        assert code == 2
        assert text.startswith("Nothing was compared: git ")


def test_an_unpacked_source_distribution_has_no_releases(released: Repository, check: Check) -> None:
    (released.folder / ".git").rename(released.folder.with_suffix(".git"))
    code, text = check(released.folder)
    assert (code, "is not a git checkout" in text) == (2, True)


def test_a_shallow_clone_without_tags_is_refused(released: Repository, check: Check, tmp_path: Path) -> None:
    released.commit()
    released.git("clone", "--quiet", "--depth=1", "--no-tags", released.folder.as_uri(), str(tmp_path / "shallow"))
    code, text = check(tmp_path / "shallow")
    assert (code, "git fetch --unshallow --tags" in text) == (2, True)


def test_a_section_that_stands_twice_is_refused() -> None:
    assert changelog_section("## [1.0.0] - 2026-01-01\n\n- A.\n", "1.0.0") == "\n- A.\n"
    assert changelog_section("# Changelog\n", "Unreleased") is None
    with pytest.raises(StepError, match="2 sections"):
        changelog_section("## Unreleased\n## [Unreleased]\n", "Unreleased")

"""What a change of the public Python API is, on packages of a few lines."""

from __future__ import annotations

from pathlib import Path

import pytest

import qlik_automation_connections
from api_change import python_changes, python_package
from api_change.reasons import CannotCompareError, Level, highest, sorted_reasons
from qlik_automation_connections import admin, sandbox

ROOT = Path(__file__).resolve().parents[2]
NONE, MINOR, MAJOR = Level.NONE, Level.MINOR, Level.MAJOR
BEFORE = '''
from __future__ import annotations

from enum import Enum
from typing import Literal, TypeAlias, TypedDict, Unpack

from attrs import define, field, frozen

Sort: TypeAlias = Literal["name", "id"]
Plain = Literal["a"]


class Options(TypedDict, total=True):
    """Options."""

    size: int


class _Base:
    """Private, its methods are not."""

    def close(self) -> None:
        """Closes."""


class Error(Exception):
    """An error."""


class NarrowError(Error):
    """Another."""


class Kind(Enum):
    """Kinds."""

    ONE = "one"


@frozen
class Model(_Base):
    """A model."""

    id: str
    name: str | None = None
    kind: Literal["x", "y"] = "x"
    _secret: int = 1
    extra: dict[str, int] = field(init=False, factory=dict)

    def to_dict(self) -> dict[str, str]:
        """Writes."""
        return {}

    @property
    def size(self) -> int:
        """How large."""
        return 1


class Pager:
    """Given to users."""

    def __init__(self, fetch: int) -> None:
        """Ours."""


class Client(_Base):
    """A client."""

    def __init__(self, url: str, *, retries: int = 3, **options: Unpack[Options]) -> None:
        """Makes one."""

    def list(self, *, sort: Sort = "name", limit: int | None = None) -> Pager:
        """Lists."""
        return Pager(1)

    async def get(self, id: str) -> Model | None:
        """Reads."""
        return None


def helper(value: int) -> str:
    """Helps."""
    return ""


def _private() -> None:
    """Nobody's."""


INNER = 1
'''
PUBLIC = ("Client", "Error", "Kind", "Model", "NarrowError", "Pager", "Sort", "helper")


def package(folder: Path, source: str, public: tuple[str, ...] = PUBLIC) -> Path:
    """A checkout whose package has one module, and names loaded lazily, as the real one has."""
    home = folder / "overlays" / "qlik_automation_connections"
    home.mkdir(parents=True)
    imports = "".join(f"    from .module import {name} as {name}\n" for name in public)
    text = (
        f"from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n{imports}\n_HOME = dict()\n__all__ = sorted(_HOME)\n"
    )
    (home / "__init__.py").write_text(text, encoding="utf-8")
    (home / "module.py").write_text(source, encoding="utf-8")
    return folder


def levels(old: Path, new: Path) -> tuple[Level, dict[str, Level]]:
    reasons = sorted_reasons(python_changes.compare(python_package.load(old), python_package.load(new)))
    found: dict[str, Level] = {}
    for reason in reasons:
        found.setdefault(reason.where, reason.level)
    return highest(reasons), found


@pytest.mark.parametrize(
    ("old", "new", "level", "where"),
    [
        # Nothing that is public.
        ('"""Helps."""', '"""Helps you."""', NONE, None),
        ("def _private() -> None", "def _private(x: int) -> None", NONE, None),
        ("INNER = 1", "INNER = 2", NONE, None),
        ("def __init__(self, fetch: int)", "def __init__(self, fetch: int, more: str)", NONE, None),
        ("-> Model | None", "-> None | Model", NONE, None),
        ('    """Private, its methods are not."""', "    def _hidden(self) -> None: ...", NONE, None),
        # Something new.
        ("def helper(value: int)", "def helper(value: int, more: int = 1)", MINOR, "helper(more)"),
        ("    def close", "    def open(self) -> None: ...\n    def close", MINOR, "Client.open"),
        ("    name: str | None", "    note: str | None = None\n    name: str | None", MINOR, "Model.note"),
        ('    ONE = "one"', '    ONE = "one"\n    TWO = "two"', MINOR, "Kind.TWO"),
        ("value: int", "value: int | str", MINOR, "helper(value)"),
        ('Literal["name", "id"]', 'Literal["name", "id", "age"]', MINOR, "Client.list(sort)"),
        ("-> Model | None", "-> Model", MINOR, "Client.get()"),
        ("    size: int\n", "    size: int\n    more: NotRequired[int]\n", MINOR, "module.Options.more"),
        ("url: str,", 'url: str = "",', MINOR, "Client.__init__(url)"),
        # Something gone, or otherwise.
        ("def helper(value: int)", "def helper(number: int)", MAJOR, "helper"),
        ("def helper(value: int)", "def helper(value: int, more: int)", MAJOR, "helper"),
        ("value: int", "value: bool", MAJOR, "helper(value)"),
        ("def helper(value: int) -> str", "def helper(value: int) -> str | None", MAJOR, "helper()"),
        ("retries: int = 3", "retries: int = 5", MAJOR, "Client.__init__"),
        ("*, retries: int = 3, ", "", MAJOR, "Client.__init__"),
        ('Literal["name", "id"]', 'Literal["name"]', MAJOR, "Client.list(sort)"),
        ("    async def get", "    def get", MAJOR, "Client.get"),
        ("class NarrowError(Error)", "class NarrowError(Exception)", MAJOR, "NarrowError"),
        ("    name: str | None = None\n", "", MAJOR, "Model.name"),
        ("    name: str | None = None\n", "    name: int | None = None\n", MAJOR, "Model.name"),
        ("    name: str | None = None\n", "    name: str\n", MAJOR, "Model.__init__"),
        ("    id: str\n", "    id: str\n    needed: str\n", MAJOR, "Model.__init__"),
        ('Literal["x", "y"]', 'Literal["x", "y", "z"]', MAJOR, "Model.kind"),
        ("    _secret: int = 1\n", "", MAJOR, "Model.__init__"),
        ("def size(self) -> int", "def size(self) -> str", MAJOR, "Model.size"),
        ("    @property\n", "", MAJOR, "Model.size"),
        ("    size: int\n", "    size: int\n    more: int\n", MAJOR, "module.Options.more"),
        ("    size: int\n", "    bulk: int\n", MAJOR, "qlik_automation_connections.module.Options.size"),
        ('    ONE = "one"', '    TWO = "two"', MAJOR, "Kind.ONE"),
        ("    def close", "    def shut", MAJOR, "Client.close"),
    ],
)
def test_a_change_has_its_level_and_its_place(
    old: str, new: str, level: Level, where: str | None, tmp_path: Path
) -> None:
    source = BEFORE.replace(old, new, 1)
    found, places = levels(package(tmp_path / "old", BEFORE), package(tmp_path / "new", source))
    assert found is level, places
    if where is None:
        assert places == {}
    else:
        told = {place: each for names, each in places.items() for place in names.split(", ")}
        assert told.get(where) is level or told.get(where.removeprefix("qlik_automation_connections.")) is level, places


def test_public_names_that_come_and_go(tmp_path: Path) -> None:
    fewer, all_of_them = package(tmp_path / "fewer", BEFORE, PUBLIC[1:]), package(tmp_path / "all", BEFORE)
    assert levels(fewer, all_of_them) == (MINOR, {"Client": MINOR})
    assert levels(all_of_them, fewer) == (MAJOR, {"Client": MAJOR})


def test_an_argument_may_move_into_the_options(tmp_path: Path) -> None:
    source = BEFORE.replace("    size: int\n", "    size: int\n    retries: NotRequired[int]\n").replace(
        "*, retries: int = 3, ", ""
    )
    _, places = levels(package(tmp_path / "old", BEFORE), package(tmp_path / "new", source))
    assert MAJOR not in places.values()


def test_a_name_may_move_to_another_module(tmp_path: Path) -> None:
    new = package(tmp_path / "new", BEFORE)
    home = new / "overlays" / "qlik_automation_connections"
    (home / "module.py").rename(home / "elsewhere.py")
    text = (home / "__init__.py").read_text(encoding="utf-8").replace(".module", ".elsewhere")
    (home / "__init__.py").write_text(text, encoding="utf-8")
    assert levels(package(tmp_path / "old", BEFORE), new) == (NONE, {})


def test_a_part_of_the_package_that_comes_and_goes(tmp_path: Path) -> None:
    without, having = package(tmp_path / "without", BEFORE), package(tmp_path / "having", BEFORE)
    module = having / "overlays" / "qlik_automation_connections" / "sandbox.py"
    module.write_text('__all__ = ["start"]\n\ndef start() -> None: ...\n', encoding="utf-8")
    assert levels(without, having) == (MINOR, {"sandbox.start": MINOR})
    assert levels(having, without) == (MAJOR, {"qlik_automation_connections.sandbox": MAJOR})


def test_an_overload_is_part_of_the_signature(tmp_path: Path) -> None:
    overload = "\n@overload\ndef over(x: {}) -> int: ...\n"
    both = overload.format("int") + overload.format("str") + "def over(x: object) -> int: return 1\n"
    one = "from typing import overload\n" + both.replace("x: str", "x: bytes")
    two = "from typing import overload\n" + both
    three = two.replace("def over(x: object)", "@overload\ndef over(x: bool) -> int: ...\ndef over(x: object)")
    old = package(tmp_path / "old", two, ("over",))
    assert levels(old, package(tmp_path / "one", one, ("over",))) == (MAJOR, {"over": MAJOR})
    assert levels(old, package(tmp_path / "three", three, ("over",))) == (MINOR, {"over": MINOR})


def test_the_names_that_are_read_are_the_names_that_are_loaded() -> None:
    read = {
        root: set(python_package.public_names(module)) for root, module in python_package.load(ROOT).modules.items()
    }
    loaded = {module.__name__: set(module.__all__) for module in (qlik_automation_connections, admin, sandbox)}
    assert read == loaded


def test_every_public_name_is_found_and_equal_to_itself() -> None:
    api = python_package.load(ROOT)
    names = {name for name, _ in api.public()}
    assert {"Tenant", "Connection", "Sort", "admin.audit", "sandbox.Sandbox"} <= names
    assert len(names) == sum(len(module.exports or ()) for module in api.modules.values())
    assert list(python_changes.compare(api, python_package.load(ROOT))) == []


def test_a_module_that_is_no_python_can_not_be_compared(tmp_path: Path) -> None:
    with pytest.raises(CannotCompareError, match=r"qlik_automation_connections\.module\.Client is not there"):
        python_package.load(package(tmp_path, BEFORE + "\ndef", ("Client",)))


def test_a_name_of_another_package_is_no_change(tmp_path: Path) -> None:
    source = "from httpx import Timeout as Timeout\n"
    old, new = package(tmp_path / "old", source, ("Timeout",)), package(tmp_path / "new", source, ("Timeout",))
    assert levels(old, new) == (NONE, {})


def test_a_folder_without_the_package_can_not_be_compared(tmp_path: Path) -> None:
    with pytest.raises(CannotCompareError, match="no package"):
        python_package.load(tmp_path)

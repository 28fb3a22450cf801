"""What counts as code, and what the check says of a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import check_budget
from steps import ROOT

SOURCE: Final = '''\
"""Says what it is."""

from __future__ import annotations

# A comment.
import os  # another


class Kind:
    """A kind.

    Of several lines.
    """

    size = 1
    """What the attribute is."""

    def text(self) -> str:
        "One"
        "docstring"
        return """
not a docstring
"""

    async def nothing(self) -> None:
        """Nothing."""


FORMATTED = f"""
{os.name}

"""
NAMES = [

    "a",  # with a blank before
]
'''
PYPROJECT: Final = """
[tool.overlay-budget]
lines-of-a-file = 10
[tool.overlay-budget.rooms]
core = 4
admin = 3
some_plugin = 2
"""


def checkout(root: Path, files: dict[str, str], pyproject: str = PYPROJECT) -> Path:
    root.mkdir(exist_ok=True)
    (root / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    for name, text in files.items():
        file = root / check_budget.OVERLAY / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


FITTING: Final = {
    "__init__.py": '"""Doc."""\n',
    "one.py": "a = 1\nb = 2\n\n# c\n",
    "two.py": "c = 3\n",
    "some_plugin.py": "d = 4\n",
    "admin/__init__.py": "",
    "admin/deep/deeper.py": "e = 5\nf = 6\n",
}


def test_code_is_what_is_no_blank_comment_or_docstring() -> None:
    assert check_budget.code_lines(SOURCE) == 16


@given(st.lists(st.sampled_from(["x = 1\n", "\n", "   \n", "# y\n", "    # z\n", '"""Doc."""\n', "f(\n\n1)\n"])))
def test_each_statement_counts_by_itself(parts: list[str]) -> None:
    assert check_budget.code_lines("".join(parts)) == parts.count("x = 1\n") + 2 * parts.count("f(\n\n1)\n")


def test_rooms_are_folders_and_a_plugin_is_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_budget.main(["--root", str(checkout(tmp_path, FITTING))]) == 0
    printed = capsys.readouterr()
    assert [line.split() for line in printed.out.splitlines()] == [
        ["room", "code", "limit", "left"],
        ["core", "3", "4", "1"],
        ["admin", "2", "3", "1"],
        ["some_plugin", "1", "2", "1"],
        ["all", "6", "9", "3"],
    ]
    assert printed.err == ""


def test_what_is_over_a_limit_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    over: dict[str, dict[str, str]] = {
        "core is 1 lines over its limit": {"three.py": "g = 1\nh = 2\n"},
        "admin is 1 lines over its limit": {"admin/more.py": "g = 1\nh = 2\n"},
        "attic has code or a limit, but not both": {"attic/__init__.py": "g = 1\n"},
        "two.py has 11 lines, more than 10": {"two.py": "# c\n" * 11},
        "admin/deep/deeper.py has 11 lines": {"admin/deep/deeper.py": "e = 5\n" + "\n" * 10},
    }
    for number, (sentence, more) in enumerate(over.items()):
        root = checkout(tmp_path / str(number), {**FITTING, **more})
        assert check_budget.main(["--root", str(root)]) == 1
        assert sentence in capsys.readouterr().err


def test_a_limit_without_a_room_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left = {name: text for name, text in FITTING.items() if name != "some_plugin.py"}
    assert check_budget.main(["--root", str(checkout(tmp_path, left))]) == 1
    assert "some_plugin has code or a limit, but not both" in capsys.readouterr().err


def test_every_limit_here_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = text.partition("[tool.overlay-budget.rooms]\n")[2].partition("\n\n")[0]
    assert all("#" in line for line in section.splitlines())

"""Recognize what scripts make of lists and objects when they save an automation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from .json_tree import Object

# The key and the index of PowerShell's own form of a list.
WRAPPED: Final = "value"
_COUNT: Final = "Count"
# What PowerShell, .NET, and JavaScript write in place of an object or list.
_CUT: Final = re.compile(
    r"@\{(?:\w[\w.-]*=.*)?\}|System\.[\w.]+(?:\[\]|`\d.*)|System\.(?:Object|Collections\.[\w.]+|Management\.[\w.]+)"
    r"|\[object \w+\](?:,\[object \w+\])*",
    re.DOTALL,
)
_CUT_STARTS: Final = ("@{", "System.", "[object ")
# Matches JSON inside a string, at any level of nesting.
_AUTOMATION: Final = re.compile(r'"(?:workspace|blocks)\\*"\s*:')

EXPECTED: Final[Mapping[str, str]] = {
    "workspace": "a workspace",
    "blocks": "a list of blocks",
    "block": "a block",
    "settings": "a list of settings",
    "setting": "a setting",
}
"""What a value is expected to be, by its role; others may be anything."""
_SINGLE: Final[Mapping[str, tuple[str, ...]]] = {"blocks": ("type", "settings"), "settings": ("value",)}


def unwrapped(value: object) -> list[object] | None:
    """Return the list in `{"value": […], "Count": n}`, as PowerShell writes it; None for anything else."""
    if not isinstance(value, (Object, dict)) or len(value.items()) != 2:
        return None
    members: dict[str, object] = dict(value.items())
    items = members.get(WRAPPED)
    return items if isinstance(items, list) and members.get(_COUNT) == len(items) else None


def is_single(value: object, role: str) -> bool:
    """Return whether a value is an item of the list that it should be, as scripts write a list of one."""
    keys = _SINGLE.get(role)
    if keys is None or not isinstance(value, (Object, dict)):
        return False
    members: dict[str, object] = dict(value.items())
    return isinstance(members.get("id"), str) and any(key in members for key in keys)


def is_cut_off(text: str) -> bool:
    """Return whether a script wrote a text in place of an object or list."""
    return text.startswith(_CUT_STARTS) and _CUT.fullmatch(text.strip()) is not None


def may_contain_automation(text: str) -> bool:
    """Return whether a text looks like JSON with an automation."""
    return text.lstrip().startswith(("{", "[", '"')) and _AUTOMATION.search(text) is not None


def mismatch(value: object, role: str) -> str | None:
    """Return what is wrong with the form of a value; None if nothing is, or if it is absent."""
    expected = EXPECTED.get(role)
    if value is None or expected is None:
        return None
    is_list, is_object = isinstance(value, list), isinstance(value, (Object, dict))
    if is_list if role in ("blocks", "settings") else is_object and unwrapped(value) is None:
        return None
    found = "text" if isinstance(value, str) else "a list" if is_list else "an object" if is_object else "a number"
    return f"{'true or false' if isinstance(value, bool) else found} instead of {expected}"

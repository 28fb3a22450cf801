"""`griffe check` as it is knows what is public, and nothing of what is not."""

from __future__ import annotations

from pathlib import Path

import griffe

import qlik_automation_connections as package
from qlik_automation_connections import admin, pacing, sandbox

ROOT = Path(__file__).resolve().parents[3]
PUBLIC = {
    package.__name__,
    *(f"{package.__name__}.{name}" for name in ("admin", "errors", "pacing", "pytest_plugin", "sandbox")),
}


def modules(module: griffe.Module) -> list[griffe.Module]:
    inner = [each for each in module.modules.values() if not each.is_alias and each.is_public]
    return [module, *(found for each in inner for found in modules(each))]


def test_it_sees_the_public_modules_and_names() -> None:
    folders = [ROOT / "overlays", ROOT / "generated"]
    loaded = griffe.load(package.__name__, search_paths=folders, try_relative_path=False, allow_inspection=False)
    assert isinstance(loaded, griffe.Module)
    assert {module.path for module in modules(loaded)} == PUBLIC
    for module in (package, admin, pacing, sandbox):
        path = module.__name__.removeprefix(package.__name__).lstrip(".")
        assert set(loaded[path].exports if path else loaded.exports or ()) == set(module.__all__)

"""The public Python API of one checkout, read without importing it (griffe)."""

from __future__ import annotations

import ast
import logging
from collections.abc import Iterator
from pathlib import Path

import griffe
from attrs import frozen

from .attrs_classes import add_constructors
from .reasons import CannotCompareError

FOLDERS = ("overlays", "generated")
PACKAGE = "qlik_automation_connections"
PACKAGES = (PACKAGE, "qlik_automation_connections_api")
ROOTS = (PACKAGE, f"{PACKAGE}.admin", f"{PACKAGE}.sandbox")
"""The modules whose `__all__` says what is public."""

# griffe reports what it can't resolve, which here is all that other packages define.
logging.getLogger("griffe").setLevel(logging.CRITICAL)


@frozen
class PublicApi:
    """What users of one checkout may import.

    Attributes:
        modules: each of `ROOTS` that is there, with its `exports`.
        collection: every module that was read, by path.
    """

    modules: dict[str, griffe.Module]
    collection: griffe.ModulesCollection

    def find(self, path: str) -> griffe.Object | None:
        """An object by its canonical path; None if it isn't one of ours."""
        try:
            found = self.collection.get_member(path)
            found = found.final_target if found.is_alias else found
        except (KeyError, ValueError, griffe.AliasResolutionError, griffe.CyclicAliasError):
            return None
        return found if isinstance(found, griffe.Object) else None

    def public(self) -> Iterator[tuple[str, griffe.Object]]:
        """The public names, as they are imported, and what they stand for."""
        for root, module in self.modules.items():
            for name in sorted(public_names(module)):
                target = self.find(f"{root}.{name}")
                if target is not None:
                    yield f"{root}.{name}".removeprefix(f"{PACKAGE}."), target


def load(checkout: Path) -> PublicApi:
    """Reads the packages of a checkout.

    Raises:
        CannotCompareError: the package isn't there, or is no Python.
    """
    extensions = griffe.load_extensions()
    loader = griffe.GriffeLoader(
        search_paths=[checkout / folder for folder in FOLDERS], extensions=extensions, allow_inspection=False
    )
    for package in PACKAGES:
        try:
            loader.load(package, try_relative_path=False)
        except ImportError:
            if package == PACKAGE:
                raise CannotCompareError(f"there is no package {package} in {FOLDERS[0]}/") from None
        except griffe.LoadingError as error:
            raise CannotCompareError(f"{package} can't be read: {error}") from None
    loader.resolve_aliases(implicit=True, external=False)
    modules = {}
    for root in ROOTS:
        try:
            module = loader.modules_collection.get_member(root)
        except KeyError:
            continue
        if isinstance(module, griffe.Module):
            module.exports = list(public_names(module))
            for member in module.modules.values():
                member.public = False  # to griffe any module is public whose name isn't private
            modules[root] = module
    add_constructors(loader.modules_collection, PACKAGES)
    api = PublicApi(modules, loader.modules_collection)
    _require_all(api)
    return api


def _require_all(api: PublicApi) -> None:
    """Refuses an API with names that lead nowhere: griffe passes over a module that it can't parse."""
    for root, module in api.modules.items():
        for name in public_names(module):
            path = f"{root}.{name}"
            while path.partition(".")[0] in PACKAGES:
                try:
                    member = api.collection.get_member(path)
                except KeyError:
                    raise CannotCompareError(
                        f"{root}.{name} can't be read: {path} is not there, or its module is no Python"
                    ) from None
                if not isinstance(member, griffe.Alias):
                    break
                path = member.target_path


def public_names(module: griffe.Module) -> frozenset[str]:
    """What `__all__` lists, or, where it is computed, what is imported as itself (`import x as x`)."""
    listed = [name for name in module.exports or () if isinstance(name, str)]
    if listed or not isinstance(module.filepath, Path):
        return frozenset(listed)
    tree = ast.parse(module.filepath.read_text(encoding="utf-8"))
    return frozenset(
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name
    )

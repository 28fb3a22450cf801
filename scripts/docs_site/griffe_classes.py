"""Tells griffe, for the site, what constructors attrs makes: mkdocstrings shows sources that it can't run."""

from __future__ import annotations

from typing import Any

import griffe

from api_change.attrs_classes import add_constructors


class Classes(griffe.Extension):
    """Runs on each package when it is loaded."""

    def on_package(self, *, pkg: griffe.Module, loader: griffe.GriffeLoader, **kwargs: Any) -> None:  # noqa: ARG002
        """Adds the constructors."""
        add_constructors(loader.modules_collection, (pkg.path,))

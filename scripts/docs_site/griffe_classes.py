"""Tells griffe what it can't read from the sources: constructors by attrs, and docstrings of async twins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import griffe

from api_change.attrs_classes import add_constructors

_TWIN: Final = "documented_by"


class Classes(griffe.Extension):
    """Runs on each package when it is loaded."""

    def on_package(self, *, pkg: griffe.Module, loader: griffe.GriffeLoader, **kwargs: Any) -> None:  # noqa: ARG002
        """Adds both."""
        add_constructors(loader.modules_collection, (pkg.path,))
        for function in list(_functions(pkg)):
            _document(function)


def _functions(parent: griffe.Object) -> Iterator[griffe.Function]:
    for member in parent.members.values():
        if member.is_alias:
            continue
        if isinstance(member, griffe.Function):
            yield member
        elif isinstance(member, (griffe.Class, griffe.Module)):
            yield from _functions(member)


def _document(function: griffe.Function) -> None:
    """Gives a method that `documented_by` decorates the docstring that it has when it runs."""
    for decorator in function.decorators:
        value = decorator.value
        if isinstance(value, griffe.ExprCall) and str(value.function) == _TWIN and function.module is not None:
            source = function.module[str(value.arguments[0])].docstring
            if source is not None:
                function.docstring = griffe.Docstring(
                    source.value,
                    lineno=source.lineno,
                    endlineno=source.endlineno,
                    parent=function,
                    parser=source.parser,
                    parser_options=source.parser_options,
                )

"""A griffe extension: the constructors that attrs writes, for the site's reference and for `check_api.py`.

griffe knows those of dataclasses alone. Fields become keyword arguments, as their order is not part of the API.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import griffe

_DECORATORS = frozenset({"define", "frozen", "mutable", "_attrs_define"})
_FIELDS = frozenset({"field", "_attrs_field"})


def _last(text: str) -> str:
    return text.partition("(")[0].rpartition(".")[2]


def _uses_attrs(each: griffe.Class) -> bool:
    return any(_last(str(decorator.value)) in _DECORATORS for decorator in each.decorators)


def _parameter(field: griffe.Attribute) -> Iterator[griffe.Parameter]:
    name, default = field.name.lstrip("_"), None if field.value is None else str(field.value)
    call = ast.parse(default or "None", mode="eval").body
    if isinstance(call, ast.Call) and _last(ast.unparse(call.func)) in _FIELDS:
        options = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        if options.get("init") == "False":
            return
        default = options.get("default") or options.get("factory")
        name = options.get("alias", name).strip("'\"")
    yield griffe.Parameter(name, annotation=field.annotation, kind=griffe.ParameterKind.keyword_only, default=default)


def _constructor(made: griffe.Class) -> griffe.Function:
    fields: dict[str, griffe.Attribute] = {}
    for each in filter(_uses_attrs, (*reversed(made.mro()), made)):
        for name, member in each.members.items():
            if not isinstance(member, griffe.Attribute) or "property" in member.labels or not member.annotation:
                continue
            if not str(member.annotation).startswith(("ClassVar", "typing.ClassVar")):
                fields[name] = member
    this = griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword)
    arguments = (each for field in fields.values() for each in _parameter(field))
    return griffe.Function("__init__", parameters=griffe.Parameters(this, *arguments), returns="None")


def _add_constructors(parent: griffe.Object) -> None:
    for member in list(parent.members.values()):
        if isinstance(member, (griffe.Class, griffe.Module)):
            _add_constructors(member)
        if isinstance(member, griffe.Class) and "__init__" not in member.members and _uses_attrs(member):
            member.set_member("__init__", _constructor(member))


class AttrsConstructors(griffe.Extension):
    """Adds `__init__` to each class that attrs gives one."""

    def on_package(self, *, pkg: griffe.Module, loader: griffe.GriffeLoader, **kwargs: Any) -> None:  # noqa: ARG002
        """Run when a package was loaded."""
        _add_constructors(pkg)

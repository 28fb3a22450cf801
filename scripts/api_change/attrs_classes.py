"""Gives classes made by attrs the constructors that attrs writes for them, which griffe doesn't know.

Their arguments count as keyword arguments: the order of a class's fields is the spec's or the reader's convenience, so
a new field in between changes nothing for users.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import griffe

_DECORATORS = frozenset({"define", "frozen", "mutable", "attrs", "s", "_attrs_define"})
_FIELDS = frozenset({"field", "ib", "attrib", "_attrs_field"})


def add_constructors(collection: griffe.ModulesCollection, packages: tuple[str, ...]) -> None:
    """Adds `__init__` to every class of the packages that attrs would give one."""
    for package in packages:
        if package in collection:
            for each in list(_classes(collection[package])):
                if "__init__" not in each.members and _is_made_by_attrs(each):
                    each.set_member("__init__", _constructor(each))


def _classes(parent: griffe.Object) -> Iterator[griffe.Class]:
    for member in parent.members.values():
        if member.is_alias:
            continue
        if isinstance(member, griffe.Class):
            yield member
        if isinstance(member, (griffe.Class, griffe.Module)):
            yield from _classes(member)


def _last(text: str) -> str:
    return text.partition("(")[0].rpartition(".")[2]


def _is_made_by_attrs(each: griffe.Class) -> bool:
    return any(_last(str(decorator.value)) in _DECORATORS for decorator in each.decorators)


def _constructor(made: griffe.Class) -> griffe.Function:
    fields: dict[str, griffe.Attribute] = {}
    for each in (*reversed(made.mro()), made):
        if _is_made_by_attrs(each):
            fields |= {
                name: member
                for name, member in each.members.items()
                if isinstance(member, griffe.Attribute) and _is_field(member)
            }
    arguments = [argument for field in fields.values() for argument in _argument(field)]
    this = griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword)
    return griffe.Function("__init__", parameters=griffe.Parameters(this, *arguments), returns="None")


def _is_field(member: griffe.Attribute) -> bool:
    # Properties are attributes to griffe, and a class variable is no field.
    annotation = str(member.annotation or "")
    return bool(annotation) and "property" not in member.labels and _last(annotation.partition("[")[0]) != "ClassVar"


def _argument(field: griffe.Attribute) -> Iterator[griffe.Parameter]:
    default = None if field.value is None else str(field.value)
    name = field.name.lstrip("_")
    options = _options(default)
    if options is not None:
        if options.get("init") == "False":
            return
        default = options.get("default") or options.get("factory")
        name = options.get("alias", name).strip("'\"")
    yield griffe.Parameter(name, annotation=field.annotation, kind=griffe.ParameterKind.keyword_only, default=default)


def _options(value: str | None) -> dict[str, str] | None:
    """The arguments of `field(…)`; None if that isn't what a field is set to."""
    if value is None:
        return None
    try:
        call = ast.parse(value, mode="eval").body
    except SyntaxError:
        return None
    if not isinstance(call, ast.Call) or _last(ast.unparse(call.func)) not in _FIELDS:
        return None
    return {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg is not None}

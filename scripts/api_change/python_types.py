"""Annotations of two versions, compared as sets of what they allow."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum, auto

import griffe

_DEPTH = 5
_ALIAS_FORMS = (ast.Subscript, ast.BinOp, ast.Name, ast.Attribute)


class Difference(Enum):
    """How the new annotation stands to the old one."""

    NONE = auto()
    WIDER = auto()
    NARROWER = auto()
    OTHER = auto()


Annotation = str | griffe.Expr | None


def difference(old: Annotation, new: Annotation) -> Difference:
    """Compares two annotations. The order of a union, qualified names and names of type aliases don't count."""
    before, after = allowed(old), allowed(new)
    if before == after or not before:
        return Difference.NONE
    if before < after:
        return Difference.WIDER
    return Difference.NARROWER if after and after < before else Difference.OTHER


def allowed(annotation: Annotation) -> frozenset[str]:
    """The members of an annotation's union; each value of a literal is one."""
    if annotation is None:
        return frozenset()
    return frozenset(_members(_expanded(annotation, _DEPTH)))


def names(annotation: Annotation) -> Iterator[griffe.ExprName]:
    """The names that an annotation is written with."""
    if isinstance(annotation, griffe.ExprName):
        yield annotation
    if isinstance(annotation, griffe.Expr):
        for part in annotation.iterate(flat=True):
            if isinstance(part, griffe.ExprName):
                yield part


def alias_value(target: griffe.Object) -> griffe.Expr | None:
    """What a type alias stands for; None for any other attribute."""
    if not isinstance(target, griffe.Attribute) or not target.is_attribute:
        return None
    annotation = str(target.annotation or "TypeAlias").rpartition(".")[2]
    if annotation != "TypeAlias" or not isinstance(target.value, griffe.Expr):
        return None
    form = _parsed(str(target.value))
    return target.value if isinstance(form, _ALIAS_FORMS) else None


def resolved(name: griffe.ExprName) -> griffe.Object | None:
    """What a name stands for, where that is one of the packages that were read."""
    scope = name.parent
    if not isinstance(scope, griffe.Object):
        return None
    try:
        found = scope.modules_collection.get_member(scope.resolve(name.name))
        target = found.final_target if found.is_alias else found
    except (KeyError, griffe.NameResolutionError, griffe.AliasResolutionError, griffe.CyclicAliasError):
        return None
    return target if isinstance(target, griffe.Object) else None


def classes(annotation: Annotation, depth: int = _DEPTH) -> Iterator[griffe.Class]:
    """The classes of the packages that an annotation names, through its type aliases too."""
    for name in names(annotation):
        target = resolved(name)
        if isinstance(target, griffe.Class):
            yield target
        elif target is not None and depth:
            yield from classes(alias_value(target), depth - 1)


def _parsed(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return ast.Constant(text)


class _Normal(ast.NodeTransformer):
    """Puts type aliases in, and takes the modules out of qualified names."""

    def __init__(self, aliases: dict[str, ast.expr]) -> None:
        self._aliases = aliases

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._aliases.get(node.id, node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return ast.Name(node.attr)


def _expanded(annotation: str | griffe.Expr, depth: int) -> ast.expr:
    aliases: dict[str, ast.expr] = {}
    if depth:
        for name in names(annotation):
            target = resolved(name)
            value = alias_value(target) if target is not None else None
            if value is not None:
                aliases[name.name] = _expanded(value, depth - 1)
    tree: ast.expr = _Normal(aliases).visit(_parsed(str(annotation)))
    return tree


def _members(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _members(node.left)
        yield from _members(node.right)
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        match node.value.id:
            case "Literal":
                yield from (f"Literal[{ast.unparse(value)}]" for value in inside)
            case "Union" | "Optional":
                for value in inside:
                    yield from _members(value)
                if node.value.id == "Optional":
                    yield "None"
            case "NotRequired" | "Required" | "ReadOnly" | "Annotated" | "Final":
                yield from _members(inside[0])
            case _:
                yield ast.unparse(node)
    else:
        yield ast.unparse(node)

"""Changes of the public Python API: griffe's breakages, and what it doesn't judge: types, and what is new."""

from __future__ import annotations

from collections.abc import Iterator

import griffe

from . import python_types
from .python_package import PACKAGE, ROOTS, PublicApi
from .python_types import Annotation, Difference
from .reasons import Level, Reason

GIVEN = frozenset({"AsyncConnections", "AsyncPager", "Call", "Connections", "Pager"})
"""Classes that users are given and never make, so that their constructors are ours."""

_MARKS = frozenset({"async", "classmethod", "staticmethod"})
# Which way a value goes: into the package, out of it, or a name that users write themselves.
_IN = {Difference.WIDER: Level.MINOR}
_OUT = {Difference.NARROWER: Level.MINOR}


def compare(old: PublicApi, new: PublicApi) -> Iterator[Reason]:
    """What changed from one public API to the other."""
    yield from _breakages(old, new)
    yield from _Additions(old, new).compare()


def _reason(level: Level, where: str, sentence: str, *, adds: bool = False) -> Reason:
    return Reason(level, "python", where, sentence, adds)


def _breakages(old: PublicApi, new: PublicApi) -> Iterator[Reason]:
    places = _places(old) | _places(new)
    for root in ROOTS:
        before, after = old.modules.get(root), new.modules.get(root)
        if before is None:
            continue
        if after is None:
            yield _reason(Level.MAJOR, root, "module was removed")
            continue
        for breakage in griffe.find_breaking_changes(before, after):
            yield from _judged(breakage, places)


def _places(api: PublicApi) -> dict[str, str]:
    """Public names by the path of what they stand for; a class that is inherited from has the names of its heirs."""
    names: dict[str, list[str]] = {}
    for name, target in api.public():
        kin = [target, *target.mro()] if isinstance(target, griffe.Class) else [target]
        for each in kin:
            names.setdefault(each.path, []).append(name)
    return {path: ", ".join(found) for path, found in names.items()}


def _judged(breakage: griffe.Breakage, places: dict[str, str]) -> Iterator[Reason]:
    # Bases are compared below by name: griffe counts them, private ones too.
    if isinstance(breakage, griffe.ClassRemovedBaseBreakage) or _is_ours(breakage.obj):
        return
    path, member = breakage.obj.path, ""
    if path not in places:
        path, _, member = path.rpartition(".")
    where = f"{places[path]}.{member}".rstrip(".") if path in places else breakage.obj.path
    yield _reason(Level.MAJOR, where.removeprefix(f"{PACKAGE}."), _sentence(breakage))


def _is_ours(item: griffe.Object | griffe.Alias) -> bool:
    return item.name == "__init__" and item.parent is not None and item.parent.name in GIVEN


def _sentence(breakage: griffe.Breakage) -> str:
    what = breakage.kind.value.lower()
    old, new = (
        value.name if isinstance(value, griffe.Parameter) else value
        for value in (breakage.old_value, breakage.new_value)
    )
    match breakage:
        case griffe.ObjectRemovedBreakage():
            return "was removed"
        case griffe.ParameterChangedDefaultBreakage():
            return f"{what}: {old} is {breakage.new_value.default}, and was {breakage.old_value.default}"
        case griffe.ReturnChangedTypeBreakage() | griffe.ObjectChangedKindBreakage():
            return f"{what}: is {getattr(new, 'value', new)}, and was {getattr(old, 'value', old)}"
        case _:
            return f"{what}: {old or new}"


def _is_public(name: str, member: griffe.Object | griffe.Alias) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__") and member.is_function)


class _Additions:
    """One walk over what both versions have, and over the types that are named there."""

    def __init__(self, old: PublicApi, new: PublicApi) -> None:
        self._old, self._new = old, new
        self._seen: set[tuple[str, str]] = set()
        self._named: list[str] = []

    def compare(self) -> Iterator[Reason]:
        before, after = dict(self._old.public()), dict(self._new.public())
        for name in sorted(after.keys() - before.keys()):
            yield _reason(Level.MINOR, name, "was added", adds=True)
        for name in sorted(after.keys() & before.keys()):
            yield from self._objects(name, before[name], after[name])
        # What public signatures name is public with them, though it can't be imported from the package itself.
        while self._named:
            path = self._named.pop()
            old, new = self._old.find(path), self._new.find(path)
            if (
                isinstance(old, griffe.Class)
                and isinstance(new, griffe.Class)
                and (old.path, new.path) not in self._seen
            ):
                for breakage in griffe.find_breaking_changes(old, new):
                    yield from _judged(breakage, {})
                yield from self._objects(old.path.removeprefix(f"{PACKAGE}."), old, new)

    def _objects(self, where: str, old: griffe.Object, new: griffe.Object) -> Iterator[Reason]:
        if (old.path, new.path) in self._seen:
            return
        self._seen.add((old.path, new.path))
        if isinstance(old, griffe.Class) and isinstance(new, griffe.Class):
            yield from self._classes(where, old, new)
        elif isinstance(old, griffe.Function) and isinstance(new, griffe.Function):
            yield from self._functions(where, old, new)
        elif isinstance(old, griffe.Attribute) and isinstance(new, griffe.Attribute):
            yield from self._attributes(where, old, new)

    def _classes(self, where: str, old: griffe.Class, new: griffe.Class) -> Iterator[Reason]:
        for base in sorted(_ancestors(old) - _ancestors(new)):
            yield _reason(Level.MAJOR, where, f"is no longer a kind of {base}")
        for name, member in sorted(new.all_members.items()):
            if not _is_public(name, member):
                continue
            place = f"{where}.{name}"
            now = _target(member)
            if now is None or (name == "__init__" and _is_ours(now)):
                continue
            was = _target(old.all_members[name]) if name in old.all_members else None
            if was is not None:
                yield from self._objects(place, was, now)
            elif name not in old.all_members and name != "__init__":
                yield self._addition(place, new, now)

    def _addition(self, place: str, parent: griffe.Class, added: griffe.Object) -> Reason:
        bases = {str(base).rpartition(".")[2] for base in parent.bases}
        if "TypedDict" in bases and not _may_be_left_out(parent, added):
            return _reason(Level.MAJOR, place, "required key was added")
        return _reason(Level.MINOR, place, "was added", adds=True)

    def _functions(self, where: str, old: griffe.Function, new: griffe.Function) -> Iterator[Reason]:
        for mark in sorted((old.labels ^ new.labels) & _MARKS):
            yield _reason(Level.MAJOR, where, f"is {'now' if mark in new.labels else 'no longer'} {mark}")
        had = {parameter.name: parameter for parameter in old.parameters}
        for parameter in new.parameters:
            before = had.get(parameter.name)
            if before is not None:
                yield from self._types(f"{where}({parameter.name})", before.annotation, parameter.annotation, _IN)
                if before.required and not parameter.required:
                    yield _reason(Level.MINOR, f"{where}({parameter.name})", "argument is no longer required")
            elif not parameter.required:
                yield _reason(Level.MINOR, f"{where}({parameter.name})", "optional argument was added", adds=True)
        for lost in sorted(had.keys() - {parameter.name for parameter in new.parameters}):
            if not _still_taken(had[lost], new):
                yield _reason(Level.MAJOR, where, f"parameter was removed: {lost}")
        yield from self._types(f"{where}()", old.returns, new.returns, _OUT, "returns")
        was, now = ({_signature(each) for each in function.overloads or ()} for function in (old, new))
        if was - now:
            yield _reason(Level.MAJOR, where, "its overloads changed")
        elif now - was:
            yield _reason(Level.MINOR, where, "overload was added", adds=True)

    def _attributes(self, where: str, old: griffe.Attribute, new: griffe.Attribute) -> Iterator[Reason]:
        was, now = python_types.alias_value(old), python_types.alias_value(new)
        if was is not None and now is not None:
            yield from self._types(where, was, now, _IN)
        else:
            yield from self._types(where, old.annotation, new.annotation, _OUT)

    def _types(
        self, where: str, old: Annotation, new: Annotation, harmless: dict[Difference, Level], verb: str = "is"
    ) -> Iterator[Reason]:
        for annotation in (old, new):
            for each in python_types.classes(annotation):
                if not each.name.startswith("_"):
                    self._named.append(each.path)
        found = python_types.difference(old, new)
        if found is not Difference.NONE:
            level = harmless.get(found, Level.MAJOR)
            yield _reason(
                level, where, f"{verb} {new or 'not typed'}, and {'was' if verb == 'is' else 'returned'} {old}"
            )


def _still_taken(lost: griffe.Parameter, function: griffe.Function) -> bool:
    """Whether `**options: Unpack[Options]` takes an argument that has gone; griffe lets any `**` take all."""
    rest = [each for each in function.parameters if each.kind is griffe.ParameterKind.var_keyword]
    if not rest or lost.kind is not griffe.ParameterKind.keyword_only:
        return True  # griffe tells
    taken = [each for each in python_types.classes(rest[0].annotation) if "Unpack" in str(rest[0].annotation)]
    return not taken or any(lost.name in each.all_members for each in taken)


def _target(member: griffe.Object | griffe.Alias) -> griffe.Object | None:
    try:
        found = member.final_target if isinstance(member, griffe.Alias) else member
    except (griffe.AliasResolutionError, griffe.CyclicAliasError):
        return None
    return found if isinstance(found, griffe.Object) else None


def _ancestors(each: griffe.Class) -> frozenset[str]:
    kin = [each, *each.mro()]
    bases = {str(base).partition("[")[0].rpartition(".")[2] for relative in kin for base in relative.bases}
    return frozenset(name for name in bases if not name.startswith("_"))


def _may_be_left_out(parent: griffe.Class, added: griffe.Object) -> bool:
    annotation = str(added.annotation or "") if isinstance(added, griffe.Attribute) else ""
    return annotation.startswith(("NotRequired", "typing.NotRequired")) or "total=False" in parent.source.split(":")[0]


def _signature(function: griffe.Function) -> str:
    parameters = ", ".join(
        f"{each.kind.value} {each.name}: {each.annotation} = {each.default}" for each in function.parameters
    )
    return f"({parameters}) -> {function.returns}"

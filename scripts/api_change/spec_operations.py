"""Changes of the spec (OpenAPI 3.1) by what the client is generated from: operations, parameters, bodies, schemas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from attrs import frozen

from .reasons import CannotCompareError, Level, Reason
from .spec_schemas import Json, SchemaChanges, Way, is_annotation

SPEC = Path("spec", "openapi.yaml")
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_WAYS: tuple[Way, ...] = ("request", "answer")


def load(root: Path) -> Json:
    """Reads the spec of a checkout.

    Raises:
        CannotCompareError: it is missing or no document.
    """
    try:
        document = yaml.safe_load((root / SPEC).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise CannotCompareError(f"{SPEC.as_posix()} can't be read: {error}") from None
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise CannotCompareError(f"{SPEC.as_posix()} is no OpenAPI document")
    return document


@frozen
class _Operation:
    place: str
    parameters: dict[tuple[str, str], Json]
    body: Json | None
    responses: dict[str, Json]
    definition: Json


class _Spec:
    """A spec with its references followed where operations are concerned; schemas are compared by their names."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self.schemas: Json = document.get("components", {}).get("schemas", {})
        self.operations = dict(self._operations())
        self.used: dict[Way, set[str]] = {way: set(self._reached(way)) for way in _WAYS}

    def _followed(self, node: Json) -> Json:
        while "$ref" in node:
            target: Any = self.document
            for part in str(node["$ref"]).removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def _operations(self) -> Iterator[tuple[str, _Operation]]:
        for path, item in self.document["paths"].items():
            for method in _METHODS:
                if method not in item:
                    continue
                definition = item[method]
                listed = [
                    self._followed(each) for each in (*item.get("parameters", []), *definition.get("parameters", []))
                ]
                body = definition.get("requestBody")
                place = f"{method.upper()} {path}"
                yield (
                    definition.get("operationId", place),
                    _Operation(
                        place,
                        {(each["in"], each["name"]): each for each in listed},
                        None if body is None else self._followed(body),
                        {str(status): self._followed(each) for status, each in definition["responses"].items()},
                        definition,
                    ),
                )

    def _reached(self, way: Way) -> Iterator[str]:
        """Names of the schemas that requests or answers are made of."""
        roots: list[Any] = []
        for operation in self.operations.values():
            roots += [operation.parameters, operation.body] if way == "request" else [operation.responses]
        found: set[str] = set()
        while roots:
            node = roots.pop()
            if isinstance(node, dict):
                name = str(node.get("$ref", "")).removeprefix("#/components/schemas/")
                if name in self.schemas and name not in found:
                    found.add(name)
                    yield name
                    roots.append(self.schemas[name])
                roots += node.values()
            elif isinstance(node, list):
                roots += node


def compare(old_document: Json, new_document: Json) -> Iterator[Reason]:
    """What changed from one spec to the other, with what it is to users of the client that is generated from it."""
    if old_document == new_document:
        return
    old, new = _Spec(old_document), _Spec(new_document)
    found = list(_compare(old, new))
    yield from found
    if not found:
        yield Reason(Level.PATCH, "spec", "openapi.yaml", "only descriptions, examples or extensions changed")


def _compare(old: _Spec, new: _Spec) -> Iterator[Reason]:
    for name in old.operations.keys() - new.operations.keys():
        yield Reason(Level.MAJOR, "spec", name, "operation was removed or has another operationId")
    for name in new.operations.keys() - old.operations.keys():
        yield Reason(Level.MINOR, "spec", name, "operation was added", adds=True)
    for name in old.operations.keys() & new.operations.keys():
        yield from _compare_operation(name, old.operations[name], new.operations[name])
    for way in _WAYS:
        changes = SchemaChanges(way)
        for name in old.used[way] & new.used[way]:
            yield from changes.compare(name, old.schemas[name], new.schemas[name])
    for part in ("security", "securitySchemes"):
        before, after = (
            each.get(part) if part in each else each.get("components", {}).get(part)
            for each in (old.document, new.document)
        )
        if _bare(before) != _bare(after):
            yield Reason(Level.MAJOR, "spec", part, "the way to sign in changed")


def _bare(node: Any) -> Any:
    """A part of the spec without what only readers see."""
    if isinstance(node, dict):
        return {key: _bare(inner) for key, inner in node.items() if not is_annotation(key)}
    return [_bare(inner) for inner in node] if isinstance(node, list) else node


def _compare_operation(name: str, old: _Operation, new: _Operation) -> Iterator[Reason]:
    if old.place != new.place:
        yield Reason(Level.MAJOR, "spec", name, f"is {new.place}, and was {old.place}")
    if bool(new.definition.get("deprecated")) > bool(old.definition.get("deprecated")):
        yield Reason(Level.MINOR, "spec", name, "operation is deprecated")
    if _bare(old.definition.get("security")) != _bare(new.definition.get("security")):
        yield Reason(Level.MAJOR, "spec", name, "the way to sign in changed")
    for word in ("x-qlik-tier", "x-qlik-replaces", "x-repeatable"):
        if old.definition.get(word) != new.definition.get(word):
            yield Reason(Level.PATCH, "spec", name, f"{word} changed: the client paces, repeats or addresses it anew")
    yield from _compare_parameters(name, old, new)
    yield from _compare_bodies(name, old.body, new.body)
    yield from _compare_responses(name, old, new)


def _compare_parameters(name: str, old: _Operation, new: _Operation) -> Iterator[Reason]:
    changes = SchemaChanges("request")
    for _, parameter in old.parameters.keys() - new.parameters.keys():
        yield Reason(Level.MAJOR, "spec", f"{name}({parameter})", "parameter was removed")
    for key in new.parameters.keys() - old.parameters.keys():
        place = f"{name}({key[1]})"
        if new.parameters[key].get("required"):
            yield Reason(Level.MAJOR, "spec", place, "required parameter was added")
        else:
            yield Reason(Level.MINOR, "spec", place, "optional parameter was added", adds=True)
    for key in old.parameters.keys() & new.parameters.keys():
        place, before, after = f"{name}({key[1]})", old.parameters[key], new.parameters[key]
        needed, needs = bool(before.get("required")), bool(after.get("required"))
        if needed != needs:
            level = Level.MAJOR if needs else Level.MINOR
            yield Reason(level, "spec", place, f"parameter is {'required now' if needs else 'no longer required'}")
        yield from changes.compare(place, before.get("schema", {}), after.get("schema", {}))
        others = {word for word in before.keys() | after.keys() if before.get(word) != after.get(word)}
        for word in sorted(others - {"schema", "required"}):
            if not is_annotation(word):
                yield Reason(Level.MAJOR, "spec", place, f"{word} is another one: taken as breaking")


def _compare_bodies(name: str, old: Json | None, new: Json | None) -> Iterator[Reason]:
    place = f"{name} body"
    if old is None or new is None:
        if old is not None:
            yield Reason(Level.MAJOR, "spec", place, "the request has no body now")
        elif new is not None:
            level = Level.MAJOR if new.get("required") else Level.MINOR
            yield Reason(level, "spec", place, "the request has a body now", adds=level is Level.MINOR)
        return
    needed, needs = bool(old.get("required")), bool(new.get("required"))
    if needed != needs:
        level = Level.MAJOR if needs else Level.MINOR
        yield Reason(level, "spec", place, f"body is {'required now' if needs else 'no longer required'}")
    yield from _compare_content(place, "request", old, new)


def _compare_responses(name: str, old: _Operation, new: _Operation) -> Iterator[Reason]:
    for status in old.responses.keys() - new.responses.keys():
        success = status.startswith("2")
        level = Level.MAJOR if success else Level.PATCH
        yield Reason(level, "spec", f"{name} {status}", f"{'success' if success else 'error'} is no longer documented")
    for status in new.responses.keys() - old.responses.keys():
        kind = "success" if status.startswith("2") else "error"
        yield Reason(Level.MINOR, "spec", f"{name} {status}", f"{kind} is documented now", adds=True)
    for status in old.responses.keys() & new.responses.keys():
        yield from _compare_content(f"{name} {status}", "answer", old.responses[status], new.responses[status])


def _compare_content(place: str, way: Way, old: Json, new: Json) -> Iterator[Reason]:
    before, after = old.get("content", {}), new.get("content", {})
    for media in before.keys() - after.keys():
        yield Reason(Level.MAJOR, "spec", place, f"{media} was removed")
    for media in after.keys() - before.keys():
        # An answer that had no content and has one now adds a result; one more form of the same may be sent unasked.
        level = Level.MAJOR if way == "answer" and before else Level.MINOR
        yield Reason(level, "spec", place, f"{media} was added", adds=level is Level.MINOR)
    for media in before.keys() & after.keys():
        yield from SchemaChanges(way).compare(place, before[media].get("schema", {}), after[media].get("schema", {}))

"""Every way to make one fact of a reference another, and what the check must say of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import attrs
from attrs import frozen

from reference_page.facts import Field, Operation, Rate, Reference, Response

T = TypeVar("T")
Put = Callable[[Any], Reference]


@frozen
class Mutation:
    """A reference with one fact changed.

    Attributes:
        reference: what the page says then.
        where: the place that the check must name.
        fact: the fact that it must name.
        breaking: whether it must call it breaking.
    """

    reference: Reference
    where: str
    fact: str
    breaking: bool

    def __str__(self) -> str:
        return f"{self.where}: {self.fact}"


def mutations(reference: Reference) -> Iterator[Mutation]:
    """All references that differ from this one in one fact."""
    yield Mutation(attrs.evolve(reference, base_url="https://elsewhere.example.org"), "the API", "base URL", True)
    for name, operation in reference.operations.items():

        def put(changed: Operation, name: str = name) -> Reference:
            return attrs.evolve(reference, operations={**reference.operations, name: changed})

        if len(reference.operations) > 1:
            rest = _without(reference.operations, name)
            yield Mutation(attrs.evolve(reference, operations=rest), name, "operation", True)
        added = f"{name}/actions/added"
        operations = {**reference.operations, added: operation}
        yield Mutation(attrs.evolve(reference, operations=operations), added, "operation", False)
        if "{" in name:
            yield Mutation(_renamed(reference, name), name, "path", False)
        yield from _of_operation(name, operation, put)


def constraint_mutations(reference: Reference) -> Iterator[Mutation]:
    """All references that differ from this one in one fact that the page has no place for."""
    for name, operation in reference.operations.items():

        def put(changed: Operation, name: str = name) -> Reference:
            return attrs.evolve(reference, operations={**reference.operations, name: changed})

        for (place, key), field in operation.parameters.items():
            where = f"{name}, {place} parameter {key}"
            changes = [("maximum", 9), ("minimum", 2), ("default", False), ("format", "uuid"), ("nullable", True)]
            for fact, value in changes:
                constrained = attrs.evolve(field, constraints={**field.constraints, fact: value})
                parameters = {**operation.parameters, (place, key): constrained}
                changed = attrs.evolve(operation, parameters=parameters)
                yield Mutation(put(changed), where, fact, fact not in ("format", "nullable"))


def _renamed(reference: Reference, name: str) -> Reference:
    """The same, with other names of an operation's path parameters."""
    renamed = {}
    for key, operation in reference.operations.items():
        if key == name:
            key = re.sub(r"\{(\w+)\}", r"{another_\1}", key)
            names = {each: f"another_{each}" for each in re.findall(r"\{(\w+)\}", name)}
            parameters = {
                (place, names.get(each, each) if place == "path" else each): field
                for (place, each), field in operation.parameters.items()
            }
            operation = attrs.evolve(operation, parameters=parameters)
        renamed[key] = operation
    return attrs.evolve(reference, operations=renamed)


def _of_operation(name: str, operation: Operation, put: Put) -> Iterator[Mutation]:
    def having(**changes: Any) -> Reference:
        return put(attrs.evolve(operation, **changes))

    yield Mutation(having(notes={**operation.notes, "Stability": "beta"}), name, "statement 'Stability'", False)
    if operation.rate is not None:
        tier, limit = operation.rate.tier, operation.rate.per_minute
        yield Mutation(having(rate=Rate(tier, limit - 1)), name, "rate tier", True)
        yield Mutation(having(rate=Rate(tier, limit + 1)), name, "rate tier", False)
        yield Mutation(having(rate=Rate(tier + 1, limit)), name, "rate tier", True)
        yield Mutation(having(rate=None), name, "rate tier", False)
    for replaced in operation.replaces:
        yield Mutation(having(replaces=operation.replaces - {replaced}), name, "replaced path", True)
    yield Mutation(having(replaces=operation.replaces | {"GET:/v0/added"}), name, "replaced path", False)
    for place in ("path", "query", "header"):
        fields = {key: each for (where, key), each in operation.parameters.items() if where == place}
        others = {key: each for key, each in operation.parameters.items() if key[0] != place}

        def put_fields(changed: Mapping[str, Field], place: str = place, others: Any = others) -> Reference:
            return having(parameters={**others, **{(place, key): each for key, each in changed.items()}})

        yield from _of_fields(f"{name}, {place} parameter ", fields, put_fields, request=True, nested=False)
    if operation.body is not None:
        body = operation.body
        where = f"{name}, request body"
        yield Mutation(having(body=None), where, "body", True)
        flipped = attrs.evolve(body, required=not body.required)
        yield Mutation(having(body=flipped), where, "required", not body.required)
        yield Mutation(having(body=attrs.evolve(body, content_type="text/plain")), where, "content type", True)

        def put_body(changed: Mapping[str, Field]) -> Reference:
            return having(body=attrs.evolve(body, fields=changed))

        yield from _of_fields(f"{where}, ", body.fields, put_body, request=True)
    for status, response in operation.responses.items():
        yield from _of_response(name, operation, status, response, having)
    for status, breaking in (("299", True), ("499", False)):
        more = {**operation.responses, status: Response()}
        yield Mutation(having(responses=more), f"{name}, response {status}", "status", breaking)


def _of_response(
    name: str, operation: Operation, status: str, response: Response, having: Callable[..., Reference]
) -> Iterator[Mutation]:
    where = f"{name}, response {status}"
    if len(operation.responses) > 1:
        yield Mutation(having(responses=_without(operation.responses, status)), where, "status", status.startswith("2"))
    if response.content_type is None:
        return

    def put(changed: Response) -> Reference:
        return having(responses={**operation.responses, status: changed})

    yield Mutation(put(attrs.evolve(response, content_type="text/plain")), where, "content type", True)
    yield Mutation(put(Response()), where, "content type", True)
    yield from _of_fields(f"{where}, ", response.fields, lambda fields: put(attrs.evolve(response, fields=fields)))


def _of_fields(
    where: str,
    fields: Mapping[str, Field],
    put: Callable[[Mapping[str, Field]], Reference],
    *,
    request: bool = False,
    nested: bool = True,
) -> Iterator[Mutation]:
    if fields:
        yield Mutation(put({**fields, "added": Field("string")}), f"{where}added", "field", False)
        required = {**fields, "added": Field("string", required=True)}
        yield Mutation(put(required), f"{where}added", "field", request)
    for name, field in fields.items():
        place = f"{where}{name}"

        def having(field: Field = field, name: str = name, **changes: Any) -> Reference:
            return put({**fields, name: attrs.evolve(field, **changes)})

        if len(fields) > 1:
            yield Mutation(put(_without(fields, name)), place, "field", True)
        breaking = field.required != request
        yield Mutation(having(required=not field.required), place, "required", breaking)
        yield Mutation(having(type="number" if field.type != "number" else "boolean"), place, "type", True)
        yield Mutation(having(type=field.type + "[]"), place, "type", True)
        if field.enum is None:
            yield Mutation(having(enum=("only",)), place, "enum", True)
        else:
            yield Mutation(having(enum=None), place, "enum", not request)
            yield Mutation(having(enum=(*field.enum, "added")), place, "enum value", not request)
            if len(field.enum) > 1:
                yield Mutation(having(enum=field.enum[1:]), place, "enum value", True)
        if nested:
            inside = f"{where}{name}{field.suffix}."

            def put_inner(changed: Mapping[str, Field], having: Callable[..., Reference] = having) -> Reference:
                return having(fields=changed)

            yield from _of_fields(inside, field.fields, put_inner, request=request)


def _without(mapping: Mapping[str, T], key: str) -> dict[str, T]:
    return {each: value for each, value in mapping.items() if each != key}

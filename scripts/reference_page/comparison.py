"""The page against the spec, one difference a fact, and which of them break callers.

The page is what the service promises now, the spec what the client was made from. A difference is breaking if a caller
who goes by the spec may fail at a service that goes by the page; `docs/maintaining.md` lists the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from attrs import frozen

from .facts import Body, Field, Operation, Rate, Reference, Response, base_of

Side = Literal["request", "response"]
NOTHING: Final = "nothing"


@frozen
class Difference:
    """One fact of which page and spec say different things.

    Attributes:
        where: the operation, and the place in it.
        fact: what of the place differs, such as `type`.
        page: what the page says.
        spec: what the spec says.
        breaking: whether callers who go by the spec may fail.
    """

    where: str
    fact: str
    page: str
    spec: str
    breaking: bool

    def __str__(self) -> str:
        kind = "breaking" if self.breaking else "not breaking"
        return f"{self.where}: {self.fact}: the page says {self.page}, the spec says {self.spec} ({kind})"


def compare(page: Reference, spec: Reference) -> list[Difference]:
    """Compares the operations below the page's own base paths.

    Args:
        page: what the page says.
        spec: what the spec says.

    Returns:
        The differences, in the order of the spec, what the page alone has at the end of each part.
    """
    found = []
    if page.base_url != spec.base_url:
        found.append(Difference("the API", "base URL", page.base_url, spec.base_url, True))
    compared = {name: each for name, each in spec.operations.items() if base_of(name) in page.bases}
    for name, here, there in _pairs(page.operations, compared):
        if here is None or there is None:
            found.append(_presence(name, "operation", here is not None, here is None))
        else:
            found += _operation(name, here, there)
    return found


def _pairs(page: Mapping[Any, Any], spec: Mapping[Any, Any]) -> Iterator[tuple[Any, Any, Any]]:
    for key in [*spec, *(key for key in page if key not in spec)]:
        yield key, page.get(key), spec.get(key)


def _presence(where: str, fact: str, on_page: bool, breaking: bool, what: str = "") -> Difference:
    there = f"that it exists{f' ({what})' if what else ''}"
    return Difference(where, fact, there if on_page else NOTHING, NOTHING if on_page else there, breaking)


def _operation(name: str, page: Operation, spec: Operation) -> Iterator[Difference]:
    if page.rate != spec.rate:
        tighter = page.rate is not None and spec.rate is not None and _is_tighter(page.rate, spec.rate)
        yield Difference(name, "rate tier", _said(page.rate), _said(spec.rate), tighter)
    for replaced in sorted(page.replaces ^ spec.replaces):
        yield _presence(name, "replaced path", replaced in page.replaces, replaced in spec.replaces, replaced)
    for label, text in page.notes.items():
        yield Difference(name, f"statement {label!r}", repr(text), NOTHING, False)
    for (place, parameter), here, there in _pairs(page.parameters, spec.parameters):
        yield from _fields(f"{name}, {place} parameter ", "", {parameter: here}, {parameter: there}, "request")
    yield from _body(f"{name}, request body", page.body, spec.body)
    for status, here, there in _pairs(page.responses, spec.responses):
        where = f"{name}, response {status}"
        if here is None or there is None:
            # The client refuses a success that the spec does not list, and reads any error, one that is not sent too.
            yield _presence(where, "status", here is not None, status.startswith("2"))
        else:
            yield from _response(where, here, there)


def _is_tighter(page: Rate, spec: Rate) -> bool:
    return (page.per_minute, -page.tier) < (spec.per_minute, -spec.tier)


def _body(where: str, page: Body | None, spec: Body | None) -> Iterator[Difference]:
    if page is None or spec is None:
        if page is not None or spec is not None:
            yield _presence(where, "body", page is not None, page is None or page.required)
        return
    if page.required != spec.required:
        yield Difference(where, "required", _mark(page.required), _mark(spec.required), page.required)
    if page.content_type != spec.content_type:
        yield Difference(where, "content type", page.content_type, spec.content_type, True)
    yield from _fields(f"{where}, ", "", page.fields, spec.fields, "request")


def _response(where: str, page: Response, spec: Response) -> Iterator[Difference]:
    if page.content_type != spec.content_type:
        yield Difference(where, "content type", page.content_type or NOTHING, spec.content_type or NOTHING, True)
        if not (page.fields and spec.fields):
            return
    yield from _fields(f"{where}, ", "", page.fields, spec.fields, "response")


def _fields(
    where: str, path: str, page: Mapping[str, Field | None], spec: Mapping[str, Field | None], side: Side
) -> Iterator[Difference]:
    for name, here, there in _pairs(page, spec):
        place = f"{where}{path}{name}"
        if here is None or there is None:
            if one := here or there:
                breaking = here is None or (side == "request" and here.required)
                yield _presence(place, "field", here is not None, breaking, f"{one.type}, {_mark(one.required)}")
            continue
        if here.required != there.required:
            breaking = here.required if side == "request" else there.required
            yield Difference(place, "required", _mark(here.required), _mark(there.required), breaking)
        yield from _constraints(place, here.constraints, there.constraints)
        if here.type != there.type:
            # What is inside values of two types is not one thing: the type is the difference.
            yield Difference(place, "type", here.type, there.type, True)
            continue
        yield from _enum(place, here.enum, there.enum, side)
        yield from _fields(where, f"{path}{name}{here.suffix}.", here.fields, there.fields, side)


def _constraints(place: str, page: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[Difference]:
    for name, here, there in _pairs(page, spec):
        if here != there:
            yield Difference(place, name, _said(here), _said(there), False)


def _enum(place: str, page: Sequence[str] | None, spec: Sequence[str] | None, side: Side) -> Iterator[Difference]:
    if page is None or spec is None:
        if page is not spec:
            yield Difference(place, "enum", _values(page), _values(spec), side == "response" or spec is None)
        return
    for value in [*spec, *(value for value in page if value not in spec)]:
        if value not in page or value not in spec:
            breaking = side == "response" or value not in page
            yield _presence(place, "enum value", value in page, breaking, repr(value))


def _values(values: Sequence[str] | None) -> str:
    return "any value" if values is None else "only " + ", ".join(map(repr, values))


def _mark(required: bool) -> str:
    return "required" if required else "optional"


def _said(value: object) -> str:
    return NOTHING if value is None else str(value)

"""Compare what the vendor documents with the spec: one difference per fact, and whether it breaks callers.

The vendor's page or OpenAPI file is what the service promises now; the spec is what the client was made from. A
difference is breaking if a caller who relies on the spec may fail against the service that the vendor documents;
`docs/maintaining.md` lists the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from attrs import evolve, frozen

from .facts import Body, Field, Operation, Reference, Response, base_of, path_names, shape_of

Side = Literal["request", "response"]
NOTHING: Final = "nothing"
# Constraints that refuse no request.
_HARMLESS: Final = ("format", "nullable", "deprecated", "x-qlik-filterable")
PAGE: Final = "page"
OPENAPI: Final = "vendor's OpenAPI"


@frozen
class Difference:
    """One fact that the vendor and the spec state differently.

    Attributes:
        where: The operation, and the place in it.
        fact: What differs there, such as `type`.
        vendor: What the vendor says.
        spec: What the spec says.
        breaking: Whether callers who rely on the spec may fail.
        source: Where the vendor says it.
    """

    where: str
    fact: str
    vendor: str
    spec: str
    breaking: bool
    source: str = PAGE

    def __str__(self) -> str:
        kind = "breaking" if self.breaking else "not breaking"
        return f"{self.where}: {self.fact}: the {self.source} says {self.vendor}, the spec says {self.spec} ({kind})"


def compare(vendor: Reference, spec: Reference) -> list[Difference]:
    """Compare the operations below the base paths that the vendor's document describes.

    Differences come in the order of the spec, with what the vendor alone has at the end of each part.
    """
    found: list[Difference] = []
    if vendor.base_url != spec.base_url:
        found.append(Difference("the API", "base URL", vendor.base_url, spec.base_url, True))
    compared = {name: each for name, each in spec.operations.items() if base_of(name) in vendor.bases}
    theirs = {}
    for name, operation in vendor.operations.items():
        same = next((each for each in compared if shape_of(each) == shape_of(name)), name)
        if same != name:
            # A path parameter's name is never sent, so another name makes no other operation.
            found.append(Difference(same, "path", name, same, False))
        theirs[same] = _with_path_names(operation, name, same)
    for name, here, there in _pairs(theirs, compared):
        if here is None or there is None:
            found.append(_presence(name, "operation", here is not None, here is None))
        else:
            found += _operation(name, here, there)
    return found


def _with_path_names(operation: Operation, theirs: str, ours: str) -> Operation:
    names = dict(zip(path_names(theirs), path_names(ours), strict=True))
    parameters = {
        (place, names.get(name, name) if place == "path" else name): each
        for (place, name), each in operation.parameters.items()
    }
    return evolve(operation, parameters=parameters)


def _pairs(vendor: Mapping[Any, Any], spec: Mapping[Any, Any]) -> Iterator[tuple[Any, Any, Any]]:
    for key in [*spec, *(key for key in vendor if key not in spec)]:
        yield key, vendor.get(key), spec.get(key)


def _presence(where: str, fact: str, documented: bool, breaking: bool, what: str = "") -> Difference:
    there = f"that it exists{f' ({what})' if what else ''}"
    return Difference(where, fact, there if documented else NOTHING, NOTHING if documented else there, breaking)


def _operation(name: str, vendor: Operation, spec: Operation) -> Iterator[Difference]:
    if vendor.rate != spec.rate:
        tighter = vendor.rate and spec.rate and vendor.rate.tightness > spec.rate.tightness
        yield Difference(name, "rate tier", _said(vendor.rate), _said(spec.rate), bool(tighter))
    for replaced in sorted(vendor.replaces ^ spec.replaces):
        yield _presence(name, "replaced path", replaced in vendor.replaces, replaced in spec.replaces, replaced)
    if vendor.id is not None and spec.id is not None and vendor.id != spec.id:
        yield Difference(name, "operationId", vendor.id, spec.id, False)
    for label, here, there in _pairs(vendor.notes, spec.notes):
        if here != there:
            theirs, ours = (NOTHING if text is None else repr(text) for text in (here, there))
            yield Difference(name, f"statement {label!r}", theirs, ours, False)
    for (place, parameter), here, there in _pairs(vendor.parameters, spec.parameters):
        yield from _fields(f"{name}, {place} parameter ", {parameter: here}, {parameter: there}, "request")
    yield from _body(f"{name}, request body", vendor.body, spec.body)
    for status, here, there in _pairs(vendor.responses, spec.responses):
        where = f"{name}, response {status}"
        if here is None or there is None:
            # The client refuses a success that the spec does not list, and reads any error.
            yield _presence(where, "status", here is not None, status.startswith("2"))
        else:
            yield from _content(where, here, there, "response")


def _body(where: str, vendor: Body | None, spec: Body | None) -> Iterator[Difference]:
    if vendor is None or spec is None:
        if vendor is not spec:
            yield _presence(where, "body", vendor is not None, vendor is None or vendor.required)
        return
    if vendor.required != spec.required:
        yield Difference(where, "required", _mark(vendor.required), _mark(spec.required), vendor.required)
    yield from _content(where, vendor, spec, "request")


def _content(where: str, vendor: Body | Response, spec: Body | Response, side: Side) -> Iterator[Difference]:
    if vendor.content_type != spec.content_type:
        yield Difference(where, "content type", _said(vendor.content_type), _said(spec.content_type), True)
        if not (vendor.fields and spec.fields):
            return
    yield from _fields(f"{where}, ", vendor.fields, spec.fields, side)


def _fields(
    where: str, vendor: Mapping[str, Field | None], spec: Mapping[str, Field | None], side: Side
) -> Iterator[Difference]:
    for name, here, there in _pairs(vendor, spec):
        place = f"{where}{name}"
        if here is None or there is None:
            if one := here or there:
                breaking = here is None or (side == "request" and here.required)
                yield _presence(place, "field", here is not None, breaking, f"{one.type}, {_mark(one.required)}")
            continue
        if here.required != there.required:
            breaking = here.required if side == "request" else there.required
            yield Difference(place, "required", _mark(here.required), _mark(there.required), breaking)
        yield from _constraints(place, here.constraints, there.constraints, side)
        if here.type != there.type:
            # The insides of two types can't be compared.
            yield Difference(place, "type", here.type, there.type, True)
            continue
        yield from _enum(place, here.enum, there.enum, side)
        yield from _fields(f"{place}{here.suffix}.", here.fields, there.fields, side)


def _constraints(place: str, vendor: Mapping[str, Any], spec: Mapping[str, Any], side: Side) -> Iterator[Difference]:
    for name, here, there in _pairs(vendor, spec):
        if here != there:
            breaking = side == "request" and _is_narrower(name, here, there)
            yield Difference(place, name, _said(here), _said(there), breaking)


def _is_narrower(name: str, vendor: Any, spec: Any) -> bool:
    """Whether a request that meets the spec's constraint may fail, or mean something else, by the vendor's."""
    if vendor is None or name.lstrip("[]") in _HARMLESS:
        return False
    if spec is None or isinstance(vendor, bool | str):
        return True
    return bool(vendor < spec if "max" in name.lower() else vendor > spec)


def _enum(place: str, vendor: Sequence[str] | None, spec: Sequence[str] | None, side: Side) -> Iterator[Difference]:
    if vendor is None or spec is None:
        if vendor is not spec:
            yield Difference(place, "enum", _values(vendor), _values(spec), side == "response" or spec is None)
        return
    for value in [*spec, *(value for value in vendor if value not in spec)]:
        if value not in vendor or value not in spec:
            breaking = side == "response" or value not in vendor
            yield _presence(place, "enum value", value in vendor, breaking, repr(value))


def _values(values: Sequence[str] | None) -> str:
    return "any value" if values is None else "only " + ", ".join(map(repr, values))


def _mark(required: bool) -> str:
    return "required" if required else "optional"


def _said(value: object) -> str:
    return NOTHING if value is None else str(value)

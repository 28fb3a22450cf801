"""Our page with one difference planted: the line that is printed for it."""

from __future__ import annotations

import pytest

import check_docs
from reference_page.departures import Departure
from reference_page.errors import PageError, SpecError
from reference_page.page import read_page
from reference_page.spec import Spec, read_spec
from scripts.own_page.files import BASE, DEPARTURES, PAGE, SPEC, changed

GET, POST = "GET /api/workflows/kettles", "POST /api/workflows/kettles"
DELETE = "DELETE /api/workflows/kettles/{id}"


def lines(page: str, spec: str = SPEC, departures: tuple[Departure, ...] = DEPARTURES) -> list[str]:
    judged = check_docs.differences(read_page(page), Spec(spec), departures)
    return [str(each) for each in judged.differences]


def test_our_page_and_our_spec_say_the_same() -> None:
    assert lines(PAGE) == []


def test_what_is_not_below_the_base_path_is_not_compared() -> None:
    assert "kettle-factories" in SPEC
    assert not any("factories" in line for line in lines(changed(PAGE, "**Required**", "Perhaps")))


PLANTED: dict[str, tuple[tuple[str, str], *tuple[str, ...]]] = {
    "rate tier": (
        ("Tier 1 (1000", "Tier 1 (600"),
        f"{GET}: rate tier: the page says tier 1, 600 requests a minute, the spec says tier 1, 1000 requests a minute"
        " (breaking)",
    ),
    "statement": (
        ("- **Replaces:**", "- **Deprecated:** since May\n- **Replaces:**"),
        f"{GET}: statement 'Deprecated': the page says 'since May', the spec says nothing (not breaking)",
    ),
    "enum gone": (
        (' Enum: "litres", "+litres", "-litres"', ""),
        f"{GET}, query parameter sort: enum: the page says any value, the spec says only 'litres', '+litres', '-litres'"
        " (not breaking)",
    ),
    "deep response field": (
        ("| `href` | string |", "| `href` | object |"),
        f"{GET}, response 200, links.next.href: type: the page says object, the spec says string (breaking)",
    ),
    "example with another type": (
        ('"litres": 1.7', '"litres": "a lot"'),
        f"{GET}, example answer, data[].litres: value: the page says a value of type string, the spec says"
        " type 'number' (breaking)",
    ),
    "example without what is required": (
        ('{"id": "k2"}', "{}"),
        f"{POST}, example answer, the answer: value: the page says a value of type object, the spec says"
        " required ['id'] (breaking)",
    ),
    "example with an undeclared field": (
        ('{"id": "k2"}', '{"id": "k2", "lid": true}'),
        f"{POST}, example answer, lid: field: the page says that it exists, the spec says nothing (not breaking)",
    ),
    "example that is no JSON": (
        ('{"id": "k2"}', '{"id": k2}'),
        f"{POST}, example answer: form: the page says what is no JSON, the spec says JSON (not breaking)",
    ),
    "example of nothing": (
        ('kettles/{id}" -X DELETE\n```', 'x" -X DELETE\n```\n\n**Example Response:**\n\n```json\n{}\n```'),
        f"{DELETE}, example answer: content: the page says that there is some, the spec says that a success has none"
        " (not breaking)",
    ),
}


def test_a_planted_difference_is_told_in_a_line() -> None:
    for name, ((old, new), *wanted) in PLANTED.items():
        assert lines(changed(PAGE, old, new)) == wanted, name


def test_a_page_of_another_resource_is_refused() -> None:
    with pytest.raises(PageError, match="/api/workflows/teapots, of which the spec has nothing"):
        lines(PAGE.replace("/kettles", "/teapots"))


def test_a_spec_that_cannot_be_compared_is_refused() -> None:
    for old, new, reason in (
        ("openapi: 3.1.0", "swagger: 2", "not an OpenAPI"),
        ("openapi: 3.1.0", "openapi: [", "not YAML"),
        ("#/components/schemas/Page", "#/components/schemas/Leaf", "leads nowhere"),
        ("#/components/schemas/Page", "other.yaml#/Page", "can't be followed"),
        ("href: {type: string}", "href: {$ref: '#/components/schemas/Page'}", "holds itself"),
        ("href: {type: string}", "href: {oneOf: []}", "oneOf"),
        ("limit: 1000", "limit: many", "lacks something"),
        ("servers:\n  - url: https://{tenant}.example.org\n", "", "servers"),
    ):
        with pytest.raises(SpecError, match=reason):
            read_spec(Spec(changed(SPEC, old, new)), {BASE})


def test_what_is_no_spec_is_refused() -> None:
    for text in ("", "[]", "paths: {}", "openapi: 3.1.0", "openapi: 3.1.0\npaths: []"):
        with pytest.raises(SpecError):
            Spec(text)


def test_nullable_is_a_constraint_and_no_type() -> None:
    spec = changed(
        SPEC, "forced, in: query, schema: {type: boolean}", "forced, in: query, schema: {type: [boolean, 'null']}"
    )
    assert lines(PAGE, spec) == [
        f"{DELETE}, query parameter forced: nullable: the page says nothing, the spec says True (not breaking)"
    ]


def test_a_departure_that_is_not_listed_is_a_difference() -> None:
    assert lines(PAGE, departures=()) == [
        f"{GET}, query parameter limit: minimum: the page says nothing, the spec says 1 (not breaking)"
    ]


def test_a_departure_that_no_longer_applies_is_a_difference() -> None:
    (line,) = lines(PAGE, changed(SPEC, ", minimum: 1", ""))
    assert line.startswith(f"{GET}, query parameter limit: known departure (minimum): ")
    assert "no longer applies" in line


def test_a_departure_explains_its_own_values_alone() -> None:
    found = lines(PAGE, changed(SPEC, "minimum: 1", "minimum: 5"))
    assert len(found) == 2
    assert "minimum: the page says nothing, the spec says 5" in found[0]
    assert "no longer applies" in found[1]


def test_departures_of_other_pages_are_left_alone() -> None:
    other = Departure("GET /api/workflows/teapots, query parameter limit", "minimum", "nothing", "1", "tea")
    assert lines(PAGE, departures=(*DEPARTURES, other)) == []

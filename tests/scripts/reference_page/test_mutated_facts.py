"""One fact changed at random, written as a page and as OpenAPI: the check finds that one, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from string import ascii_lowercase
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_page.comparison import compare
from reference_page.facts import Body, Field, Operation, Rate, Reference, Response
from reference_page.page import read_page
from reference_page.spec import Spec, read_spec
from sampling import few
from scripts.own_page import files
from scripts.own_page.mutations import Mutation, constraint_mutations, mutations
from scripts.own_page.openapi import document
from scripts.own_page.rendering import render

SERVICE: Final = Path(__file__).parents[3] / "spec" / "openapi.yaml"
BASE: Final = "/api/workflows/automation-connections"

names = st.text(f"{ascii_lowercase}_", min_size=1, max_size=6)
letters = st.text(ascii_lowercase, min_size=1, max_size=6)
words = st.builds("{}{}{}".format, st.sampled_from(["", "-", "+"]), letters, st.sampled_from(["", " a", " bcd"]))
enums = st.none() | st.lists(words, min_size=1, max_size=3, unique=True).map(tuple)
leaves = st.builds(Field, st.sampled_from(["string", "integer", "boolean", "undefined[]"]), st.booleans(), enums)


def fields_of(inner: st.SearchStrategy[Field]) -> st.SearchStrategy[dict[str, Field]]:
    return st.dictionaries(names, inner, min_size=1, max_size=3)


fields = st.recursive(
    leaves,
    lambda inner: st.builds(
        Field, st.sampled_from(["object", "object[]", "object[][]"]), st.booleans(), st.none(), fields_of(inner)
    ),
    max_leaves=6,
)
responses = st.builds(Response) | st.builds(Response, st.just("application/json"), fields_of(fields))
operations = st.builds(
    Operation,
    st.none() | st.builds(Rate, st.integers(1, 3), st.integers(2, 5000)),
    st.frozensets(st.sampled_from(["GET:/v1/a", "GET:/v1/a/{id}", "POST:/v0/b"])),
    st.dictionaries(st.tuples(st.sampled_from(["path", "query", "header"]), names), leaves, max_size=3),
    st.none() | st.builds(Body, st.booleans(), st.just("application/json"), fields_of(fields)),
    st.dictionaries(st.sampled_from(["200", "201", "204", "400", "503"]), responses, min_size=1, max_size=3),
)
references = st.builds(
    Reference,
    st.just("https://{tenant}.example.org"),
    st.dictionaries(
        st.sampled_from(["GET /api/w/things", "POST /api/w/things", "GET /api/w/things/{id}"]), operations, min_size=1
    ),
)


def by_page(reference: Reference) -> Reference:
    return read_page(render(reference))


def by_openapi(reference: Reference) -> Reference:
    return read_spec(Spec(document(reference), is_vendors=True))


WAYS: Final = (by_page, by_openapi)


def check(mutation: Mutation, original: Reference, way: Callable[[Reference], Reference] = by_page) -> None:
    vendor = way(mutation.reference)
    assert vendor == mutation.reference
    (found,) = compare(vendor, original)
    assert (found.where, found.fact, found.breaking) == (mutation.where, mutation.fact, mutation.breaking)
    assert found.vendor != found.spec


@given(references)
def test_what_says_the_same_is_read_as_the_same(reference: Reference) -> None:
    for way in WAYS:
        vendor = way(reference)
        assert vendor == reference
        assert compare(vendor, reference) == []


@given(st.data())
def test_any_one_fact_of_any_document(data: st.DataObject) -> None:
    reference = data.draw(references)
    mutation = data.draw(st.sampled_from(list(mutations(reference))))
    for way in WAYS:
        check(mutation, reference, way)


@cache
def real(which: str) -> tuple[Reference, list[Mutation]]:
    text, base = (files.SPEC, files.BASE) if which == "own" else (SERVICE.read_text(encoding="utf-8"), BASE)
    # What a page can say of it: constraints have no place there.
    reference = read_page(render(read_spec(Spec(text), {base})))
    return reference, list(mutations(reference))


@pytest.mark.parametrize("which", few(["own", "service"]))
@given(st.data())
def test_any_one_fact_of_the_specs(which: str, data: st.DataObject) -> None:
    reference, all_of_them = real(which)
    check(data.draw(st.sampled_from(all_of_them)), reference)


@pytest.mark.parametrize("way", [pytest.param(by_page, marks=pytest.mark.exhaustive), by_openapi])
def test_every_single_mutation_of_our_page(way: Callable[[Reference], Reference]) -> None:
    reference, all_of_them = real("own")
    assert len(all_of_them) > 150
    for mutation in all_of_them:
        check(mutation, reference, way)


def test_every_constraint_that_the_vendors_openapi_may_add() -> None:
    reference, _ = real("own")
    all_of_them = list(constraint_mutations(reference))
    assert len(all_of_them) == 25
    for mutation in all_of_them:
        check(mutation, reference, by_openapi)

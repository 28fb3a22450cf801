"""Writes facts as a page in the vendor's form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reference_page.facts import Field, Operation, Reference

_TITLES = {"path": "Path Parameters", "query": "Query Parameters", "header": "Header Parameters"}


def render(reference: Reference) -> str:
    """The page that says these facts, and nothing else."""
    return "\n".join(_page(reference))


def _page(reference: Reference) -> Iterator[str]:
    yield from ("# Made up", "", f"**Base URL:** `{reference.base_url}`", "", "## Table of Contents", "")
    yield from ("| Method | Path | Description |", "|---|---|---|")
    for name in reference.operations:
        method, _, path = name.partition(" ")
        yield f"| `{method}` | [`{path}`](#x) | Does something. |"
    yield from ("", "## API Reference", "")
    for name, operation in reference.operations.items():
        yield from (f"### {name}", "", "Does something.", "")
        yield from _operation(operation)
        yield from ("---", "")


def _operation(operation: Operation) -> Iterator[str]:
    if operation.replaces:
        yield "- **Replaces:** " + ", ".join(f'"{each}"' for each in sorted(operation.replaces))
    if operation.rate:
        yield f"- **Rate Limit:** Tier {operation.rate.tier} ({operation.rate.per_minute} requests per minute)"
    for label, text in operation.notes.items():
        yield f"- **{label}:** {text}"
    yield ""
    for place, title in _TITLES.items():
        fields = {name: each for (where, name), each in operation.parameters.items() if where == place}
        if fields:
            yield from (f"#### {title}", "", *_table(fields))
    if operation.body is not None:
        yield from ("#### Request Body", "", *(["**Required**", ""] if operation.body.required else []))
        yield from (f"**Content-Type:** `{operation.body.content_type}`", "", *_table(operation.body.fields))
    yield from ("#### Responses", "")
    for status, response in operation.responses.items():
        yield from (f"##### {status}", "", "Says something.", "")
        if response.content_type is not None:
            yield from (f"**Content-Type:** `{response.content_type}`", "", *_table(response.fields))
    yield from ("#### Examples", "", "**cURL:**", "", "```bash", "curl", "```", "")
    for example in operation.examples:
        yield from ("**Example Response:**", "", "```json", example.rstrip("\n"), "```", "")


def _table(fields: Mapping[str, Field]) -> Iterator[str]:
    yield from ("| Name | Type | Required | Description |", "| --- | --- | --- | --- |")
    for name, field in fields.items():
        enum = " Enum: " + ", ".join(f'"{value}"' for value in field.enum) if field.enum else ""
        yield f"| `{name}` | {field.type} | {'Yes' if field.required else 'No'} | Something.{enum} |"
    yield ""
    for name, field in fields.items():
        if field.fields:
            yield from ("<details>", f"<summary>Properties of `{name}`</summary>", "", *_table(field.fields))
            yield from ("</details>", "")

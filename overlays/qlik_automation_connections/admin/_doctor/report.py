"""What a diagnosis found; no name, id or value of the tenant is in it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from attrs import define, field, frozen

from .._document import Part
from .._table import Table


@frozen
class Observation(Part):
    """Something about the address, the sign-in, or the network.

    Attributes:
        name: What was looked at.
        result: Whether it is as it should be; `unknown` if that could not be told.
        detail: What was seen.
    """

    name: str
    result: Literal["ok", "problem", "unknown"]
    detail: str


@frozen
class Right(Part):
    """Something that the caller may read, or may not.

    Attributes:
        name: What was read.
        result: Whether the service allowed it; `unknown` if it could not be tried, or failed in another way.
        detail: The status or the kind of the error, or what else was seen.
    """

    name: str
    result: Literal["allowed", "refused", "unknown"]
    detail: str


@frozen
class ShownQuirk(Part):
    """A quirk of the table, and whether the tenant shows it.

    Attributes:
        name: Name of the quirk.
        result: Whether a response showed it; `unknown` if no response was of the kind that could.
        fields: The fields that showed it, as `Schema.name`.
    """

    name: str
    result: Literal["seen", "not seen", "unknown"]
    fields: list[str] = field(factory=list)


@frozen
class Fact(Part):
    """Something that is not documented, but that this package or its sandbox relies on.

    Attributes:
        name: Name of the fact.
        fact: What is expected.
        result: Whether the tenant behaves so.
        detail: What was seen.
    """

    name: str
    fact: str
    result: Literal["holds", "does not hold", "unknown"]
    detail: str = ""


@define(repr=False)
class Diagnosis(Table):
    """What a tenant's responses show, without names, ids and values of it, so that it can be published.

    Attributes:
        began_at: When the diagnosis began.
        release: Version of this package.
        python: Version of Python.
        system: The operating system.
        requests: Requests sent, all of them reads, with the checks of connections if these were asked for.
        asked: How much was read: pages of the list, connections listed, read and checked, automations read.
        failed: Reads of connections and automations without a usable response, by the kind of error.
        observations: Address, TLS, sign-in, clock and limits.
        rights: What the caller may read.
        quirks: The quirks of the table.
        facts: Inferred facts.
    """

    FORMAT = "doctor"
    TITLE = "diagnosis"
    ROWS = "observations"
    DERIVED = ("problems",)
    began_at: datetime
    release: str
    python: str
    system: str
    requests: int = 0
    asked: dict[str, int] = field(factory=dict)
    failed: dict[str, int] = field(factory=dict)
    observations: list[Observation] = field(factory=list)
    rights: list[Right] = field(factory=list)
    quirks: list[ShownQuirk] = field(factory=list)
    facts: list[Fact] = field(factory=list)

    def _figures(self) -> dict[str, int]:
        return {"requests": self.requests, "observations": len(self.observations), "problems": self.problems}

    @property
    def problems(self) -> int:
        """How many observations are problems."""
        return sum(item.result == "problem" for item in self.observations)

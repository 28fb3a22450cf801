"""Read spec/departures.yaml: where the spec deliberately says something else than the vendor, each with its reason.

A departure that no longer applies is reported as a difference, so the list can't outlive what it explains.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final

import yaml
from attrs import frozen

from steps import SPEC

from .comparison import NOTHING, Difference


@frozen
class Departure:
    """One fact that the spec states differently on purpose.

    Attributes:
        where: The places, as differences name them; `*` stands for any text, and nothing else is special.
        fact: What differs there.
        vendor: What the vendor says.
        spec: What the spec says.
        origin: How that is known, or why it is so.
    """

    where: str
    fact: str
    vendor: str
    spec: str
    origin: str

    def explains(self, difference: Difference) -> bool:
        """Return whether a difference is this departure."""
        says_so = (self.fact, self.vendor, self.spec) == (difference.fact, difference.vendor, difference.spec)
        return says_so and fnmatchcase(difference.where, self.where.replace("[", "[[]").replace("?", "[?]"))


_EXISTS: Final = "that it exists"
_UNUSED: Final = "nothing needs it to understand connections; it is read as an additional property"
# Facts that say whether a place exists at all.
_WHOLES: Final = ("operation", "body", "status", "field")


def _departures(listed: Mapping[str, Mapping[str, Any]]) -> Iterator[Departure]:
    for reason, lines in listed["differs"].items():
        for line in lines:
            where, fact, vendor, spec = line.split(" | ")
            yield Departure(where, fact, vendor, spec, reason)
    for where, fields in listed.get("unused fields", {}).items():
        for name, kind in fields.items():
            said = kind if kind.endswith(", required") else f"{kind}, optional"
            yield Departure(f"{where}{name}", "field", f"{_EXISTS} ({said})", NOTHING, _UNUSED)
    for reason, operations in listed.get("operations left out", {}).items():
        for where in operations:
            yield Departure(where, "operation", _EXISTS, NOTHING, reason)


_LISTED: Final = yaml.load((SPEC.parent / "departures.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
DEPARTURES: Final = tuple(_departures(_LISTED["page"]))
"""Departures from the page."""
OPENAPI_DEPARTURES: Final = tuple(_departures(_LISTED["openapi"]))
"""Departures from the vendor's OpenAPI: what the spec states differently, and the operations that it leaves out."""


@frozen
class Judged:
    """Differences, split into new and known ones.

    Attributes:
        differences: Those that no departure explains, and one for each departure that explains nothing.
        known: Those that a departure explains, each with its departure.
    """

    differences: list[Difference]
    known: list[tuple[Difference, Departure]]


def judge(differences: Iterable[Difference], departures: Sequence[Departure], bases: Collection[str]) -> Judged:
    """Separate the known differences from the others, ignoring departures below bases that were not compared."""
    judged = Judged([], [])
    used = set()
    for difference in differences:
        explained = [each for each in departures if each.explains(difference)]
        used |= set(explained)
        if explained:
            judged.known.append((difference, explained[0]))
        else:
            judged.differences.append(difference)
    # What the vendor no longer has at all was reported already.
    gone = tuple(each.where for each in judged.differences if each.vendor == NOTHING and each.fact in _WHOLES)
    for departure in departures:
        is_compared = any(f" {base}" in departure.where for base in bases)
        if is_compared and departure not in used and not departure.where.startswith(gone):
            fact = f"known departure ({departure.fact})"
            spec = f"{departure.spec}, by the list of departures, which no longer applies"
            judged.differences.append(Difference(departure.where, fact, departure.vendor, spec, False))
    return judged

"""Where the spec knowingly says more than the page, or other than it: each with its reason.

One that no longer applies is reported as a difference, so that the list can't outlive what it explains.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Final

from attrs import frozen

from .comparison import NOTHING, Difference

_CONNECTIONS: Final = "/api/workflows/automation-connections"


@frozen
class Departure:
    """One fact of which the spec says something else on purpose.

    Attributes:
        where: the places, as differences call them; `*` stands for any text, and nothing else is special.
        fact: what of the places differs.
        page: what the page says.
        spec: what the spec says.
        origin: from where that is known, or why it is so.
    """

    where: str
    fact: str
    page: str
    spec: str
    origin: str

    def explains(self, difference: Difference) -> bool:
        """Whether a difference is this departure."""
        return (self.fact, self.page, self.spec) == (difference.fact, difference.page, difference.spec) and fnmatchcase(
            difference.where, self.where.replace("[", "[[]").replace("?", "[?]")
        )


_LIMIT: Final = "the vendor's TypeScript client declares 1 to 200 for the size of a page"
_TIMESTAMP: Final = "every sample of the service is an RFC 3339 timestamp, and the models read it as one"
_CONCEALED: Final = "may hold a secret: the format keeps it out of the models' repr"

# Facts that say whether a place exists at all.
_WHOLES: Final = ("operation", "body", "status", "field")

DEPARTURES: Final = (
    Departure(f"GET {_CONNECTIONS}, query parameter limit", "minimum", NOTHING, "1", _LIMIT),
    Departure(f"GET {_CONNECTIONS}, query parameter limit", "maximum", NOTHING, "200", _LIMIT),
    Departure(f"* {_CONNECTIONS}*, response 20*createdAt", "format", NOTHING, "date-time", _TIMESTAMP),
    Departure(f"* {_CONNECTIONS}*, response 20*updatedAt", "format", NOTHING, "date-time", _TIMESTAMP),
    Departure(f"* {_CONNECTIONS}*, params[].value", "format", NOTHING, "password", _CONCEALED),
)


@frozen
class Judged:
    """Differences, and those that were known.

    Attributes:
        differences: those that nothing explains, and a difference for each departure that explains nothing.
        known: those that a departure explains, with it.
    """

    differences: list[Difference]
    known: list[tuple[Difference, Departure]]


def judge(differences: Iterable[Difference], departures: Sequence[Departure], bases: Iterable[str]) -> Judged:
    """Sets the known differences apart.

    Args:
        differences: what the comparison found.
        departures: the known ones.
        bases: base paths that were compared; departures elsewhere are left alone.
    """
    judged = Judged([], [])
    used = set()
    for difference in differences:
        explained = [each for each in departures if each.explains(difference)]
        used |= set(explained)
        if explained:
            judged.known.append((difference, explained[0]))
        else:
            judged.differences.append(difference)
    compared = tuple(bases)
    # What is gone from the page as a whole was told already.
    gone = tuple(each.where for each in judged.differences if each.page == NOTHING and each.fact in _WHOLES)
    for departure in departures:
        if (
            departure not in used
            and not departure.where.startswith(gone)
            and any(f" {base}" in departure.where for base in compared)
        ):
            fact = f"known departure ({departure.fact})"
            spec = f"{departure.spec}, by the list of departures, which no longer applies"
            judged.differences.append(Difference(departure.where, fact, departure.page, spec, False))
    return judged

"""What the comparison found, for people and for programs."""

from __future__ import annotations

import json

from attrs import field, frozen

from .reasons import Level, Reason, highest
from .versions import parse, required, written


@frozen
class Report:
    """The outcome.

    Attributes:
        version: the version that the checkout has.
        base: the commit or tag that was compared with; None if nothing was released yet.
        base_version: the version there.
        reasons: every change, what weighs most first.
        complaints: what the changelog lacks.
    """

    version: str
    base: str | None = None
    base_version: str | None = None
    reasons: list[Reason] = field(factory=list)
    complaints: list[str] = field(factory=list)

    @property
    def verdict(self) -> Level:
        return highest(self.reasons)

    @property
    def required_version(self) -> str | None:
        """The lowest version that this may be released as."""
        return None if self.base_version is None else written(required(parse(self.base_version), self.verdict))

    @property
    def problems(self) -> list[str]:
        """What must be put right before a release."""
        found = list(self.complaints)
        if self.required_version is not None and parse(self.version) < parse(self.required_version):
            found.append(
                f"version.py has {self.version}; after {self.base_version},"
                f" a {self.verdict.word} change asks for {self.required_version} or more"
            )
        return found

    def as_json(self) -> str:
        return json.dumps(
            {
                "base": self.base,
                "baseVersion": self.base_version,
                "version": self.version,
                "verdict": self.verdict.word,
                "requiredVersion": self.required_version,
                "reasons": [
                    {"level": each.level.word, "source": each.source, "where": each.where, "change": each.sentence}
                    for each in self.reasons
                ],
                "problems": self.problems,
            },
            indent=2,
        )

    def as_text(self) -> str:
        if self.base is None:
            lines = ["no release yet: nothing to compare with"]
        else:
            lines = [f"{each.level.word:<5}  {each.source}: {each.where}: {each.sentence}" for each in self.reasons]
            if self.verdict is Level.NONE:
                lines.append(f"nothing changed since {self.base} ({self.base_version})")
            else:
                lines.append(
                    f"{self.verdict.word}: since {self.base} ({self.base_version});"
                    f" the next version is {self.required_version} or more, version.py has {self.version}"
                )
        return "\n".join([*lines, *(f"problem: {problem}" for problem in self.problems)])

"""All steps of a release, in a clone of HEAD; what they come to is taken over at the end, or thrown away."""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from attrs import define
from packaging.version import Version

from api_change.releases import VERSION_FILE

from . import changelog, checkout, lower_bounds, package_index, pythons, versions
from .artefacts_steps import ArtefactSteps, this_python
from .building import Artefacts
from .commands import Commands
from .failure import ReleaseError
from .metadata import Metadata
from .pythons import Interpreter
from .steps import Steps

_CHANGELOG = "CHANGELOG.md"
_COUNT = re.compile(r"^\d+ passed.*?(?= in |$)", re.MULTILINE)
# Not claimed by a classifier until the tests have run on it, and tried where it is here.
_NEXT_MINORS = 1


@define
class Release:
    """One release.

    Args:
        root: the checkout.
        version: what is released.
        publish: whether the commit and the tag are made in the checkout at the end.
        skip_checks: whether `make test` is left out.
        out: a folder of the checkout that git ignores, for artefacts.
        scratch: a folder that is thrown away.
        commands: runs what is run.
        steps: prints a line for each.
    """

    root: Path
    version: Version
    publish: bool
    skip_checks: bool
    out: Path
    scratch: Path
    commands: Commands
    steps: Steps

    @property
    def tag(self) -> str:
        return f"v{self.version}"

    def plan(self) -> str:
        """What will be done, in words."""
        changelog_too = "" if self.version.is_prerelease else f" and {_CHANGELOG}"
        made = f"the commit that writes {self.version} into {VERSION_FILE}{changelog_too}, and the tag {self.tag}"
        if not self.publish:
            return (
                f"Dry run of {self.version}: everything happens in a clone of HEAD that is thrown away.\n"
                f"With PUBLISH=1, {made} would be made in this checkout, and nothing sent anywhere."
            )
        branch = checkout.branch(self.root)
        return (
            f"Release of {self.version}: everything is checked in a clone of HEAD. If all is well, {made}\n"
            f"are made in this checkout, on the branch {branch or '(none)'}. Nothing is sent anywhere: pushing\n"
            "them is what lets the forge's workflow publish."
        )

    def run(self) -> tuple[Artefacts, ArtefactSteps, Path]:
        """Runs every step.

        Returns:
            The artefacts, the steps that made them, and the SBOM.

        Raises:
            ReleaseError: a step did not come out as it must; the checkout is as it was.
        """
        self.steps.run("version", lambda: versions.require_newer(self.version, checkout.tags(self.root)))
        self.steps.run("checkout", self._look_at_checkout)
        before, cloned = checkout.head(self.root), self.scratch / "checkout"
        made = self.steps.run("version commit", lambda: self._commit_in(cloned), lambda made: made[:12])
        self.steps.run("change of the API", lambda: self._check_api(cloned))
        built_by = ArtefactSteps(cloned, self.scratch, self.out / "dist", self.out / "sbom", self.commands, self.steps)
        artefacts, metadata = built_by.build()
        interpreters = self._interpreters(metadata)
        exercises, environment = built_by.with_all_extras(artefacts, metadata, interpreters[0])
        bill = built_by.write_sbom(artefacts, metadata, environment)
        built_by.use(exercises, environment, interpreters)
        if self.skip_checks:
            self.steps.skip("make test", "SKIP_CHECKS=1: nothing here says that the tests pass")
        else:
            self.steps.run("make test", lambda: self._check(cloned))
        self._lower_bounds(cloned, artefacts, metadata, interpreters)
        if self.publish:
            self.steps.run("commit and tag", lambda: self._take_over(cloned, made, before))
        else:
            self.steps.skip("commit and tag", "dry run: PUBLISH=1 makes them")
        return artefacts, built_by, bill

    def _look_at_checkout(self) -> str:
        if not checkout.is_checkout(self.root):
            raise ReleaseError(f"{self.root} is no git checkout.", "Release from a clone of the repository.")
        changed = checkout.uncommitted(self.root)
        if self.publish:
            if changed:
                raise ReleaseError(
                    f"Not committed: {', '.join(changed[:5])}{' and more' if len(changed) > 5 else ''}.",
                    "Commit it or put it away: a release is made of what is committed.",
                )
            if not checkout.branch(self.root):
                raise ReleaseError("No branch is checked out.", "Check out the branch that is released from.")
            checkout.require_identity(self.root)
        return f"left out, as not committed: {len(changed)} files" if changed else "clean"

    def _commit_in(self, cloned: Path) -> str:
        checkout.clone(self.root, cloned)
        file = cloned / _CHANGELOG
        today = datetime.datetime.now(datetime.UTC).date()
        text = changelog.for_release(file.read_text(encoding="utf-8"), self.version, today)
        file.write_text(text, encoding="utf-8", newline="\n")
        versions.write(cloned, self.version)
        return checkout.commit(cloned, f"Version {self.version}", dry=not self.publish)

    def _check_api(self, cloned: Path) -> str:
        printed = self.commands.run(
            "check-api",
            *(sys.executable, self.root / "scripts" / "check_api.py", "--root", cloned),
            folder=cloned,
            to_do="Put the changelog right, or name the version that is asked for.",
            environment=package_index.environment(),
        )
        lines = printed.strip().splitlines()
        return lines[-1] if lines else ""

    def _interpreters(self, metadata: Metadata) -> list[Interpreter]:
        """Those that are here, with the one that runs this first; the missing ones are noted."""
        newest = int(metadata.pythons[-1].partition(".")[2])
        tried = [f"3.{newest + more}" for more in range(1, _NEXT_MINORS + 1)]
        found, missing = pythons.present([*metadata.pythons, *tried])
        for minor in missing:
            claim = "no classifier names it" if minor in tried else "the classifiers name it"
            self.steps.skip(f"Python {minor}", f"not installed here; {claim}")
        mine = this_python()
        return sorted(found, key=lambda each: each.minor != mine.minor)

    def _lower_bounds(
        self, cloned: Path, artefacts: Artefacts, metadata: Metadata, interpreters: Sequence[Interpreter]
    ) -> None:
        """On every Python, the lowest versions must install; on the oldest and the newest, tests must pass."""
        ordered = sorted(interpreters, key=lambda each: [int(part) for part in each.version.split(".")])
        claimed = [each for each in ordered if each.minor in metadata.pythons]
        for python in claimed:
            self._lowest_on(python, cloned, artefacts, metadata, tested=python in (claimed[0], claimed[-1]))

    def _lowest_on(
        self, python: Interpreter, cloned: Path, artefacts: Artefacts, metadata: Metadata, *, tested: bool
    ) -> None:
        scratch = self.scratch / f"lowest-{python.minor}"
        environment = self.steps.run(
            f"lowest requirements, Python {python.minor}",
            lambda: lower_bounds.install(artefacts.wheel, metadata, python, scratch, self.commands),
            lambda _: lower_bounds.said(scratch),
        )
        if tested:
            self.steps.run(
                f"tests with the lowest, Python {python.minor}",
                lambda: lower_bounds.run_tests(environment, cloned, scratch, python, self.commands),
            )

    def _check(self, cloned: Path) -> str:
        printed = self.commands.run(
            "make test",
            *("make", "test", f"PYTHON={sys.executable}"),
            folder=cloned,
            to_do="Mend what fails; `make test` runs the same here.",
            environment=package_index.environment(),
        )
        counted = _COUNT.findall(printed)
        return counted[-1] if counted else ""

    def _take_over(self, cloned: Path, made: str, before: str) -> str:
        kind = checkout.take_over(self.root, cloned, made, before, self.tag, f"Version {self.version}")
        return f"{made[:12]}, {kind} tag {self.tag}"

"""Makes a release, or the artefacts of one: `python scripts/release.py release 1.2.3`, `… artefacts --out dist`.

`release` runs dry, in a clone that is thrown away, unless `--publish` is given; then the version commit and its tag
are made in the checkout at the end. Nothing is sent anywhere: the forge's workflow publishes what is pushed.
`artefacts` builds and checks wheel, sdist and SBOM of the checkout as it is. Exit codes: 0 fine; 1 a step failed;
2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from api_change.reasons import CannotCompareError
from api_change.releases import version_of
from releasing import checkout, summary, versions
from releasing.artefacts_steps import ArtefactSteps, this_python
from releasing.commands import Commands, heed_ctrl_c
from releasing.failure import ReleaseError
from releasing.steps import Steps
from releasing.whole_release import Release

ROOT = Path(__file__).resolve().parent.parent


def _summary(files: Sequence[Path], made_by: ArtefactSteps) -> str:
    parts = [summary.outcomes(made_by.steps.outcomes), summary.artefacts(files)]
    if made_by.uses:
        parts.append(summary.uses(each.row for each in made_by.uses))
    return "\n\n".join(parts)


def release(root: Path, options: argparse.Namespace) -> None:
    """Every step of a release."""
    heed_ctrl_c()
    out = root / "build" / "release"
    commands, steps = Commands(out / "logs"), Steps()
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        version = versions.parsed(options.version)
        # Resolved: a temporary folder may be a link, and what is compared with its path would not be found.
        scratch = Path(folder).resolve()
        whole = Release(root, version, options.publish, options.skip_checks, out, scratch, commands, steps)
        print(whole.plan(), end="\n\n", flush=True)
        artefacts, made_by, bill = whole.run()
    text = _summary([*artefacts.both, bill], made_by)
    (out / "summary.txt").write_text(text + "\n", encoding="utf-8")
    print(f"\n{text}\n")
    if options.publish:
        branch = checkout.branch(root)
        print(f"To publish: git push --atomic origin {branch} {whole.tag}")
    else:
        print("Nothing in the checkout was changed.")


def artefacts(root: Path, options: argparse.Namespace) -> None:
    """Wheel, sdist and SBOM of the checkout as it is."""
    logs = Commands(root / "build" / "release" / "logs")
    out = options.out.resolve()
    sbom_out = (options.sbom_out or root / "build" / "release" / "sbom").resolve()
    if options.tag is not None:
        _require_tag(root, options.tag)
    with tempfile.TemporaryDirectory(prefix="artefacts-") as folder:
        made_by = ArtefactSteps(root, Path(folder).resolve(), out, sbom_out, logs, Steps())
        made, read = made_by.build()
        _, environment = made_by.with_all_extras(made, read, this_python())
        bill = made_by.write_sbom(made, read, environment)
    print(f"\n{_summary([*made.both, bill], made_by)}")


def _require_tag(root: Path, tag: str) -> None:
    """Refuses a checkout that is not what a tag names."""
    if not checkout.is_checkout(root):
        raise ReleaseError(f"{root} is no git checkout.", "Check the tag out in a clone of the repository.")
    version, changed = version_of(root), checkout.uncommitted(root)
    if tag != f"v{version}":
        raise ReleaseError(f"The tag is {tag}, the version of the files {version}.", f"Check out {tag}.")
    if checkout.git(root, "rev-parse", f"{tag}^{{commit}}").strip() != checkout.head(root):
        raise ReleaseError(f"{tag} is another commit than the one that is checked out.", f"Check out {tag}.")
    if changed:
        raise ReleaseError(f"Not committed: {', '.join(changed[:5])}.", f"Check out {tag} in a clean clone.")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Make a release, or the artefacts of one.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout (default: the one of this script)")
    commands = parser.add_subparsers(required=True)
    whole = commands.add_parser("release", help="every step; a dry run unless --publish is given")
    whole.add_argument("version", metavar="VERSION", help="1.2.3, or a candidate 1.2.3rc1")
    whole.add_argument("--publish", action="store_true", help="make the version commit and its tag in the checkout")
    whole.add_argument("--skip-checks", action="store_true", help="leave out `make test`; the summary says so")
    whole.set_defaults(run=release)
    parts = commands.add_parser("artefacts", help="build and check wheel, sdist and SBOM of the checkout as it is")
    parts.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of wheel and sdist (default: dist)")
    parts.add_argument("--sbom-out", type=Path, help="folder of the SBOM (default: build/release/sbom)")
    parts.add_argument("--tag", metavar="vVERSION", help="fail unless the checkout is clean and at this tag")
    parts.set_defaults(run=artefacts)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    options = _arguments().parse_args(arguments)
    try:
        options.run(options.root.resolve(), options)
    except ReleaseError as error:
        print(f"\n{error.problem}\n\nTo do: {error.to_do}\nNothing was published, nothing sent.", file=sys.stderr)
        return 1
    except CannotCompareError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

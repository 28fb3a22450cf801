"""The container's steps and the composite action's: run as they stand, with an engine or without."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from qlik_automation_connections.sandbox import Sandbox

ROOT: Final = Path(__file__).resolve().parents[2]
DOCKER: Final = shutil.which("docker")
needs_posix = pytest.mark.skipif(os.name == "nt", reason="the steps are those of a POSIX shell")


def instructions() -> list[tuple[str, str]]:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines if line and line[0] != "#")]


def test_it_runs_without_root_and_takes_nothing_else_along() -> None:
    words = dict(instructions())
    assert words["USER"].startswith("65532")
    assert words["ENTRYPOINT"] == '["/opt/qac/bin/qac"]'
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[0] == "!"}
    copies = [rest for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    copied = {name for rest in copies for name in rest.split()[:-1]}
    assert copied == allowed
    assert all((ROOT / name).exists() for name in allowed)


def has_engine() -> bool:
    return bool(DOCKER) and subprocess.run([str(DOCKER), "info"], capture_output=True, check=False).returncode == 0


@pytest.mark.exhaustive
@needs_posix
def test_the_container_lists_what_is_in_a_sandbox(tmp_path: Path) -> None:
    if has_engine():
        subprocess.run([str(DOCKER), "build", "--quiet", "--tag", "qac-test", ROOT], check=True)
        command = [str(DOCKER), "run", "--rm", "--read-only", "--tmpfs", "/tmp", "qac-test"]
        variables: dict[str, str] = {}
    else:
        command, variables = without_engine(tmp_path)
    before = files(tmp_path)
    done = subprocess.run(
        [*command, "list", "--all", "--max", "2", "-o", "name", "--sandbox"],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert len(done.stdout.split()) == 2
    assert done.stderr == ""
    # Nothing is written but in /tmp: the rest may be read-only.
    assert {file for file in files(tmp_path) - before if not file.startswith("tmp/")} == set()


def files(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def without_engine(root: Path) -> tuple[list[str], dict[str, str]]:
    """Do what the Dockerfile says below a folder, with this Python; return the entry point and its variables."""
    here, variables, entry = root, {"PYTHONUTF8": "1"}, [""]

    def moved(text: str) -> str:
        return re.sub(r"(?<![\w./])/(opt|src|tmp|work)\b", rf"{root}/\1", text)

    for word, rest in instructions():
        if word == "WORKDIR":
            here = Path(moved(rest))
            here.mkdir(exist_ok=True)
        elif word == "COPY" and "--from" not in rest:
            *names, target = rest.split()
            for name in names:
                goal = here / target / (name if target == "./" else "")
                copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
                copy(ROOT / name, goal)
        elif word == "RUN":
            path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
            kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
            kept |= {"PATH": path, "PIP_NO_COMPILE": "1"}
            subprocess.run(["bash", "-c", moved(rest)], cwd=here, env=kept, check=True)
        elif word == "ENV":
            variables |= dict(pair.split("=") for pair in moved(rest).split())
        elif word == "ENTRYPOINT":
            entry = [moved(part) for part in yaml.safe_load(rest)]
    Path(variables["HOME"]).mkdir()
    return entry, variables


@needs_posix
def test_the_action_audits(tmp_path: Path) -> None:
    action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    (step,) = [step for step in action["runs"]["steps"] if step.get("name") == "Audit connections"]
    program = tmp_path / "qac" / "bin" / "qac"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m qlik_automation_connections "$@"\n')
    program.chmod(0o755)
    with Sandbox(connections=12) as sandbox:
        inputs = {
            "tenant-url": sandbox.url,
            "api-key": sandbox.api_key,
            "arguments": action["inputs"]["arguments"]["default"],
            "folder": action["inputs"]["folder"]["default"],
        }
        variables = {
            name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: inputs[found[1]], value)
            for name, value in step["env"].items()
        }
        github = {"RUNNER_TEMP": str(tmp_path), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=tmp_path,
            env={**os.environ, **variables, **github},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 1, done.stderr
    assert "Findings that match --fail-on" in done.stderr
    assert "12 connections: " in (tmp_path / "summary").read_text(encoding="utf-8")
    assert {"audit.html", "audit.xml"} <= {file.name for file in (tmp_path / "qac").iterdir()}

"""Commands of a release: what they print is kept, and shown where one fails; steps, and the table at the end."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from releasing import pythons, summary
from releasing.commands import Commands, clean_environment
from releasing.failure import ReleaseError
from releasing.steps import Outcome, Steps


def test_what_is_printed_is_kept(tmp_path: Path) -> None:
    script = "import sys; print('out'); print('err', file=sys.stderr)"
    printed = Commands(tmp_path / "logs").run(
        "Some Step, 3.11", sys.executable, "-c", script, folder=tmp_path, to_do="Nothing."
    )
    assert sorted(printed.split()) == ["err", "out"]
    assert (tmp_path / "logs" / "some-step-3.11.log").read_text(encoding="utf-8") == printed


def test_the_end_of_a_failure_is_shown_and_where_the_rest_is(tmp_path: Path) -> None:
    script = "import sys\nfor n in range(100): print(f'line {n}.')\nsys.exit(3)"
    with pytest.raises(ReleaseError) as caught:
        Commands(tmp_path).run("step", sys.executable, "-c", script, folder=tmp_path, to_do="Mend it.")
    problem = caught.value.problem
    assert "ended with 3" in problem
    assert ("line 99." in problem, "line 60." in problem, "line 59." in problem) == (True, True, False)
    assert "of 100 lines" in problem
    assert str(tmp_path / "step.log") in problem
    assert caught.value.to_do == "Mend it."


def test_a_program_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="no-such-program"):
        Commands(tmp_path).run("step", tmp_path / "no-such-program", folder=tmp_path, to_do="Install it.")


def test_credentials_and_python_s_settings_are_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QLIK_API_KEY", "QLIK_TENANT_URL", "PYTHONPATH", "VIRTUAL_ENV", "MAKEFLAGS"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com")
    found = clean_environment(MORE="1")
    assert not {"QLIK_API_KEY", "QLIK_TENANT_URL", "PYTHONPATH", "VIRTUAL_ENV", "MAKEFLAGS"} & found.keys()
    assert (found["HTTPS_PROXY"], found["MORE"]) == ("http://proxy.example.com", "1")


def test_each_step_is_a_line_and_the_first_failure_is_the_last(capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps()

    def fail() -> str:
        raise ReleaseError("It is wrong.", "Put it right.")

    assert steps.run("first", lambda: 7, lambda number: f"{number} things") == 7
    steps.skip("second", "not here")
    with pytest.raises(ReleaseError):
        steps.run("third", fail)
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.startswith("ok")
    assert first.endswith("  first: 7 things")
    assert second.split() == ["skipped", "second:", "not", "here"]
    assert third.split()[0] == "failed"
    assert [each.state for each in steps.outcomes] == ["ok", "skipped", "failed"]


def test_the_table_has_sizes_and_sums(tmp_path: Path) -> None:
    file = tmp_path / "x.whl"
    file.write_bytes(b"a" * 1234)
    row = summary.artefacts([file]).splitlines()[-1]
    assert row.split() == ["x.whl", "1,234", hashlib.sha256(b"a" * 1234).hexdigest()]


def test_the_table_says_what_was_left_out_and_why() -> None:
    text = summary.outcomes([Outcome("build", "ok", "both", 1.25), Outcome("make test", "skipped", "SKIP_CHECKS=1")])
    assert [line.split(maxsplit=3) for line in text.splitlines()[2:]] == [
        ["build", "ok", "1.2", "both"],
        ["make", "test", "skipped", "SKIP_CHECKS=1"],
    ]


def test_this_python_is_found_and_one_that_nobody_has_is_not() -> None:
    mine = f"{sys.version_info.major}.{sys.version_info.minor}"
    found, missing = pythons.present([mine, "3.999"])
    assert [each.minor for each in found] == [mine]
    assert found[0].version == ".".join(map(str, sys.version_info[:3]))
    assert missing == ["3.999"]


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_a_wrapper_without_its_python_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "python3.999"
    broken.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pythons.find("3.999") is None


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal that a process sends itself there")
def test_ctrl_c_stops_what_a_release_runs_in_the_background_too(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from releasing.commands import Commands, heed_ctrl_c\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "heed_ctrl_c()\n"
        "child = 'import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)'\n"
        "here = Path(sys.argv[1])\n"
        "print(Commands(here).run('step', sys.executable, '-c', child, folder=here, to_do='').strip())\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(pythons.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path], env=environment, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "True"

"""A value that is given is sent to the service, and is seen nowhere else."""

from __future__ import annotations

import html
import json
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from qlik_automation_connections import QlikError
from qlik_automation_connections._secrets import Secret
from qlik_automation_connections.admin._apply import apply
from qlik_automation_connections.admin._progress import Progress
from qlik_automation_connections.admin._restore import applying, planning
from qlik_automation_connections.admin._restore.param_values import ParamValues
from qlik_automation_connections.admin._restore.planning import plan_restore
from qlik_automation_connections.sandbox import Fault, Sandbox
from sampling import few

from .archives import archive_of, values_of
from .scene import Opener, Scene

MARK = "mark-8d1f"
CREATE = "createAutomationConnection"


def marked(sandbox: Sandbox) -> dict[tuple[str, str], str]:
    return {key: f'{MARK}-{number}-"é"' for number, key in enumerate(values_of(sandbox))}


def written(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file())


@pytest.mark.parametrize(
    "faults",
    few(
        [
            [],
            [Fault(CREATE, kind="reset-after-processing", times=3)],
            [Fault(CREATE, status=500, times=None)],
            [Fault(CREATE, kind="html", times=5), Fault("getAutomationConnection", status=404, times=5)],
            [Fault("updateAutomationConnection", status=409, times=None)],
            [Fault("automationConnectionChangeOwner", status=500, times=None)],
        ],
        kept=3,
    ),
)
@pytest.mark.parametrize("concealed", few([True, False]))
def test_no_value_is_in_plan_journal_report_progress_or_log(
    at: Opener,
    development: Sandbox,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    faults: list[Fault],
    concealed: bool,
) -> None:
    caplog.set_level(logging.DEBUG)
    given: Any = marked(development)
    if concealed:
        given = Secret(given)
    shown: list[str] = []

    def told(progress: Progress) -> None:
        shown.append(repr(progress))

    fresh = [Fault(fault.operation, fault.kind, fault.status, times=fault.times) for fault in faults]
    with Sandbox(connections=5, name="production", faults=fresh) as production:
        tenant = at(production)
        archive = archive_of(development, tmp_path / "a.ndjson")
        existing = next(item for item in production.snapshot() if item["params"])
        old = next(item for item in development.snapshot() if item["connectorId"] == existing["connectorId"])
        id_map = {old["id"]: existing["id"]}
        plan = plan_restore(tenant, archive, list_all=True, values=given, id_map=id_map, on_progress=told)
        assert any(step.action == "update" for step in plan.steps)
        shown += [repr(plan), str(plan.to_dict())]
        for _ in range(2):
            report = apply(tenant, plan, journal=tmp_path / "journal", values=given, on_progress=told)
            shown += [repr(report), str(report.to_dict())]
        if not faults:
            assert MARK in str(production.snapshot(secrets=True))
    assert MARK not in "".join(shown)
    assert MARK not in caplog.text
    assert MARK not in written(tmp_path)


def test_a_value_that_the_service_repeats_is_taken_out(scene: Scene) -> None:
    one = next(item for item in scene.source.snapshot() if item["connectorId"] == scene.source.connectors[0].id)
    given = {(one["id"], name): f'{MARK}-{name}-"é"' for name in ("host", "username", "password")}
    plan = scene.plan(scene.archived(one), values=given)
    echo = {"errors": [{"code": "E", "title": f'No: {MARK}-host-"é"', "detail": f'{MARK}-password-"é"'}]}
    said = []
    for fault in (
        Fault(CREATE, status=400, body=echo),
        Fault(CREATE, status=500, body=echo),
        # It was created, and the service says what it does not like.
        Fault(CREATE, status=201, body={**one, "error": {f'{MARK}-username-"é"': f'{MARK}-password-"é"'}}),
    ):
        scene.target.fail(fault)
        report = scene.apply(plan, values=given)
        assert fault.struck == 1
        said += [step.sentence for step in report.failed]
    assert len(said) == 3
    assert all("[concealed]" in sentence for sentence in said)
    assert MARK not in "".join(said) + written(scene.folder)


PADDED = f"  {MARK} pad \u00fc/&  "
QUOTED = f'{MARK}"q\\\\uote \u00e9\\n{MARK}2'


FORMS: list[Callable[[str], str]] = [
    str,
    str.strip,
    str.upper,
    lambda value: json.dumps(value)[1:-1],
    lambda value: json.dumps(value, ensure_ascii=False)[1:-1],
    lambda value: json.dumps({"request": json.dumps({"params": json.dumps([value])})}),
    html.escape,
    quote,
    quote_plus,
]


@pytest.mark.parametrize("own", [True, False])
def test_a_value_is_taken_out_in_whatever_form_and_of_whichever_connection(scene: Scene, own: bool) -> None:
    one, other = scene.source.snapshot()[:2]
    for value in (PADDED, QUOTED):
        given = {((one if own else other)["id"], "password"): value, (one["id"], "host"): "mail.example"}
        plan = scene.plan(scene.archived(one), values=given)
        said = [f"{number}: {form(value)}" for number, form in enumerate(FORMS)]
        errors = [{"code": "E", "title": f"bad {part}", "detail": f"no {part}."} for part in said]
        for fault in (
            Fault(CREATE, status=400, body={"errors": errors}),
            Fault(CREATE, status=201, body={**one, "error": {part: [f"bad {part}"] for part in said}}),
        ):
            scene.target.fail(fault)
            report = scene.apply(plan, values=given)
            (failed,) = report.failed
            assert failed.sentence.count("[concealed]") >= len(said)
            assert MARK not in (str(report.to_dict()) + written(scene.folder)).lower()
        scene.journal.unlink()


def test_a_value_of_another_connection_is_taken_out_of_what_ends_the_run_and_of_checks(scene: Scene) -> None:
    one, other = (item["id"] for item in scene.source.snapshot()[:2])
    given = {(other, "password"): f"{MARK}-elsewhere"}
    archive = archive_of(scene.source, scene.folder / "a.ndjson", ids=[one])
    plan = scene.plan(archive, values=given)
    body = {"errors": [{"code": "E", "title": f"bad {MARK}-elsewhere"}]}
    scene.target.fail(Fault(CREATE, status=401, body=body))
    with pytest.raises(QlikError) as caught:
        scene.apply(plan, values=given)
    assert "bad [concealed]" in str(caught.value)
    scene.target.fail(Fault("checkAutomationConnection", status=400, body=body, times=None))
    report = scene.apply(plan, values=given)
    assert any("bad [concealed]" in note for step in report.steps for note in step.notes)
    assert MARK not in str(report.to_dict()) + written(scene.folder)


def _frames(error: BaseException, *modules: Any) -> str:
    """The local variables of the frames of some modules, and of those below them."""
    names = {module.__name__ for module in modules}
    found = []
    below = False
    for frame, _ in traceback.walk_tb(error.__traceback__):
        below = below or frame.f_globals.get("__name__") in names
        if below:
            found.append(repr(frame.f_locals))
    return "\n".join([*found, *traceback.format_exception(error)])


def test_no_value_is_in_a_traceback_with_its_variables(scene: Scene) -> None:
    given = marked(scene.source)
    plan = scene.plan(values=given)
    for operation in (CREATE, "getAutomationConnections"):
        scene.target.faults[:] = [Fault(operation, status=401, times=None)]
        with pytest.raises(QlikError) as caught:
            apply(scene.tenant, plan, journal=scene.folder / f"journal-{operation}", values=given)
        assert MARK not in _frames(caught.value, applying)
    with pytest.raises(QlikError) as caught:
        scene.plan(values=given)
    assert MARK not in _frames(caught.value, planning)


@pytest.mark.parametrize("wrong", [{("a", "b"): 5, ("c", "d"): MARK}, {MARK: "x", ("c", "d"): MARK}, [MARK]])
def test_values_that_make_no_sense_are_refused_unseen(wrong: Any) -> None:
    given = Secret(wrong)
    with pytest.raises(QlikError) as caught:
        ParamValues(given)
    assert MARK not in "".join(traceback.format_exception(caught.value))
    frames = [repr(frame.f_locals) for frame, _ in traceback.walk_tb(caught.value.__traceback__)][1:]
    assert MARK not in "".join(frames)
    assert MARK not in repr(ParamValues({("a", "b"): MARK}))

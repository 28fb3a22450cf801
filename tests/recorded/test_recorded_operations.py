"""Every operation at work, through the whole client."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qlik_automation_connections_api.operations import OPERATIONS
from recorded.clients import KINDS, Kind, run
from recorded.places import REPLAYED, Place
from recorded.recording import replayed_from
from recorded.scenarios import SCENARIOS
from sampling import sampled_and_whole


def test_every_operation_has_a_scenario() -> None:
    assert {title.partition("-")[0] for title in SCENARIOS} == set(OPERATIONS)


@pytest.mark.vcr
@pytest.mark.block_network
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("title", SCENARIOS)
def test_operation(kind: Kind, title: str, place: Place, vcr: Any) -> None:
    scenario = SCENARIOS[title]
    run(
        kind,
        lambda resource: scenario(resource, place),
        url=place.url,
        api_key=place.keys["administrator"],
        operation=title.partition("-")[0],
    )
    sent = {(request.method, request.path) for request in vcr.requests}
    operation = OPERATIONS[title.partition("-")[0]]
    prefix, _, suffix = operation.path.partition("{id}")
    assert any(
        method == operation.method and path.startswith(prefix) and path.endswith(suffix) for method, path in sent
    )
    if place.replayed:
        assert vcr.all_played


def _replayed(kind: Kind, title: str, cassette: Path) -> Any:
    operation = title.partition("-")[0]
    with replayed_from(cassette):
        return run(
            kind,
            lambda resource: SCENARIOS[title](resource, REPLAYED),
            url=REPLAYED.url,
            api_key="replayed",
            operation=operation,
        )


@pytest.mark.block_network
@sampled_and_whole
def test_sync_and_async_give_equal_results(
    step: int, is_recording: bool, cassette_path: Callable[[str, str], Path]
) -> None:
    if is_recording:
        pytest.skip("compares what was recorded")
    for title in [*SCENARIOS][:: min(step, 5)]:
        sync, *others = [_replayed(kind, title, cassette_path(kind, title)) for kind in KINDS]
        assert sync, title
        assert others == [sync, sync], title

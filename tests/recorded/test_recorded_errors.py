"""Every error status that the spec documents, through the whole client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from qlik_automation_connections import (
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
)
from qlik_automation_connections.sandbox import Fault
from qlik_automation_connections_api.operations import OPERATIONS
from recorded.clients import KINDS, Kind, run
from recorded.places import Place
from recorded.refusals import REFUSALS, documented, refusal

ERRORS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    500: InternalServerError,
    503: InternalServerError,
}


def test_the_spec_documents_errors_of_every_operation() -> None:
    pairs = documented()
    assert {operation for operation, _ in pairs} == set(OPERATIONS)
    assert len(pairs) == len(set(pairs))
    assert {status for _, status in pairs} == set(ERRORS)


def _operations_and_statuses() -> Iterator[object]:
    """All titles, of which those are exhaustive that add neither an operation nor a status nor a way to be refused."""
    seen: set[object] = set()
    for title, (operation, status) in REFUSALS.items():
        adds = {operation, status} - seen or not refusal(operation, status).fault
        seen |= {operation, status}
        yield title if adds else pytest.param(title, marks=pytest.mark.exhaustive)


@pytest.mark.vcr
@pytest.mark.block_network
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("title", list(_operations_and_statuses()))
def test_documented_error(kind: Kind, title: str, place: Place, vcr: Any) -> None:
    operation, status = REFUSALS[title]
    how = refusal(operation, status)
    key = place.keys[how.principal]
    if place.is_real and not how.anywhere:
        pytest.skip(f"a real tenant can't be made to answer {status} to {operation} without harm")
    if not key:
        pytest.skip("QLIK_RECORD_USER_API_KEY does not name a user without the role of an administrator")
    if how.fault and place.sandbox is not None:
        place.sandbox.fail(Fault(operation, status=status))

    with pytest.raises(APIStatusError) as raised:
        run(kind, lambda resource: how.ask(resource, place), url=place.url, api_key=key, operation=operation)

    error = raised.value
    assert type(error) is ERRORS[status]
    assert error.status_code == status
    assert error.operation == operation
    on_one = "{id}" in OPERATIONS[operation].path
    assert (error.connection_id is not None) == (on_one and OPERATIONS[operation].noun == "connection")
    assert error.may_have_been_processed == (status >= 500)
    assert error.attempts == 1
    assert error.code
    assert error.title
    assert error.trace_id
    assert f"{operation}" in error.message
    assert error.code in error.message
    assert error.trace_id in error.message
    assert error.request.method == OPERATIONS[operation].method
    assert "authorization" not in error.request.headers
    assert error.response.json()["traceId"] == error.trace_id
    if place.replayed:
        assert vcr.all_played

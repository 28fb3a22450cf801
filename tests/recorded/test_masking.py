"""Nothing that tells of a tenant gets into a recording, and what does hangs together."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from qlik_automation_connections import AsyncConnections, Connection
from recorded.clients import KINDS, Kind, run
from recorded.leaks import leaks
from recorded.masking import ORIGIN, Masker
from recorded.places import REPLAYED
from recorded.recording import Recording, recorded_with, replayed_from

TENANT = "https://acme.eu.qlikcloud.com/api/workflows/automation-connections"
FIRST, SECOND = "6b1f4c3a-20d7-4e51-9c55-0d2a7e1b9f10", "0a9d8c7b-6e5f-4a3b-9c2d-1e0f9a8b7c6d"


def interaction(
    response: Any, *, uri: str = TENANT, body: Any = None, headers: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    return {
        "request": {
            "method": "GET",
            "uri": uri,
            "body": json.dumps(body) if body is not None else "",
            "headers": {"Authorization": ["Bearer eyJhbGciOi"], "Accept": ["application/json"]},
        },
        "response": {
            "status": {"code": 200, "message": "OK"},
            "headers": headers or {},
            "body": {"string": response if isinstance(response, str | bytes) else json.dumps(response)},
        },
    }


def masked(*interactions: dict[str, Any], **replacements: str) -> list[dict[str, Any]]:
    document = Masker(replacements, {"mail"}).mask({"version": 1, "interactions": list(interactions)})
    assert leaks(yaml.safe_dump(document).replace("mail", "recorded mail")) == []
    entries: list[dict[str, Any]] = document["interactions"]
    return entries


def answer(entry: dict[str, Any]) -> Any:
    return json.loads(entry["response"]["body"]["string"])


def test_one_original_has_one_replacement_everywhere() -> None:
    listed, got = masked(
        interaction({"data": [{"id": SECOND, "name": "Salaries"}, {"id": FIRST, "name": "Wages"}]}),
        interaction({"id": FIRST, "name": "Wages"}, uri=f"{TENANT}/{FIRST}/actions/check"),
    )
    items = answer(listed)["data"]
    assert items[0] != items[1]
    assert answer(got) == items[1]
    assert got["request"]["uri"].endswith(f"/automation-connections/{items[1]['id']}/actions/check")


def test_the_next_page_is_asked_for_as_its_link_says() -> None:
    query = "filter=name%20eq%20%22Salaries%22&limit=2"
    first, second = masked(
        interaction({"data": [{"name": "Salaries"}], "links": {"next": {"href": f"{TENANT}?{query}&cursor=WyJhIl0"}}}),
        interaction({"data": []}, uri=f"{TENANT}?{query}&cursor=WyJhIl0"),
    )
    href = answer(first)["links"]["next"]["href"]
    assert href == second["request"]["uri"]
    assert href.startswith(f"{ORIGIN}/api/workflows/automation-connections?")
    assert f"name%20eq%20%22{answer(first)['data'][0]['name'].replace(' ', '%20')}%22" in href


def test_what_the_tests_know_has_the_replacement_they_know() -> None:
    (entry,) = masked(interaction({"id": FIRST, "connectorId": SECOND}), **{SECOND: REPLAYED.connector_id})
    assert answer(entry)["connectorId"] == REPLAYED.connector_id


def test_the_words_of_the_tests_stay() -> None:
    (entry,) = masked(interaction({"name": "mail", "params": [{"name": "Salaries", "value": "mail"}]}))
    assert answer(entry) == {"name": "mail", "params": [{"name": "param 1", "value": "mail"}]}


def test_blanks_nulls_and_booleans_stay() -> None:
    document = {"spaceId": "", "redirect": None, "isConnected": True, "params": [{"isOptional": "false", "value": ""}]}
    (entry,) = masked(interaction(document))
    assert answer(entry) == document


def test_moments_keep_their_order_and_form() -> None:
    late, early = "2024-06-07T08:09:10.123456Z", "2023-01-02T03:04:05+02:00"
    (entry,) = masked(interaction({"createdAt": early, "updatedAt": late}))
    times = answer(entry)
    assert times["createdAt"] < times["updatedAt"]
    assert times["createdAt"].endswith("+02:00")
    assert len(times["updatedAt"]) == len(late)
    assert not {late, early} & set(times.values())


def test_secrets_and_what_nobody_knows_are_replaced() -> None:
    masked(
        interaction(
            {
                "id": FIRST,
                "ownerId": "64c0f1a2b3d4e5f601234567",
                "redirect": f"https://consent.acme.example/?state={FIRST}",
                "oauthAccountName": "Ada",
                "error": {"message": "hunter2 is wrong", "status": 4711},
                "unheardOf": {"name": "Ada", "id": 4711},
                "params": [
                    {
                        "id": SECOND,
                        "name": "password",
                        "value": "hunter2",
                        "meta": ["hunter2", {"value": "Ada"}],
                        "paramOptions": [{"id": "Ada", "value": "Ada"}],
                    }
                ],
            },
            body={"params": [{"id": SECOND, "value": "hunter2"}, {"name": "x", "value": 4711}]},
        )
    )


def test_an_automation_loses_its_token_and_what_was_built() -> None:
    workspace = {"blocks": [{"id": FIRST, "settings": [{"id": "datasource", "value": SECOND}]}], "variables": ["Ada"]}
    (entry,) = masked(
        interaction({"id": FIRST, "connectorIds": [SECOND], "executionToken": "hunter2", "workspace": workspace})
    )
    automation = answer(entry)
    assert "hunter2" not in json.dumps(automation)
    assert automation["workspace"]["blocks"][0]["settings"][0]["id"] != "datasource"
    assert len(automation["connectorIds"]) == 1


def test_texts_lose_what_tells() -> None:
    detail = (
        f"Wages ({FIRST}) of ada@acme.example at acme.eu.qlikcloud.com, see https://acme.example: Bearer eyJhbGciOi"
    )
    first, _ = masked(
        interaction({"errors": [{"code": "AC-400", "title": "Bad Request", "detail": detail}]}),
        interaction({"name": "Wages"}),
    )
    error = answer(first)["errors"][0]
    assert (error["code"], error["title"]) == ("AC-400", "Bad Request")
    assert "Wages" not in error["detail"]
    assert "acme" not in error["detail"]


@pytest.mark.parametrize("body", ["<html>acme</html>", b"\xff\xfeacme"])
def test_a_body_that_is_not_json_is_replaced_whole(body: str | bytes) -> None:
    (entry,) = masked(interaction(body))
    assert entry["response"]["body"]["string"] == "masked text"


def test_only_allowed_headers_stay() -> None:
    (entry,) = masked(interaction({}, headers={"Set-Cookie": ["a=b"], "Retry-After": ["2"], "Server": ["acme"]}))
    assert entry["request"]["headers"] == {"accept": ["application/json"]}
    assert entry["response"]["headers"] == {"retry-after": ["2"]}


class _Gzipped(BaseHTTPRequestHandler):
    """Answers any GET with a connection, packed."""

    def do_GET(self) -> None:
        document = {"id": FIRST, "name": "Salaries", "params": [{"id": SECOND, "name": "key", "value": "hunter2"}]}
        body = gzip.compress(json.dumps(document).encode())
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "session=hunter2")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def packed_tenant() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Gzipped)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.block_network(allowed_hosts=["127.0.0.1"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_gzipped_answer_is_recorded_and_replayed(kind: Kind, packed_tenant: str, tmp_path: Path) -> None:
    path = tmp_path / "cassette.yaml"

    async def get(connections: AsyncConnections) -> Connection:
        return await connections.get(FIRST)

    async def get_masked(connections: AsyncConnections) -> Connection:
        return await connections.get("00000000-0000-4000-8000-000000000001")

    recording = Recording(path, Masker({}, ()), ["hunter2"])
    with recorded_with(recording):
        live = run(kind, get, url=packed_tenant, api_key="hunter2")
    assert (live.id, live.name, live.params[0].value) == (FIRST, "Salaries", "hunter2")

    assert not path.exists()
    recording.keep()
    text = path.read_text("utf-8")
    assert leaks(text) == []
    assert "hunter2" not in text
    assert "gzip" not in text

    with replayed_from(path):
        replayed = run(kind, get_masked, url=ORIGIN, api_key="replayed")
    assert replayed.id == "00000000-0000-4000-8000-000000000001"
    assert (replayed.name, replayed.params[0].value) == ("name 1", "value 1")

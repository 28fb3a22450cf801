"""The sandbox's pages in a browser: they fit their window by day and night, and no page elsewhere gets at them."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest
from playwright.sync_api import Browser, expect

from browser.conftest import DAY_AND_NIGHT, Window
from qlik_automation_connections.sandbox import Sandbox

LIST = "/api/workflows/automation-connections"
PATHS = ("/", "/docs", "/requests")
COLOURS = """["backgroundColor", "color"].map(
    (name) => getComputedStyle(document.body)[name].match(/\\d+/g).slice(0, 3).map(Number))"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(20) as running:
        headers = {"Authorization": f"Bearer {running.api_key}"}
        query = {"filter": 'name eq "<script>alert(1)</script> & a long, long name that no window is wide enough for"'}
        with httpx.Client(base_url=running.url, headers=headers, trust_env=False, verify=False) as client:
            for _ in range(3):
                client.get(LIST, params=query)
        yield running


def test_every_page_fits_a_telephone_by_day_and_night(window: Window, sandbox: Sandbox) -> None:
    for path in PATHS:
        page = window.show(sandbox.url, path, width=390)
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        for colours in DAY_AND_NIGHT:
            page.emulate_media(color_scheme=colours)
            back, text = page.evaluate(COLOURS)
            assert (sum(back) < sum(text)) == (colours == "dark"), (path, colours)
    window.check()


def test_its_links_lead_to_its_operations_and_requests(window: Window, sandbox: Sandbox) -> None:
    before = len(sandbox.ledger)
    page = window.show(sandbox.url, width=390)
    expect(page.get_by_text(sandbox.api_key).first).to_be_visible()
    page.get_by_role("link", name="Operations").click()
    page.get_by_role("link", name="Create a connection").click()
    expect(page.locator("#createAutomationConnection")).to_be_in_viewport()
    page.get_by_text("Example").first.click()
    expect(page.locator("details[open] pre")).to_be_visible()
    page.get_by_role("link", name="Requests").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("tbody tr").first).to_contain_text("getAutomationConnections")
    expect(page.locator("nav [aria-current=page]")).to_have_text("Requests")
    page.get_by_role("link", name="OpenAPI").click()
    expect(page.locator("body")).to_contain_text(sandbox.url)
    assert len(sandbox.ledger) == before
    window.check()


class _Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Elsewhere</title>")

    def log_message(self, format: str, *arguments: object) -> None:
        pass


_ATTACK = """
async ([url, key, id]) => {
  const list = `${url}/api/workflows/automation-connections`
  const outcomes = []
  for (const [target, options] of [
    [`${url}/requests`, {}],
    [list, {headers: {authorization: `Bearer ${key}`}}],
    [`${list}/${id}`, {method: "DELETE", headers: {authorization: `Bearer ${key}`}}],
    [`${url}/oauth/token`, {method: "POST", body: new URLSearchParams({grant_type: "client_credentials"})}],
  ]) outcomes.push(await fetch(target, options).then(() => "read", () => "refused"))
  await fetch(`${url}/oauth/token`, {method: "POST", mode: "no-cors", body: new URLSearchParams({grant_type: "x"})})
  return outcomes
}
"""


def test_a_page_of_another_origin_gets_nothing(chromium: Browser, sandbox: Sandbox) -> None:
    before, requests = sandbox.snapshot(), len(sandbox.ledger)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        outcomes = page.evaluate(_ATTACK, [sandbox.url, sandbox.api_key, before[0]["id"]])
        context.close()
        server.shutdown()
    assert outcomes == ["refused"] * 4
    assert sandbox.snapshot() == before
    assert {entry.status for entry in sandbox.ledger.snapshot()[requests:]} == {403}
    assert not any(entry.processed for entry in sandbox.ledger.snapshot()[requests:])


def test_a_name_that_leads_to_this_machine_gets_nothing(chromium: Browser, sandbox: Sandbox) -> None:
    # Chromium resolves every name under localhost to loopback, as an attacker's DNS would its own.
    context = chromium.new_context()
    page = context.new_page()
    response = page.goto(sandbox.url.replace("127.0.0.1", "attacker.localhost"))
    assert response is not None
    assert response.status == 421
    assert sandbox.api_key not in page.content()
    context.close()

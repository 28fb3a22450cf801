"""Draws docs/pacing.svg from a real run: the same 1,500 requests, sent by clients that keep to the limits differently.

Each has a sandbox of its own with limits on, whose clock runs ten times faster, and 16 threads. Prints a table, too.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from json import dumps, loads
from pathlib import Path
from typing import Any

import httpx

from bench_pacing import CAPACITY, REQUESTS, SPEED, WINDOW_SECONDS, fullest_window
from qlik_automation_connections import ApiKey
from qlik_automation_connections._exchange.signing import Signer, SigningClient
from qlik_automation_connections.pacing import Pacing, pacer_for
from qlik_automation_connections.sandbox import Sandbox

PICTURE = Path(__file__).parent.parent / "docs" / "pacing.svg"
THREADS = 16
WINDOW = WINDOW_SECONDS / SPEED
CLIENTS = {
    # name: (what it does, colour)
    "ours": ("this package", "#1769aa"),
    "naive": ("sends until it is refused, sleeps for Retry-After", "#c0392b"),
    "even": ("spaces evenly, 100 a minute", "#b9770e"),
    "pyrate": ("pyrate-limiter, sliding window log", ""),
}
LIMIT = ("as fast as the limits allow", "#888888")


class Before(httpx.Auth):
    """Signs with a key, after a function of the client's has returned."""

    def __init__(self, key: str, wait: Any) -> None:
        self._inner = ApiKey(key)
        self._wait = wait

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        self._wait()
        yield from self._inner.auth_flow(request)


def evenly(interval: float) -> Any:
    """What returns once in so many seconds."""
    lock = threading.Lock()
    following = [time.monotonic()]

    def wait() -> None:
        with lock:
            moment = following[0] = max(following[0] + interval, time.monotonic())
        time.sleep(max(0.0, moment - time.monotonic()))

    return wait


def client_of(client: str, key: str, url: str) -> httpx.Client:
    """A client that keeps to the limits in one of the ways."""
    if client == "ours":
        pacer = pacer_for(Pacing(window=WINDOW), url, "picture")
        return SigningClient(signer=Signer(ApiKey(key), httpx.URL(url), pacer), timeout=60.0)
    return httpx.Client(auth=_auth_of(client, key), timeout=60.0)


def _auth_of(client: str, key: str) -> httpx.Auth:
    if client == "even":
        return Before(key, evenly(WINDOW / CAPACITY))
    if client == "pyrate":
        from pyrate_limiter import Limiter, Rate

        limiter = Limiter(Rate(CAPACITY, round(WINDOW * 1000)))
        return Before(key, limiter.try_acquire)
    return ApiKey(key)


def send_all(client: str) -> dict[str, Any]:
    """Send the requests as a client does; the minutes at which they were let through, and how many were refused."""
    left = list(range(REQUESTS))
    with Sandbox(5, limits=True, speed=SPEED) as sandbox:
        id = sandbox.snapshot()[0]["id"]
        target = f"{sandbox.url}/api/workflows/automation-connections/{id}/actions/check"

        def send(http: httpx.Client) -> None:
            while left:
                try:
                    left.pop()
                except IndexError:
                    return
                while (answer := http.post(target)).status_code == 429:
                    time.sleep(float(answer.headers["retry-after"]))

        with client_of(client, sandbox.api_key, sandbox.url) as http:
            threads = [threading.Thread(target=send, args=(http,)) for _ in range(THREADS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        entries = sandbox.ledger.snapshot()
    first = entries[0].time
    moments = [entry.time - first for entry in entries if not entry.refused]
    return {
        "minutes": [moment / 60 for moment in moments],
        "refused": sum(entry.refused for entry in entries),
        "fullest": fullest_window(moments, WINDOW_SECONDS),
    }


def _path(minutes: Sequence[float]) -> str:
    """The line of a count that grows with each moment, thinned to what can be seen."""
    points = [(0.0, 0)]
    for count, minute in enumerate(sorted(minutes), 1):
        if minute - points[-1][0] > 0.02:
            points += [(minute, count - 1)]
        points.append((minute, count))
    kept = [point for number, point in enumerate(points) if number % 5 in (0, 1) or number >= len(points) - 2]
    return " ".join(f"{70 + 40 * x:.1f},{330 - 0.19 * y:.1f}" for x, y in kept)


def draw(runs: dict[str, dict[str, Any]]) -> str:
    """The picture, as SVG."""
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 480" font-family="sans-serif" font-size="13">',
        "<title>Requests that were let through, over time</title>",
        '<rect width="760" height="480" fill="#ffffff"/>',
    ]
    for count in (0, 500, 1000, 1500):
        y = 330 - 0.19 * count
        parts.append(f'<line x1="70" y1="{y}" x2="710" y2="{y}" stroke="#dddddd"/>')
        parts.append(f'<text x="62" y="{y + 4}" text-anchor="end" fill="#444444">{count:,}</text>')
    for minute in range(0, 17, 5):
        parts.append(f'<text x="{70 + 40 * minute}" y="350" text-anchor="middle" fill="#444444">{minute} min</text>')
    limit = [0.0] * 500 + [5.0] * 500 + [10.0] * 500
    lines = [(*LIMIT, limit, "")]
    for name, (what, colour) in CLIENTS.items():
        if colour and name in runs:
            run = runs[name]
            lines.append((what, colour, run["minutes"], f": {run['minutes'][-1]:.1f} min, {run['refused']} refused"))
    for row, (what, colour, minutes, result) in enumerate(lines):
        dash = ' stroke-dasharray="6 4"' if not result else ""
        parts.append(f'<polyline points="{_path(minutes)}" fill="none" stroke="{colour}" stroke-width="2.2"{dash}/>')
        y = 385 + 22 * row
        parts.append(f'<line x1="70" y1="{y - 4}" x2="100" y2="{y - 4}" stroke="{colour}" stroke-width="3"{dash}/>')
        parts.append(f'<text x="110" y="{y}" fill="#222222">{what}{result}</text>')
    parts.append('<text x="70" y="24" fill="#222222">Requests of tier 2 that were let through</text>')
    return "\n".join([*parts, "</svg>", ""])


def main() -> int:
    """Run all clients side by side, draw the picture and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--client", choices=CLIENTS, help=argparse.SUPPRESS)
    client = parser.parse_args().client
    if client:
        print(dumps(send_all(client)))
        return 0
    workers = {
        name: subprocess.Popen([sys.executable, __file__, "--client", name], stdout=subprocess.PIPE, text=True)
        for name in CLIENTS
    }
    runs = {name: loads(worker.communicate()[0]) for name, worker in workers.items()}
    PICTURE.write_text(draw(runs), encoding="utf-8")
    print("| client | minutes | refused | fullest window |\n|---|---|---|---|")
    for name, (what, _) in CLIENTS.items():
        run = runs[name]
        print(f"| {what} | {run['minutes'][-1]:.2f} | {run['refused']} | {run['fullest']} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())

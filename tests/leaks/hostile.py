"""Answers that repeat what they were asked with."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from typing import Any

import httpx

from exchange.scripted import Reply


def _told(request: httpx.Request) -> str:
    """Header and body of the request, the values of the body decoded."""
    try:
        body = json.loads(request.content)
    except ValueError:
        body = {}
    values = [param.get("value", "") for param in body.get("params", [])] if isinstance(body, dict) else []
    secret = body.get("client_secret", "") if isinstance(body, dict) else ""
    return " ".join([request.headers.get("authorization", ""), secret, *values])


def _documented(request: httpx.Request) -> dict[str, Any]:
    told = _told(request)
    return {"errors": [{"code": told, "title": told, "detail": told}], "traceId": "trace-1", "status": told}


def _json(request: httpx.Request) -> str:
    return json.dumps(_documented(request))


def _wide_json(request: httpx.Request) -> str:
    return json.dumps(_documented(request), ensure_ascii=False)


def _php_json(request: httpx.Request) -> str:
    # As PHP's json_encode has it.
    return json.dumps(_documented(request)).replace("/", "\\/")


def _careful_json(request: httpx.Request) -> str:
    # As encoders have it that fear HTML.
    text = json.dumps(_documented(request))
    for character in "<>&+'":
        text = text.replace(character, f"\\u{ord(character):04X}")
    return text


def _html(request: httpx.Request) -> str:
    return f"<html><pre>{_told(request)}\n{request.content.decode()}</pre></html>"


def _escaped_html(request: httpx.Request) -> str:
    return f"<html><pre>{html.escape(_told(request))}</pre></html>"


BODIES: dict[str, tuple[str, Callable[[httpx.Request], str]]] = {
    "JSON": ("application/json", _json),
    "JSON with wide characters": ("application/json", _wide_json),
    "JSON of PHP": ("application/json", _php_json),
    "JSON that fears HTML": ("application/json", _careful_json),
    "HTML": ("text/html", _html),
    "escaped HTML": ("text/html", _escaped_html),
}


def repeats(status: int, body: str) -> Reply:
    """An answer whose body repeats the request's secrets.

    Args:
        status: its status.
        body: which of `BODIES`.
    """
    kind, write = BODIES[body]
    return lambda request: httpx.Response(status, headers={"content-type": kind}, content=write(request).encode())


def repeats_as_trace_id(status: int) -> Reply:
    """An answer whose trace id repeats the request's secrets."""
    return lambda request: httpx.Response(status, json={"errors": [], "traceId": _told(request)})


def repeats_in_header(status: int, name: str) -> Reply:
    """An answer that repeats the bearer token in a header."""

    def reply(request: httpx.Request) -> httpx.Response:
        told = request.headers.get("authorization", "")
        return httpx.Response(status, headers={"content-type": "text/plain", name: told}, content=b"no JSON")

    return reply

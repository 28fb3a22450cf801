"""Exported automations, made up."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from qlik_automation_connections.admin._remap.report import FileReport

Remap = Callable[..., tuple[bytes, FileReport]]
OLD = "11111111-aaaa-4bbb-8ccc-000000000001"
OTHER = "11111111-aaaa-4bbb-8ccc-000000000002"
NEW = "22222222-dddd-4eee-8fff-000000000001"
NEW_OTHER = "22222222-dddd-4eee-8fff-000000000002"
TOKEN = "s3cr3t-execution-token"
MAP = {OLD: NEW, OTHER: NEW_OTHER}


def block(value: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": "B1",
        "displayName": "Send mail",
        "settings": [
            {"id": "password", "value": "hunter2"},
            {"id": "datasource", "value": value, "displayValue": "mail"},
        ],
        **more,
    }


def workspace(*values: Any) -> dict[str, Any]:
    return {"blocks": [block(value) for value in values], "variables": []}


def automation(*values: Any, **more: Any) -> dict[str, Any]:
    return {"id": "A1", "name": "mails", "workspace": workspace(*values), **more}


def dumped(document: Any, **options: Any) -> str:
    return json.dumps(document, **{"indent": 2, **options})

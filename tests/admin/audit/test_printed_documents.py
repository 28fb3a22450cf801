"""What the command line prints as JSON is what the schemas describe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from admin.audit.lists import SCHEMA
from admin.check.test_check_results import SCHEMA as CHECK_SCHEMA
from qlik_automation_connections.admin import AuditReport
from qlik_automation_connections.sandbox import Sandbox

QAC = [sys.executable, "-m", "qlik_automation_connections"]


def printed(sandbox: Sandbox, folder: Path, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [*QAC, *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env={
            **os.environ,
            "PYTHONIOENCODING": "utf-8",
            "QLIK_TENANT_URL": sandbox.url,
            "QLIK_API_KEY": sandbox.api_key,
        },
        timeout=60,
    )
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_audits_and_checks(tmp_path: Path) -> None:
    with Sandbox(30) as sandbox:
        audited = printed(sandbox, tmp_path, "audit", "--all", "--json")
        SCHEMA.validate(audited)
        (tmp_path / "audit.json").write_text(json.dumps(audited), encoding="utf-8")
        assert AuditReport.from_dict(audited).to_dict() == audited
        again = printed(sandbox, tmp_path, "audit", "--all", "--json", "--since", "audit.json")
        SCHEMA.validate(again)
        assert again["changes"]["since"] == audited["made_at"]
        checked = printed(sandbox, tmp_path, "check", "--ids-file", "audit.json", "--json", "--journal", "journal")
        CHECK_SCHEMA.validate(checked)
        assert [item["id"] for item in checked["checked"]] == [item["id"] for item in audited["connections"]]

"""Write docs/quirks.md from the table of quirks: `python scripts/quirk_page.py`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from qlik_automation_connections import QUIRKS, Quirk
from qlik_automation_connections.sandbox import DEFAULT_QUIRKS
from steps import ROOT

PAGE: Final = ROOT / "docs" / "quirks.md"
_HEAD: Final = """\
# Quirks

```python
from qlik_automation_connections import Tenant

with Tenant.from_env() as tenant:
    connection = next(iter(tenant.connections.list()))
    tenant.connections.get(connection.id)
    for quirk, fields in sorted(tenant.quirks_seen.items()):
        print(quirk, *sorted(fields))
```

```text
boolean-spelling AutomationConnectionParamObject.isOptional
empty-object-as-list AutomationConnectionDetailObject.error AutomationConnectionParamObject.meta
empty-space-id AutomationConnectionsListObject.spaceId
…
```

A quirk is a known or expected difference between the service's responses and its documentation. The client handles all
of them; `tenant.quirks_seen` lists those seen so far, with their fields.

Origin is the evidence: inferred quirks have not been observed. Each name is also a switch of the sandbox
(`Sandbox(quirks=[…])`); those marked "on" are on by default.

| quirk | sent | example | read | origin | sandbox |
|---|---|---|---|---|---|
"""
_TAIL: Final = """
`qac doctor` lists the quirks of a tenant, and which [inferred facts](sandbox.md#where-the-services-behavior-is-unknown)
hold there. It sends only GETs, and prints fields but no values, names or ids. `--check` also checks connections, by
POST; `--all` reads everyone's connections; `--json` writes a machine-readable report.

`scripts/quirk_page.py` generates this page from `_quirks.py`.
"""


def _row(quirk: Quirk) -> str:
    switch = "on" if quirk.name in DEFAULT_QUIRKS else "off"
    cells = (f"`{quirk.name}`", quirk.sent, f"`{quirk.sample}`", quirk.read, quirk.origin, switch)
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |\n"


def page(quirks: Iterable[Quirk] = QUIRKS) -> str:
    """Return the page for a table of quirks."""
    return _HEAD + "".join(map(_row, quirks)) + _TAIL


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")

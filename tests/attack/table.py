"""The outcomes as a Markdown table: by fault and operation, the requests seen and the outcome."""

from __future__ import annotations

from collections.abc import Iterable

from .faults import FAULTS, RESULT, RETRIES, Expected, Fault
from .measure import FLAVOURS, measure
from .targets import TARGETS

_TOP = f"""# Faults and outcomes

What a fault on the network or in the service leads to, for each operation:

```python
from qlik_automation_connections import APIConnectionError, Tenant
from qlik_automation_connections.sandbox import Fault, Sandbox

with Sandbox(connections=3) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key, retries=2) as tenant:
    sandbox.fail(Fault(kind="reset", times=None))
    for call in (
        lambda: tenant.connections.get("0a1b2c3d"),
        lambda: tenant.connections.create(connector_id=sandbox.connectors[0].id, name="mail"),
    ):
        try:
            call()
        except APIConnectionError as error:
            print(error.operation, error.attempts, error.may_have_been_processed)
```

```text
getAutomationConnection 3 True
createAutomationConnection 1 True
```

The table is written by `python scripts/fault_table.py` from a run of `tests/attack`. Each fault was played over a
socket against each of the {len(TARGETS)} operations, sync, on asyncio, and on trio, with {RETRIES} retries allowed.
All three gave the same outcomes. "Requests" counts those the server read. After each fault, the same call on the same
tenant got a healthy response; "next call" says whether its result was right.

| fault | operations | requests | outcome | may have been processed | next call |
|---|---|--:|---|---|---|
"""


def _operations(names: list[str]) -> str:
    missing = [name for name in TARGETS if name not in names]
    if not missing:
        return "all"
    return f"all except {', '.join(missing)}" if len(missing) < len(names) else ", ".join(names)


def _row(fault: Fault, names: list[str], seen: Expected, fine: bool) -> str:
    processed = "" if seen.processed is None else "yes" if seen.processed else "no"
    outcome = RESULT if seen.outcome == RESULT else f"`{seen.outcome}`"
    cells = (fault.name, _operations(names), str(seen.requests), outcome, processed, "works" if fine else "fails")
    return f"| {' | '.join(cells)} |\n"


def _rows(fault: Fault) -> Iterable[str]:
    groups: dict[tuple[Expected, bool], list[str]] = {}
    for name in TARGETS:
        outcomes = [measure(fault)[flavour, name] for flavour in FLAVOURS]
        if any(outcome.seen != outcomes[0].seen for outcome in outcomes):
            raise ValueError(f"{fault.name}, {name}: sync and async differ")
        fine = not any(outcome.aftermath for outcome in outcomes)
        groups.setdefault((outcomes[0].seen, fine), []).append(name)
    return [_row(fault, names, seen, fine) for (seen, fine), names in groups.items()]


def table() -> str:
    """The whole page."""
    return _TOP + "".join(row for fault in FAULTS for row in _rows(fault))

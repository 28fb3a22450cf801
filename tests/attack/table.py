"""The outcomes as a Markdown table: by fault and operation, the requests seen and the outcome."""

from __future__ import annotations

from collections.abc import Iterable

from .faults import FAULTS, RESULT, RETRIES, Expected, Fault
from .measure import FLAVOURS, measure
from .targets import TARGETS

_TOP = f"""# Faults and outcomes

Made by `python scripts/fault_table.py` from a run of the attacks in `tests/attack`. Each fault was played over a
socket to each of the {len(TARGETS)} operations, sync, on asyncio and on trio, with {RETRIES} retries allowed; the
outcomes were the same in all three. Requests are those that the server read. Afterwards, the same operation on the same
tenant got a healthy answer: the last column says whether it gave the right result.

| fault | operations | requests | outcome | may have been processed | next call |
|---|---|--:|---|---|---|
"""


def _operations(names: list[str]) -> str:
    missing = [name for name in TARGETS if name not in names]
    if not missing:
        return "all"
    return f"all but {', '.join(missing)}" if len(missing) < len(names) else ", ".join(names)


def _row(fault: Fault, names: list[str], seen: Expected, fine: bool) -> str:
    processed = "" if seen.processed is None else "yes" if seen.processed else "no"
    outcome = RESULT if seen.outcome == RESULT else f"`{seen.outcome}`"
    cells = (fault.name, _operations(names), str(seen.requests), outcome, processed, "fine" if fine else "fails")
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

"""What runs in an environment that is measured: both sides of a row, turn about. Needs the standard library alone."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Sequence
from typing import Any

from .measuring import seconds, timed_pairs


def main(arguments: Sequence[str]) -> None:
    """Does what it is told.

    Args:
        arguments: `pairs`, `turns`, `once` or `profile`; a module of this package; and its order, as JSON. `pairs`
            needs the module's `sides`, `turns` and `profile` its `ours`, which are context managers that yield what to
            do; `once` calls its `once`.
    """
    mode, name, text = arguments
    module = importlib.import_module(f"{__package__}.{name}")
    order: dict[str, Any] = json.loads(text)
    if mode == "pairs":
        with module.sides(order) as (ours, theirs):
            print(json.dumps(timed_pairs(ours, theirs, order["repeats"], cpu=order.get("cpu", False))))
    elif mode == "turns":
        with module.ours(order) as work:
            for _ in sys.stdin:
                print(seconds(work), flush=True)
    elif mode == "once":
        print(json.dumps(module.once(order)))
    else:
        from .profiling import profile

        with module.ours(order) as work:
            print(json.dumps(profile(work)))

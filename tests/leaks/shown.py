"""All that can come out of an exception, an object or a log, as text."""

from __future__ import annotations

import copy
import io
import logging
import pickle
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import anyio
import h11
import httpcore
import httpx
import rich.console
import rich.traceback

import qlik_automation_connections
import qlik_automation_connections_api

# The tests' own frames hold the secrets, as those of a user do who passes them.
_FOLDERS = tuple(
    str(Path(module.__file__ or "").parent)
    for module in (qlik_automation_connections, qlik_automation_connections_api, httpx, httpcore, h11, anyio)
)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    if error is None:
        return
    yield error
    inside = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in (error.__cause__, error.__context__, *inside):
        yield from _chain(other)


def _repr(value: Any) -> str:
    # Some standard formatters fail where a repr does; here it must not hide what others show.
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001
        return f"<{error}>"


def _locals(error: BaseException) -> Iterator[tuple[str, str]]:
    for one in _chain(error):
        for frame, _ in traceback.walk_tb(one.__traceback__):
            code = frame.f_code
            if code.co_filename.startswith(_FOLDERS):
                place = f"locals of {Path(code.co_filename).name}:{code.co_qualname}"
                yield place, " ".join(f"{name}={_repr(value)}" for name, value in frame.f_locals.items())


def _from_the_package_on(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and not trace.tb_frame.f_code.co_filename.startswith(_FOLDERS[:2]):
        trace = trace.tb_next
    return trace


def rich_traceback(error: BaseException) -> str:
    """The traceback as rich shows it, with local variables."""
    console = rich.console.Console(file=io.StringIO(), width=4000)
    trace = rich.traceback.Traceback.from_exception(
        type(error),
        error,
        _from_the_package_on(error.__traceback__),
        show_locals=True,
        locals_max_length=10_000,
        locals_max_string=100_000,
        max_frames=0,
        extra_lines=0,
    )
    console.print(trace)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


def _attributes(value: Any) -> Iterator[tuple[str, str]]:
    for name, attribute in vars(value).items():
        yield f".{name}", repr(attribute)
        if isinstance(attribute, httpx.Request):
            yield f".{name}.headers", repr(attribute.headers.raw)
            yield f".{name}.url", str(attribute.url)
            yield f".{name}.content", repr(attribute.read())
        elif isinstance(attribute, httpx.Response):
            yield f".{name}.headers", repr(attribute.headers.raw)
            yield f".{name}.content", attribute.content.decode("latin-1")
            yield f".{name}.text", attribute.text


def standard_traceback(error: BaseException) -> str:
    """The traceback as the standard library shows it, with local variables."""
    summary = traceback.TracebackException.from_exception(error, capture_locals=True)
    ours = [frame for frame in summary.stack if frame.filename.startswith(_FOLDERS)]
    return "".join(traceback.StackSummary.from_list(ours).format())


def of_error(error: BaseException) -> dict[str, str]:
    """What an exception shows, itself and its copies."""
    pickled = pickle.dumps(error)
    shown = {
        "str": str(error),
        "repr": repr(error),
        "args": repr(error.args),
        "pickle": pickled.decode("latin-1"),
        "traceback": "".join(traceback.format_exception(error)),
        **dict(_locals(error)),
    }
    for name, value in (
        ("error", error),
        ("unpickled", pickle.loads(pickled)),
        ("copied", copy.copy(error)),
        ("copied deeply", copy.deepcopy(error)),
    ):
        shown |= {f"str of {name}": str(value), f"repr of {name}": repr(value)}
        shown |= {f"{name}{attribute}": text for attribute, text in _attributes(value)}
    return shown


def of_objects(objects: Iterable[Any]) -> dict[str, str]:
    """What objects show when they are printed or logged."""
    shown: dict[str, str] = {}
    for number, value in enumerate(objects):
        place = f"{number} {type(value).__name__}"
        shown |= {f"str of {place}": str(value), f"repr of {place}": repr(value), f"format of {place}": f"{value}"}
    return shown


def of_records(records: Iterable[logging.LogRecord]) -> dict[str, str]:
    """What the log has: messages, their arguments, and whatever else hangs on a record."""
    return {
        f"record {number} of {record.name}": f"{record.getMessage()} {vars(record)!r}"
        for number, record in enumerate(records)
    }

"""The command line: `qac`, or in full `qlik-automation-connections`.

Exit codes: 0 all well, 1 something failed, 2 wrong usage or a missing extra.
"""

from __future__ import annotations

import sys

_EXTRA = ("click", "rich")
_PROGRAM = "qac"


def _print_any_character() -> None:
    # A console or pipe whose encoding lacks a character of a name gets a question mark, not a traceback.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def main() -> None:
    """Runs the command line with the arguments of this process, and ends the process."""
    _print_any_character()
    try:
        from .group import qac

        qac(prog_name=_PROGRAM)
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        sys.stderr.write("The command line needs its extra: pip install 'qlik-automation-connections[cli]'\n")
        sys.exit(2)

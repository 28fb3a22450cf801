"""The command line: `qac`, or in full `qlik-automation-connections`.

Exit codes: those of `qac --help`; `exit_codes.py` names them.
"""

from __future__ import annotations

import sys
import warnings

from .._text import install_hint

_EXTRA = ("click", "rich")
_PROGRAM = "qac"


def _print_warning(message: Warning | str, *_: object, **__: object) -> None:
    """Print a warning as a line, without the place in the code."""
    sys.stderr.write(f"Warning: {message}\n")


def main() -> None:
    """Run the command line with the arguments of this process, and end the process."""
    from .standard_streams import prepare_streams

    prepare_streams()
    warnings.showwarning = _print_warning
    try:
        from .group import qac

        qac(prog_name=_PROGRAM)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        sys.exit(130)
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        sys.stderr.write(f"The command line needs its extra: {install_hint('cli')}\n")
        sys.exit(2)

"""The command line: `qac`, or in full `qlik-automation-connections`.

See `exit_codes.py` for the exit codes.
"""

from __future__ import annotations

import sys
import warnings

from .._text import install_hint

_EXTRA = ("click", "rich")
_PROGRAM = "qac"


def _print_warning(message: Warning | str, *_: object, **__: object) -> None:
    """Print a warning on one line, without its source location."""
    sys.stderr.write(f"Warning: {message}\n")


def main() -> None:
    """Run the command line with this process's arguments, then exit."""
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
        sys.stderr.write(f"The command line needs an extra: {install_hint('cli')}\n")
        sys.exit(2)

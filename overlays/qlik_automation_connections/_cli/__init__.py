"""The command line: `qac`, or in full `qlik-automation-connections`.

See `exit_codes.py` for the exit codes.
"""

from __future__ import annotations

import signal
import sys
import warnings
from typing import NoReturn

_EXTRA = ("click", "rich", "yaml")
_PROGRAM = "qac"


class Terminated(KeyboardInterrupt):
    """SIGTERM came: the command ends as after Ctrl-C, with another exit code."""


def _terminate(*_: object) -> NoReturn:
    raise Terminated


def _print_warning(message: Warning | str, *_: object, **__: object) -> None:
    """Print a warning on one line, without its source location."""
    sys.stderr.write(f"Warning: {message}\n")


def main() -> None:
    """Run the command line with this process's arguments, then exit."""
    from .standard_streams import prepare_streams, silence_broken_streams

    prepare_streams()
    warnings.showwarning = _print_warning
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _terminate)
    # Python hides deprecations from all but developers; those that the service announces concern who runs this.
    warnings.filterwarnings("always", ".*the service announces", DeprecationWarning)
    try:
        from .group import qac

        qac(prog_name=_PROGRAM)
    except KeyboardInterrupt as error:
        sys.stderr.write("\nStopped.\n")
        sys.exit(143 if isinstance(error, Terminated) else 130)
    except OSError as error:
        # Of completion, which click prints outside of any command.
        silence_broken_streams()
        sys.exit(141 if isinstance(error, BrokenPipeError) else 1)
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        from .._extras import install_hint

        sys.stderr.write(f"The command line needs an extra: {install_hint('cli')}\n")
        sys.exit(2)

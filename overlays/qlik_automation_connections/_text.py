"""Text that several parts print."""

from __future__ import annotations


def install_hint(extra: str) -> str:
    """The command that installs an extra: from a checkout, and from an index."""
    return (
        f"pip install '.[{extra}]' in a checkout (once published: pip install 'qlik-automation-connections[{extra}]')"
    )

"""`qac demo`: two acts against embedded sandboxes, every result compared with what must come."""

from .command import demo_command

__all__ = ["demo_command"]

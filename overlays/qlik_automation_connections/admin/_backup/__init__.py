"""Backups of connections: every detail that the service tells, but for the values of params."""

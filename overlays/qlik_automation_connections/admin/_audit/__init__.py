"""Audits connections: inventory, owners, and problems."""

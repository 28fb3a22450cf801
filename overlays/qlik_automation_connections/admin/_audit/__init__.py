"""Audits: what is there, whose it is, and what is broken."""

"""Diagnose how a tenant differs from what this package expects."""

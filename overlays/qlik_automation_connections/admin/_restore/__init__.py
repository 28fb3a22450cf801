"""Restores from a backup: first a plan that changes nothing, then its steps, one after the other, with a journal."""

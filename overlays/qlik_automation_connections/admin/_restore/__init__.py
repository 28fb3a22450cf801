"""Restore connections from a backup: plan without changing anything, then carry out the steps with a journal."""

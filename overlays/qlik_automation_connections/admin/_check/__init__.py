"""Checks of many connections, side by side."""

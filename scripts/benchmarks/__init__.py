"""Benchmarks of the client, side by side with what a user would do without it: `make bench`."""

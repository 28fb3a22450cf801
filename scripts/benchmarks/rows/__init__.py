"""One module a row: what it measures, and the work itself, which runs in an environment of its own."""

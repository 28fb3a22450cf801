"""One call, from its first try to its result or exception."""

"""Other clients of the same service, each in a process of its own that lists once for every line on its input."""

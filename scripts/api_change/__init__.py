"""What changed since the last release, as semantic versioning calls it, with each reason."""

"""The steps of a release, each in a file; `scripts/release.py` and `scripts/build.py` put them in order."""

"""Re-exports the HTTP library, so that it can be swapped for one with the same API in one place."""

from httpx import *  # noqa: F403 # pyright: ignore[reportWildcardImportFromLibrary]

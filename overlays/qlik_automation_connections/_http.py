"""The names of the HTTP library. Few other modules name it, so that a change to one with the same API is made here."""

from httpx import *  # noqa: F403 # pyright: ignore[reportWildcardImportFromLibrary]

"""Why a connection could not be read, as a sentence that quotes nothing from the service."""

from __future__ import annotations

from ...errors import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    UnexpectedResponseError,
)

# The text of an error may contain the value of a param, which can't be recognized here.
_SENTENCES: tuple[tuple[type[APIStatusError], str], ...] = (
    (NotFoundError, "It is gone, or the caller can no longer see it"),
    (PermissionDeniedError, "The caller may not read it"),
    (RateLimitError, "The service refused it because of too many requests"),
    (InternalServerError, "The service failed"),
    (APIStatusError, "The service refused it"),
)


def why(error: APIError) -> str:
    """Return the sentence for an error."""
    tries = f" after {error.attempts} tries" if error.attempts > 1 else ""
    if isinstance(error, APIStatusError):
        sentence = next(text for kind, text in _SENTENCES if isinstance(error, kind))
        trace = f", trace id {error.trace_id}" if error.trace_id else ""
        return f"{sentence}{tries} (status {error.status_code}{trace})."
    if isinstance(error, UnexpectedResponseError):
        return f"The response can't be read as this connection{tries} (status {error.status_code or 'unknown'})."
    if isinstance(error, APITimeoutError):
        return f"No response in time{tries}."
    if isinstance(error, APIConnectionError):
        return f"The connection broke{tries}."
    return f"It could not be read{tries}."

"""The public exceptions, all of which derive from `QlikError`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from ._text import shortened

if TYPE_CHECKING:
    from qlik_automation_connections_api.models.error_detail import ErrorDetail

    from ._http import Request, Response

SIGN_IN_OPERATION: Final = "POST /oauth/token"
"""`APIError.operation` of an OAuth client's failed sign-in."""


def _restore(kind: type[QlikError], message: str, state: dict[str, Any]) -> QlikError:
    error = kind.__new__(kind, message)
    error.args = (message,)
    error.__dict__.update(state)
    return error


class QlikError(Exception):
    """Base class of this package's exceptions."""

    def __init__(self, message: str) -> None:
        super().__init__(message)

    @property
    def message(self) -> str:
        """What went wrong, where, and what to do."""
        return str(self)

    def __reduce__(self) -> tuple[Callable[..., QlikError], tuple[Any, ...]]:
        # The default can't pickle or copy the keyword arguments of subclasses, which are not in `args`.
        return _restore, (type(self), str(self), self.__dict__.copy())


class ConfigurationError(QlikError, ValueError):
    """An argument or setting is missing or invalid; nothing was sent."""


class APIError(QlikError):
    """A request failed or got an unusable response.

    Attributes:
        operation: The operationId, such as `getAutomationConnection`.
        connection_id: Id of the connection; None for lists, creations and other resources.
        may_have_been_processed: Whether the service may have processed the request.
        attempts: Number of tries.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str,
        connection_id: str | None = None,
        may_have_been_processed: bool = False,
        attempts: int = 1,
    ) -> None:
        # A service may send any amount of text, and what to do comes last.
        super().__init__(shortened(message))
        self.operation = operation
        self.connection_id = connection_id
        self.may_have_been_processed = may_have_been_processed
        self.attempts = attempts


class APIConnectionError(APIError):
    """No response: the service can't be reached, or the connection broke."""


class APITimeoutError(APIConnectionError):
    """No response in time."""


class UnexpectedResponseError(APIError):
    """The response is not one that the API documents.

    Attributes:
        status_code: HTTP status of the response; None if unknown.
        trace_id: Identifies the request in the service's logs; None if absent.
        request: A copy of the request, without credentials and body.
        response: A copy of the response, without the body if it was a success, which may contain secrets. None if it
            did not arrive completely.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        trace_id: str | None = None,
        request: Request | None = None,
        response: Response | None = None,
        **origin: Any,
    ) -> None:
        super().__init__(message, **origin)
        self.status_code = status_code
        self.trace_id = trace_id
        self.request = request
        self.response = response


class APIStatusError(APIError):
    """The service responded with an error status.

    Attributes:
        status_code: HTTP status of the response.
        errors: The errors in the response, possibly empty.
        trace_id: Identifies the request in the service's logs; None if absent.
        retry_after: Seconds to wait before trying again; None if absent.
        request: A copy of the request, without credentials and body.
        response: A copy of the response, without headers that may hold secrets.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int,
        request: Request,
        response: Response,
        errors: Sequence[ErrorDetail] = (),
        trace_id: str | None = None,
        retry_after: float | None = None,
        **origin: Any,
    ) -> None:
        super().__init__(message, **origin)
        self.status_code = status_code
        self.request = request
        self.response = response
        self.errors = list(errors)
        self.trace_id = trace_id
        self.retry_after = retry_after

    @property
    def code(self) -> str | None:
        """Code of the first error."""
        return self.errors[0].code if self.errors else None

    @property
    def title(self) -> str | None:
        """Title of the first error."""
        return self.errors[0].title if self.errors else None

    @property
    def detail(self) -> str | None:
        """Detail of the first error."""
        return self.errors[0].detail if self.errors else None


class BadRequestError(APIStatusError):
    """400: the request is malformed or can't be fulfilled."""


class AuthenticationError(APIStatusError):
    """401: the bearer token is missing, invalid or expired."""


class PermissionDeniedError(APIStatusError):
    """403: the caller is authenticated but not allowed to do this."""


class NotFoundError(APIStatusError):
    """404: nothing with this id is visible to the caller."""


class ConflictError(APIStatusError):
    """409: the change conflicts with the current state of the connection."""


class RateLimitError(APIStatusError):
    """429: too many requests; this one was not processed."""


class InternalServerError(APIStatusError):
    """5xx: the service, or a proxy in front of it, failed."""


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitError,
}


def status_error_class(status_code: int) -> type[APIStatusError]:
    """Return the exception class for an HTTP status of 400 or above."""
    if status_code >= 500:
        return InternalServerError
    return _BY_STATUS.get(status_code, APIStatusError)


class UnreadableValueWarning(UserWarning):
    """A value in a response can't be read; `additional_properties` has it under its wire name."""


class InsecureTransportWarning(UserWarning):
    """Certificates are not verified."""

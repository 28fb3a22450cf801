"""The exceptions that users meet. All of them are a `QlikError`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from qlik_automation_connections_api.models.error_detail import ErrorDetail

from ._http import Request, Response

SIGN_IN_OPERATION: Final = "POST /oauth/token"
"""`APIError.operation` where signing in failed, by an OAuth client."""


def _restore(kind: type[QlikError], message: str, state: dict[str, Any]) -> QlikError:
    error = kind.__new__(kind, message)
    error.args = (message,)
    error.__dict__.update(state)
    return error


class QlikError(Exception):
    """Whatever this package raises of its own."""

    def __init__(self, message: str) -> None:
        super().__init__(message)

    @property
    def message(self) -> str:
        """What went wrong, where, and what to do about it."""
        return str(self)

    def __reduce__(self) -> tuple[Callable[..., QlikError], tuple[Any, ...]]:
        # Keyword arguments of the subclasses are not in `args`, so the stock way can't pickle or copy them.
        return _restore, (type(self), str(self), self.__dict__.copy())


class ConfigurationError(QlikError, ValueError):
    """An argument or a setting is missing or wrong; nothing was sent."""


class APIError(QlikError):
    """A request did not lead to a usable answer.

    Attributes:
        operation: operationId of what was asked for, such as `getAutomationConnection`.
        connection_id: the connection that it was asked for, None for a list, a creation, and what is no connection.
        may_have_been_processed: whether the service may have done what was asked.
        attempts: how many times the request was sent.
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
        super().__init__(message)
        self.operation = operation
        self.connection_id = connection_id
        self.may_have_been_processed = may_have_been_processed
        self.attempts = attempts


class APIConnectionError(APIError):
    """No answer came: the service can't be reached, or the connection broke."""


class APITimeoutError(APIConnectionError):
    """No answer came in time."""


class UnexpectedResponseError(APIError):
    """An answer came that is none of those which the API describes.

    Attributes:
        status_code: HTTP status of the answer.
        trace_id: identifies the request in the service's own records; None if it sent none.
        request: a copy of what was sent, without credentials and body.
        response: a copy of what came, without the body of a success (it may hold secrets); None if it did not arrive
            whole.
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
    """The service answered that it did not do what was asked.

    Attributes:
        status_code: HTTP status of the answer.
        errors: what the service said, possibly nothing.
        trace_id: identifies the request in the service's own records; None if it sent none.
        retry_after: seconds to wait before asking again; None if the service named none.
        request: a copy of what was sent, without credentials and body.
        response: a copy of what came.
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
        """Code of the first error that the service named."""
        return self.errors[0].code if self.errors else None

    @property
    def title(self) -> str | None:
        """Title of the first error that the service named."""
        return self.errors[0].title if self.errors else None

    @property
    def detail(self) -> str | None:
        """Detail of the first error that the service named."""
        return self.errors[0].detail if self.errors else None


class BadRequestError(APIStatusError):
    """400: the request is malformed or asks for what is not possible."""


class AuthenticationError(APIStatusError):
    """401: the bearer token is missing, wrong or has ended."""


class PermissionDeniedError(APIStatusError):
    """403: the caller is known and may not do this."""


class NotFoundError(APIStatusError):
    """404: the caller can see nothing with this id."""


class ConflictError(APIStatusError):
    """409: the change contradicts the present state of the connection."""


class RateLimitError(APIStatusError):
    """429: too many requests; nothing was done."""


class InternalServerError(APIStatusError):
    """Any 5xx: the service, or something in front of it, failed."""


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitError,
}


def status_error_class(status_code: int) -> type[APIStatusError]:
    """Which exception stands for an HTTP status of 400 and above."""
    if status_code >= 500:
        return InternalServerError
    return _BY_STATUS.get(status_code, APIStatusError)


class UnreadableValueWarning(UserWarning):
    """The service sent a value that is none; it is in `additional_properties` under its wire name."""


class InsecureTransportWarning(UserWarning):
    """Certificates are not verified."""

"""Parsing of successful responses into results."""

from __future__ import annotations

from typing import Any

from qlik_automation_connections_api.fields import FIELDS
from qlik_automation_connections_api.types import MissingId

from .._headers import content_type
from .._log import warn_user
from .._normalizer import Normalizer, WrongShape, read_normalized
from .._quirks import is_error
from .._raw_response import RawResponse, decode_fast, decode_json
from .._redaction import redact
from .._text import counted
from ..errors import UnreadableValueWarning
from .call import Call, T, UnusableResult
from .exceptions import unexpected_response


def parse_response(
    call: Call[T], response: RawResponse, *, processed: bool = False, attempts: int
) -> tuple[T, Normalizer]:
    """Return the result of a call, and the normalizer with the quirks that the response showed.

    Args:
        call: The call that was sent.
        response: Its response, with a status below 400.
        processed: Whether the service may have applied an earlier try.
        attempts: Number of tries.

    Raises:
        UnexpectedResponseError: The response is not the success that the spec documents.
    """
    try:
        result, normalizer = _parse(call, response)
    except (WrongShape, UnusableResult) as error:
        problem = str(error)
    except MissingId:
        problem = f"the {call.operation.noun} has no id"
    except ValueError:
        problem = f"it is not JSON but {len(response.content)} bytes of {content_type(response.headers)}"
    else:
        if normalizer.failed_reads:
            _warn(call, normalizer)
        if normalizer.left_out:
            what = counted(len(normalizer.left_out), call.operation.noun)
            warn_user(f"{call.label}: left out {what} without an id.", UnreadableValueWarning)
        return result, normalizer
    # Raised here, not where it was found: the frames there may hold secrets.
    processed = processed or 200 <= response.status < 300
    raise unexpected_response(call, response, problem, processed=processed, attempts=attempts)


def _parse(call: Call[T], response: RawResponse) -> tuple[T, Normalizer]:
    schema = call.operation.result
    if response.status >= 300 and call.operation.success < 300:
        raise UnusableResult("redirects are not followed; check the tenant's address")
    if response.status != call.operation.success:
        raise UnusableResult(f"the documented status is {call.operation.success}")
    if schema is None:
        # A redirect that the operation documents has its result in a header.
        return call.read(response.headers.get("location"), Normalizer()), Normalizer()
    if not call.verbatim:
        try:
            document = decode_fast(response.content)
        except ValueError:
            pass  # Perhaps another encoding or too much nesting; the exact decoder below decides.
        else:
            result, normalizer = _read(call, response, document, schema)
            if not normalizer.needs_exact_json:
                return result, normalizer
    return _read(call, response, decode_json(response.content), schema)


def _read(call: Call[T], response: RawResponse, document: Any, schema: str) -> tuple[T, Normalizer]:
    if isinstance(document, dict) and is_error(document, FIELDS[schema].keys()):
        raise UnusableResult("it is an error despite its status")
    content = Normalizer().unwrap(document, schema) if call.id is not None and "id" in FIELDS[schema] else None
    id = content.get("id") if isinstance(content, dict) else None
    # A cache or a proxy may mix up responses.
    if isinstance(id, str | int) and str(id).strip().casefold() not in ("", str(call.id).strip().casefold()):
        other = redact(str(id), call.secrets(response.request))[:100]
        raise UnusableResult(f"it is about another {call.operation.noun}, {other!r}")
    if call.verbatim:
        return call.read(document, Normalizer()), Normalizer()
    return read_normalized(call.read, document, schema)


def _warn(call: Call[Any], normalizer: Normalizer) -> None:
    first = normalizer.failed_reads[0]
    where = f" of {first.id[:100]!r}" if first.id else ""
    more = f" (and {len(normalizer.failed_reads) - 1} more)" if len(normalizer.failed_reads) > 1 else ""
    warn_user(
        f"{call.label}: {first.field}{where} can't be read, at least not whole; the raw value is in"
        f" additional_properties{more}.",
        UnreadableValueWarning,
    )

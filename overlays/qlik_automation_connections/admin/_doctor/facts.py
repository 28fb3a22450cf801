"""Facts that are inferred, not documented, and how reads show whether they hold."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final, Literal

from ... import APIError, APIStatusError, Automation, BadRequestError, ConnectionSummary, Page, PermissionDeniedError
from ..._text import counted
from .._identity import may_list_all
from .probe import Probe, reason
from .report import Fact

_Found = tuple[Literal["holds", "does not hold", "unknown"], str]
_NOT_ENOUGH: Final = "not enough connections"
_TIMESTAMP: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_SECRET_PARAM: Final = re.compile(r"pass(word|phrase)?|secret|token|api_?key", re.IGNORECASE)
_MASK: Final = re.compile(r"[*•●.xX]+")


def _told(holds: bool, detail: str = "") -> _Found:
    return ("holds" if holds else "does not hold"), detail


def _unknown_id(probe: Probe) -> _Found:
    found = probe.outcome(lambda: probe.tenant.connections.get(str(uuid.uuid4())))
    if not isinstance(found, APIError):
        return _told(False, "a connection")
    return _told(isinstance(found, APIStatusError) and found.status_code == 404, reason(found))


def _error_body(probe: Probe) -> _Found:
    if not probe.errors:
        return "unknown", "no errors"
    lacking = Counter(
        part
        for error in probe.errors
        for part, value in (("code", error.code), ("title", error.title), ("trace id", error.trace_id))
        if not value
    )
    said = ", ".join(f"{count} without {part}" for part, count in sorted(lacking.items()))
    return _told(not lacking, f"{counted(len(probe.errors), 'error')}{f': {said}' if said else ''}")


def _first(probe: Probe, name: str) -> ConnectionSummary | None:
    return next(iter(probe.tenant.connections.list(name=name, list_all=probe.list_all, limit=1)), None)


def _exact_filter(probe: Probe) -> _Found:
    names = {item.name for item in probe.items if item.name}
    name = next((name for name in sorted(names) if name.isascii() and name.swapcase() not in names), None)
    if name is None:
        return "unknown", _NOT_ENOUGH
    if _first(probe, name) is None:
        return _told(False, "a connection is not found by its name")
    return _told(_first(probe, name.swapcase()) is None)


def _quoted_filter(probe: Probe) -> _Found:
    found = probe.outcome(lambda: _first(probe, '"\\'))
    if isinstance(found, BadRequestError):
        return _told(False, reason(found))
    return ("unknown", reason(found)) if isinstance(found, APIError) else _told(True, "accepted")


def _next_page(probe: Probe) -> _Found:
    both = _ids(probe.pages(limit=2), 1)
    return _told(both == _ids(probe.pages(limit=1), 2)) if len(both) == 2 else ("unknown", _NOT_ENOUGH)


def _ids(pages: Iterator[Page[ConnectionSummary]], most: int) -> list[str | None]:
    return [item.id for page in islice(pages, most) for item in page.items]


def _cursor_of_another_list(probe: Probe) -> _Found:
    cursor = next(probe.pages(limit=1)).next_cursor
    if cursor is None:
        return "unknown", _NOT_ENOUGH
    found = probe.outcome(lambda: next(probe.pages(limit=2, cursor=cursor)))
    if isinstance(found, BadRequestError):
        return _told(True, reason(found))
    return ("unknown", reason(found)) if isinstance(found, APIError) else _told(False, "accepted")


def _timestamps(probe: Probe) -> _Found:
    texts = [document.get(name) for document in probe.documents for name in ("createdAt", "updatedAt")]
    found = [text for text in texts if isinstance(text, str)]
    others = sum(not _TIMESTAMP.fullmatch(text) for text in found)
    return ("unknown", _NOT_ENOUGH) if not found else _told(not others, f"{others} of {len(found)} differ")


def _secrets_read_back(probe: Probe) -> _Found:
    seen: Counter[str] = Counter()
    for connection in probe.connections:
        for param in connection.params:
            if param.field_type == "password" or _SECRET_PARAM.search(param.name or ""):
                value = param.value
                seen["blank" if not value else "masked" if _MASK.fullmatch(value) else "something else"] += 1
    said = ", ".join(f"{count:,} {kind}" for kind, count in sorted(seen.items()))
    return _told(not seen.keys() - {"blank"}, said) if seen else ("unknown", "no such params")


def _role(probe: Probe) -> _Found:
    right = next((each for each in probe.rights if each.name == "everyone's connections"), None)
    by_role = None if probe.me is None else may_list_all(probe.me)
    if right is None or right.result == "unknown" or by_role is None:
        return "unknown", "roles are not shown"
    return _told((right.result == "allowed") == by_role, f"{right.result}, {'with' if by_role else 'without'} the role")


def _users_of_others(probe: Probe) -> _Found:
    if probe.me is None or may_list_all(probe.me) is not False:
        return "unknown", "only others than administrators can tell"
    page = probe.outcome(lambda: next(iter(probe.tenant.users.list(limit=1).pages())))
    if isinstance(page, APIError):
        return ("holds" if isinstance(page, PermissionDeniedError) else "unknown"), reason(page)
    fields = Counter(name for user in page.items for name in ("email", "status") if getattr(user, name))
    return _told(not fields, ", ".join(sorted(fields)))


def _spaces_page(probe: Probe) -> _Found:
    right = next((each for each in probe.rights if each.name == "spaces"), None)
    if right is None or right.result != "allowed":
        return "unknown", "" if right is None else right.detail
    return _told(True, right.detail)


def _connectors_of_automations(probe: Probe) -> _Found:
    differ = [_connectors_differ(automation) for automation in probe.automations]
    read = [each for each in differ if each is not None]
    return _told(not any(read), f"{sum(read)} of {len(read)} differ") if read else ("unknown", "no automation was read")


def _connectors_differ(automation: Automation) -> bool | None:
    """Return whether an automation lists other connectors than those of its blocks; None without a workspace."""
    blocks = None if automation.workspace is None else automation.workspace.to_dict().get("blocks")
    if not isinstance(blocks, list):
        return None
    guids = (block.get("datasourcetype_guid") for block in blocks if isinstance(block, dict))
    return Counter(guid for guid in guids if guid) != Counter(automation.connector_ids or [])


_FACTS: Final[tuple[tuple[str, str, Callable[[Probe], _Found]], ...]] = (
    ("unknown-id", "An unknown id gets the status 404.", _unknown_id),
    ("exact-filter", "A filter compares names exactly, in letter case too.", _exact_filter),
    ("quoted-filter", "In a filter, a backslash escapes quotes and backslashes.", _quoted_filter),
    ("next-page", "A page begins where the last one ended.", _next_page),
    ("cursor-scope", "A cursor is refused with another limit than that of its list.", _cursor_of_another_list),
    ("error-body", "An error has a code, a title and a trace id.", _error_body),
    ("timestamps", "Timestamps have six fractional digits, and Z.", _timestamps),
    ("secrets-read-back", "Values of secret params are read back blank.", _secrets_read_back),
    ("roles", "TenantAdmin and AnalyticsAdmin, and no others, may list everyone's connections.", _role),
    ("users-of-others", "Only administrators see the e-mail address and status of users.", _users_of_others),
    ("spaces-page", "The list of spaces takes a limit of 100.", _spaces_page),
    ("connector-ids", "An automation lists the connector of each block that has one.", _connectors_of_automations),
)


def facts_of(probe: Probe) -> list[Fact]:
    """Return which facts hold, asking more where needed."""
    return [Fact(name, fact, *_find(find, probe)) for name, fact, find in _FACTS]


def _find(find: Callable[[Probe], _Found], probe: Probe) -> _Found:
    try:
        return find(probe)
    except APIError as error:
        return "unknown", reason(error)

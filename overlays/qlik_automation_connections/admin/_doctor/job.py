"""Diagnose a tenant, by reads alone."""

from __future__ import annotations

import platform
import re
import warnings
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice, zip_longest
from typing import Final
from urllib.parse import urlsplit

from ... import QUIRKS, ApiKey, AutomationSummary, ConnectionSummary, Page, Tenant, User, __version__
from ..._arguments import is_identifier, is_loopback
from ..._text import counted
from ...errors import APIError, UnreadableValueWarning
from .._document import now
from .._identity import LISTING_ROLES, key_expiry, roles_of, sign_in_of
from .._progress import OnProgress, Progress, ignore
from .facts import facts_of
from .probe import Probe, is_sign_in, reason
from .report import Diagnosis, Observation, ShownQuirk
from .wire import Wire

_JOB: Final = "doctor"
_PAGES: Final = 3
_DOCUMENTS: Final = 5
_REGION: Final = re.compile(r"[^.]+\.([a-z]{2,3}[0-9]?)\.(qlikcloud(gov)?\.com)")
# A key that looks like an identifier of something, or like text, may say whose tenant it is.
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z_]{0,39}[0-9]{0,2}")


def diagnose(
    tenant: Tenant,
    *,
    most: int = 20,
    list_all: bool = False,
    check: bool = False,
    on_progress: OnProgress | None = None,
) -> Diagnosis:
    """Find out how a tenant differs from what this package expects: its quirks, and which inferred facts hold.

    Also whether it can be reached, the sign-in works, what the caller may read, and whether the clock is right. Nothing
    of the tenant's content is in the result.

    Args:
        tenant: The tenant.
        most: How many connections, and how many automations, are read singly.
        list_all: Read everybody's connections, for administrators; otherwise the caller's.
        check: Also check the connections that are read singly.
        on_progress: Called after each connection.

    Returns:
        The diagnosis. A tenant that can't be reached, or refuses the sign-in, is a problem in it, not an error.

    Raises:
        ConfigurationError: The tenant is closed.

    Sends some forty GETs (tier 1), and with `check` a POST per connection (tier 2), which changes nothing.
    """
    found = Diagnosis(now(), __version__, platform.python_version(), platform.system())
    wire = Wire()
    probe = Probe(tenant, list_all)
    # Their ids stay out; their fields are among the quirks.
    with warnings.catch_warnings(), wire.watching(tenant):
        warnings.simplefilter("ignore", UnreadableValueWarning)
        error = _look(probe, most, check=check, on_progress=on_progress or ignore)
        found.facts = facts_of(probe) if error is None else []
    https = tenant.url.startswith("https:")
    found.observations = [_address(probe, error), _sign_in(tenant, error), *wire.observations(https=https)]
    found.requests, found.rights = wire.responses, probe.rights
    found.asked, found.failed = dict(probe.asked), dict(sorted(probe.failed.items()))
    found.quirks = _quirks(probe) if error is None else []
    return found


def _look(probe: Probe, most: int, *, check: bool, on_progress: OnProgress) -> APIError | None:
    """Read what the rest is told from; return the error if the tenant can't be used at all."""
    tenant = probe.tenant
    own = probe.outcome(lambda: next(iter(tenant.connections.list(limit=1).pages())))
    if isinstance(own, APIError) and (is_sign_in(own) or reason(own) in _NO_ANSWER):
        return own
    probe.may("own connections", lambda: _given(own))
    probe.may("everyone's connections", lambda: next(iter(tenant.connections.list(list_all=True, limit=1).pages())))
    probe.me = probe.may("own user", tenant.users.me, _roles)
    probe.may("users", lambda: next(iter(tenant.users.list(limit=1).pages())))
    probe.may("spaces", lambda: next(iter(tenant.spaces.list(limit=100).pages())))
    probe.may("connectors", lambda: next(iter(tenant.connectors.list().pages())))
    _look_at_automations(probe, most)
    _look_at_connections(probe, most, check=check, on_progress=on_progress)
    return None


_NO_ANSWER: Final = ("no connection", "no response in time", "certificate not trusted", "refused by the proxy")


def _given(found: object) -> object:
    if isinstance(found, APIError):
        raise found
    return found


def _roles(user: User) -> str:
    """Describe a user's roles; those of a tenant's own may have telling names."""
    roles = roles_of(user)
    known = [role for role in LISTING_ROLES if role in roles]
    return ", ".join([*known, counted(len(roles) - len(known), "other role")]) if roles else "roles not shown"


def _look_at_automations(probe: Probe, most: int) -> None:
    tenant = probe.tenant
    own = probe.may("own automations", lambda: next(iter(tenant.automations.list().pages())))
    every = probe.may("everyone's automations", lambda: next(iter(tenant.automations.list(list_all=True).pages())))
    mine = _ids(own)
    others = [id for id in _ids(every) if id not in mine]
    if others:
        one = probe.may("an automation of somebody else", partial(tenant.automations.get, others[0]))
        mine += [] if one is None else others
    for id in mine[:most]:
        automation = probe.read("automations", partial(tenant.automations.get, id))
        probe.automations += [] if automation is None else [automation]


def _ids(page: Page[AutomationSummary] | None) -> list[str]:
    return [] if page is None else [item.id for item in page.items if is_identifier(item.id)]


def _look_at_connections(probe: Probe, most: int, *, check: bool, on_progress: OnProgress) -> None:
    probe.read_list(_PAGES)
    probe.asked["listed"] = len(probe.items)
    connections, chosen = probe.tenant.connections, _chosen(probe.items, most)
    for number, id in enumerate(chosen, start=1):
        connection = probe.read("connections", partial(connections.get, id))
        probe.connections += [] if connection is None else [connection]
        if connection is not None and len(probe.documents) < _DOCUMENTS:
            document = probe.outcome(partial(connections.get_json, id))
            probe.documents += [] if isinstance(document, APIError) else [document]
        if check:
            probe.read("checks", partial(connections.check, id))
        on_progress(Progress(_JOB, number, len(chosen), sum(probe.failed.values())))


def _chosen(items: Iterable[ConnectionSummary], most: int) -> list[str]:
    """Return ids of as many connectors as possible, since these differ in their params."""
    by_connector: dict[str | None, dict[str, None]] = {}
    for item in items:
        if is_identifier(item.id):
            by_connector.setdefault(item.connector_id, {})[item.id] = None
    return list(islice(filter(None, chain(*zip_longest(*by_connector.values()))), most))


def _address(probe: Probe, error: APIError | None) -> Observation:
    parts = urlsplit(probe.tenant.url)
    region = _REGION.fullmatch(parts.hostname or "")
    where = f"region {region[1]} of {region[2]}" if region else "a domain of its own"
    said = f"{parts.scheme}, {'this machine' if is_loopback(parts.hostname or '') else where}"
    if error is not None and reason(error) in _NO_ANSWER:
        return Observation("address", "problem", f"{said}; {reason(error)}")
    if error is None and not any(right.result == "allowed" for right in probe.rights):
        return Observation("address", "problem", f"{said}; responds, but not as a tenant does")
    return Observation("address", "ok", f"{said}; responds")


def _sign_in(tenant: Tenant, error: APIError | None) -> Observation:
    said: str = sign_in_of(tenant.auth)
    expires, expired = key_expiry(tenant), False
    if expires is not None:
        days = (expires - datetime.now(UTC)).days
        expired = days < 0
        said += ", expired by what it says itself" if expired else f", expires in {counted(days, 'day')}"
    elif isinstance(tenant.auth, ApiKey):
        said += ", doesn't say when it expires"
    if tenant.automations_auth is not tenant.auth:
        said += f"; for automations: {sign_in_of(tenant.automations_auth)}"
    if error is None:
        return Observation("sign-in", "problem" if expired else "ok", said)
    if is_sign_in(error):
        return Observation("sign-in", "problem", f"{said}; refused: {reason(error)}")
    return Observation("sign-in", "unknown", said)


def _shown(field: str) -> str:
    schema, _, name = field.rpartition(".")
    return field if _PLAIN_NAME.fullmatch(name.removesuffix("[]")) or not schema else f"{schema}.(a name not shown)"


def _quirks(probe: Probe) -> list[ShownQuirk]:
    """Return which quirks of the table were seen."""
    seen = probe.tenant.quirks_seen
    can_be_told = {
        "list": probe.list_ended,
        "connection": bool(probe.connections),
        "check": bool(probe.asked["checks"]),
        "error": bool(probe.errors),
    }
    quirks = []
    for quirk in QUIRKS:
        fields = sorted({_shown(field) for field in seen.get(quirk.name, ())})
        told = can_be_told[quirk.response]
        quirks.append(ShownQuirk(quirk.name, "seen" if fields else "not seen" if told else "unknown", fields))
    return quirks

"""Find the user, space or connector that an option names: by id, by name, or by e-mail address."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Final, TypeAlias

import qlik_automation_connections as package

from .. import APIError, Tenant
from .._text import printable
from .exit_codes import Exit, Failed, in_cli_words
from .output import say

# 24 hexadecimal digits, UUIDs, and the older ids of users and spaces. No name looks like one.
_ID: Final = re.compile(
    r"[0-9a-f]{24}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=.*[0-9])(?=.*[A-Z])[\w-]{32}", re.ASCII
)
_MOST_SHOWN: Final = 10
_MOST_LIKELY: Final = 3
_MOST_COMPARED: Final = 1_000
"""Candidates for a name that nobody has are sought among this many."""

Named: TypeAlias = "package.User | package.Space | package.Connector | package.ConnectorSummary"


def user_id(tenant: Tenant, given: str, option: str) -> str:
    """Return the id of the user with an id, a name or an e-mail address.

    Args:
        tenant: The tenant to ask. An id is not looked up, as its user may be gone.
        given: What the option was given.
        option: The option, for messages.

    Raises:
        Failed: No user, or more than one, is meant.
    """
    text = json.dumps(given, ensure_ascii=False)
    wanted = f"id eq {text} or name eq {text} or email eq {text}"
    return _id_of(given, option, "user", lambda: tenant.users.list(filter=wanted), tenant.users.list)


def space_id(tenant: Tenant, given: str, option: str) -> str:
    """Return the id of the space with an id or a name. See `user_id`."""

    def found() -> Iterator[Named]:
        return (space for space in tenant.spaces.list(name=given) if _is_called(space, given))

    return _id_of(given, option, "space", found, tenant.spaces.list) if given else given


def connector_id(tenant: Tenant, given: str, option: str) -> str:
    """Return the id of the connector with an id or a name. See `user_id`."""
    every = cache(lambda: list(tenant.connectors.list()))
    return _id_of(given, option, "connector", lambda: (each for each in every() if _is_called(each, given)), every)


def _is_called(item: Named, given: str) -> bool:
    return (item.name or "").casefold() == given.casefold()


def _id_of(
    given: str, option: str, what: str, find: Callable[[], Iterable[Named]], every: Callable[[], Iterable[Named]]
) -> str:
    if _ID.fullmatch(given):
        return given
    try:
        found = list(find())
        others = [] if found else list(islice(every(), _MOST_COMPARED))
    except APIError as error:
        reason = in_cli_words(error.message)
        say(f"{option}: names can't be looked up, so {printable(given)} is taken for an id. {reason}", err=True)
        return given
    found = [item for item in found if item.id]
    if any(item.id == given for item in (*found, *others)):
        return given
    if len(found) == 1:
        return found[0].id
    if found:
        lines = _lines(found)
        raise Failed(f"{option}: {len(found)} {what}s are called {given!r}. Pass the id of one:\n{lines}", Exit.USAGE)
    there = _who_is_there(given, what, others)
    raise Failed(f"{option}: no {what} has the id or name {given!r}. {there}", Exit.NOT_FOUND)


def _who_is_there(given: str, what: str, others: Sequence[Named]) -> str:
    """Return the likeliest candidates, or the first ones."""
    words = {word.casefold(): item for item in others for word in (item.name, getattr(item, "email", None)) if word}
    import difflib

    likely = [words[word] for word in difflib.get_close_matches(given.casefold(), words, _MOST_LIKELY)]
    likely = likely or [item for word, item in words.items() if given.casefold() in word]
    shown = list({id(item): item for item in likely or others}.values())
    if not shown:
        return f"There are no {what}s that you may see."
    return f"{'Did you mean:' if likely else 'There are:'}\n{_lines(shown)}"


def _lines(items: Iterable[Named]) -> str:
    shown = list(items)
    lines = [f"  {_line(item)}" for item in shown[:_MOST_SHOWN]]
    return "\n".join(lines + ([f"  and {len(shown) - _MOST_SHOWN:,} more"] if len(shown) > _MOST_SHOWN else []))


def _line(item: Named) -> str:
    status = getattr(item, "status", None)
    more = [getattr(item, "email", None), status if status != "active" else None]
    return printable(", ".join(filter(None, [f"{item.id}  {item.name or ''}".rstrip(), *more])))

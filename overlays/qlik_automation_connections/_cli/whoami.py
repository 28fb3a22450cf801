"""`qac whoami`: which tenant a command would use, and as whom."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from .. import BadRequestError, NotFoundError, PermissionDeniedError, Tenant, User
from .._text import counted, printable
from ..admin._identity import LISTING_ROLES, key_expiry, may_list_all, roles_of, sign_in_of
from .access import Access
from .auth_options import signs_in
from .format import minute
from .help import Command
from .output import Form, Row, print_fields, print_json, prints, say

_ALL = {
    True: "works",
    False: f"is refused: it takes the role {' or '.join(LISTING_ROLES)}",
    None: "unknown, as the service doesn't say which roles you have; qac doctor tries it",
}


def _me(tenant: Tenant) -> User | None:
    """Return the caller; None if the service doesn't say, which is told on standard error."""
    try:
        return tenant.users.me()
    except (BadRequestError, NotFoundError, PermissionDeniedError) as error:
        if sign_in_of(tenant.auth) != "OAuth client":
            say(f"The service does not say who you are: {error}", err=True)
        return None


def _expiry(moment: datetime) -> str:
    left = moment - datetime.now(UTC)
    if left.total_seconds() < 0:
        return f"expired on {minute(moment.isoformat())}"
    return f"valid until {minute(moment.isoformat())}, {counted(left.days, 'more day')}"


def _fields(row: Row, user: User | None, expires: datetime | None) -> dict[str, object]:
    who = "the client itself, not a user" if row["sign_in"] == "OAuth client" else "unknown"
    if user is not None:
        who = f"{user.name or 'unknown'} {f'<{user.email}>' if user.email else ''}".strip()
    return {
        "Tenant": row["tenant"],
        "Context": row["context"],
        "Sign-in": ", ".join([row["sign_in"], *([] if expires is None else [_expiry(expires)])]),
        "User": who,
        "Id": row["id"],
        "Status": row["status"],
        "Roles": ", ".join(row["roles"]) or "unknown",
        "--all": _ALL[row["lists_all"]],
        "Automations": row["automations_sign_in"],
    }


@click.command("whoami", cls=Command)
@prints("json")
@signs_in
def whoami_command(access: Access, form: Form) -> None:
    """Show which tenant is used, and as whom.

    With the roles, and so whether --all works, and until when the API key is valid if the key says so. Sends one or two
    requests, which change nothing. Exit code 3: sign-in refused.

    Examples:
        qac whoami
        qac whoami --context production
    """
    with access.open() as opened:
        tenant = opened.tenant
        user = _me(tenant)
        own = tenant.automations_auth is tenant.auth
        expires = key_expiry(tenant)
        row: Row = {
            "tenant": tenant.url,
            "context": opened.context,
            "sign_in": sign_in_of(tenant.auth),
            "key_expires_at": None if expires is None else expires.isoformat(),
            **{key: getattr(user, key, None) for key in ("id", "name", "email", "status")},
            "roles": [] if user is None else roles_of(user),
            "lists_all": None if user is None else may_list_all(user),
            "automations_sign_in": None if own else sign_in_of(tenant.automations_auth),
        }
    if form == "json":
        print_json(row)
        return
    print_fields(_fields(row, user, expires))
    if user is not None and user.status not in (None, "active"):
        say(printable(f"This user is {user.status}."), err=True)

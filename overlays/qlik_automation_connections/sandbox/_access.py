"""Who may use the sandbox: whoever has its keys, from this machine, and no web page of another origin."""

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ._responses import HTTPError

if TYPE_CHECKING:
    from starlette.requests import Request

API_KEY = "sandbox-admin-key"
USER_API_KEY = "sandbox-user-key"
CLIENT_ID = "sandbox-client"
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105 - it opens only a fake tenant


def origin(request: "Request") -> str:
    """Return the address by which the client reached the tenant."""
    host, port = request.scope["server"]
    return f"{request.scope['scheme']}://{request.headers.get('host') or f'{host}:{port}'}"


def is_loopback(host: str) -> bool:
    """Return whether a host is `localhost` or a loopback address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_same_origin(request: "Request") -> None:
    """Refuse what a web page elsewhere could send.

    Raises:
        HTTPError: With status 421 if the host isn't a loopback name, which a page could have pointed to this machine;
            with 403 if a page of another origin sent the request.
    """
    own = origin(request)
    try:
        host = urlsplit(own).hostname or ""
    except ValueError:
        host = ""
    if not is_loopback(host):
        raise HTTPError(421, "The sandbox answers to 127.0.0.1, localhost and [::1] only.")
    if any(sender.lower() != own.lower() for sender in request.headers.getlist("origin")):
        raise HTTPError(403, "The sandbox refuses requests from web pages of other origins.")

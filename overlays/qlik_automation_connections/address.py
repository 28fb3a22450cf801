"""Checks and normalises the address of a tenant."""

from __future__ import annotations

import ipaddress
import re

import httpx

from .concealed import Concealed
from .errors import ConfigurationError

# What is left of a name once httpx has written it in ASCII, or an IPv6 address.
_HOST = re.compile(r"[^\s/?#@%\\^<>|\x00-\x20]+")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def tenant_address(text: Concealed[str]) -> httpx.URL:
    """The origin of a tenant, such as `https://acme.eu.qlikcloud.com`.

    Args:
        text: the address as a user gives it, with or without `https://` and slashes at the end.

    Raises:
        ConfigurationError: it is none, holds more than an origin, or is plain http and not on this machine. Neither
            the message nor this frame shows a password that it may hold.
    """
    found = _read(text.reveal())
    if isinstance(found, str):
        raise ConfigurationError(found)
    return found


def _read(text: object) -> httpx.URL | str:
    """The origin, or what is wrong with it."""
    if not isinstance(text, str) or not text.strip():
        return "The tenant's address is missing: give it as in Tenant('https://your-tenant.us.qlikcloud.com')."
    if "@" in text:
        return "The tenant's address holds a user name or password: leave it out."
    scheme, separator, rest = text.strip().partition("://")
    rest = rest.rstrip("/") if separator else scheme.rstrip("/")
    address = f"{scheme}://{rest}" if separator else f"https://{rest}"
    try:
        url = httpx.URL(address)
        host, port = url.host, url.port
    except (httpx.InvalidURL, UnicodeError, ValueError):
        return f"The tenant's address can't be read as a URL: {address!r}."
    if url.scheme not in ("https", "http") or not _HOST.fullmatch(host) or not (port is None or 0 < port < 65_536):
        return f"The tenant's address must be https://HOST, not {address!r}."
    if url.path not in ("", "/") or "?" in address or "#" in address:
        return (
            f"The tenant's address must end with the host: {url.scheme}://{url.netloc.decode()}, without path, query"
            " or fragment."
        )
    if url.scheme == "http" and not is_loopback(host):
        return f"http://{host} would send the token in clear: use https (plain http is for this machine alone)."
    return url.copy_with(path="/")

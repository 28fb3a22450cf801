"""Checks and normalises the address of a tenant."""

from __future__ import annotations

import ipaddress

import httpx

from .errors import ConfigurationError


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def tenant_address(text: object) -> httpx.URL:
    """The origin of a tenant, such as `https://acme.eu.qlikcloud.com`.

    Args:
        text: the address as a user gives it, with or without `https://` and slashes at the end.

    Raises:
        ConfigurationError: it is none, holds more than an origin, or is plain http and not on this machine.
    """
    if not isinstance(text, str) or not text.strip():
        raise ConfigurationError(
            "The tenant's address is missing: give it as in Tenant('https://your-tenant.us.qlikcloud.com')."
        )
    address = text.strip().rstrip("/")
    if "://" not in address:
        address = f"https://{address}"
    try:
        url = httpx.URL(address)
        host = url.host
    except (httpx.InvalidURL, UnicodeError, ValueError):
        # The text is not repeated: what can't be read may hold a password.
        raise ConfigurationError("The tenant's address can't be read as a URL: check it for typing errors.") from None
    if url.userinfo:
        raise ConfigurationError("The tenant's address holds a user name or password: leave it out.")
    if url.scheme not in ("https", "http") or not host:
        raise ConfigurationError(f"The tenant's address must be https://HOST, not {address!r}.")
    if url.path not in ("", "/") or url.query or url.fragment or "?" in address or "#" in address:
        raise ConfigurationError(
            f"The tenant's address must end with the host: {url.scheme}://{url.netloc.decode()}, without path, query"
            " or fragment."
        )
    if url.scheme == "http" and not is_loopback(host):
        raise ConfigurationError(
            f"{url.scheme}://{host} would send the token in clear: use https (plain http is for this machine alone)."
        )
    return url.copy_with(path="/")

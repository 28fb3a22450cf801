"""How a tenant is reached: its proxy and its certificates, from arguments or from the environment."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import ssl
from pathlib import Path
from typing import Final
from urllib.request import getproxies, proxy_bypass

from ._arguments import is_loopback
from ._http import URL, InvalidURL, Proxy, create_ssl_context
from ._log import warn_user
from ._secrets import Secret, without_frames
from .errors import ConfigurationError, InsecureTransportWarning

VerifyTypes = bool | str | Path | ssl.SSLContext

HOST: Final = re.compile(r"[a-z0-9.:_-]+")
"""A host name, IDNA-encoded, or an IP address."""
_PROXY_SCHEMES: Final = ("http", "https", "socks5", "socks5h")
_READ_BY_OTHERS: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
# How OpenSSL finds a certificate in a folder.
_HASHED: Final = re.compile(r"[0-9a-f]{8}\.\d+")


@without_frames
def proxy_for(url: URL, given: Secret[str | Proxy | None], context: ssl.SSLContext) -> Secret[Proxy | None]:
    """Return the proxy to a tenant: the given one, or that of the environment unless the tenant is on this machine.

    Args:
        url: The tenant's address.
        given: The address of a proxy, or a proxy; None for that of the environment.
        context: How to verify the certificate of a proxy that speaks TLS.

    Raises:
        ConfigurationError: The proxy can't be used. The message names the variable, and never shows the address, which
            may contain a password.
    """
    if given.get_secret_value() is not None:
        return _proxy("proxy", given, context)
    if is_loopback(url.host) or proxy_bypass(url.netloc.decode()):
        return Secret(None)
    proxies = getproxies()
    scheme = next((scheme for scheme in (url.scheme, "all") if proxies.get(scheme, "").strip()), None)
    if scheme is None:
        return Secret(None)
    address = proxies[scheme].strip()
    # As curl and others, which take the address without a scheme.
    address = address if "://" in address else f"http://{address}"
    return _proxy(_variable(f"{scheme}_proxy"), Secret(address), context)


def _variable(name: str) -> str:
    """Return the variable that sets a proxy, in any case; the lower case takes precedence."""
    found = sorted((known for known, value in os.environ.items() if known.lower() == name and value), reverse=True)
    return found[0] if found else "The proxy in the system's settings"


def _proxy(where: str, given: Secret[str | Proxy | None], context: ssl.SSLContext) -> Secret[Proxy | None]:
    value = given.get_secret_value()
    try:
        url = value.url if isinstance(value, Proxy) else URL(value or "")
        host, port = url.host, url.port
    except (InvalidURL, TypeError, ValueError):
        url, host, port = URL(""), "", None
    usable = url.scheme in _PROXY_SCHEMES and HOST.fullmatch(host) and (port is None or 0 < port < 65_536)
    if not usable or url.raw_path != b"/" or url.fragment:
        raise ConfigurationError(
            f"{where} must be the address of a proxy: http://HOST:PORT, or with https, socks5 or socks5h. A user name"
            " and password stand before HOST, as USER:PASSWORD@, with special characters percent-encoded."
        )
    if url.scheme.startswith("socks") and importlib.util.find_spec("socksio") is None:
        from ._extras import install_hint

        raise ConfigurationError(f"{where} is a SOCKS proxy, which needs an extra: {install_hint('socks')}.")
    if isinstance(value, Proxy):
        return Secret(value)
    return Secret(Proxy(url, ssl_context=context if url.scheme == "https" else None))


def ssl_context(verify: VerifyTypes, url: URL, *, is_proxied: bool) -> ssl.SSLContext:
    """Return the SSL context for `verify`.

    Args:
        verify: True for the CA certificates of the environment or else certifi's, the path of a file or folder with
            others, an `ssl.SSLContext` (with a client certificate, or from truststore), or False to skip verification,
            which warns.
        url: The tenant's address.
        is_proxied: Whether a proxy was given, whose certificate may have to be verified, too.

    Raises:
        ConfigurationError: The value is of another type, or the certificates can't be loaded.
    """
    if verify is True:
        if url.scheme == "http" and not is_proxied:
            return _trusting_nobody()
        names = () if url.scheme == "http" else ("SSL_CERT_FILE", "SSL_CERT_DIR", *_READ_BY_OTHERS)
        return _of_environment(*next(((name, os.environ[name]) for name in names if os.environ.get(name)), ("", "")))
    if isinstance(verify, ssl.SSLContext):
        return verify
    if verify is False:
        warn_user(
            "verify=False: anyone on the network can read and change the traffic, including the token.",
            InsecureTransportWarning,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    if not isinstance(verify, str | Path) or not str(verify).strip():
        raise ConfigurationError(f"verify must be True, False, a path or an ssl.SSLContext, not {verify!r}.")
    return _authorities("verify (--ca-file)", str(verify))


@functools.cache
def _trusting_nobody() -> ssl.SSLContext:
    """Return a context for plain http, on this machine, which needs no certificates."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


# Loading the certificates is by far the slowest part of creating a client.
@functools.cache
def _of_environment(variable: str, path: str) -> ssl.SSLContext:
    if variable in _READ_BY_OTHERS:
        raise ConfigurationError(
            f"{variable} is set, which is not read here. Set SSL_CERT_FILE to the file of certificate authorities,"
            f" pass it as verify= (--ca-file), or unset {variable} to trust certifi's."
        )
    return _authorities(variable, path)


def _authorities(where: str, path: str) -> ssl.SSLContext:
    """Load a file of certificate authorities, or folders of them; certifi's if no path is given."""
    what = f"{where}: {path!r} can't be loaded as certificates"
    folders = [Path(folder) for folder in path.split(os.pathsep) if os.path.isdir(folder)]
    try:
        if not path:
            return create_ssl_context(trust_env=False)
        if not folders and where != "SSL_CERT_DIR":
            return ssl.create_default_context(cafile=path)
        if any(_HASHED.fullmatch(file.name) for folder in folders for file in folder.iterdir()):
            return ssl.create_default_context(capath=path)
        problem = "it has no certificates named as `openssl rehash` does" if folders else "it is not a folder"
    except (OSError, ValueError) as error:
        problem = (isinstance(error, OSError) and error.strerror) or str(error)
        # Python opens this file too, and says so only by its name.
        log = os.environ.get("SSLKEYLOGFILE")
        if log and isinstance(error, OSError) and error.filename == log:
            what = "SSLKEYLOGFILE can't be written"
    raise ConfigurationError(f"{what}: {problem}.")

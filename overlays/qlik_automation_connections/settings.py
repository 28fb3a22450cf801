"""Where a tenant's address and credentials may be written down: the environment, and the contexts of Qlik's CLI."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from ._text import install_hint
from .auth import ApiKey
from .concealed import Concealed
from .errors import ConfigurationError
from .oauth import OAuthClient


class Settings(NamedTuple):
    """What is needed to make a tenant."""

    url: Concealed[str]
    auth: httpx.Auth


def _value(source: Mapping[str, Any], name: str) -> str:
    value = source.get(name)
    return value.strip() if isinstance(value, str) else ""


def _read_environment(values: Mapping[str, str]) -> tuple[Concealed[str], Concealed[str], str, Concealed[str]] | str:
    """Address, key, client id and client secret; or what is missing."""
    url, key, client, secret = (
        _value(values, name)
        for name in ("QLIK_TENANT_URL", "QLIK_API_KEY", "QLIK_OAUTH_CLIENT_ID", "QLIK_OAUTH_CLIENT_SECRET")
    )
    missing = [] if url else ["QLIK_TENANT_URL"]
    if not key and not client and not secret:
        missing.append("QLIK_API_KEY (or QLIK_OAUTH_CLIENT_ID and QLIK_OAUTH_CLIENT_SECRET)")
    elif not key and not client:
        missing.append("QLIK_OAUTH_CLIENT_ID")
    elif not key and not secret:
        missing.append("QLIK_OAUTH_CLIENT_SECRET")
    if missing:
        return f"The environment lacks {' and '.join(missing)}."
    return Concealed(url), Concealed(key), client, Concealed(secret)


def from_environment(values: Concealed[Mapping[str, str]]) -> Settings:
    """The tenant that `QLIK_TENANT_URL` names, with `QLIK_API_KEY`, else `QLIK_OAUTH_CLIENT_ID` and `_SECRET`.

    Raises:
        ConfigurationError: one is missing; the message says which.
    """
    found = _read_environment(values.reveal())
    if isinstance(found, str):
        raise ConfigurationError(found)
    url, key, client, secret = found
    return Settings(url, ApiKey(key) if key.reveal() else OAuthClient(client, secret))


def contexts_file(values: Mapping[str, str]) -> Path:
    """Where Qlik's CLI keeps its contexts."""
    home = values.get("QLIK_CLI_USER_HOME_DIR", "").strip()
    folder = Path(home) if home else Path.home()
    # The variable names the home folder; a folder that holds the file itself is taken too.
    direct = folder / "contexts.yml"
    return direct if home and direct.is_file() else folder / ".qlik" / "contexts.yml"


def _load_contexts(file: Path) -> Concealed[dict[str, Any]] | str:
    try:
        import yaml
    except ImportError:
        return f"Reading contexts needs PyYAML: {install_hint('context')}."

    class PlainLoader(yaml.SafeLoader):
        """Guesses no numbers and dates: a key of digits stays as it is written."""

        yaml_implicit_resolvers = {
            first: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] in ("bool", "null")]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    try:
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=PlainLoader)  # noqa: S506 - a SafeLoader
    except FileNotFoundError:
        return f"There is no {file}: make a context with `qlik context init`, or set QLIK_CLI_USER_HOME_DIR."
    except (OSError, UnicodeError) as error:
        return f"{file} can't be read: {type(error).__name__}."
    except yaml.YAMLError as error:
        # Its text quotes the file, and with it perhaps a key.
        mark = getattr(error, "problem_mark", None)
        return f"{file} is not YAML{f' (line {mark.line + 1})' if mark is not None else ''}."
    except (ValueError, TypeError, RecursionError) as error:
        return f"{file} can't be read as YAML: {type(error).__name__}."
    if not isinstance(document, dict) or not isinstance(document.get("contexts"), dict):
        return f"{file} has no `contexts`."
    return Concealed(document)


def _bearer(headers: object) -> str:
    """The key in an Authorization header; nothing if there is none."""
    for name, value in headers.items() if isinstance(headers, dict) else ():
        if str(name).lower() == "authorization" and isinstance(value, str):
            scheme, _, rest = value.strip().partition(" ")
            return rest.strip() if scheme.lower() == "bearer" else value.strip()
    return ""


def _read_context(document: dict[str, Any], name: str | None, file: Path) -> tuple[Any, ...] | str:
    """Name, address, key, client id, client secret and insecure of a context; or what is missing."""
    contexts = document["contexts"]
    chosen = name if name is not None else document.get("current-context")
    known = ", ".join(map(str, contexts)) or "none"
    if not isinstance(chosen, str) or not chosen:
        return f"{file} names no current-context: name one of {known}."
    context = contexts.get(chosen)
    if not isinstance(context, dict):
        return f"{file} has no context {chosen!r}; it has {known}."
    where = f"Context {chosen!r} in {file}"
    if _value(context, "server-type") not in ("", "cloud"):
        return f"{where} is for {_value(context, 'server-type')}, not for Qlik Cloud."
    url = _value(context, "server")
    if not url:
        return f"{where} lacks `server`."
    key = _bearer(context.get("headers"))
    client, secret = _value(context, "oauth-client-id"), _value(context, "oauth-client-secret")
    if not key and bool(client) != bool(secret):
        return f"{where} lacks `oauth-client-{'secret' if client else 'id'}`."
    if not key and not client:
        return f"{where} lacks `headers: Authorization` (an API key) or `oauth-client-id` and `oauth-client-secret`."
    insecure = context.get("insecure") is True or _value(context, "insecure").lower() == "true"
    return chosen, Concealed(url), Concealed(key), client, Concealed(secret), insecure


def from_context(name: str | None, *, verified: bool) -> Settings:
    """The tenant of a context.

    Args:
        name: the context; the current one if None.
        verified: whether the caller said how to verify certificates.

    Raises:
        ConfigurationError: the file, the context or one of its settings is missing, or the context is insecure.
    """
    file = contexts_file(os.environ)
    document = _load_contexts(file)
    if isinstance(document, str):
        raise ConfigurationError(document)
    found = _read_context(document.reveal(), name, file)
    if isinstance(found, str):
        raise ConfigurationError(found)
    chosen, url, key, client, secret, insecure = found
    if insecure and not verified:
        raise ConfigurationError(
            f"Context {chosen!r} in {file} says `insecure: true`: certificates would not be verified. Pass verify= (the"
            " path of the right authority, or False if that is what you want)."
        )
    return Settings(url, ApiKey(key) if key.reveal() else OAuthClient(client, secret))

"""A tenant's address and credentials from environment variables or the contexts of Qlik's CLI."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .._http import Auth
from .._secrets import Secret, without_frames
from .._text import install_hint
from ..errors import ConfigurationError
from .oauth import OAuthClient
from .tokens import ApiKey

# Besides mappings, lists and strings. "merge" is the key `<<`.
_READ_TAGS = ("bool", "null", "merge")
_OTHER_SCHEMES = ("basic", "digest", "negotiate", "ntlm")


class Settings(NamedTuple):
    """A tenant's address and credentials."""

    url: Secret[str]
    auth: Auth
    automations_auth: OAuthClient | None = None


def _value(source: Mapping[str, Any], name: str) -> str:
    value = source.get(name)
    return value.strip() if isinstance(value, str) else ""


def _settings(url: str, key: str, client: str, secret: str) -> Settings:
    return Settings(Secret(url), ApiKey(key) if key else OAuthClient(client, secret))


@without_frames
def from_environment(environment: Secret[Mapping[str, str]]) -> Settings:
    """Read `QLIK_TENANT_URL`, and `QLIK_API_KEY` or else `QLIK_OAUTH_CLIENT_ID` and `QLIK_OAUTH_CLIENT_SECRET`.

    And `QLIK_AUTOMATIONS_OAUTH_CLIENT_ID` and `QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET`, if set.

    Raises:
        ConfigurationError: A variable is missing; the message names it.
    """
    url, key, client, secret = (
        _value(environment.get_secret_value(), name)
        for name in ("QLIK_TENANT_URL", "QLIK_API_KEY", "QLIK_OAUTH_CLIENT_ID", "QLIK_OAUTH_CLIENT_SECRET")
    )
    missing = [] if url else ["QLIK_TENANT_URL"]
    if not key and not client and not secret:
        missing.append("QLIK_API_KEY (or QLIK_OAUTH_CLIENT_ID and QLIK_OAUTH_CLIENT_SECRET)")
    elif not key and not client:
        missing.append("QLIK_OAUTH_CLIENT_ID")
    elif not key and not secret:
        missing.append("QLIK_OAUTH_CLIENT_SECRET")
    names = ("QLIK_AUTOMATIONS_OAUTH_CLIENT_ID", "QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET")
    machine = {name: _value(environment.get_secret_value(), name) for name in names}
    if any(machine.values()):
        missing += [name for name, value in machine.items() if not value]
    if missing:
        raise ConfigurationError(f"Missing environment variables: {' and '.join(missing)}.")
    found = _settings(url, key, client, secret)
    return found._replace(automations_auth=OAuthClient(*machine.values()) if all(machine.values()) else None)


def contexts_file(environment: Mapping[str, str]) -> Path:
    """Return the path of the contexts file of Qlik's CLI."""
    home = environment.get("QLIK_CLI_USER_HOME_DIR", "").strip()
    folder = Path(home) if home else Path.home()
    # The variable is the home folder, but accept the folder of the file as well.
    direct = folder / "contexts.yml"
    return direct if home and direct.is_file() else folder / ".qlik" / "contexts.yml"


def _load_contexts(file: Path) -> dict[str, Any]:
    try:
        import yaml
    except ImportError:
        raise ConfigurationError(f"Reading contexts needs PyYAML: {install_hint('context')}.") from None

    class PlainLoader(yaml.SafeLoader):
        """Reads numbers and dates as strings, so that a key of digits stays as written."""

        yaml_implicit_resolvers = {
            first: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] in _READ_TAGS]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    try:
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=PlainLoader)  # noqa: S506 - a SafeLoader
    except FileNotFoundError:
        hint = "create a context with `qlik context init`, or set QLIK_CLI_USER_HOME_DIR"
        raise ConfigurationError(f"{file} does not exist: {hint}.") from None
    except (OSError, UnicodeError) as error:
        raise ConfigurationError(f"{file} can't be read: {type(error).__name__}.") from None
    except yaml.YAMLError as error:
        # Its message quotes the file, which may contain a key.
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        raise ConfigurationError(f"{file} is not YAML{where}.") from None
    except (ValueError, TypeError, RecursionError) as error:
        raise ConfigurationError(f"{file} can't be read as YAML: {type(error).__name__}.") from None
    if not isinstance(document, dict) or not isinstance(document.get("contexts"), dict):
        raise ConfigurationError(f"{file} has no `contexts`.")
    return document


def _bearer(headers: object, where: str) -> str:
    """Return the key in an Authorization header, or an empty string."""
    for name, value in headers.items() if isinstance(headers, dict) else ():
        if str(name).lower() == "authorization" and isinstance(value, str):
            scheme, _, rest = value.strip().partition(" ")
            if scheme.lower() == "bearer":
                return rest.strip()
            if rest:
                kind = f"of the scheme {scheme}" if scheme.lower() in _OTHER_SCHEMES else "not of the scheme Bearer"
                raise ConfigurationError(
                    f"{where} has an Authorization header that is {kind}. Qlik Cloud needs `Bearer` and an API key."
                )
            return value.strip()
    return ""


@without_frames
def from_context(name: str | None, *, verified: bool) -> Settings:
    """Read a context of Qlik's CLI.

    Args:
        name: The context; the current one if None.
        verified: Whether the caller decided how to verify certificates.

    Raises:
        ConfigurationError: The file, the context or one of its settings is missing, or the context is insecure.
    """
    file = contexts_file(os.environ)
    document = _load_contexts(file)
    contexts = document["contexts"]
    chosen = name if name is not None else document.get("current-context")
    known = ", ".join(map(str, contexts)) or "none"
    if not isinstance(chosen, str) or not chosen:
        raise ConfigurationError(f"{file} has no current-context. Choose one of its contexts: {known}.")
    context = contexts.get(chosen)
    if not isinstance(context, dict):
        raise ConfigurationError(f"{file} has no context {chosen!r}. Its contexts: {known}.")
    where = f"Context {chosen!r} in {file}"
    if _value(context, "server-type").lower() not in ("", "cloud"):
        raise ConfigurationError(f"{where} is for {_value(context, 'server-type')}, not for Qlik Cloud.")
    url, key = _value(context, "server"), _bearer(context.get("headers"), where)
    client, secret = _value(context, "oauth-client-id"), _value(context, "oauth-client-secret")
    if not url:
        raise ConfigurationError(f"{where} lacks `server`.")
    if not key and bool(client) != bool(secret):
        raise ConfigurationError(f"{where} lacks `oauth-client-{'secret' if client else 'id'}`.")
    if not key and not client:
        lacking = "`headers: Authorization` (an API key) or `oauth-client-id` and `oauth-client-secret`"
        raise ConfigurationError(f"{where} lacks {lacking}.")
    if not verified and (context.get("insecure") is True or _value(context, "insecure").lower() == "true"):
        raise ConfigurationError(
            f"{where} has `insecure: true`, which turns off certificate verification. Name the authority to trust with"
            " verify= (--ca-file), or pass verify=False to skip verification."
        )
    return _settings(url, key, client, secret)

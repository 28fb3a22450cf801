"""The contexts of Qlik's CLI: tenants with their credentials."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from attrs import frozen

from .._secrets import Secret, without_frames
from ..errors import ConfigurationError
from .environment import Settings, setting, settings_of
from .tokens import expiry

# Besides mappings, lists and strings. "merge" is the key `<<`.
_READ_TAGS = ("bool", "null", "merge")
_OTHER_SCHEMES = ("basic", "digest", "negotiate", "ntlm")


@frozen
class Context:
    """A context of Qlik's CLI, without its secrets.

    Attributes:
        name: Its name.
        url: The tenant's address; an empty string if it has none, or one that contains a password.
        sign_in: How it signs in; None if it doesn't say.
        client_id: Id of the OAuth client; None if there is none.
        expires_at: When the API key expires; None if the key doesn't say.
        comment: What its author wrote.
        is_current: Whether it is the current one.
        is_insecure: Whether it turns off certificate verification.
        problem: Why it can't be used; None if it can.
    """

    name: str
    url: str
    sign_in: Literal["API key", "OAuth client"] | None
    client_id: str | None
    expires_at: datetime | None
    comment: str
    is_current: bool
    is_insecure: bool
    problem: str | None


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
        from .._extras import install_hint

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


def _is_insecure(context: Mapping[str, Any]) -> bool:
    return context.get("insecure") is True or setting(context, "insecure").lower() == "true"


@without_frames
def _read_context(context: Secret[Any], where: str, *, verified: bool) -> Settings:
    """Read a context.

    Args:
        context: The context.
        where: Its name and file, for messages.
        verified: Whether the caller decided how to verify certificates.
    """
    given: dict[str, Any] = context.get_secret_value()
    if setting(given, "server-type").lower() not in ("", "cloud"):
        raise ConfigurationError(f"{where} is for {setting(given, 'server-type')}, not for Qlik Cloud.")
    url, key = setting(given, "server"), _bearer(given.get("headers"), where)
    client, secret = setting(given, "oauth-client-id"), setting(given, "oauth-client-secret")
    if not url:
        raise ConfigurationError(f"{where} lacks `server`.")
    if not key and bool(client) != bool(secret):
        raise ConfigurationError(f"{where} lacks `oauth-client-{'secret' if client else 'id'}`.")
    if not key and not client:
        lacking = "`headers: Authorization` (an API key) or `oauth-client-id` and `oauth-client-secret`"
        raise ConfigurationError(f"{where} lacks {lacking}.")
    if not verified and _is_insecure(given):
        raise ConfigurationError(
            f"{where} has `insecure: true`, which turns off certificate verification. Name the authority to trust with"
            " verify= (--ca-file) (in Python: or skip verification with verify=False)."
        )
    return settings_of(url, key, client, secret)


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
    if not isinstance(contexts.get(chosen), dict):
        raise ConfigurationError(f"{file} has no context {chosen!r}. Its contexts: {known}.")
    return _read_context(Secret(contexts[chosen]), f"Context {chosen!r} in {file}", verified=verified)


@without_frames
def read_contexts() -> list[Context]:
    """Return the contexts of Qlik's CLI, without their secrets; an empty list if the file does not exist.

    Reads the file that `Tenant.from_context` reads. Needs the extra `context` or `cli`.

    Raises:
        ConfigurationError: The file can't be read.
    """
    file = contexts_file(os.environ)
    if not file.exists():
        return []
    document = _load_contexts(file)
    current = document.get("current-context")
    return [
        _context(str(name), Secret(each), f"Context {str(name)!r} in {file}", is_current=name == current)
        for name, each in document["contexts"].items()
    ]


def _context(name: str, context: Secret[Any], where: str, *, is_current: bool) -> Context:
    given: dict[str, Any] = context.get_secret_value() if isinstance(context.get_secret_value(), dict) else {}
    url, problem, key = setting(given, "server"), None, Secret("")
    try:
        key = Secret(_bearer(given.get("headers"), where))
        _read_context(Secret(given), where, verified=False)
    except ConfigurationError as error:
        problem = error.message
    if "@" in url:
        url, problem = "", f"{where}: `server` contains a user name or password."
    client = setting(given, "oauth-client-id")
    return Context(
        name=name,
        url=url,
        sign_in="API key" if key.get_secret_value() else "OAuth client" if client else None,
        client_id=client or None,
        expires_at=expiry(key),
        comment=setting(given, "comment"),
        is_current=is_current,
        is_insecure=_is_insecure(given),
        problem=problem,
    )

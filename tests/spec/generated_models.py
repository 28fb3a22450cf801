"""The generated classes by the names of their schemas, as the generator's configuration pairs them."""

from __future__ import annotations

import importlib
import re
from typing import Any

import yaml

from spec.documents import SCHEMAS, SPEC_FILE

_CONFIGURATION = yaml.load((SPEC_FILE.parent / "generator.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
_OVERRIDES = _CONFIGURATION["class_overrides"]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def model(schema: str) -> Any:
    """The generated class of a schema."""
    names = _OVERRIDES.get(schema, {"class_name": schema, "module_name": _snake(schema)})
    return getattr(
        importlib.import_module(f"qlik_automation_connections_api.models.{names['module_name']}"), names["class_name"]
    )


MODELS: dict[str, Any] = {schema: model(schema) for schema in SCHEMAS}


def attribute(field: str) -> str:
    """Name that a field has in Python."""
    return {"next": "next_", "type": "type_"}.get(field, _snake(field))

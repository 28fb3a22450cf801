"""The catalogue's connectors, as the service sends them."""

import uuid
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from ._catalog import Connector, ParamDefinition
from ._state import NAMESPACE

# How each field that can be sorted or filtered by is read.
FIELDS: Mapping[str, Callable[[Connector], str]] = {"id": attrgetter("id"), "name": attrgetter("name")}


def summary(connector: Connector) -> dict[str, Any]:
    """Write a connector as it stands in lists, as the spec has it."""
    return {
        "id": connector.id,
        "name": connector.name,
        "billable": not connector.managed,
        "description": f"Blocks that work with {connector.name}.",
        "hasWebhooks": connector.oauth,
    }


def detail(connector: Connector) -> dict[str, Any]:
    """Write a connector with its params, as the spec has it. What it does not have is left out."""
    document = {**summary(connector), "params": [_param(connector, param) for param in connector.params]}
    if connector.oauth:
        document["connectDocumentation"] = "Whoever makes the connection gives consent in a browser."
    return document


def _param(connector: Connector, param: ParamDefinition) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid5(NAMESPACE, f"param/{connector.id}/{param.name}")),
        "name": param.name,
        "description": param.documentation,
        "exampleValue": param.example,
        "fieldType": param.field_type,
        "optional": param.optional,
        "options": list(param.options),
        "setting": False,
    }

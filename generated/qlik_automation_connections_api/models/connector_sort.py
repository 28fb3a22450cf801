# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from typing import Literal

ConnectorSort = Literal["+id", "+name", "-id", "-name", "id", "name"]

CONNECTOR_SORT_VALUES: set[ConnectorSort] = {
    "+id",
    "+name",
    "-id",
    "-name",
    "id",
    "name",
}


def check_connector_sort(value: str) -> ConnectorSort:
    if value in CONNECTOR_SORT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CONNECTOR_SORT_VALUES!r}")

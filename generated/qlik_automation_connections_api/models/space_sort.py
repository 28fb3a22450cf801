# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from typing import Literal

SpaceSort = Literal["+createdAt", "+name", "+type", "-createdAt", "-name", "-type", "createdAt", "name", "type"]

SPACE_SORT_VALUES: set[SpaceSort] = {
    "+createdAt",
    "+name",
    "+type",
    "-createdAt",
    "-name",
    "-type",
    "createdAt",
    "name",
    "type",
}


def check_space_sort(value: str) -> SpaceSort:
    if value in SPACE_SORT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SPACE_SORT_VALUES!r}")

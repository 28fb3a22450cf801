# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from typing import Literal

Sort = Literal[
    "+createdAt",
    "+id",
    "+name",
    "+updatedAt",
    "-createdAt",
    "-id",
    "-name",
    "-updatedAt",
    "createdAt",
    "id",
    "name",
    "updatedAt",
]

SORT_VALUES: set[Sort] = {
    "+createdAt",
    "+id",
    "+name",
    "+updatedAt",
    "-createdAt",
    "-id",
    "-name",
    "-updatedAt",
    "createdAt",
    "id",
    "name",
    "updatedAt",
}


def check_sort(value: str) -> Sort:
    if value in SORT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SORT_VALUES!r}")

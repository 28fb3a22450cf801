# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from typing import Literal

UserSort = Literal[
    "+createdAt",
    "+email",
    "+id",
    "+name",
    "+status",
    "+subject",
    "-createdAt",
    "-email",
    "-id",
    "-name",
    "-status",
    "-subject",
    "createdAt",
    "email",
    "id",
    "name",
    "status",
    "subject",
]

USER_SORT_VALUES: set[UserSort] = {
    "+createdAt",
    "+email",
    "+id",
    "+name",
    "+status",
    "+subject",
    "-createdAt",
    "-email",
    "-id",
    "-name",
    "-status",
    "-subject",
    "createdAt",
    "email",
    "id",
    "name",
    "status",
    "subject",
}


def check_user_sort(value: str) -> UserSort:
    if value in USER_SORT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {USER_SORT_VALUES!r}")

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

T = TypeVar("T", bound="CreateAutomationWorkspace")


class CreateAutomationWorkspace(dict[str, Any]):
    """Blocks and variables, as the editor writes them."""

    @property
    def additional_properties(self) -> dict[str, Any]:
        return self

    def to_dict(self) -> dict[str, Any]:
        return dict(self)

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        return cls(src_dict)

"""Writes docs/schemas/ from the classes of the documents: `python scripts/document_schemas.py`.

Kept tools write schemas for pydantic or msgspec classes; these documents are attrs classes, and are read by their
fields, so the schema must follow that reader.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from qlik_automation_connections.admin._document import NAMESPACE, Document, Id, field_types
from qlik_automation_connections.admin._documents import DOCUMENTS, LINES
from steps import ROOT

FOLDER = ROOT / "docs" / "schemas"
_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    float: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
    dict: {"type": "object"},
    Id: {"type": "string", "pattern": "\\S"},
    Any: {},
    object: {},
}
_ATTRIBUTE = re.compile(r"^    (\w+): (.*(?:\n {8,}.*)*)", re.MULTILINE)


def _descriptions(cls: type) -> dict[str, str]:
    """Return the docstring's text of each attribute."""
    text = inspect.cleandoc(cls.__doc__ or "").partition("Attributes:")[2]
    found = {name: " ".join(words.split()) for name, words in _ATTRIBUTE.findall(text)}
    for name in getattr(cls, "DERIVED", ()):
        found[name] = " ".join((inspect.getdoc(getattr(cls, name)) or "").split())
    return found


class _Writer:
    """Writes the schema of one document, and those of its parts, by name."""

    def __init__(self) -> None:
        self.parts: dict[str, Any] = {}

    def of(self, kind: Any) -> dict[str, Any]:
        """Return the schema of a type."""
        origin, arguments = get_origin(kind), get_args(kind)
        if origin in (Union, UnionType):
            (inner,) = (each for each in arguments if each is not NoneType)
            return {"anyOf": [self.of(inner), {"type": "null"}]}
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin in (list, tuple, Sequence):
            return {"type": "array", "items": self.of(arguments[0])}
        if origin in (dict, Mapping):
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if attrs.has(kind):
            if kind.__name__ not in self.parts:
                self.parts[kind.__name__] = {}  # it may hold itself
                self.parts[kind.__name__] = self.object(kind)
            return {"$ref": f"#/$defs/{kind.__name__}"}
        return {**_PLAIN[kind]}

    def object(self, cls: Any) -> dict[str, Any]:
        """Return the schema of an attrs class."""
        types = field_types(cls)
        required = [field.name for field in attrs.fields(cls) if field.default is attrs.NOTHING]
        for name in getattr(cls, "DERIVED", ()):
            types = {**types, name: get_type_hints(getattr(cls, name).fget)["return"]}
        said = _descriptions(cls)
        properties = {
            name: {"description": said[name], **self.of(kind)} if name in said else self.of(kind)
            for name, kind in types.items()
        }
        return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}

    def whole(self, cls: type, kind: str = "") -> dict[str, Any]:
        """Return the schema of a file, or of a line in one: with a document's format and version, and a line's type."""
        schema, head, mark = self.object(cls), {}, {"type": {"const": kind}} if kind else {}
        if issubclass(cls, Document):
            head = {"format": {"const": NAMESPACE + cls.FORMAT}, "version": {"const": cls.VERSION}}
        required = list(dict.fromkeys([*head, *mark, *schema["required"]]))
        return {**schema, "required": required, "properties": {**head, **schema["properties"], **mark}}

    def file(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Return the schema of a file, with its parts."""
        defs = {"$defs": self.parts} if self.parts else {}
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, **defs}


def schema_of(cls: type[Document]) -> dict[str, Any]:
    """Return the JSON Schema of a document."""
    writer = _Writer()
    title = cls.TITLE[0].upper() + cls.TITLE[1:]
    description = inspect.cleandoc(cls.__doc__ or "").partition("\n\n")[0].replace("\n", " ")
    return writer.file({"title": title, "description": description, **writer.whole(cls)})


def schema_of_lines(title: str, lines: Mapping[str, type]) -> dict[str, Any]:
    """Return the JSON Schema of the lines of a file, by their `type`."""
    writer = _Writer()
    kinds = [
        {"title": inspect.cleandoc(cls.__doc__ or "").partition("\n")[0], **writer.whole(cls, kind)}
        for kind, cls in lines.items()
    ]
    return writer.file({**(kinds[0] if len(kinds) == 1 else {"oneOf": kinds}), "title": title})


def schemas() -> dict[str, str]:
    """Return the text of each schema's file, by its name."""
    found = {cls.FORMAT: schema_of(cls) for cls in DOCUMENTS}
    found |= {name: schema_of_lines(*each) for name, each in LINES.items()}
    return {
        f"{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in sorted(found.items())
    }


if __name__ == "__main__":
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, encoding="utf-8")

"""Changes of the spec's schemas, by what they mean to who sends such a value, or receives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from .reasons import Level, Reason

Json = dict[str, Any]
Way = Literal["request", "answer"]

# Words that say something to readers alone.
_ANNOTATIONS = frozenset({"title", "description", "example", "examples", "externalDocs", "deprecated"})
# Each word's bound: whether a greater value allows more.
_BOUNDS = {
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), True),
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), False),
}
_JUDGED = frozenset({"properties", "required", "type", "enum", "items", "$ref", *_BOUNDS, *_ANNOTATIONS})


def is_annotation(word: str) -> bool:
    return word in _ANNOTATIONS or word.startswith("x-")


def _types(schema: Json) -> frozenset[str]:
    kind = schema.get("type", [])
    return frozenset([kind] if isinstance(kind, str) else kind)


class SchemaChanges:
    """Compares schemas that are used one way.

    Args:
        way: whether users of the client send such values or receive them.
    """

    def __init__(self, way: Way) -> None:
        self._way = way

    def compare(self, where: str, old: Json, new: Json) -> Iterator[Reason]:
        """What changed from one schema to the other, without what their references lead to."""
        if old.get("$ref") != new.get("$ref"):
            yield self._reason(Level.MAJOR, where, f"is {_named(new)}, and was {_named(old)}")
            return
        yield from self._compare_types(where, old, new)
        yield from self._compare_enums(where, old, new)
        yield from self._compare_bounds(where, old, new)
        yield from self._compare_fields(where, old, new)
        if "items" in old and "items" in new:
            yield from self.compare(f"{where}[]", old["items"], new["items"])
        elif ("items" in old) != ("items" in new):
            yield self._reason(Level.MAJOR, where, "says something else of its elements")
        for word in sorted(old.keys() | new.keys()):
            if word not in _JUDGED and not is_annotation(word) and old.get(word) != new.get(word):
                yield self._reason(
                    Level.MAJOR, where, f"{word} is {new.get(word)!r}, and was {old.get(word)!r}: taken as breaking"
                )

    def _compare_types(self, where: str, old: Json, new: Json) -> Iterator[Reason]:
        before, after = _types(old), _types(new)
        if before != after:
            # No type at all is any type.
            wider = not after or (bool(before) and before < after)
            narrower = not before or (bool(after) and after < before)
            yield self._reason(
                self._level(wider=wider, narrower=narrower),
                where,
                f"type is {_list(after)}, and was {_list(before)}",
            )

    def _compare_enums(self, where: str, old: Json, new: Json) -> Iterator[Reason]:
        before, after = old.get("enum"), new.get("enum")
        if before == after:
            return
        if before is None or after is None:
            wider, change = after is None, "any value" if after is None else "only certain values"
            yield self._reason(self._level(wider=wider, narrower=not wider), where, f"takes {change} now")
            return
        for value in (value for value in after if value not in before):
            yield self._reason(self._level(wider=True), where, f"value {value!r} was added", adds=True)
        for value in (value for value in before if value not in after):
            yield self._reason(self._level(narrower=True), where, f"value {value!r} was removed")

    def _compare_bounds(self, where: str, old: Json, new: Json) -> Iterator[Reason]:
        for word, greater_allows_more in _BOUNDS.items():
            before, after = old.get(word), new.get(word)
            if before == after:
                continue
            wider = after is None or (before is not None and (after > before) == greater_allows_more)
            yield self._reason(
                self._level(wider=wider, narrower=not wider), where, f"{word} is {after}, and was {before}"
            )

    def _compare_fields(self, where: str, old: Json, new: Json) -> Iterator[Reason]:
        before, after = old.get("properties", {}), new.get("properties", {})
        had, has = set(old.get("required", [])), set(new.get("required", []))
        # The client reads every field of such a schema as one that may be missing.
        lenient = old.get("x-reading") == new.get("x-reading") == "lenient"
        for field in before.keys() - after.keys():
            yield self._reason(Level.MAJOR, f"{where}.{field}", f"field of {self._article} was removed")
        for field in after.keys() - before.keys():
            needed = field in has and self._way == "request"
            sentence = f"{'required' if needed else 'optional'} field of {self._article} was added"
            yield self._reason(Level.MAJOR if needed else Level.MINOR, f"{where}.{field}", sentence, adds=not needed)
        for field in before.keys() & after.keys():
            place = f"{where}.{field}"
            if field in has - had:
                level = Level.MAJOR if self._way == "request" else Level.PATCH if lenient else Level.MINOR
                yield self._reason(level, place, f"field of {self._article} is required now")
            elif field in had - has:
                level = Level.MINOR if self._way == "request" else Level.PATCH if lenient else Level.MAJOR
                yield self._reason(level, place, f"field of {self._article} is no longer required")
            yield from self.compare(place, before[field], after[field])

    @property
    def _article(self) -> str:
        return "a request" if self._way == "request" else "an answer"

    def _level(self, *, wider: bool = False, narrower: bool = False) -> Level:
        harmless = wider if self._way == "request" else narrower
        return Level.MINOR if harmless else Level.MAJOR

    def _reason(self, level: Level, where: str, sentence: str, *, adds: bool = False) -> Reason:
        return Reason(level, "spec", where, sentence, adds)


def _named(schema: Json) -> str:
    return str(schema["$ref"]).rpartition("/")[2] if "$ref" in schema else "a schema of its own"


def _list(types: frozenset[str]) -> str:
    return " or ".join(sorted(types)) or "anything"

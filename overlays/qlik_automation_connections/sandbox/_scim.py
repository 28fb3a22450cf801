"""The filter of lists: the string part of SCIM's filter language (RFC 7644, section 3.4.2.2).

It supports `eq ne co sw ew pr`, `and`, `or`, `not (…)` and parentheses. Attributes and operators are case-insensitive;
values are JSON strings and are compared exactly, including case, unless the list ignores that. An empty string is not
`pr`.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

Item = TypeVar("Item")
Predicate = Callable[[Item], bool]

MAX_DEPTH = 50

_TOKEN = re.compile(r'(?P<space> +)|(?P<string>"(?:[^"\\\x00-\x1f]|\\.)*")|(?P<paren>[()])|(?P<word>[^\s"()]+)')

_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda held, given: held == given,
    "ne": lambda held, given: held != given,
    "co": lambda held, given: given in held,
    "sw": lambda held, given: held.startswith(given),
    "ew": lambda held, given: held.endswith(given),
}


class FilterError(ValueError):
    """An invalid filter. The message gives the reason."""


def parse(text: str, fields: Mapping[str, Callable[[Item], str]], *, ignore_case: bool = False) -> Predicate[Item]:
    """Parse a filter.

    Args:
        text: The filter, such as `name eq "Nightly mail"`.
        fields: Functions that read the attributes allowed in the filter, by name.
        ignore_case: Whether values are compared without regard to case.

    Returns:
        A function that returns whether an item matches.

    Raises:
        FilterError: The filter is invalid.
    """
    fold = str.casefold if ignore_case else str
    return _Parser(text, fields, fold).parse()


class _Parser(Generic[Item]):
    def __init__(self, text: str, fields: Mapping[str, Callable[[Item], str]], fold: Callable[[str], str]) -> None:
        self._fold = fold
        self._fields = {name.lower(): read for name, read in fields.items()}
        self._known = ", ".join(sorted(fields))
        self._tokens = _tokens(text)
        self._next = 0

    def parse(self) -> Predicate[Item]:
        predicate = self._disjunction(0)
        if self._peek() is not None:
            raise FilterError(f"unexpected text at position {self._tokens[self._next][1]}")
        return predicate

    def _disjunction(self, depth: int) -> Predicate[Item]:
        terms = [self._conjunction(depth)]
        while self._take_word("or"):
            terms.append(self._conjunction(depth))
        return terms[0] if len(terms) == 1 else lambda item: any(term(item) for term in terms)

    def _conjunction(self, depth: int) -> Predicate[Item]:
        factors = [self._factor(depth)]
        while self._take_word("and"):
            factors.append(self._factor(depth))
        return factors[0] if len(factors) == 1 else lambda item: all(factor(item) for factor in factors)

    def _factor(self, depth: int) -> Predicate[Item]:
        if depth > MAX_DEPTH:
            raise FilterError(f"more than {MAX_DEPTH} levels of parentheses")
        if self._take_word("not"):
            if self._peek() != "(":
                raise FilterError("'not' must be followed by a parenthesis")
            negated = self._group(depth)
            return lambda item: not negated(item)
        if self._peek() == "(":
            return self._group(depth)
        return self._comparison()

    def _group(self, depth: int) -> Predicate[Item]:
        self._next += 1
        inner = self._disjunction(depth + 1)
        if self._peek() != ")":
            raise FilterError("a closing parenthesis is missing")
        self._next += 1
        return inner

    def _comparison(self) -> Predicate[Item]:
        name, position = self._take("an attribute")
        read = self._fields.get(name.lower())
        if read is None:
            raise FilterError(f"the attribute at position {position} must be one of {self._known}")
        operator, position = self._take("an operator")
        if operator.lower() == "pr":
            return lambda item: read(item) != ""
        compare = _COMPARISONS.get(operator.lower())
        if compare is None:
            raise FilterError(f"the operator at position {position} must be one of {', '.join([*_COMPARISONS, 'pr'])}")
        fold = self._fold
        value = fold(self._string())
        return lambda item: compare(fold(read(item)), value)

    def _string(self) -> str:
        token, position = self._take("a value")
        if not token.startswith('"'):
            raise FilterError(f"the value at position {position} must be a string in double quotes")
        try:
            return str(json.loads(token))
        except ValueError:
            raise FilterError(f"the string at position {position} has an invalid escape") from None

    def _peek(self) -> str | None:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else None

    def _take(self, expected: str) -> tuple[str, int]:
        if self._peek() is None:
            raise FilterError(f"{expected} is missing at the end")
        self._next += 1
        return self._tokens[self._next - 1]

    def _take_word(self, word: str) -> bool:
        token = self._peek()
        found = token is not None and token.lower() == word
        self._next += found
        return found


def _tokens(text: str) -> list[tuple[str, int]]:
    tokens: list[tuple[str, int]] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise FilterError(f"unterminated string or invalid character at position {position}")
        # The language requires a space between words and strings: `name eq"x"` is invalid.
        touching = tokens and match["space"] is None and match["paren"] is None and text[position - 1] not in " ("
        if touching:
            raise FilterError(f"a space is missing at position {position}")
        if match["space"] is None:
            tokens.append((match.group(), position))
        position = match.end()
    if not tokens:
        raise FilterError("it is empty")
    return tokens

"""CQL2 as text (OGC 21-065) read into CQL2 as JSON, which is what `gis.store.filtering` takes.

Read here: AND OR NOT, = <> < > <= >=, LIKE, BETWEEN, IN, IS NULL, CASEI, TRUE FALSE, DATE TIMESTAMP, spatial
predicates with WKT or BBOX. A reader of our own because what strangers send is bounded here by length and depth: one
that was tried took seconds for twenty open brackets, and brought the process down with some thousands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import shapely
from shapely.errors import ShapelyError

from gis.errors import BadQuestion
from gis.store.filtering import SPATIAL

type Node = Any  #: a CQL2 JSON value

LONGEST: Final = 8_000  #: signs
DEEPEST: Final = 40  #: brackets and NOTs inside one another
COMPARING: Final = {"=", "<>", "<", ">", "<=", ">="}
SHAPES: Final = {
    "POINT",
    "LINESTRING",
    "POLYGON",
    "MULTIPOINT",
    "MULTILINESTRING",
    "MULTIPOLYGON",
    "GEOMETRYCOLLECTION",
}
TOKENS: Final = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d][\w.:]*)|\"(?P<quoted>[^\"]+)\"|(?P<sign><=|>=|<>|[=<>(),]))"
)


def read_text(text: str) -> Mapping[str, Node]:
    """CQL2 JSON of a text. Raises BadQuestion (field filter) where it is none, or is too long or too deep."""
    if len(text) > LONGEST:
        raise _bad(text[:40])
    reader = _Reader(text)
    found = reader.either()
    reader.end()
    return _deed(found)


def read_json(text: str) -> Mapping[str, Node]:
    """CQL2 JSON as it was sent. Raises BadQuestion where it is none."""
    if len(text) > LONGEST:
        raise _bad(text[:40])
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _bad(text[:40]) from error
    return _deed(found)


def _deed(node: Node) -> Mapping[str, Node]:
    """A bare property is a question whether it is true."""
    if not isinstance(node, Mapping):
        raise _bad(str(node)[:40])
    return {"op": "=", "args": [node, True]} if "property" in node else node


def _bad(at: str) -> BadQuestion:
    return BadQuestion(field="filter", value=at, allowed="cql2")


class _Reader:
    """Reads from left to right, one token ahead."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._cut()
        self.at = 0
        self.depth = 0

    def _cut(self) -> list[tuple[str, str, int, int]]:
        found, at = [], 0
        while self.text[at:].strip():
            match = TOKENS.match(self.text, at)
            if match is None:
                raise _bad(self.text[at : at + 40].strip())
            kind = str(match.lastgroup)
            found.append((kind, match[kind], match.start(kind), match.end()))
            at = match.end()
        return found

    def either(self) -> Node:
        parts = [self.both()]
        while self.word("OR"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else {"op": "or", "args": [_deed(part) for part in parts]}

    def both(self) -> Node:
        parts = [self.one()]
        while self.word("AND"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else {"op": "and", "args": [_deed(part) for part in parts]}

    def one(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _bad("(((")
        try:
            if self.word("NOT"):
                return {"op": "not", "args": [_deed(self.one())]}
            if self.sign("("):
                inner = self.either()
                self.need(")")
                return inner
            return self.compared()
        finally:
            self.depth -= 1

    def compared(self) -> Node:
        left = self.value()
        kind, text, *_ = self.peek()
        if kind == "sign" and text in COMPARING:
            self.at += 1
            return {"op": text, "args": [left, self.value()]}
        if self.word("IS"):
            negated = self.word("NOT")
            self.need_word("NULL")
            return _perhaps_not(negated, {"op": "isNull", "args": [left]})
        negated = self.word("NOT")
        if self.word("LIKE"):
            return _perhaps_not(negated, {"op": "like", "args": [left, self.value()]})
        if self.word("BETWEEN"):
            low = self.value()
            self.need_word("AND")
            return _perhaps_not(negated, {"op": "between", "args": [left, low, self.value()]})
        if self.word("IN"):
            self.need("(")
            return _perhaps_not(negated, {"op": "in", "args": [left, self.listed()]})
        if negated:
            raise self.wrong()
        return left

    def value(self) -> Node:
        kind, text, start, _ = self.next()
        if kind == "string":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return float(text)
        if kind == "quoted":
            return {"property": text}
        if kind != "name":
            raise _bad(self.text[start : start + 40])
        word = text.upper()
        if word in ("TRUE", "FALSE"):
            return word == "TRUE"
        return self.called(word, start) if self.sign("(") else {"property": text}

    def called(self, word: str, start: int) -> Node:
        """What comes after `NAME(`."""
        if word in SHAPES:
            return self.shape(start)
        args = self.listed()
        if word == "BBOX":
            return {"bbox": args}
        if word in ("DATE", "TIMESTAMP") and len(args) == 1:
            return {word.lower(): args[0]}
        if word == "CASEI" or word.lower() in SPATIAL:
            return {"op": word.lower(), "args": args}
        raise _bad(word[:40])

    def shape(self, start: int) -> Node:
        """Well-known text up to its closing bracket."""
        open_ = 1
        while open_:
            kind, text, _, end = self.next()
            open_ += (text == "(") - (text == ")") if kind == "sign" else 0
        try:
            found = shapely.from_wkt(self.text[start:end])
        except ShapelyError as error:
            raise _bad(self.text[start : start + 40]) from error
        return dict(shapely.geometry.mapping(found))

    def listed(self) -> list[Node]:
        """Values up to a closing bracket."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise _bad("(((")
        found = [self.value()]
        while self.sign(","):
            found.append(self.value())
        self.need(")")
        self.depth -= 1
        return found

    def peek(self) -> tuple[str, str, int, int]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "", len(self.text), len(self.text))

    def next(self) -> tuple[str, str, int, int]:
        found = self.peek()
        if found[0] == "end":
            raise self.wrong()
        self.at += 1
        return found

    def word(self, word: str) -> bool:
        kind, text, *_ = self.peek()
        found = kind == "name" and text.upper() == word
        self.at += found
        return found

    def sign(self, sign: str) -> bool:
        found = self.peek()[:2] == ("sign", sign)
        self.at += found
        return found

    def need(self, sign: str) -> None:
        if not self.sign(sign):
            raise self.wrong()

    def need_word(self, word: str) -> None:
        if not self.word(word):
            raise self.wrong()

    def end(self) -> None:
        if self.peek()[0] != "end":
            raise self.wrong()

    def wrong(self) -> BadQuestion:
        start = self.peek()[2]
        return _bad(self.text[start : start + 40] or self.text[-20:])


def _perhaps_not(negated: bool, node: Node) -> Node:
    return {"op": "not", "args": [node]} if negated else node

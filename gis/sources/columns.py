"""What columns hold: their type by what stands in them, and a few examples."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from gis.sources.model import Field

ENOUGH: Final = 200  #: rows that are looked at
EXAMPLES: Final = 3
LONGEST: Final = 60  #: letters of an example
WHOLE: Final = re.compile(r"[+-]?\d{1,15}")
NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
DATE: Final = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[T ].*)?")
CODE: Final = re.compile(r"0\d+")  #: a number that begins so is none


def fields(names: Sequence[str], rows: Iterable[Mapping[str, object]]) -> tuple[Field, ...]:
    """The columns `names` as the first rows show them."""
    seen = [row for row, _ in zip(rows, range(ENOUGH), strict=False)]
    return tuple(_field(name, [row.get(name) for row in seen]) for name in names)


def unique(names: Iterable[object]) -> list[str]:
    """Names of columns as a head line gives them: none empty, none twice."""
    made: list[str] = []
    taken: set[str] = set()
    for at, given in enumerate(names, start=1):
        name = str(given).strip().replace("\x00", "") if given is not None else ""
        name = name or f"column {at}"
        while name in taken:
            name = f"{name} ({at})"
        taken.add(name)
        made.append(name)
    return made


def plain(value: object) -> object:
    """A value as rows carry it: text, number, truth, or None. Dates become ISO text; nothing has NUL in it."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return None if value != value else int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight and value.tzinfo is None else value.isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value[:64].hex()
    return str(value).replace("\x00", "").strip() or None


def _field(name: str, values: Sequence[object]) -> Field:
    said = [value for value in values if value is not None and value != ""]
    examples = dict.fromkeys(str(value)[:LONGEST] for value in said)
    return Field(name=name, type=_type(said), examples=tuple(examples)[:EXAMPLES])


def _type(values: Sequence[object]) -> str:
    if not values:
        return "text"
    if all(isinstance(value, bool) for value in values):
        return "boolean"
    texts = [str(value) for value in values]
    if any(CODE.fullmatch(text) for text in texts):
        return "text"
    for kind, pattern in (("integer", WHOLE), ("number", NUMBER), ("date", DATE)):
        if all(pattern.fullmatch(text) for text in texts):
            return kind
    return "text"

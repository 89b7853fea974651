"""Sequence numbers and codes of cells."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.errors import BadQuestion, SequenceFull

FIELD = re.compile(r"\{(\w+)(?::0?(\d+))?\}")


def number(cells: Sequence[BaseGeometry], rows: float = 50.0) -> list[int]:
    """Sequence numbers of a community's cells, west to east within bands of `rows` metres, bands from north to south.

    GB/T 30428.1 asks for west to east, then north to south, and is silent on when two cells are level; people on the
    ground read a street of blocks as level although the blocks are not, hence bands. The first band begins at the
    northernmost centre.
    """
    if not cells:
        return []
    x, y = shapely.get_coordinates(shapely.centroid(np.asarray(cells, dtype=object))).T
    band = np.floor((y.max() - y) / rows)
    order = np.lexsort((-y, x, band))
    result = np.empty(len(order), dtype=int)
    result[order] = np.arange(1, len(order) + 1)
    return [int(seq) for seq in result]


def continued(cells: Sequence[BaseGeometry], taken: Collection[int], *, community: str, limit: int) -> list[int]:
    """Numbers for new `cells` of a community, in their order on the ground, after every number that was ever used.

    Raises SequenceFull where they would pass `limit`: a number that is free again is not taken, it stood for something.
    """
    first = max(taken, default=0)
    if first + len(cells) > limit:
        raise SequenceFull(community=community, limit=limit)
    return [first + seq for seq in number(cells)]


@dataclass(frozen=True, kw_only=True)
class Range:
    """What the digits of a field between `low` and `high` mean."""

    low: int
    high: int
    means: str


@dataclass(frozen=True, kw_only=True)
class CodePattern:
    """How a cell's code is put together: `{field}` as it is, `{field:3}` filled with zeros to three places.

    Fields: `district`, `county`, `street`, `community`, `object_class`, `seq`.
    """

    name: str
    text: str
    ranges: Mapping[str, tuple[Range, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.seq_digits < 1:
            raise BadQuestion(field="pattern", value=self.text, allowed="{seq:N}")

    @property
    def seq_digits(self) -> int:
        """Digits of the sequence; 0 where the pattern has none."""
        return next((int(width or 0) for field, width in FIELD.findall(self.text) if field == "seq"), 0)

    @property
    def limit(self) -> int:
        """The highest sequence number that fits."""
        return int(10**self.seq_digits) - 1

    def code(self, *, seq: int, **fields: str) -> str:
        """The code of the cell `seq`. Raises SequenceFull past the limit, BadQuestion where a part does not fit."""
        if not 0 < seq <= self.limit:
            raise SequenceFull(community=fields.get("community", ""), limit=self.limit)
        return FIELD.sub(lambda match: self._part(match[1], match[2], {**fields, "seq": str(seq)}), self.text)

    def read(self, code: str) -> dict[str, str] | None:
        """The fields of a code; None where it does not follow the pattern."""
        match = self._shape.fullmatch(code)
        return match.groupdict() if match else None

    def fits(self, code: str, fields: Mapping[str, str] | None = None) -> bool:
        """Whether `code` follows the pattern, says what `fields` say, and has digits that mean something."""
        read = self.read(code)
        if read is None or not int(read["seq"]):
            return False
        said = all(self._padded(name, value) == read[name] for name, value in (fields or {}).items() if name in read)
        return said and all(self.meaning(name, read[name]) for name in self.ranges if name in read)

    def meaning(self, field: str, digits: str) -> str | None:
        """What the digits of a field mean, like `town` or `merged`; None where they mean nothing."""
        if not digits.isdecimal():
            return None
        return next((r.means for r in self.ranges.get(field, ()) if r.low <= int(digits) <= r.high), None)

    def free(self, field: str, means: str, taken: Collection[str]) -> str:
        """The next digits of a field with this meaning after those ever `taken`: a merged community gets 601, 602 ...

        Raises BadQuestion where the pattern has no such meaning, SequenceFull where none are left.
        """
        span = next((r for r in self.ranges.get(field, ()) if r.means == means), None)
        if span is None:
            raise BadQuestion(field=field, value=means, allowed=[r.means for r in self.ranges.get(field, ())])
        used = [int(digits) for digits in taken if digits.isdecimal() and span.low <= int(digits) <= span.high]
        following = max(used, default=span.low - 1) + 1
        if following > span.high:
            raise SequenceFull(community=means, limit=span.high)
        return self._padded(field, str(following))

    @cached_property
    def _shape(self) -> re.Pattern[str]:
        return re.compile(FIELD.sub(lambda m: rf"(?P<{m[1]}>\d{{{m[2]}}})" if m[2] else rf"(?P<{m[1]}>.+)", self.text))

    def _padded(self, field: str, value: str) -> str:
        width = next((int(width or 0) for name, width in FIELD.findall(self.text) if name == field), 0)
        return value.zfill(width)

    def _part(self, field: str, width: str | None, fields: Mapping[str, str]) -> str:
        value = fields.get(field)
        if value is None or (width and len(value) > int(width)):
            raise BadQuestion(field=field, value=value, allowed=self.text)
        return value.zfill(int(width)) if width else value


def patterns(file: Path) -> dict[str, CodePattern]:
    """The code patterns of `file` (data/reference/codes.json) by name."""
    known = json.loads(file.read_text(encoding="utf-8"))
    ranges = {name: _ranges(fields) for name, fields in known.get("ranges", {}).items()}
    return {
        row["name"]: CodePattern(name=row["name"], text=row["pattern"], ranges=ranges.get(row.get("ranges"), {}))
        for row in known["patterns"]
    }


def _ranges(fields: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, tuple[Range, ...]]:
    return {
        name: tuple(Range(low=row["from"], high=row["to"], means=row["means"]) for row in rows)
        for name, rows in fields.items()
    }


PLAIN = CodePattern(name="plain", text="{community}{seq:3}")

"""Sequence numbers and codes of cells."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely import Polygon

from gis.errors import BadQuestion, SequenceFull

FIELD = re.compile(r"\{(\w+)(?::0?(\d+))?\}")


def number(cells: Sequence[Polygon], rows: float = 50.0) -> list[int]:
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


@dataclass(frozen=True, kw_only=True)
class CodePattern:
    """How a cell's code is put together: `{field}` as it is, `{field:3}` filled with zeros to three places.

    Fields: `district`, `county`, `street`, `community`, `object_class`, `seq`.
    """

    name: str
    text: str

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

    def _part(self, field: str, width: str | None, fields: Mapping[str, str]) -> str:
        value = fields.get(field)
        if value is None or (width and len(value) > int(width)):
            raise BadQuestion(field=field, value=value, allowed=self.text)
        return value.zfill(int(width)) if width else value


def patterns(file: Path) -> dict[str, CodePattern]:
    """The code patterns of `file` (data/reference/codes.json) by name."""
    rows = json.loads(file.read_text(encoding="utf-8"))["patterns"]
    return {row["name"]: CodePattern(name=row["name"], text=row["pattern"]) for row in rows}


PLAIN = CodePattern(name="plain", text="{community}{seq:3}")

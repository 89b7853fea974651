"""What the engine weighs, and where it stops: the table that an administrator edits, with its defaults.

Data, not code: `data/reference/weights.json` names every weight, its unit, its bounds and an example.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dispatch.classes import REFERENCE
from dispatch.errors import Invalid
from gis.model import Names


@dataclass(frozen=True, kw_only=True)
class Weight:
    """One weight or limit. `unit`: factor, thousandths, seconds."""

    code: str
    value: int  #: where nobody set another
    unit: str
    group: str
    least: int
    most: int
    names: Names
    explained: Names
    example: Names


@dataclass(frozen=True)
class Weights:
    """The values in force in one district."""

    set: Mapping[str, int]

    def __getitem__(self, code: str) -> int:
        return self.set[code] if code in self.set else known()[code].value


@cache
def known(file: Path = REFERENCE / "weights.json") -> Mapping[str, Weight]:
    """Every weight there is, by code, in the order of the table."""
    return {one["code"]: Weight(**one) for one in json.loads(file.read_text(encoding="utf-8"))}


def check(given: Mapping[str, int]) -> None:
    """Invalid where a code is unknown or a value is out of bounds."""
    for code, value in given.items():
        weight = known().get(code)
        if weight is None:
            raise Invalid(field=f"weights.{code}", value=value, allowed=sorted(known()))
        if not weight.least <= value <= weight.most:
            raise Invalid(field=f"weights.{code}", value=value, allowed=f"{weight.least}..{weight.most}")

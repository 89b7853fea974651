"""What rows may become, and the columns of each: a table that a city may change (data/reference/fields.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

REFERENCE: Final = Path(__file__).resolve().parents[2] / "data" / "reference"
POSITION: Final = ("lon", "lat", "wkt")  #: columns that make the shape and are none of the row's own
CHOSEN: Final = ("choice", "facility")


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a target. `names` are what files call it."""

    column: str
    type: str  #: text, integer, number, date, choice, facility, code16, coordinate, wkt
    names: tuple[str, ...]
    required: bool = False
    allowed: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    above: float | None = None
    below: float | None = None


@dataclass(frozen=True, kw_only=True)
class Target:
    """What rows of a file may become."""

    target: str
    shapes: tuple[str, ...]  #: point, line, polygon: what it may be drawn as
    words: tuple[str, ...]  #: words in the name of a file or layer that speak for it
    columns: tuple[Column, ...]
    needs: tuple[tuple[str, ...], ...] = ()  #: groups of columns, one of which has to be filled

    def column(self, name: str) -> Column | None:
        """The column of this name."""
        return next((one for one in self.columns if one.column == name), None)


@cache
def targets() -> Mapping[str, Target]:
    """All targets by name, the more special ones first."""
    return {row["target"]: _target(row) for row in _table()["targets"]}


@cache
def meanings(target: str, column: str) -> Mapping[str, str]:
    """What values are said to mean: spelling -> allowed value."""
    table = _table()["values"]
    known: Mapping[str, list[str]] = table.get(f"{target}.{column}") or table.get(column) or {}
    kinds = _facilities() if target == "facility" else {}
    return {**kinds, **{spelt.casefold(): value for value, spellings in known.items() for spelt in (value, *spellings)}}


@cache
def facility_kinds() -> tuple[str, ...]:
    """The kinds of facilities that there are."""
    rows = json.loads((REFERENCE / "facilities.json").read_text(encoding="utf-8"))
    return tuple(row["kind"] for row in rows)


@cache
def component_classes() -> frozenset[str]:
    """Classes of components (C0101) and their majors (C01)."""
    table = json.loads((REFERENCE / "classes.json").read_text(encoding="utf-8"))
    return frozenset(row["code"] for row in table["classes"]) | frozenset(table["majors"])


def _target(row: Mapping[str, Any]) -> Target:
    return Target(
        target=row["target"],
        shapes=tuple(row["shapes"]),
        words=tuple(row["words"]),
        needs=tuple(tuple(group) for group in row.get("needs", ())),
        columns=tuple(_column(column) for column in row["columns"]),
    )


def _column(row: Mapping[str, Any]) -> Column:
    lists = {"names": tuple(row["names"]), "allowed": tuple(row.get("allowed", ()))}
    if row["type"] == "facility":
        lists["allowed"] = facility_kinds()
    return Column(**{**row, **lists})


def _facilities() -> Mapping[str, str]:
    rows = json.loads((REFERENCE / "facilities.json").read_text(encoding="utf-8"))
    return {spelt.casefold(): row["kind"] for row in rows for spelt in (row["kind"], *row["names"].values())}


@cache
def _table() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((REFERENCE / "fields.json").read_text(encoding="utf-8"))
    return found

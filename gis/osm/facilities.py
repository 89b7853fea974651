"""Kinds of facilities: which tags make one, how it is called, which sign it has. A table that a city may change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gis.model import Names
from gis.osm.model import Tags

TABLE = Path(__file__).resolve().parents[2] / "data" / "reference" / "facilities.json"


@dataclass(frozen=True, kw_only=True)
class FacilityKind:
    """One row of the table. A rule holds when every tag in it does: "*" any value, "!a|b" neither a nor b."""

    kind: str
    group: str  #: rescue, health, education, care, public, leisure, hazard, transport
    names: Names  #: en, zh-Hans, zh-Hant
    icon: str  #: set/name of a pictogram
    tags: tuple[Mapping[str, str], ...]


@cache
def kinds(table: Path = TABLE) -> tuple[FacilityKind, ...]:
    """The table, in the order in which a thing that could be several is decided."""
    rows = json.loads(table.read_text(encoding="utf-8"))
    return tuple(FacilityKind(**{**row, "tags": tuple(row["tags"])}) for row in rows)


@cache
def icons() -> Mapping[str, str]:
    """kind -> icon."""
    return {kind.kind: kind.icon for kind in kinds()}


def kind_of(tags: Tags) -> str | None:
    """The facility kind of a thing with these tags, None where it is none."""
    if _key_set().isdisjoint(tags):
        return None
    return next((kind for key in _keys() if key in tags for kind in _matching(key, tags)), None)


@cache
def _keys() -> tuple[str, ...]:
    return tuple(dict.fromkeys(next(iter(rule)) for kind in kinds() for rule in kind.tags))


@cache
def _key_set() -> frozenset[str]:
    return frozenset(_keys())


@cache
def _rules() -> Mapping[tuple[str, str], tuple[tuple[str, Mapping[str, str]], ...]]:
    """Rules by their first tag: most things are settled by one look-up."""
    found: dict[tuple[str, str], list[tuple[str, Mapping[str, str]]]] = {}
    for kind in kinds():
        for rule in kind.tags:
            found.setdefault(next(iter(rule.items())), []).append((kind.kind, rule))
    return {first: tuple(rules) for first, rules in found.items()}


def _matching(key: str, tags: Tags) -> list[str]:
    rules = _rules().get((key, tags[key]), ())
    return [kind for kind, rule in rules if all(_holds(tags.get(tag), wanted) for tag, wanted in rule.items())]


def _holds(value: str | None, wanted: str) -> bool:
    if wanted == "*":
        return value is not None
    if wanted.startswith("!"):
        return value not in wanted[1:].split("|")
    return value == wanted

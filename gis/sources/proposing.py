"""What the rows of a layer are and which column holds what, guessed from names and values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from rapidfuzz import fuzz

from gis.sources.model import Field, Layer, Record, Shape
from gis.sources.targets import POSITION, Column, Target, targets

ALIKE: Final = 90.0  #: of 100: names that differ by a letter
SHORT: Final = 10  #: letters to which a Shapefile cuts names
SIGNS: Final = re.compile(r"[\s_\-.:()（）/\\#*]+")
CODE16: Final = re.compile(r"\d{16}")
LOOKED: Final = 200_000  #: rows in which a key must not repeat
TOLERATED: Final = 0.002  #: share of them that may do so by mistake
NUMBERS: Final = ("integer", "number")


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a column comes from: a field of the file, or one value for all rows."""

    field: str | None = None
    value: str | None = None


type Mapped = Mapping[str, Source]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A guess. `score` is worth comparing with that of other targets only."""

    target: str
    mapping: Mapped
    score: float


def propose(layer: Layer, *, title: str = "") -> Proposal | None:
    """The likeliest target of a layer; None where nothing in it looks like any. `title` is the name of the file."""
    found = max(proposals(layer, title=title), key=lambda one: one.score, default=None)
    return found if found and found.score > 0 else None


def proposals(layer: Layer, *, title: str = "") -> list[Proposal]:
    """A guess for each target that the layer could be."""
    return [_proposal(layer, target, f"{title} {layer.name}".casefold()) for target in targets().values()]


def mapping(layer: Layer, target: Target) -> dict[str, Source]:
    """Which field fills which column of `target`: each field once, the surest first."""
    rated = [
        (_fit(field, column), -at, column, field)
        for at, column in enumerate(target.columns)
        for field in layer.fields
        if not (layer.geometry is not None and column.column in POSITION)
    ]
    chosen: dict[str, Source] = {}
    used: set[str] = set()
    for fit, _, column, field in sorted(rated, key=lambda one: one[:2], reverse=True):
        if fit > 0 and column.column not in chosen and field.name not in used:
            chosen[column.column] = Source(field=field.name)
            used.add(field.name)
    return _completed(chosen, target)


def lacking(mapped: Mapped, target: Target, *, shaped: bool) -> list[str]:
    """Columns that have to be filled and are not."""
    missing = [column.column for column in target.columns if column.required and column.column not in mapped]
    if target.needs and not any(all(one in mapped for one in group) for group in target.needs):
        missing.append(target.needs[0][0])
    if not shaped and "wkt" not in mapped:
        missing += [one for one in ("lon", "lat") if target.column(one) and one not in mapped]
        missing += [] if target.column("lon") else ["wkt"]
    return missing


def repeats(records: Iterable[Record], name: str) -> bool:
    """Whether a column that looks like a key is none: among the first rows too many values come twice."""
    values = [record.values.get(name) for record, _ in zip(records, range(LOOKED), strict=False)]
    return len(values) - len(set(values)) > TOLERATED * len(values)


@cache
def spelt(name: str) -> str:
    """A name of a column without what is chance in it."""
    return SIGNS.sub("", unicodedata.normalize("NFKC", name).casefold())


def _proposal(layer: Layer, target: Target, title: str) -> Proposal:
    mapped = mapping(layer, target)
    own = [name for name in mapped if name not in POSITION and name not in ("key", "name")]
    if (code := target.column("code")) and code.required and code.type == "text":
        title = " ".join([title, *(field.name.casefold() for field in layer.fields)])
        own = own[1:] if any(word.casefold() in title for word in target.words) else []  # many things have a number
    score = len(own) + 0.5 * ("name" in mapped) + 3.0 * any(word.casefold() in title for word in target.words)
    missing = lacking(mapped, target, shaped=layer.geometry is not None)
    if layer.geometry is not None and layer.geometry is not Shape.MIXED and layer.geometry not in target.shapes:
        score -= 10
    if target.shapes == ("polygon",) and layer.geometry is Shape.POLYGON:
        score += 1
    constant = [name for name in missing if (column := target.column(name)) and column.type == "facility"]
    score -= 4.0 * (len(missing) - len(constant)) + 1.0 * len(constant)
    return Proposal(target=target.target, mapping=mapped, score=score)


def _fit(field: Field, column: Column) -> float:
    """How well a field suits a column, 0 where it cannot be it."""
    if not _can_hold(field, column):
        return 0
    name = spelt(field.name)
    known = [spelt(one) for one in column.names]
    if name in known:
        return 3 - known.index(name) / 100
    if _by_values(field, column):
        return 2.5
    if any(_has(name, one) for one in known):
        return 1.5
    if len(name) >= SHORT - 1 and any(one.startswith(name) for one in known):
        return 1.2
    return 1.0 if any(len(one) > 4 and fuzz.ratio(name, one) >= ALIKE for one in known) else 0


def _has(name: str, known: str) -> bool:
    """Whether a known name stands in this one: two Chinese signs or five letters are enough not to be chance."""
    return known in name and len(known) >= (2 if not known.isascii() else 5)


def _can_hold(field: Field, column: Column) -> bool:
    if column.type in ("number", "integer", "coordinate"):
        return field.type in NUMBERS or not field.examples or _numeric(field.examples)
    if column.type == "code16":
        return not field.examples or any(CODE16.fullmatch(example) for example in field.examples)
    if column.type == "wkt":
        return any(re.match(r"\s*[A-Za-z]+\s*Z?\s*\(", example) for example in field.examples)
    return True


def _by_values(field: Field, column: Column) -> bool:
    return column.type == "code16" and bool(field.examples) and all(map(CODE16.fullmatch, field.examples))


def _numeric(examples: Sequence[str]) -> bool:
    return any(re.fullmatch(r"\D{0,3}\d+(?:[.,]\d+)?\D{0,4}", example) for example in examples)


def _completed(chosen: dict[str, Source], target: Target) -> dict[str, Source]:
    """Without what is of no use alone, in the order of the target's columns."""
    if ("lon" in chosen) != ("lat" in chosen):
        chosen.pop("lon", None)
        chosen.pop("lat", None)
    if target.target == "address" and "address" in chosen and "street" in chosen and "number" not in chosen:
        del chosen["street"]
    return {column.column: chosen[column.column] for column in target.columns if column.column in chosen}

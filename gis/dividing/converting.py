"""How two divisions belong together. Statistics go from one to the other by people: a park counts nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gis.database import Transaction
from gis.store import standing
from gis.store.standing import Share

GONE = "gone"  #: nothing is where a cell was


class Turn(StrEnum):
    """What became of ground."""

    SAME = "same"
    SPLIT = "split"
    MERGED = "merged"
    MOVED = "moved"


@dataclass(frozen=True, kw_only=True)
class Part:
    """What share of whatever is counted in one cell belongs to another."""

    from_key: str
    to_key: str
    buildings: int
    people: float
    share: float


@dataclass(frozen=True, kw_only=True)
class Turned:
    """Cells of the one division and what became of them in the other."""

    from_keys: tuple[str, ...]
    to_keys: tuple[str, ...]
    kind: Turn


def parts(shares: Iterable[Share]) -> tuple[Part, ...]:
    """The table of shares: those of one cell sum to 1.

    By people; where nobody lives, by buildings; where none stands, by ground.
    """
    by_cell: dict[str, list[Share]] = defaultdict(list)
    for one in shares:
        by_cell[one.from_key].append(one)
    found = []
    for key, mine in sorted(by_cell.items()):
        weights = next(w for w in _weighed(mine) if sum(w) > 0)
        for one, weight in zip(mine, weights, strict=True):
            share = weight / sum(weights)
            found.append(Part(from_key=key, to_key=one.to_key, buildings=one.buildings, people=one.people, share=share))
    return tuple(found)


def turned(shares: Iterable[Share]) -> tuple[Turned, ...]:
    """What belongs together, and whether it was split, merged or a border was moved."""
    whole = Links()
    for one in shares:
        whole.tie("f" + one.from_key, "t" + one.to_key)
    found = []
    for group in whole.groups():
        old = tuple(sorted(key[1:] for key in group if key[0] == "f"))
        new = tuple(sorted(key[1:] for key in group if key[0] == "t"))
        kind = Turn.SPLIT if len(old) == 1 < len(new) else Turn.MERGED if len(new) == 1 < len(old) else Turn.MOVED
        found.append(Turned(from_keys=old, to_keys=new, kind=kind))
    return tuple(sorted(found, key=lambda one: one.from_keys))


def convert(tx: Transaction, values: Mapping[str, float], one: int, other: int) -> dict[str, float]:
    """Values by code of a cell of the division `one` as values of the division `other`; their sum stays.

    What is counted under a code that `one` does not have is left out.
    """
    keys, names = standing.codes(tx, one), standing.codes(tx, other)
    table = parts(standing.shares(tx, one, other))
    into: dict[str, list[Part]] = defaultdict(list)
    for part in table:
        into[part.from_key].append(part)
    found: dict[str, float] = defaultdict(float)
    for key, code in keys.items():
        if code not in values:
            continue
        if key not in into:
            found[code] += values[code]
        for part in into.get(key, ()):
            found[names.get(part.to_key, part.to_key)] += values[code] * part.share
    return dict(found)


def _weighed(mine: Sequence[Share]) -> Iterable[list[float]]:
    yield [one.people for one in mine]
    yield [float(one.buildings) for one in mine]
    yield [one.area_m2 for one in mine]
    yield [1.0 for _ in mine]


class Links:
    """Keys that belong together."""

    def __init__(self) -> None:
        self._head: dict[str, str] = {}

    def tie(self, a: str, b: str) -> None:
        self._head[self._of(a)] = self._of(b)

    def groups(self) -> list[list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key in list(self._head):
            found[self._of(key)].append(key)
        return list(found.values())

    def _of(self, key: str) -> str:
        self._head.setdefault(key, key)
        while self._head[key] != key:
            key = self._head[key]
        return key

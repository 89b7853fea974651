"""How well something explains a text. Pure.

`worth` orders what was found: what is left of 1 after deductions for what the name, the number, the town and the rest
of the text leave unexplained. It is no probability; `calibration` makes one of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from gis.geocode.index.model import TOWN, Index
from gis.geocode.matching import Match
from gis.geocode.reading import Number, Reading

TALK: Final = 0.30  #: deducted when nothing of the text is explained
BEFORE: Final = 0.09  #: deducted for an unknown word right before the name: it may be a part of it
AWAY: Final = 0.03  #: deducted when the house number stands away from the street
ELSEWHERE: Final = 0.12  #: deducted when the text names another town
PART: Final = 0.2  #: deducted where the name is only a part of the name of a town
SAID: Final = 0.012  #: added for each everyday word that is part of the name
THERE: Final = 0.03  #: added when it names this one
LIKE_TOWN: Final = 0.75  #: likeness from which a word is a town


@dataclass(frozen=True, slots=True)
class Found:
    """Something that the text may mean."""

    kind: str  #: address, neighbour, interpolated, lane, street, crossing, facility, area
    row: int  #: of the table that `kind` says
    worth: float
    match: Match
    number: Number | None = None
    gap: int = 0  #: house numbers between what was asked and what there is
    town: int = 0
    agrees: int = 0  #: 1 the town named, -1 another, 0 none named
    talk: float = 0.0  #: share of the text that nothing explains
    before: bool = False
    at: tuple[float, float] | None = None  #: lon, lat where it is no row's own
    other: Match | None = None  #: the second street of a crossing
    asked: str = ""
    unused: bool = False  #: a number of the text is neither of the name nor of the house
    unknown: tuple[str, ...] = ()  #: parts of the inside that are asked and not known
    within: int | None = None  #: the spot of the community whose block it is
    said: str = ""  #: the sort of landmark, in the words of the text, where it was not named


@dataclass
class Judge:
    """What the rest of a text says, weighed for each thing found."""

    index: Index
    reading: Reading
    matches: Sequence[Match]
    towns: list[Match] = field(init=False)

    def __post_init__(self) -> None:
        self.towns = [match for match in self.matches if match.kind == TOWN and match.likeness >= LIKE_TOWN]
        self.weights = [token.weight for token in self.reading.tokens]
        self.total = max(self.reading.weight, 1)

    def agreement(self, match: Match, town: int, post: int, also: Match | None = None) -> tuple[int, set[int]]:
        """Whether the text names this town (1), another (-1) or none (0), and the tokens that do."""
        free = [other for other in self.towns if not other.meets(match.start, match.stop)]
        free = [other for other in free if also is None or not other.meets(also.start, also.stop)]
        said = [other for other in free if other.target != 0]
        here = {town or 0, -post}
        named: set[int] = set()
        for other in free:
            if other.target in here or other.target == 0:
                named.update(range(other.start, other.stop))
        right = any(other.target in here for other in said)
        elsewhere = any(not named & set(range(other.start, other.stop)) for other in said if other.likeness > 0.9)
        if not right and elsewhere:
            for other in said:
                named.update(range(other.start, other.stop))
        return (1 if right else -1 if elsewhere else 0), named

    def middle(self) -> tuple[float, float] | None:
        """Lon, lat of the middle of a town that the text names; None where it names none."""
        said = next((match.target for match in self.towns if match.target > 0), 0)
        lon, lat = (self.index.town_lon, self.index.town_lat) if said else ((), ())
        return (float(lon[said]), float(lat[said])) if said and lon[said] == lon[said] else None

    def found(
        self, kind: str, row: int, match: Match, value: float, *, number: Number | None = None, town: int = 0,
        post: int = 0, gap: int = 0, also: Match | None = None, at: tuple[float, float] | None = None, asked: str = "",
    ) -> Found:  # fmt: skip
        """`row` as a meaning of the text; `value` is what it is worth before the rest of the text is heard."""
        agrees, named = self.agreement(match, town, post, also)
        talk, unused = 0, False
        for place, weight in enumerate(self.weights):
            covered = match.start <= place < match.stop or place in named
            covered = covered or (number is not None and number.start <= place < number.stop)
            covered = covered or (also is not None and also.start <= place < also.stop)
            talk += 0 if covered else weight
            unused = unused or (not covered and self.reading.tokens[place].number)
        said = sum(self.weights[place] == 0 for place in range(match.start, match.stop))
        before = self._unknown(match.start - 1, match, named, number)
        worth = value * match.likeness - TALK * talk / self.total - BEFORE * before + SAID * said
        worth -= PART * self._part_of_town(match)
        worth += THERE if agrees > 0 else -ELSEWHERE if agrees < 0 else 0
        if number is not None and number.start != match.stop and number.stop != match.start:
            worth -= AWAY
        return Found(
            kind, row, worth, match, number, gap, town, agrees, talk / self.total, before, at, also, asked, unused
        )

    def _part_of_town(self, match: Match) -> bool:
        """Whether the stretch is rather (a part of) the name of a town: 官田 of 官田區, Schaanwald for Tannwald."""
        size = match.stop - match.start
        return any(
            town.start <= match.start
            and match.stop <= town.stop
            and (town.stop - town.start > size or town.cost < match.cost)
            and town.cost <= match.cost
            for town in self.towns
        )

    def _unknown(self, at: int, match: Match, named: set[int], number: Number | None) -> bool:
        """Whether an unexplained word stands at `at`, in the same segment as the name."""
        tokens = self.reading.tokens
        if at < 0 or tokens[at].segment != tokens[match.start].segment or tokens[at].weight == 0 or at in named:
            return False
        return not tokens[at].number and not (number is not None and number.start <= at < number.stop)

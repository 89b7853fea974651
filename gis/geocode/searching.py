"""One search in an index: from the names that stand in a text to houses, streets, crossings and landmarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from gis.geocode.index.model import KIND, LANDMARK, STREET, Column, Index, code
from gis.geocode.judging import Found, Judge
from gis.geocode.matching import Match, begun, matches, numbered
from gis.geocode.reading import Number, Reading
from gis.spelling import letters

MOST_STREETS: Final = 14  #: streets whose houses are looked up
MOST_LANDMARKS: Final = 16
MOST_NUMBERS: Final = 4
MOST_PAIRS: Final = 12  #: streets of which each two may cross
NEIGHBOURHOOD: Final = 40  #: house numbers
BESIDE: Final = 0.90  #: what the house next to the number asked is worth
WHOLE_STREET: Final = 0.72  #: what the street is worth when a number was asked that is not near any there is
BARE: Final = 0.90  #: number 30 when 30b was asked
SPELT: Final = 0.99  #: a number in words, which may be a word of the name
ACROSS: Final = 3  #: house numbers that a house on the other side of the street counts as farther away
UNEXPLAINED: Final = 0.25  #: deducted from a landmark in a text with a number that is no part of its name
MOST_TALK: Final = 0.7  #: share of a text about something else beside which a landmark is not meant
ONE_OF_ITS_SORT: Final = 0.95  #: worth of the only fire station when a fire station is asked
OF_MANY: Final = 0.7
SURE: Final = 0.93  #: worth from which nothing else is looked for
IN_LANE: Final = 0.85  #: a house of the lane, where the number in it is not known
MEETING: Final = 1.04  #: a crossing explains both streets
BEGUN: Final = 0.80  #: number 25 while somebody types 2
MOST_BEGUN: Final = 2_000  #: houses of a street among which longer numbers are looked for
LONGER: Final = 5
BETWEEN: Final = 16  #: house numbers between two houses among which a third is thought
STRETCH: Final = 250.0  #: metres between two such houses
DEGREE: Final = 111_320.0
HOUSES: Final = ("address", "longer", "neighbour", "lane")  #: kinds of which a row is a house


@dataclass
class Search:
    """The state of one search."""

    index: Index
    reading: Reading
    near: tuple[float, float] | None = None
    found: list[Found] = field(default_factory=list)
    judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        self.judge = Judge(self.index, self.reading, ())

    def run(self) -> list[Found]:
        """Everything that the text may mean, the best first."""
        self._follow(matches(self.index, self.reading))
        if not self._sure():
            self._follow(numbered(self.index, self.reading))
        if not self._sure() or not self.reading.numbers:
            self._begun()
        ordered = sorted(self.found, key=lambda found: (-found.worth, self._away(found)))
        once: dict[tuple[str, int], Found] = {}
        for found in ordered:
            once.setdefault((found.kind, found.row), found)
        return list(once.values())

    def _follow(self, names: list[Match]) -> None:
        """From names to things."""
        self.judge = Judge(self.index, self.reading, [*names, *self.judge.towns])
        streets = _distinct(match for match in names if match.kind == STREET)
        self._houses(streets[:MOST_STREETS])
        if not any(found.kind == "address" and found.worth > SURE for found in self.found):
            self._crossings(streets[:MOST_PAIRS])
            sorts = [match for match in names if match.kind == KIND and match.cost < 1]
            marks = [match for match in names if match.kind == LANDMARK and not _within(match, sorts)]
            self._landmarks(marks[:MOST_LANDMARKS])
            self._sorts(sorts)

    def _sure(self) -> bool:
        return any(found.worth > SURE for found in self.found)

    def _begun(self) -> None:
        """Names that begin with the end of the text: what somebody is still typing."""
        for match in begun(self.index, self.reading):
            if match.kind == STREET:
                self._street(match, 1.0, beside=False)
            elif match.kind == LANDMARK:
                self._landmarks([match])

    def _houses(self, streets: Sequence[Match]) -> None:
        """Houses with the number asked, else beside it, else the street."""
        for match in streets:
            numbers = [each for each in self.reading.numbers if not match.meets(each.start, each.stop)]
            numbers.sort(key=lambda each: (each.spelt, min(abs(each.start - match.stop), abs(match.start - each.stop))))
            rows = self._rows(match.target)
            if match.cost == 0 and numbers and numbers[0].stop == len(self.reading.tokens):
                self._longer(match, numbers[0], rows)
            there = any(self._at_number(match, number, rows) for number in numbers[:MOST_NUMBERS])
            if not there or self._elsewhere(match):
                beside = bool(numbers) and self._beside(match, numbers[0], rows, only=there)
            if not there:
                self._street(match, WHOLE_STREET if numbers else 1.0, beside)

    def _longer(self, match: Match, number: Number, rows: slice) -> None:
        """The houses 20, 21, 2b while somebody has typed 2."""
        if not number.key.isdigit():
            return
        leads = self.index.house_lead[rows]
        wanted = code(number.key)
        texts = (
            np.char.startswith(leads.astype(str), number.key) if len(leads) < MOST_BEGUN else np.zeros(len(leads), bool)
        )
        for at in np.flatnonzero(texts & (self.index.house_code[rows] != wanted))[:LONGER].tolist():
            self._add("longer", rows.start + at, match, BEGUN, number)

    def _elsewhere(self, match: Match) -> bool:
        """Whether the houses found so far in this street are in another town than the one named."""
        mine = [found for found in self.found if found.match == match and found.kind == "address"]
        return all(found.agrees < 0 for found in mine)

    def _rows(self, street: int) -> slice:
        starts = self.index.house_start
        return slice(int(starts[street]), int(starts[street + 1]))

    def _at_number(self, match: Match, number: Number, rows: slice) -> bool:
        """Whether the street has the number: exactly, or without its letter."""
        codes = self.index.house_code[rows]
        bare = number.key.rstrip("abcdefghijklmnopqrstuvwxyz")
        for key, value in ((number.key, 1.0), (bare, BARE)):
            hits = np.flatnonzero(codes == code(key))
            for at in hits[:64].tolist():
                row = rows.start + at
                self._add("address", row, match, value * (SPELT if number.spelt else 1.0), number)
            if len(hits) or key == bare:
                return bool(len(hits))
        return False

    def _add(self, kind: str, row: int, match: Match, value: float, number: Number | None, **more: object) -> None:
        town, post = int(self.index.house_town[row]), int(self.index.house_post[row])
        self.found.append(self.judge.found(kind, row, match, value, number=number, town=town, post=post, **more))  # type: ignore[arg-type]

    def _beside(self, match: Match, number: Number, rows: slice, *, only: bool) -> bool:
        """The houses next to a number that nobody knows: of the same lane; `only` in the town that is named."""
        lead, lane = letters.leading(number.key), letters.lane(number.key)
        here = rows.start + np.flatnonzero(self.index.house_lane[rows] == (code(lane) if lane else 0))
        if not len(here) and lane:
            return self._lane(match, number, rows)
        found = False
        for town in np.unique(self.index.house_town[here]).tolist():
            if only and self.judge.agreement(match, town, 0)[0] < 1:
                continue
            mine = here[self.index.house_town[here] == town]
            gaps = np.abs(self.index.house_lead[mine] - lead) + ACROSS * self._odd(mine, lead)
            self._between(match, number, mine, lead)
            for at in np.argsort(gaps, kind="stable")[:3].tolist():
                if gaps[at] <= NEIGHBOURHOOD:
                    found = True
                    self._add(
                        "neighbour", int(mine[at]), match, BESIDE - 0.004 * float(gaps[at]), number, gap=int(gaps[at])
                    )
        return found

    def _between(self, match: Match, number: Number, rows: Column, lead: int) -> None:
        """The position between the next houses before and after the number, on its side of the street."""
        leads = self.index.house_lead[rows]
        side = self._odd(rows, lead) == 0
        below, above = rows[side & (leads < lead)], rows[side & (leads > lead)]
        if (leads == lead).any() or not len(below) or not len(above):
            return
        one = int(below[np.argmax(self.index.house_lead[below])])
        other = int(above[np.argmin(self.index.house_lead[above])])
        first, last = int(self.index.house_lead[one]), int(self.index.house_lead[other])
        share = (lead - first) / (last - first)
        lon, lat = (
            (1 - share) * column[one] + share * column[other] for column in (self.index.house_lon, self.index.house_lat)
        )
        if last - first <= BETWEEN and self._metres(one, other) <= STRETCH:
            nearer, gap = (one if share < 0.5 else other), min(lead - first, last - lead)
            value = BESIDE + 0.005 - 0.004 * gap
            self._add(
                "interpolated", nearer, match, value, number, gap=gap, at=(float(lon), float(lat)), asked=number.key
            )

    def _metres(self, one: int, other: int) -> float:
        lon = float(self.index.house_lon[one] - self.index.house_lon[other])
        lat = float(self.index.house_lat[one] - self.index.house_lat[other])
        return DEGREE * float(np.hypot(lon * np.cos(np.radians(float(self.index.house_lat[one]))), lat))

    def _odd(self, rows: Column, lead: int) -> Column:
        """1 for houses across the street from the number, 0 for those on its side."""
        return np.asarray((self.index.house_lead[rows] - lead) % 2)

    def _lane(self, match: Match, number: Number, rows: slice) -> bool:
        """Houses where a lane that nobody knows leaves the street: lanes are numbered with the houses of the street."""
        gaps = np.abs(self.index.house_first[rows] - letters.first(number.key))
        order = np.argsort(gaps, kind="stable")[:3].tolist()
        near = [(rows.start + at, int(gaps[at])) for at in order if gaps[at] <= NEIGHBOURHOOD]
        for row, gap in near:
            self._add("lane", row, match, IN_LANE - 0.004 * gap, number, gap=min(4 + gap // 4, 12))
        return bool(near)

    def _street(self, match: Match, value: float, beside: bool) -> None:
        """The street itself, in each of its towns."""
        starts = self.index.street_start
        for spot in self.index.street_spot[starts[match.target] : starts[match.target + 1]][:16].tolist():
            town = int(self.index.spot_town[spot])
            self.found.append(self.judge.found("street", spot, match, value * (0.9 if beside else 1.0), town=town))

    def _crossings(self, streets: Sequence[Match]) -> None:
        """Where two streets of the text meet."""
        pairs = self.index.cross_pair
        for at, one in enumerate(streets):
            for other in streets[at + 1 :]:
                if one.meets(other.start, other.stop) or one.target == other.target:
                    continue
                low, high = sorted((one.target, other.target))
                pair = low << 32 | high
                first, last = np.searchsorted(pairs, (pair, pair + 1)).tolist()
                weaker, better = sorted((one, other), key=lambda match: match.likeness)
                for row in range(first, min(last, first + 4)):
                    place = float(self.index.cross_lon[row]), float(self.index.cross_lat[row])
                    self.found.append(self.judge.found("crossing", row, weaker, MEETING, also=better, at=place))

    def _landmarks(self, names: Sequence[Match]) -> None:
        for match in names:
            spot = match.target
            kind = "area" if self.index.texts["spot_kind"][spot] == "area" else "facility"
            town = int(self.index.spot_town[spot])
            told = self.judge.found(kind, spot, match, 0.99 if kind == "facility" else 0.9, town=town)
            if self._number_left(match):
                told = replace(told, worth=told.worth - UNEXPLAINED)
            if told.talk < MOST_TALK and not self._town_alone(match, told):
                self.found.append(told)

    def _sorts(self, names: Sequence[Match]) -> None:
        """Landmarks of the sort that is said: "opposite the fire station"; in the town that is named, if one is."""
        starts = self.index.sort_start
        for match in names[:2]:
            spots = self.index.sort_spot[starts[match.target] : starts[match.target + 1]].tolist()
            told = [
                self.judge.found("facility", spot, match, 1.0, town=int(self.index.spot_town[spot])) for spot in spots
            ]
            there = [each for each in told if each.agrees > 0] or told
            value = ONE_OF_ITS_SORT if len(there) == 1 else OF_MANY
            kept = [replace(each, worth=each.worth * value) for each in there if each.talk < MOST_TALK]
            self.found += [each for each in kept if not each.unused][:MOST_LANDMARKS]

    def _number_left(self, match: Match) -> bool:
        """Whether a number stands outside the name: then the text is about a house."""
        return any(not number.spelt and not match.meets(number.start, number.stop) for number in self.reading.numbers)

    def _town_alone(self, match: Match, found: Found) -> bool:
        """Whether a landmark is found only because it is called like a town, in a text about something else."""
        named = any(town.start == match.start and town.stop == match.stop for town in self.judge.towns)
        return named and (found.talk > 0 or bool(self.reading.numbers))

    def _away(self, found: Found) -> float:
        if self.near is None:
            return 0.0
        lon, lat = place(self.index, found)
        return (lon - self.near[0]) ** 2 / 4 + (lat - self.near[1]) ** 2


def place(index: Index, found: Found) -> tuple[float, float]:
    """Where it is, degrees."""
    if found.at is not None:
        return found.at
    table = "house" if found.kind in HOUSES else "spot"
    return float(index.numbers[f"{table}_lon"][found.row]), float(index.numbers[f"{table}_lat"][found.row])


def _within(match: Match, others: Sequence[Match]) -> bool:
    """Whether a stretch is only a part of another: the station of a fire station."""
    size = match.stop - match.start
    return any(o.start <= match.start and match.stop <= o.stop and o.stop - o.start > size for o in others)


def _distinct(names: Iterator[Match]) -> list[Match]:
    """For each target its best match; the list is in order already."""
    found: dict[tuple[int, int], Match] = {}
    for match in names:
        found.setdefault((match.target, match.start), match)
    return list(found.values())

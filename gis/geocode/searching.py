"""One search in the register: exact names first, then names begun, then names misspelled, until one is sure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from gis.database import Transaction
from gis.geocode import judging
from gis.geocode.judging import Match
from gis.geocode.reading import Reading
from gis.model import DistrictId, Found, Place, Point
from gis.store import register
from gis.store.register import Spot

SURE: Final = 0.93  #: score from which nothing likelier is looked for
MOST_NAMES: Final = 12  #: names of one kind that are followed up
MOST_WINDOWS: Final = 24  #: stretches that are compared letter by letter
WORTH_BESIDE: Final = 0.9  #: of the house next to the number asked
WORTH_STREET: Final = 0.7  #: of the street when a number was asked that is not near any we know
WORTH_BEGUN: Final = 0.85  #: of the number 25 while somebody types 2
WORTH_BARE: Final = 0.97  #: of number 30 when 30b was asked
NEIGHBOURHOOD: Final = 20  #: house numbers
SAME: Final = 3e-4  #: degrees within which two rows with one key are one address, mapped twice


@dataclass
class Search:
    """The state of one search: what was found so far."""

    tx: Transaction
    district: DistrictId
    reading: Reading
    near: Point | None
    limit: int
    found: list[Place] = field(default_factory=list)
    towns: dict[Place, str | None] = field(default_factory=dict)

    def places(self) -> list[Place]:
        """All stages as far as needed, the best place first."""
        keys = [key for window in self.reading.windows for key in window.keys]
        if not keys:
            return []
        self._follow(judging.exact(register.names(self.tx, self.district, keys), self.reading))
        if self._best() < SURE or not self.reading.numbers:
            self._follow(self._begun())
        if self._best() < SURE:
            self._follow(self._alike())
        return self._ranked()

    def _begun(self) -> list[Match]:
        matches = []
        for window in self.reading.openings()[:2]:
            for key in window.keys[:2]:
                if len(key) > 1:
                    names = register.names_starting(self.tx, self.district, key, MOST_NAMES)
                    matches += judging.begun((name for name in names if name.key != key), window, key)
        return matches

    def _alike(self) -> list[Match]:
        windows = [w for w in self.reading.beside_numbers() if len(w.keys[0]) > 2][:MOST_WINDOWS]
        keys = [key for window in windows for key in window.keys[:2]]
        return judging.alike(register.names_like(self.tx, self.district, keys, MOST_NAMES), windows) if keys else []

    def _follow(self, matches: list[Match]) -> None:
        """From names to places."""
        best = sorted(matches, key=lambda match: (-match.likeness, match.window.start - match.window.stop))
        self._facilities([match for match in best if match.name.facility is not None][: 2 * MOST_NAMES])
        streets = [match for match in best if match.name.street is not None][: 2 * MOST_NAMES]
        if self.reading.numbers:
            self._streets(self._addresses(streets), WORTH_STREET)
        else:
            self._crossings(streets)
            self._streets(streets, 1.0)

    def _addresses(self, matches: Sequence[Match]) -> list[Match]:
        """Houses with the number asked, else beside it; the matches of streets that have neither."""
        numbers = [
            (at, key, worth) for at in self.reading.numbers[:4] for key, worth in _ways(self.reading.tokens[at].text)
        ]
        asked = {f"{match.name.street} {key}" for match in matches for _, key, _ in numbers}
        spots = _by_key(register.addresses(self.tx, self.district, sorted(asked)))
        rest = []
        for match in matches:
            free = [(at, key, worth) for at, key, worth in numbers if not match.window.covers(at)]
            houses = [
                (spot, at, worth) for at, key, worth in free for spot in spots.get(f"{match.name.street} {key}", ())
            ]
            for spot, at, worth in houses:
                self._add(spot, match, "address", number=at, worth=worth)
            if not houses:
                rest.append(match)
            elif self._typing(match):
                self._longer_numbers(match)
        return [match for match in rest if not self._beside(match)]

    def _beside(self, match: Match) -> bool:
        """The houses next to a number that nobody knows."""
        number = next((at for at in self.reading.numbers if not match.window.covers(at)), None)
        if number is None or len(self.found) > 4 * self.limit:
            return False
        asked = self.reading.tokens[number].text
        houses = register.addresses_starting(self.tx, self.district, f"{match.name.street} ")
        apart = sorted((judging.numbers_apart(asked, _number(spot)), at) for at, spot in enumerate(houses))
        beside = [(gap, houses[at]) for gap, at in apart if gap <= NEIGHBOURHOOD][: self.limit]
        for gap, spot in beside:
            worth = WORTH_BESIDE - 0.005 * gap
            self._add(
                spot, match, "neighbour", number=number, worth=worth, found=Found.STREET, reach_m=20.0 + 10.0 * gap
            )
        return bool(beside)

    def _longer_numbers(self, match: Match) -> None:
        """The houses 20, 21 ... while somebody has typed 2."""
        last = len(self.reading.tokens) - 1
        asked = f"{match.name.street} {self.reading.tokens[last].text}"
        for spot in register.addresses_starting(self.tx, self.district, asked, self.limit + 1):
            if spot.key != asked:
                self._add(spot, match, "address", number=last, worth=WORTH_BEGUN, found=Found.PREFIX)

    def _typing(self, match: Match) -> bool:
        """Whether the text ends with a number that may go on."""
        last = len(self.reading.tokens) - 1
        return self.reading.tokens[last].number and match.window.stop == last and match.found is Found.EXACT

    def _streets(self, matches: Sequence[Match], worth: float) -> None:
        keys = sorted({match.name.street for match in matches if match.name.street})
        spots = _by_key(register.streets(self.tx, self.district, keys)) if keys else {}
        for match in matches:
            for spot in spots.get(match.name.street or "", ()):
                found = Found.STREET if match.found is Found.EXACT else match.found
                self._add(spot, match, "street", worth=worth, found=found)

    def _crossings(self, matches: Sequence[Match]) -> None:
        pairs = [
            (a, b)
            for a in matches
            for b in matches
            if a.window.stop <= b.window.start and a.name.street != b.name.street
        ]
        if not pairs:
            return
        first, second = max(pairs, key=lambda pair: pair[0].likeness + pair[1].likeness)
        keys = [str(first.name.street), str(second.name.street)]
        likeness = min(first.likeness, second.likeness)
        for spot in register.crossings(self.tx, self.district, keys):
            self.found.append(
                place(spot, first.found if first.likeness == likeness else second.found, likeness, "crossing")
            )

    def _facilities(self, matches: Sequence[Match]) -> None:
        ids = sorted({match.name.facility for match in matches if match.name.facility is not None})
        spots = {spot.id: spot for spot in register.facilities(self.tx, self.district, ids)} if ids else {}
        for match in matches:
            if (spot := spots.get(match.name.facility or 0)) is not None:
                found = Found.FACILITY if match.found is Found.EXACT else match.found
                self._add(spot, match, "facility", found=found)

    def _add(
        self,
        spot: Spot,
        match: Match,
        kind: str,
        *,
        number: int | None = None,
        worth: float = 1.0,
        found: Found | None = None,
        reach_m: float | None = None,
    ) -> None:
        score = judging.score(self.reading, match, spot, number, worth)
        told = place(spot, found or match.found, score, kind, reach_m)
        self.found.append(told)
        self.towns[told] = spot.city

    def _best(self) -> float:
        return max((place.score for place in self.found), default=0.0)

    def _ranked(self) -> list[Place]:
        """The best first, each once; where two are called the same, each with its town."""
        kept: list[Place] = []
        for place in sorted(self.found, key=lambda place: (-place.score, self._away(place))):
            if not any(_same(place, other) or self._indistinct(place, other) for other in kept):
                kept.append(place)
            if len(kept) == self.limit:
                break
        called = Counter(place.label for place in kept)
        return [self._with_town(place) if called[place.label] > 1 else place for place in kept]

    def _indistinct(self, a: Place, b: Place) -> bool:
        """Two of one name in one cell and one town: nobody could choose between them."""
        if a.cell is None or self.towns.get(a) != self.towns.get(b):
            return False
        return (a.label, a.kind, a.cell) == (b.label, b.kind, b.cell)

    def _with_town(self, place: Place) -> Place:
        town = self.towns.get(place)
        return replace(place, label=f"{place.label}, {town}") if town else place

    def _away(self, place: Place) -> float:
        if self.near is None or place.point is None:
            return 0.0
        return (place.point.lon - self.near.lon) ** 2 / 4 + (place.point.lat - self.near.lat) ** 2


def place(spot: Spot, found: Found, score: float, kind: str, reach_m: float | None = None) -> Place:
    """What was found of `spot`, and how."""
    return Place(
        point=spot.point,
        label=spot.label,
        found=found,
        score=round(score, 3),
        accuracy_m=round(reach_m or spot.reach_m, 1),
        cell=spot.cell,
        cell_code=spot.cell_code,
        area=spot.area,
        kind=kind,
    )


def _ways(number: str) -> list[tuple[str, float]]:
    """A house number as asked, and without its letter."""
    bare = number.rstrip("abcdefghijklmnopqrstuvwxyz")
    return [(number, 1.0)] if bare == number else [(number, 1.0), (bare, WORTH_BARE)]


def _by_key(spots: Iterable[Spot]) -> dict[str, list[Spot]]:
    found: dict[str, list[Spot]] = {}
    for spot in spots:
        found.setdefault(spot.key, []).append(spot)
    return found


def _number(spot: Spot) -> str:
    return spot.key.partition(" ")[2]


def _same(a: Place, b: Place) -> bool:
    """One thing, found twice or mapped twice."""
    if a.label != b.label or a.point is None or b.point is None:
        return False
    return abs(a.point.lon - b.point.lon) < 2 * SAME and abs(a.point.lat - b.point.lat) < SAME

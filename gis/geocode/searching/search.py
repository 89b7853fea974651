"""The order in which a search asks: names, houses, crossings, landmarks; then what begins so."""

from __future__ import annotations

from typing import Final

from gis.geocode.index.model import KIND, LANDMARK, STREET
from gis.geocode.judging import Found, Judge
from gis.geocode.matching import Match, begun, matches, numbered
from gis.geocode.searching import crossings, finest, houses, landmarks, sorts
from gis.geocode.searching.state import SURE, Asked, distinct, place, streets, within
from gis.geocode.words import worded

MOST_STREETS: Final = 14  #: streets whose houses are looked up
MOST_LANDMARKS: Final = 16
MOST_PAIRS: Final = 12  #: streets of which each two may cross
WORDY: Final = 2  #: tokens from which a name may stand in another order, or lack a word


class Search(Asked):
    """One search in one index."""

    def run(self) -> list[Found]:
        """Everything that the text may mean, the best first."""
        self._follow(matches(self.index, self.reading))
        if not self.sure:
            self._follow(numbered(self.index, self.reading))
        if not self.sure and len(self.reading.tokens) >= WORDY:
            towns = {at for town in self.judge.towns for at in range(town.start, town.stop)}
            landmarks.look(self, distinct(worded(self.index, self.reading, towns))[:MOST_LANDMARKS])
        if not self.sure or not self.reading.numbers:
            self._begun()
        ordered = sorted(self.found, key=lambda found: (-found.worth, self._away(found)))
        once: dict[tuple[str, int], Found] = {}
        for found in ordered:
            once.setdefault((found.kind, found.row), found)
        return finest.refined(self, list(once.values()))

    def _follow(self, names: list[Match]) -> None:
        """From names to things."""
        self.judge = Judge(self.index, self.reading, [*names, *self.judge.towns])
        named = streets(names)
        houses.look(self, named[:MOST_STREETS])
        if not any(found.kind == "address" and found.worth > SURE for found in self.found):
            crossings.look(self, named[:MOST_PAIRS])
            kinds = [match for match in names if match.kind == KIND and match.cost < 1]
            marks = [match for match in names if match.kind == LANDMARK and not within(match, kinds)]
            landmarks.look(self, marks[:MOST_LANDMARKS])
            sorts.look(self, distinct(kinds), named[:MOST_PAIRS])

    def _begun(self) -> None:
        """Names that begin with the end of the text: what somebody is still typing."""
        for match in begun(self.index, self.reading):
            if match.kind == STREET:
                self.street(match, 1.0)
            elif match.kind == LANDMARK:
                landmarks.look(self, [match])

    def _away(self, found: Found) -> float:
        """From the middle of the map; without one, from the town that is named although the thing is elsewhere."""
        middle = self.near
        if middle is None and found.agrees < 0:
            middle = self.judge.middle()
        if middle is None:
            return 0.0
        lon, lat = place(self.index, found)
        return (lon - middle[0]) ** 2 / 4 + (lat - middle[1]) ** 2

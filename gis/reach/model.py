"""Values of a coverage: who is reached in time, and who is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from shapely import Polygon

from gis.model import AreaId, CellId, DistrictId, Mode, Point
from gis.store.reach import Buildings, Floats, Ints


class Band(IntEnum):
    """How a building is reached; five classes, from well to not at all."""

    FIRST = 0  #: within a third of the time
    SECOND = 1  #: within two thirds
    LAST = 2  #: within the time
    LATE = 3  #: by road, but later
    NO_WAY = 4  #: no road leads there


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where help comes from: a facility, or a person on duty."""

    label: str
    point: Point
    kind: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """From which sources, by which means, within what time (seconds)."""

    district: DistrictId
    sources: Sequence[Source]
    mode: Mode
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Nearest:
    """The quickest way to each building, from whichever source; one entry per building.

    `seconds` and `metres` are np.inf, `source` is -1 where no source has a way. `straight` is the straight line
    (metres) to the source that is nearest as the crow flies.
    """

    seconds: Floats
    metres: Floats
    source: Ints
    straight: Floats
    estimated: bool
    stranded: tuple[int, ...]  #: sources from which no road leads anywhere


@dataclass(frozen=True, kw_only=True)
class CellReach:
    """One cell. Times are those of its buildings; None where there are none, or where half (a tenth) has no way."""

    id: CellId
    code: str
    area: AreaId
    outline: Polygon
    buildings: int
    people: float
    reached_buildings: int
    reached_people: float
    no_way: int  #: buildings that no road leads to
    nearest: str | None  #: label of the source that is nearest to most of its buildings
    seconds: float | None  #: to the first building
    p50: float | None
    p90: float | None

    @property
    def missed_people(self) -> float:
        return self.people - self.reached_people

    @property
    def reached(self) -> bool:
        """Whether every building is reached in time."""
        return self.reached_buildings == self.buildings


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The place as a whole. P50 and P90 count people, or buildings where nobody lives; None: so many have no way."""

    buildings: int
    reached: int
    no_way: int
    people: float
    people_reached: float
    cells: int  #: with a building in them
    cells_reached: int
    p50: float | None
    p90: float | None


@dataclass(frozen=True, kw_only=True)
class Circle:
    """What a circle on the map would have claimed: the radius that the mode of travel covers at its usual detour."""

    metres: float
    buildings: int
    people: float
    only_circle: int  #: buildings inside it that the road does not reach in time
    only_road: int  #: buildings outside it that are reached


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """The answer. `cells` stand worst first: most people missed, then latest."""

    question: Question
    buildings: Buildings
    nearest: Nearest
    bands: Ints  #: a Band per building
    cells: tuple[CellReach, ...]
    totals: Totals
    circle: Circle
    at: datetime
    stranded: tuple[str, ...] = ()  #: labels of sources that no road leads from

    @property
    def estimated(self) -> bool:
        """True when no road engine answered (straight line x detour)."""
        return self.nearest.estimated

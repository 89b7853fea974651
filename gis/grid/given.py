"""What somebody brings as a grid, what is wrong with it, and what was done about it. Planar: metres of `plane`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shapely import Point
from shapely.geometry.base import BaseGeometry

from gis.grid.model import Building, Community, Targets
from gis.grid.numbering import CodePattern
from gis.grid.plane import Plane

type Key = str  #: what a cell is called as long as it has no code: unique in its set


@dataclass(frozen=True, kw_only=True)
class GivenCell:
    """A cell as it is given: a surface that may be invalid or in pieces, or lines that nobody closed."""

    key: Key
    polygon: BaseGeometry
    code: str | None = None
    community: str | None = None  #: code of the community it is said to lie in; None: where most of it lies


@dataclass(frozen=True, kw_only=True)
class Given:
    """A set of cells with what they are judged by. What is left out is not judged.

    Without `communities` there are neither gaps at the edge nor spills; without `pattern` no code is bad; `taken` are
    codes that were in force once and are not any more; `duties` are the keys of the cells of each duty grid.
    """

    cells: tuple[GivenCell, ...]
    communities: tuple[Community, ...] = ()
    buildings: tuple[Building, ...] = ()
    plane: Plane | None = None
    incidents: tuple[Point, ...] = ()
    targets: Targets | None = None
    pattern: CodePattern | None = None
    taken: frozenset[str] = frozenset()
    duties: Mapping[str, tuple[Key, ...]] = field(default_factory=dict)


class Kind(StrEnum):
    """What can be wrong."""

    INVALID = "invalid"  #: the outline crosses itself
    UNCLOSED = "unclosed"  #: a line, not a surface
    GAP = "gap"  #: ground of a community in no cell
    OVERLAP = "overlap"  #: ground in two cells
    SLIVER = "sliver"  #: a gap or an overlap, or a cell, narrower than half a metre
    SPILL = "spill"  #: ground of a cell outside its community
    TWO_COMMUNITIES = "two_communities"  #: a cell with ground in more than one community
    BUILDING_CUT = "building_cut"  #: a border runs through a building
    STRAY = "stray"  #: a building in no cell
    IN_PIECES = "in_pieces"  #: a cell of several parts
    TOO_SMALL = "too_small"
    TOO_BIG = "too_big"
    NO_CODE = "no_code"
    BAD_CODE = "bad_code"  #: the code does not follow the pattern
    CODE_TWICE = "code_twice"
    CODE_REUSED = "code_reused"  #: the code was in force once
    DUTY_UNCONNECTED = "duty_unconnected"


class How(StrEnum):
    """What can be done about it."""

    SNAP = "snap"  #: vertices that are nearly the same become the same
    FILL = "fill"  #: ground goes to the neighbour with the longest shared border
    TRIM = "trim"  #: ground stays with the cell that has the better claim
    SPLIT = "split"  #: parts become cells of their own
    ASSIGN = "assign"  #: uncovered ground becomes a cell of its own
    REROUTE = "reroute"  #: the border goes round a building
    MAKE_VALID = "make_valid"  #: the outline is drawn again without crossing itself
    CLOSE = "close"  #: the line is closed
    DROP = "drop"  #: nothing is left of a cell


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong, where, and how much of it: `area_m2` of ground, `metres` of width or of border."""

    key: str  #: the same for the same fault in the same place, whatever else there is
    kind: Kind
    cells: tuple[Key, ...]
    geometry: BaseGeometry | None  #: None where a fault has no place, like a code that comes twice
    area_m2: float | None = None
    metres: float | None = None
    building: int | None = None  #: its place in the input
    community: str | None = None
    detail: str | None = None  #: the reason in GEOS's words, the code, the duty, the reason of a cut
    mends: tuple[How, ...] = ()  #: what `mend` would do, first choice first; nothing where a person has to decide


@dataclass(frozen=True, kw_only=True)
class Mend:
    """What was done about one fault: to which cells, and how much ground changed hands."""

    fault: str
    kind: Kind
    how: How
    cells: tuple[Key, ...]
    area_m2: float


@dataclass(frozen=True, kw_only=True)
class Mended:
    """A set after mending: what was done, and the faults that were asked for and are left."""

    given: Given
    mends: tuple[Mend, ...]
    left: tuple[Fault, ...]


@dataclass(frozen=True, kw_only=True)
class Edited:
    """A set after one edit.

    `touched` are the cells whose ground is another now or that are new: they have no code any more. `bent` are
    neighbours that only got a vertex where a border meets theirs: their ground is the same to the millimetre, but they
    must be stored again, or borders would no longer fit. `gone` are no more. `round` are buildings (places in the
    input) that the drawn line was led around. `faults` are those of the neighbourhood, without the ones of codes.
    """

    given: Given
    touched: tuple[Key, ...]
    bent: tuple[Key, ...] = ()
    gone: tuple[Key, ...] = ()
    round: tuple[int, ...] = ()
    faults: tuple[Fault, ...] = ()

"""The unit grid: cutting a place into cells, and numbering them. Pure: planar geometry in, planar geometry out.

`compile_grid` is the way in, `compile_place` the same with room for the digits of a code. It works on whole
millimetres: `arrangement` turns linework into faces and their borders, `sheet` puts what is given on it, `footprints`
and `wholeness` keep buildings whole, `load` says how much ground makes a cell, `splitting` and `merging` bring blocks
to that size, `finishing` glues and `numbering` numbers them, `plane` leads from degrees to metres and back without
bending a line, `ranks` says how firmly a mapped thing divides.

What somebody brings (`given`) is judged by `checking`, put right by `mending` and changed by hand through `editing`:
`chains` proves that borders cancel, `laying` rounds, `patchwork` and `rebuilding` take cells apart and join them again.
"""

from gis.grid.checking import check, connected
from gis.grid.compiling import TARGET_M2, compile_grid, compile_place, silent
from gis.grid.editing import assign, merge, move, split
from gis.grid.given import Edited, Fault, Given, GivenCell, How, Kind, Mend, Mended
from gis.grid.mending import mend
from gis.grid.model import (
    Barrier,
    Blocks,
    Building,
    Community,
    CutBuilding,
    CutReason,
    Grid,
    GridCell,
    Measure,
    Rank,
    Targets,
)
from gis.grid.numbering import PLAIN, CodePattern, continued, number, patterns
from gis.grid.plane import Plane
from gis.grid.ranks import rank_of

__all__ = [
    "PLAIN",
    "TARGET_M2",
    "Barrier",
    "Blocks",
    "Building",
    "CodePattern",
    "Community",
    "CutBuilding",
    "CutReason",
    "Edited",
    "Fault",
    "Given",
    "GivenCell",
    "Grid",
    "GridCell",
    "How",
    "Kind",
    "Measure",
    "Mend",
    "Mended",
    "Plane",
    "Rank",
    "Targets",
    "assign",
    "check",
    "compile_grid",
    "compile_place",
    "connected",
    "continued",
    "mend",
    "merge",
    "move",
    "number",
    "patterns",
    "rank_of",
    "silent",
    "split",
]

"""Grids in files: cells, communities, buildings and lines as somebody brings them, cells and reports as they go out."""

from gis.grid.files.reading import (
    Columns,
    Read,
    read_barriers,
    read_buildings,
    read_cells,
    read_communities,
    read_points,
    read_surfaces,
)
from gis.grid.files.reporting import fault_row, mend_row, report
from gis.grid.files.writing import write_cells

__all__ = [
    "Columns",
    "Read",
    "fault_row",
    "mend_row",
    "read_barriers",
    "read_buildings",
    "read_cells",
    "read_communities",
    "read_points",
    "read_surfaces",
    "report",
    "write_cells",
]

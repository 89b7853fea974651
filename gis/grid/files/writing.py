"""Cells into a file: GeoJSON, GeoPackage, Shapefile or FlatGeobuf, by the end of its name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas

from gis.errors import BadQuestion
from gis.grid.given import GivenCell
from gis.grid.plane import Plane

DRIVERS = {".geojson": "GeoJSON", ".json": "GeoJSON", ".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".fgb": "FlatGeobuf"}
DIGITS = 11  #: a micrometre: two cells must meet in a file as they do in the memory


def write_cells(file: Path, cells: Sequence[GivenCell], plane: Plane) -> None:
    """`cells` with key, code, community and m², in WGS 84. Raises BadQuestion where the name ends in nothing known."""
    driver = DRIVERS.get(file.suffix.lower())
    if driver is None:
        raise BadQuestion(field="output", value=file.name, allowed=list(DRIVERS))
    frame = geopandas.GeoDataFrame(
        {
            "key": [cell.key for cell in cells],
            "code": [cell.code for cell in cells],
            "community": [cell.community for cell in cells],
            "area_m2": [round(cell.polygon.area, 3) for cell in cells],
        },
        geometry=[plane.to_degrees(cell.polygon) for cell in cells],
        crs="EPSG:4326",
    )
    options = {"COORDINATE_PRECISION": DIGITS} if driver == "GeoJSON" else {}
    frame.to_file(file, driver=driver, engine="pyogrio", **options)

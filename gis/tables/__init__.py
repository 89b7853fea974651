"""Shapes of the ground. Positions in EPSG:4326; what is drawn (`basemap_*`) in EPSG:3857, where tiles are cut."""

from gis.tables.columns import NOW, metadata
from gis.tables.division import area, cell, district, draft_cell, draft_edit, grid_version
from gis.tables.drawn import basemap, layer, tile
from gis.tables.ground import address, building, facility, road, street
from gis.tables.register import landmark, milestone, register_alias, register_version
from gis.tables.sources import ground_past, import_batch, import_rejection, import_row, import_run, source
from gis.tables.things import camera, component, sensor
from gis.tables.ways import closure, road_state, speed

__all__ = [
    "NOW",
    "address",
    "area",
    "basemap",
    "building",
    "camera",
    "cell",
    "closure",
    "component",
    "district",
    "draft_cell",
    "draft_edit",
    "facility",
    "grid_version",
    "ground_past",
    "import_batch",
    "import_rejection",
    "import_row",
    "import_run",
    "landmark",
    "layer",
    "metadata",
    "milestone",
    "register_alias",
    "register_version",
    "road",
    "road_state",
    "sensor",
    "source",
    "speed",
    "street",
    "tile",
]

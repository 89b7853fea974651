"""A layer, or what is chosen of it, as a file for other programs: GeoPackage, GeoJSON, CSV, Shapefile, FlatGeobuf.

Rows go from PostgreSQL into the file a batch at a time, so memory does not grow with them. Where a format knows a place
for it, the file says where it comes from, under which licence and in which plane.
"""

from gis.layers.exporting.batches import Batch, Plane, target
from gis.layers.exporting.writing import FORMATS, Exported, Origin, write

__all__ = ["FORMATS", "Batch", "Exported", "Origin", "Plane", "target", "write"]

"""A flat sheet of metres over a district, exact both ways as far as straightness goes.

UTM bends straight lines by centimetres over a kilometre, so that cells which fit each other in metres may cross each
other in degrees. This sheet is affine in longitude and latitude: a straight line stays straight and a partition stays a
partition. The price is scale: 0.2 % at 15 km north or south of the middle at 60 degrees, which a grid does not notice.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

METRES_PER_DEGREE = 111_195.0  #: on the sphere of 6,371 km


@dataclass(frozen=True, kw_only=True)
class Plane:
    """Metres east and north of (lon, lat), WGS 84 degrees."""

    lon: float
    lat: float

    def to_metres[G: (BaseGeometry, NDArray[np.object_])](self, degrees: G) -> G:
        """`degrees` (lon, lat) in metres."""
        return shapely.transform(degrees, lambda xy: (xy - self._middle) * self._scale)

    def to_degrees[G: (BaseGeometry, NDArray[np.object_])](self, metres: G) -> G:
        """`metres` back in (lon, lat)."""
        return shapely.transform(metres, lambda xy: xy / self._scale + self._middle)

    @property
    def _middle(self) -> NDArray[np.float64]:
        return np.array([self.lon, self.lat])

    @property
    def _scale(self) -> NDArray[np.float64]:
        return np.array([METRES_PER_DEGREE * cos(radians(self.lat)), METRES_PER_DEGREE])

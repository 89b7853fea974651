"""What the house asks of a geocoder, its own or one outside."""

from __future__ import annotations

from typing import Protocol

from gis.geocode.surroundings import Surroundings
from gis.model import DistrictId, Place, Point


class Geocoder(Protocol):
    """Safe to call from many threads at once."""

    def search(
        self, text: str, *, district: DistrictId, near: Point | None = None, limit: int = 5, outside: bool = False
    ) -> list[Place]:
        """Places of `district` that `text` may mean, the best first, at most `limit`; none when nobody knows it.

        `near` decides between places that are equally good. `outside` allows that the text is told to services of
        others, where the installation names some. Raises NotFound for an unknown district.
        """

    def around(self, point: Point, *, district: DistrictId) -> Surroundings:
        """What lies around `point`, each with its distance. Raises NotFound for an unknown district."""

    def reverse(self, point: Point, *, district: DistrictId) -> Place:
        """How people call the position `point`: by the address next to it. Raises NotFound for an unknown district."""

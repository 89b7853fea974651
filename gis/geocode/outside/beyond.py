"""Our own register, and services outside for what it is not sure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from gis.datum import in_mainland
from gis.geocode import surroundings
from gis.geocode.outside.asking import Silent
from gis.geocode.outside.guarding import Guarded
from gis.geocode.outside.services import Service, Told
from gis.geocode.register import Register
from gis.geocode.surroundings import Surroundings
from gis.model import DistrictId, Found, Place, Point

SURE: Final = 0.8  #: score of our own answer from which nobody else is asked
REACH: Final = {"address": 30.0, "street": 200.0, "area": 1_000.0}  #: metres


@dataclass(eq=False)
class Beyond:
    """A Geocoder: the register alone, unless a search allows that its text leaves the house."""

    register: Register
    services: Sequence[Service]
    _guarded: list[Guarded] = field(init=False)

    def __post_init__(self) -> None:
        self._guarded = [Guarded(service) for service in self.services]

    def search(
        self, text: str, *, district: DistrictId, near: Point | None = None, limit: int = 5, outside: bool = False
    ) -> list[Place]:
        """What the register knows; with `outside`, and where it is not sure, what the first service knows that answers.

        Whoever calls decides with `outside` whether the text may be told to others. One that is down adds nothing.
        """
        own = self.register.search(text, district=district, near=near, limit=limit)
        if not outside or (own and own[0].score >= SURE):
            return own
        return sorted([*own, *self._asked(text, district)], key=lambda place: -place.score)[:limit]

    def ready(self, district: DistrictId) -> bool:
        """Whether a search that stays inside waits for nobody: the index is open and believed."""
        return self.register.shelf.fresh(district)

    def reverse(self, point: Point, *, district: DistrictId) -> Place:
        """As the register calls it: positions are told to nobody."""
        return self.register.reverse(point, district=district)

    def around(self, point: Point, *, district: DistrictId) -> Surroundings:
        """As the register knows it."""
        return self.register.around(point, district=district)

    def degraded(self) -> tuple[str, datetime] | None:
        """Which service is left alone, and since when; None while all answer."""
        return next(((each.service.kind, each.since) for each in self._guarded if each.since), None)

    def _asked(self, text: str, district: DistrictId) -> list[Place]:
        index = self.register.shelf.of(district)
        west, south, east, north = index.bounds
        mainland = in_mainland(Point((west + east) / 2, (south + north) / 2))
        for guarded in self._guarded:
            if guarded.service.of.mainland and not mainland:
                continue
            try:
                told = guarded.ask(text, index.bounds)
            except Silent:
                continue
            found = [
                place for each in told if (place := self._place(each, text, guarded.service, district)) is not None
            ]
            if found:
                return found
        return []

    def _place(self, told: Told, text: str, service: Service, district: DistrictId) -> Place | None:
        """In our terms, with its cell; None for what lies in no cell of the district."""
        index = self.register.shelf.of(district)
        around = surroundings.around(index, told.point)
        if around.cell is None:
            return None
        return Place(
            point=told.point,
            label=told.label or text.strip(),
            found=Found.EXACT if told.kind == "address" else Found.STREET,
            score=told.sure,
            accuracy_m=REACH[told.kind],
            cell=around.cell,
            cell_code=around.cell_code,
            area=around.area,
            kind=told.kind,
            by=service.by,
        )

"""The tables that follow from an extract: what the source says of a row, and what is derived from other rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One table. The digest is made of `said`; what is derived may change without the row counting as changed."""

    table: str
    said: tuple[str, ...]
    shape: str  #: the column of `said` that places it
    raw: tuple[str, ...] = ()  #: read, but not part of the content: it follows from the shape or from other rows
    derived: Mapping[str, str] = field(default_factory=dict)  #: column -> SQL over `f` and the joins
    joins: str = ""
    sourced: bool = False  #: has the columns of a source; else its rows are told by district and key
    drawn: bool = False

    @property
    def plain(self) -> tuple[str, ...]:
        """The columns that an extract brings, but for shapes."""
        return tuple(name for name in (*self.said, *self.raw) if name not in SHAPES)

    @property
    def shapes(self) -> tuple[str, ...]:
        return tuple(name for name in (*self.said, *self.raw) if name in SHAPES)

    @property
    def copied(self) -> tuple[str, ...]:
        """The columns of a row on its way in, in order."""
        return ("source_key", *self.plain, *self.shapes)

    @property
    def stored(self) -> tuple[str, ...]:
        """The columns of the table that an extract fills, but for those that refer to other rows."""
        return (*self.said, *(name for name in self.derived if name not in REFERRING))


SHAPES: Final = frozenset(("geom", "point"))
REFERRING: Final = frozenset(("building_key",))  #: becomes a reference when it is stored
HOLDS: Final = """
    LEFT JOIN fresh_building AS own ON own.source_key = f.source_key
    LEFT JOIN LATERAL (
        SELECT b.source_key FROM fresh_building AS b
        WHERE own.source_key IS NULL AND ST_Intersects(b.geom, f.point) ORDER BY b.n DESC LIMIT 1) AS held ON true
    LEFT JOIN (SELECT DISTINCT ON (name) name, names FROM fresh_street ORDER BY name, n DESC) AS street
        ON street.name = f.street
"""
NUMBERED: Final = """
    LEFT JOIN (SELECT DISTINCT building_key FROM ready_address) AS numbered ON numbered.building_key = f.source_key
"""
_NUMBER: Final = {"osm_type": "f.osm_type", "osm_id": "f.osm_id"}
_DRAWN: Final = ("kind", "name", "names", "rank", "min_zoom", "tags", "geom")

#: Addresses come before buildings: who lives where can only be said once it is known which buildings have a number.
GROUND: Final = ("street", "address", "building", "facility", "road", "landmark", "milestone")
DRAWN: Final = tuple(
    f"basemap_{layer}" for layer in ("land", "water", "building", "road", "boundary", "place", "point", "door")
)
KINDS: Final[Mapping[str, Kind]] = {
    "street": Kind(
        table="street", said=("name", "names", "geom"), shape="geom", raw=("point",), derived={"point": "f.point"}
    ),
    "address": Kind(
        table="address",
        said=("street", "number", "unit", "postcode", "city", "label", "point"),
        shape="point",
        raw=("osm_type", "osm_id", "names"),
        derived={
            **_NUMBER,
            "names": "f.names || coalesce(street.names, '{}')",
            "building_key": "coalesce(own.source_key, held.source_key)",
        },
        joins=HOLDS,
        sourced=True,
    ),
    "building": Kind(
        table="building",
        said=("kind", "name", "names", "levels", "geom"),
        shape="geom",
        raw=("osm_type", "osm_id", "point", "area_m2", "people", "people_numbered"),
        derived={
            **_NUMBER,
            "point": "f.point",
            "area_m2": "f.area_m2",
            "people": "CASE WHEN numbered.building_key IS NULL THEN f.people ELSE f.people_numbered END",
        },
        joins=NUMBERED,
        sourced=True,
    ),
    "facility": Kind(
        table="facility",
        said=("kind", "name", "names", "tags", "point"),
        shape="point",
        raw=("osm_type", "osm_id"),
        derived=_NUMBER,
        sourced=True,
    ),
    "road": Kind(
        table="road",
        said=("highway", "name", "names", "tags", "drive", "walk", "geom"),
        shape="geom",
        raw=("osm_id", "metres"),
        derived={"osm_id": "f.osm_id", "metres": "f.metres"},
        sourced=True,
    ),
    "landmark": Kind(
        table="landmark",
        said=("kind", "name", "names", "point"),
        shape="point",
        raw=("osm_type", "osm_id"),
        derived=_NUMBER,
    ),
    "milestone": Kind(
        table="milestone",
        said=("way", "line", "km", "point"),
        shape="point",
        raw=("osm_type", "osm_id"),
        derived=_NUMBER,
    ),
    **{name: Kind(table=name, said=_DRAWN, shape="geom", drawn=True) for name in DRAWN},
}

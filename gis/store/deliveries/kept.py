"""How the rows of each target lie in their table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A table of the ground as a delivery fills it. `columns`: own column -> what it is made of.

    In what it is made of, `p` is the line's fields as a row of the table, `r` the line itself.
    """

    table: str
    shape: str  #: the column in which the shape is kept
    columns: Mapping[str, str]
    code: bool = False  #: no two of a district may have the same code, whatever their source
    register: bool = False  #: searches for addresses find it

    def own(self) -> tuple[str, ...]:
        """The columns that are the line's own fields, not made of its shape."""
        return tuple(name for name, made in self.columns.items() if "r." not in made)


POINT: Final = "ST_PointOnSurface(r.geom)"
NAMED: Final = {"name": "p.name"}
OSM: Final = {"osm_type": "'register'", "osm_id": "r.line"}

KEPT: Final[Mapping[str, Kept]] = {
    "building": Kept(
        table="building",
        shape="geom",
        columns={
            **NAMED,
            "kind": "coalesce(p.kind, 'yes')",
            "levels": "p.levels",
            "year": "p.year",
            "households": "p.households",
            "people": "coalesce(p.people, 0)",
            "people_known": "p.people IS NOT NULL",
            "area_m2": "round(ST_Area(r.geom::geography)::numeric, 2)",
            "geom": "ST_Multi(ST_CollectionExtract(r.geom, 3))",
            "point": POINT,
        },
        register=True,
    ),
    "address": Kept(
        table="address",
        shape="point",
        columns={
            **{name: f"p.{name}" for name in ("street", "number", "unit", "postcode", "city", "label")},
            **{name: f"p.{name}" for name in ("lane", "alley", "block", "floor", "room")},
            "kind": "coalesce(p.kind, 'door')",
            "point": POINT,
        },
        register=True,
    ),
    "facility": Kept(
        table="facility",
        shape="point",
        columns={**NAMED, "kind": "p.kind", "tags": "coalesce(p.tags, '{}')", "point": POINT},
        register=True,
    ),
    "component": Kept(
        table="component",
        shape="geom",
        columns={
            **NAMED,
            **{name: f"p.{name}" for name in ("code", "class", "owner", "surveyed", "changed")},
            "state": "coalesce(p.state, 'intact')",
            "accuracy": "coalesce(p.accuracy, 'C')",
            "geom": "r.geom",
            "point": POINT,
        },
        code=True,
    ),
    "camera": Kept(
        table="camera",
        shape="point",
        columns={
            **NAMED,
            **{name: f"p.{name}" for name in ("code", "bearing", "view_degrees", "range_m", "owner")},
            "kind": "coalesce(p.kind, 'fixed')",
            "point": POINT,
        },
        code=True,
    ),
    "sensor": Kept(
        table="sensor",
        shape="point",
        columns={
            **NAMED,
            **{name: f"p.{name}" for name in ("code", "kind", "unit", "interval_seconds", "owner")},
            "point": POINT,
        },
        code=True,
    ),
}

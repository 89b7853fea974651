"""What stands on the ground."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis.tables.columns import in_district, in_languages, metadata, number, origin, shape, told_apart

building = Table(
    "building",
    metadata,
    number(BigInteger),
    in_district(),
    Column("osm_type", Text, nullable=False),
    Column("osm_id", BigInteger, nullable=False),
    Column("cell", Integer, ForeignKey("cell.id")),  # NOT NULL is checked by data/sql after the grid is cut
    Column("kind", Text, nullable=False),
    Column("name", Text),
    in_languages(),
    Column("levels", Float),
    Column("people", Float, nullable=False, server_default="0"),  # an estimate: gis.osm says how
    Column("area_m2", Float, nullable=False),
    shape("MULTIPOLYGON"),
    shape("POINT", "point"),  # a point on the surface
    Column("year", Integer),
    Column("households", Integer),
    Column("people_known", Boolean, nullable=False, server_default=text("false")),  # by register, not estimated
    *origin("building"),
    Index("building_geom_idx", "geom", postgresql_using="gist"),
    Index("building_point_idx", "point", postgresql_using="gist"),
    Index("building_district_cell_idx", "district", "cell"),
)


street = Table(
    "street",
    metadata,
    number(),
    in_district(),
    Column("name", Text, nullable=False),
    in_languages(),
    shape("MULTILINESTRING"),
    shape("POINT", "point"),
    *told_apart(),
    Index("street_district_idx", "district"),
    Index("street_geom_idx", "geom", postgresql_using="gist"),
)


address = Table(
    "address",
    metadata,
    number(BigInteger),
    in_district(),
    Column("osm_type", Text, nullable=False),
    Column("osm_id", BigInteger, nullable=False),
    Column("street", Text),  # some house numbers carry no street
    Column("number", Text, nullable=False),
    Column("unit", Text),
    Column("postcode", Text),
    Column("city", Text),
    in_languages(),  # street names by language
    Column("label", Text, nullable=False),
    Column("cell", Integer, ForeignKey("cell.id")),
    Column("building", BigInteger, ForeignKey("building.id", ondelete="SET NULL")),
    shape("POINT", "point"),
    Column("kind", Text, nullable=False, server_default="door"),
    Column("lane", Text),
    Column("alley", Text),
    Column("block", Text),
    Column("floor", Text),
    Column("room", Text),
    *origin("address"),
    CheckConstraint("kind IN ('door', 'entrance', 'plot')", name="kind"),
    Index("address_point_idx", "point", postgresql_using="gist"),
    Index("address_district_idx", "district"),
    Index("address_building_idx", "building"),
)


facility = Table(
    "facility",
    metadata,
    number(BigInteger),
    in_district(),
    Column("osm_type", Text, nullable=False),
    Column("osm_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text),
    in_languages(),
    Column("tags", JSONB, nullable=False, server_default=text("'{}'")),
    Column("cell", Integer, ForeignKey("cell.id")),
    shape("POINT", "point"),
    *origin("facility"),
    Index("facility_point_idx", "point", postgresql_using="gist"),
    Index("facility_district_kind_idx", "district", "kind"),
)


road = Table(
    "road",
    metadata,
    number(BigInteger),
    in_district(),
    Column("osm_id", BigInteger, nullable=False),
    Column("highway", Text, nullable=False),
    Column("name", Text),
    in_languages(),
    Column("tags", JSONB, nullable=False, server_default=text("'{}'")),
    Column("metres", Float, nullable=False),
    Column("drive", Boolean, nullable=False),  # counts as car road: motorway to service, with links
    Column("walk", Boolean, nullable=False),  # counts as foot way: footway, path, steps, cycleway, track ...
    shape("LINESTRING"),
    *origin("road"),
    Index("road_geom_idx", "geom", postgresql_using="gist"),
    Index("road_district_idx", "district"),
)

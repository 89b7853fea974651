"""Shapes of the ground. Positions in EPSG:4326; what is drawn (`basemap_*`) in EPSG:3857, where tiles are cut."""

from __future__ import annotations

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)

NOW = func.now()


def _id(kind: type[Integer] = Integer) -> Column[int]:
    return Column("id", kind, Identity(), primary_key=True)


def _district() -> Column[int]:
    return Column("district", Integer, ForeignKey("district.id", ondelete="CASCADE"), nullable=False)


def _names() -> Column[dict[str, str]]:
    return Column("names", JSONB, nullable=False, server_default=text("'{}'"))


def _geom(kind: str, name: str = "geom", *, srid: int = 4326, nullable: bool = False) -> Column[object]:
    return Column(name, Geometry(kind, srid=srid, spatial_index=False), nullable=nullable)


def _origin(of: str) -> tuple[Column[Any] | Index, ...]:
    """Where a row of table `of` comes from and when it holds. `digest` stands for its content: see `keep_past`."""
    return (
        Column("source", Integer, ForeignKey("source.id", ondelete="SET NULL")),
        Column("source_key", Text),  # what the source calls it
        Column("digest", BigInteger),
        Column("accuracy_m", Float),
        Column("valid_from", DateTime(timezone=True), nullable=False, server_default=NOW),
        Column("valid_to", DateTime(timezone=True)),
        Index(f"{of}_source_source_key_idx", "source", "source_key", unique=True),
    )


district = Table(
    "district",
    metadata,
    _id(),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    _names(),
    _geom("MULTIPOLYGON", "clip"),
    _geom("POINT", "centre"),
    Column("time_zone", Text, nullable=False),
    Column("metric_srid", Integer, nullable=False),
    Column("attribution", Text, nullable=False),
    Column("fictional", Boolean, nullable=False, server_default=text("false")),
    Column("source_file", Text, nullable=False),
    Column("source_sha256", Text, nullable=False, unique=True),  # the same file again is the same district
    Column("graphs", Text),  # folder of the travel graphs, relative to the data folder
    Column("imported_at", DateTime(timezone=True), nullable=False, server_default=NOW),
)

source = Table(
    "source",  # goes on: each delivery of it is an import_batch
    metadata,
    _id(),
    _district(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("licence", Text, nullable=False, server_default=""),
    Column("attribution", Text, nullable=False, server_default=""),
    Column("accuracy_m", Float),
    Column("mapping", JSONB, nullable=False, server_default=text("'{}'")),  # field mapping of the last delivery
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    UniqueConstraint("district", "kind", "name"),
    CheckConstraint("kind IN ('osm', 'register', 'drawn', 'service')", name="kind"),
)

area = Table(
    "area",
    metadata,
    _id(),
    _district(),
    Column("parent", Integer, ForeignKey("area.id", ondelete="CASCADE")),
    Column("level", Text, nullable=False),  # district, street, community
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    _names(),
    _geom("MULTIPOLYGON"),
    UniqueConstraint("district", "code"),
    Index("area_geom_idx", "geom", postgresql_using="gist"),
)

grid_version = Table(
    "grid_version",
    metadata,
    _id(),
    _district(),
    Column("starts", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("ends", DateTime(timezone=True)),
    Column("target_m2", Float, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Index("grid_version_current_key", "district", unique=True, postgresql_where=text("ends IS NULL")),
)

cell = Table(
    "cell",
    metadata,
    _id(),
    _district(),
    Column("version", Integer, ForeignKey("grid_version.id", ondelete="CASCADE"), nullable=False),
    Column("area", Integer, ForeignKey("area.id"), nullable=False),  # a community
    Column("code", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("area_m2", Float, nullable=False),
    Column("buildings", Integer, nullable=False, server_default="0"),
    Column("people", Float, nullable=False, server_default="0"),
    _geom("POLYGON"),
    _geom("POINT", "centre"),
    UniqueConstraint("code"),
    Index("cell_geom_idx", "geom", postgresql_using="gist"),
    Index("cell_district_version_idx", "district", "version"),
)

building = Table(
    "building",
    metadata,
    _id(BigInteger),
    _district(),
    Column("osm_type", Text, nullable=False),
    Column("osm_id", BigInteger, nullable=False),
    Column("cell", Integer, ForeignKey("cell.id")),  # NOT NULL is checked by data/sql after the grid is cut
    Column("kind", Text, nullable=False),
    Column("name", Text),
    _names(),
    Column("levels", Float),
    Column("people", Float, nullable=False, server_default="0"),  # an estimate: gis.osm says how
    Column("area_m2", Float, nullable=False),
    _geom("MULTIPOLYGON"),
    _geom("POINT", "point"),  # a point on the surface
    Column("year", Integer),
    Column("households", Integer),
    Column("people_known", Boolean, nullable=False, server_default=text("false")),  # by register, not estimated
    *_origin("building"),
    Index("building_geom_idx", "geom", postgresql_using="gist"),
    Index("building_point_idx", "point", postgresql_using="gist"),
    Index("building_district_cell_idx", "district", "cell"),
)

street = Table(
    "street",
    metadata,
    _id(),
    _district(),
    Column("name", Text, nullable=False),
    _names(),
    _geom("MULTILINESTRING"),
    _geom("POINT", "point"),
    Index("street_district_idx", "district"),
    Index("street_geom_idx", "geom", postgresql_using="gist"),
)

address = Table(
    "address",
    metadata,
    _id(BigInteger),
    _district(),
    Column("osm_type", Text, nullable=False),
    Column("osm_id", BigInteger, nullable=False),
    Column("street", Text),  # some house numbers carry no street
    Column("number", Text, nullable=False),
    Column("unit", Text),
    Column("postcode", Text),
    Column("city", Text),
    _names(),  # street names by language
    Column("label", Text, nullable=False),
    Column("cell", Integer, ForeignKey("cell.id")),
    Column("building", BigInteger, ForeignKey("building.id", ondelete="SET NULL")),
    _geom("POINT", "point"),
    Column("kind", Text, nullable=False, server_default="door"),
    Column("lane", Text),
    Column("alley", Text),
    Column("block", Text),
    Column("floor", Text),
    Column("room", Text),
    *_origin("address"),
    CheckConstraint("kind IN ('door', 'entrance', 'plot')", name="kind"),
    Index("address_point_idx", "point", postgresql_using="gist"),
    Index("address_district_idx", "district"),
)

facility = Table(
    "facility",
    metadata,
    _id(BigInteger),
    _district(),
    Column("osm_type", Text, nullable=False),
    Column("osm_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text),
    _names(),
    Column("tags", JSONB, nullable=False, server_default=text("'{}'")),
    Column("cell", Integer, ForeignKey("cell.id")),
    _geom("POINT", "point"),
    *_origin("facility"),
    Index("facility_point_idx", "point", postgresql_using="gist"),
    Index("facility_district_kind_idx", "district", "kind"),
)

# Grows with every change of a register, so that an index of it can be told to be old.
register_version = Table(
    "register_version",
    metadata,
    Column("district", Integer, ForeignKey("district.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
)

# Other names of positions: of a register, or of pins that dispatchers moved, which count once they were confirmed.
register_alias = Table(
    "register_alias",
    metadata,
    _id(BigInteger),
    _district(),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("source", Text, nullable=False),  # register, pin
    Column("confirmed", Integer, nullable=False, server_default="1"),
    _geom("POINT", "point"),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    Index("register_alias_district_key_idx", "district", "key"),
)

road = Table(
    "road",
    metadata,
    _id(BigInteger),
    _district(),
    Column("osm_id", BigInteger, nullable=False),
    Column("highway", Text, nullable=False),
    Column("name", Text),
    _names(),
    Column("tags", JSONB, nullable=False, server_default=text("'{}'")),
    Column("metres", Float, nullable=False),
    Column("drive", Boolean, nullable=False),  # counts as car road: motorway to service, with links
    Column("walk", Boolean, nullable=False),  # counts as foot way: footway, path, steps, cycleway, track ...
    _geom("LINESTRING"),
    *_origin("road"),
    Index("road_geom_idx", "geom", postgresql_using="gist"),
    Index("road_district_idx", "district"),
)

component = Table(
    "component",  # a thing of the city with a number of its own: GB/T 30428.2
    metadata,
    _id(BigInteger),
    _district(),
    *_origin("component"),
    Column("code", Text, nullable=False),  # 16 digits
    Column("class", Text, nullable=False),  # major and minor
    Column("name", Text),
    _names(),
    Column("state", Text, nullable=False, server_default="intact"),
    Column("owner", Text),
    Column("accuracy", Text, nullable=False, server_default="C"),  # survey: A 0.5 m, B 1 m, C 10 m
    Column("surveyed", Date),
    Column("changed", Date),
    Column("tags", JSONB, nullable=False, server_default=text("'{}'")),
    Column("cell", Integer, ForeignKey("cell.id")),
    _geom("GEOMETRY"),
    _geom("POINT", "point"),
    UniqueConstraint("district", "code"),
    CheckConstraint("code ~ '^[0-9]{16}$'", name="code"),
    CheckConstraint("state IN ('intact', 'damaged', 'missing', 'disused')", name="state"),
    CheckConstraint("accuracy IN ('A', 'B', 'C')", name="accuracy"),
    Index("component_point_idx", "point", postgresql_using="gist"),
)

camera = Table(
    "camera",
    metadata,
    _id(BigInteger),
    _district(),
    *_origin("camera"),
    Column("code", Text, nullable=False),
    Column("name", Text),
    _names(),
    Column("kind", Text, nullable=False, server_default="fixed"),
    Column("bearing", Float),  # degrees clockwise from north
    Column("view_degrees", Float),
    Column("range_m", Float),
    Column("owner", Text),
    Column("tags", JSONB, nullable=False, server_default=text("'{}'")),
    Column("cell", Integer, ForeignKey("cell.id")),
    _geom("POINT", "point"),
    UniqueConstraint("district", "code"),
    CheckConstraint("bearing >= 0 AND bearing < 360", name="bearing"),
    CheckConstraint("view_degrees > 0 AND view_degrees <= 360", name="view"),
    Index("camera_point_idx", "point", postgresql_using="gist"),
)

sensor = Table(
    "sensor",
    metadata,
    _id(BigInteger),
    _district(),
    *_origin("sensor"),
    Column("code", Text, nullable=False),
    Column("name", Text),
    _names(),
    Column("kind", Text, nullable=False),
    Column("unit", Text),
    Column("interval_seconds", Integer),
    Column("owner", Text),
    Column("tags", JSONB, nullable=False, server_default=text("'{}'")),
    Column("cell", Integer, ForeignKey("cell.id")),
    Column("building", BigInteger, ForeignKey("building.id", ondelete="SET NULL")),
    _geom("POINT", "point"),
    UniqueConstraint("district", "code"),
    CheckConstraint("interval_seconds > 0", name="interval"),
    Index("sensor_point_idx", "point", postgresql_using="gist"),
)

# What was there before, written by the trigger `keep_past`: the tables above hold what is valid now.
ground_past = Table(
    "ground_past",
    metadata,
    _id(BigInteger),
    _district(),
    Column("kind", Text, nullable=False),  # the table
    Column("row_id", BigInteger, nullable=False),
    Column("source", Integer),
    Column("source_key", Text),
    Column("reason", Text, nullable=False),
    Column("valid_from", DateTime(timezone=True), nullable=False),
    Column("valid_to", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("was", JSONB, nullable=False),
    _geom("GEOMETRY"),
    CheckConstraint("reason IN ('changed', 'gone')", name="reason"),
    Index("ground_past_district_kind_row_id_idx", "district", "kind", "row_id"),
    Index("ground_past_geom_idx", "geom", postgresql_using="gist"),
)

import_batch = Table(
    "import_batch",  # one delivery of a source on its way in
    metadata,
    _id(BigInteger),
    Column("district", Integer, ForeignKey("district.id", ondelete="CASCADE")),  # NULL: it makes a place of its own
    Column("source", Integer, ForeignKey("source.id", ondelete="SET NULL")),
    Column("target", Text),  # what its rows are: place, changes, cells, areas, building, address ...
    Column("file", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("format", Text),
    Column("layer", Text),
    Column("encoding", Text),
    Column("crs", Text),
    Column("mapping", JSONB, nullable=False, server_default=text("'{}'")),
    Column("state", Text, nullable=False, server_default="uploaded"),
    Column("step", Text, nullable=False, server_default=""),
    Column("share", Float, nullable=False, server_default=text("0")),
    Column("cancel", Boolean, nullable=False, server_default=text("false")),
    Column("counts", JSONB, nullable=False, server_default=text("'{}'")),
    Column("error", JSONB),
    Column("created_by", Integer),  # a user; the ground knows nobody
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("version", Integer, nullable=False, server_default="1"),
    CheckConstraint(
        "state IN ('uploaded', 'reading', 'compared', 'applying', 'applied', 'cancelled', 'failed')", name="state"
    ),
    CheckConstraint("share >= 0 AND share <= 1", name="share"),
    Index("import_batch_district_created_at_idx", "district", "created_at"),
)

import_row = Table(
    "import_row",  # every line of a delivery with its verdict
    metadata,
    Column("batch", BigInteger, ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True),
    Column("line", BigInteger, primary_key=True, autoincrement=False),
    Column("verdict", Text, nullable=False),
    Column("source_key", Text),
    Column("digest", BigInteger),
    Column("row_id", BigInteger),
    Column("reason", Text),
    Column("field", Text),
    Column("value", Text),
    Column("fields", JSONB, nullable=False, server_default=text("'{}'")),
    Column("was", JSONB),
    _geom("GEOMETRY", nullable=True),
    CheckConstraint("verdict IN ('new', 'added', 'changed', 'same', 'gone', 'rejected')", name="verdict"),
    Index("import_row_batch_verdict_line_idx", "batch", "verdict", "line"),
    Index("import_row_batch_source_key_idx", "batch", "source_key"),
)

# Drawn only. `kind` is what a style asks for, `rank` (1 before 9) decides which label wins, `min_zoom` is the first
# tile with it.
basemap = {
    name: Table(
        f"basemap_{name}",
        metadata,
        _id(BigInteger),
        _district(),
        Column("kind", Text, nullable=False),
        Column("name", Text),
        _names(),
        Column("rank", Float, nullable=False, server_default="0"),
        Column("min_zoom", SmallInteger, nullable=False),
        Column("tags", JSONB, nullable=False, server_default=text("'{}'")),
        _geom(shape, srid=3857),
        Index(f"basemap_{name}_geom_idx", "geom", postgresql_using="gist"),
    )
    for name, shape in {
        "land": "MULTIPOLYGON",  # earth, landuse, natural, parks
        "water": "GEOMETRY",  # surfaces and lines
        "building": "MULTIPOLYGON",
        "road": "LINESTRING",  # with rail; tags: bridge, tunnel, oneway
        "boundary": "LINESTRING",
        "place": "POINT",  # labels of places, parks, waters
        "point": "POINT",  # points of interest, facilities, entrances
        "door": "POINT",  # house numbers
    }.items()
}

tile = Table(
    "tile",
    metadata,
    Column("district", Integer, ForeignKey("district.id", ondelete="CASCADE"), primary_key=True),
    Column("layer", Text, primary_key=True),
    Column("z", SmallInteger, primary_key=True),
    Column("x", Integer, primary_key=True),
    Column("y", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("etag", Text, nullable=False),
)

import_run = Table(
    "import_run",
    metadata,
    _id(),
    _district(),
    Column("file", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("started", DateTime(timezone=True), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("peak_mb", Float, nullable=False),
    Column("counts", JSONB, nullable=False),
)

import_rejection = Table(
    "import_rejection",
    metadata,
    _id(BigInteger),
    Column("run", Integer, ForeignKey("import_run.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("osm_type", Text, nullable=False),
    Column("osm_id", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
)

closure = Table(
    "closure",  # a road, or all roads of an area, shut for a while
    metadata,
    _id(BigInteger),
    _district(),
    Column("area", Integer, ForeignKey("area.id", ondelete="SET NULL")),  # the community in which its middle lies
    _geom("GEOMETRY"),  # lines or polygons
    Column("modes", ARRAY(Text), nullable=False),
    Column("starts", DateTime(timezone=True), nullable=False),
    Column("ends", DateTime(timezone=True)),  # NULL: until somebody lifts it
    Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False),  # desk, or the name of a feed
    Column("source_key", Text, nullable=False),
    Column("lifted_at", DateTime(timezone=True)),
    Column("created_by", Integer),  # a user; the ground knows nobody
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("in_force_since", DateTime(timezone=True)),  # when the road engine began to heed it
    Column("segments", Integer, nullable=False, server_default="0"),
    Column("trouble", Text),  # why the road engine does not heed it
    UniqueConstraint("district", "source", "source_key"),
    CheckConstraint("ends > starts", name="times"),
    CheckConstraint("cardinality(modes) > 0", name="modes"),
    Index("closure_standing_idx", "district", "starts", postgresql_where=text("lifted_at IS NULL")),
)

road_state = Table(
    "road_state",  # what the road engine of a district goes by, as it was announced last
    metadata,
    Column("district", Integer, ForeignKey("district.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text),  # of the set of closures; NULL: nothing is closed
    Column("at", DateTime(timezone=True)),
    Column("segments", Integer, nullable=False, server_default="0"),
    Column("trouble", Text),
    Column("speeds_version", Integer, nullable=False, server_default="1"),
)

speed = Table(
    "speed",  # how much longer ways take at an hour, in thousandths
    metadata,
    Column("district", Integer, ForeignKey("district.id", ondelete="CASCADE"), primary_key=True),
    Column("mode", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("hour", SmallInteger, primary_key=True),  # local time
    Column("source", Text, nullable=False),
    Column("permille", Integer, nullable=False),
    Column("samples", Integer, nullable=False, server_default="0"),
    CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    CheckConstraint("day IN ('weekday', 'weekend', 'any')", name="day"),
    CheckConstraint("source IN ('table', 'learned')", name="source"),
    CheckConstraint("permille BETWEEN 500 AND 3000", name="permille"),
)

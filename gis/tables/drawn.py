"""What tiles are cut from, and those that are kept."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis.tables.columns import NOW, in_district, in_languages, metadata, number, shape, told_apart

# Drawn only. `kind` is what a style asks for, `rank` (1 before 9) decides which label wins, `min_zoom` is the first
# tile with it.
basemap = {
    name: Table(
        f"basemap_{name}",
        metadata,
        number(BigInteger),
        in_district(),
        Column("kind", Text, nullable=False),
        Column("name", Text),
        in_languages(),
        Column("rank", Float, nullable=False, server_default="0"),
        Column("min_zoom", SmallInteger, nullable=False),
        Column("tags", JSONB, nullable=False, server_default=text("'{}'")),
        shape(geometry, srid=3857),
        *told_apart(),
        Index(f"basemap_{name}_geom_idx", "geom", postgresql_using="gist"),
    )
    for name, geometry in {
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

layer = Table(
    "layer",  # what is published: the views of the schema `published`
    metadata,
    Column("id", Text, primary_key=True),
    Column("published", Boolean, nullable=False, server_default=text("true")),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=NOW),
)

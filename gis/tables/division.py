"""Districts, their areas, and the cells that they are divided into."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from gis.tables.columns import NOW, in_district, in_languages, metadata, number, shape

district = Table(
    "district",
    metadata,
    number(),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    in_languages(),
    shape("MULTIPOLYGON", "clip"),
    shape("POINT", "centre"),
    Column("time_zone", Text, nullable=False),
    Column("metric_srid", Integer, nullable=False),
    Column("attribution", Text, nullable=False),
    Column("fictional", Boolean, nullable=False, server_default=text("false")),
    Column("source_file", Text, nullable=False),
    Column("source_sha256", Text, nullable=False, unique=True),  # the same file again is the same district
    Column("graphs", Text),  # folder of the travel graphs, relative to the data folder
    Column("imported_at", DateTime(timezone=True), nullable=False, server_default=NOW),
)


area = Table(
    "area",
    metadata,
    number(),
    in_district(),
    Column("parent", Integer, ForeignKey("area.id", ondelete="CASCADE")),
    Column("level", Text, nullable=False),  # district, street, community
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    in_languages(),
    shape("MULTIPOLYGON"),
    UniqueConstraint("district", "code"),
    Index("area_geom_idx", "geom", postgresql_using="gist"),
)


grid_version = Table(
    "grid_version",
    metadata,
    number(),
    in_district(),
    Column("starts", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("ends", DateTime(timezone=True)),
    Column("target_m2", Float, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Index("grid_version_current_key", "district", unique=True, postgresql_where=text("ends IS NULL")),
)


cell = Table(
    "cell",
    metadata,
    number(),
    in_district(),
    Column("version", Integer, ForeignKey("grid_version.id", ondelete="CASCADE"), nullable=False),
    Column("area", Integer, ForeignKey("area.id"), nullable=False),  # a community
    Column("code", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("area_m2", Float, nullable=False),
    Column("buildings", Integer, nullable=False, server_default="0"),
    Column("people", Float, nullable=False, server_default="0"),
    shape("POLYGON"),
    shape("POINT", "centre"),
    UniqueConstraint("code"),
    Index("cell_geom_idx", "geom", postgresql_using="gist"),
    Index("cell_district_version_idx", "district", "version"),
)

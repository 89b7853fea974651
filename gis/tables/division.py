"""Districts, their areas, and the cells that they are divided into."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

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
    Column("extract", Text),  # copy of the objects of OpenStreetMap, likewise
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
    "grid_version",  # a division, from draft to past
    metadata,
    number(),
    in_district(),
    Column("starts", DateTime(timezone=True), server_default=NOW),
    Column("ends", DateTime(timezone=True)),
    Column("target_m2", Float, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False, server_default="standing"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("turn", Integer),  # the how many-th of its district that came into force
    Column("based_on", Integer, ForeignKey("grid_version.id", ondelete="SET NULL")),
    Column("pattern", Text, nullable=False, server_default="{community}{seq:3}"),  # of the codes of its cells
    Column("cut", JSONB),  # what it is cut towards: measure, aim, least, most
    Column("step", Text, nullable=False, server_default=""),
    Column("share", Float),  # of the cut that is done; NULL: nothing is being done
    Column("error", JSONB),  # why it could not be cut, or did not come into force
    Column("reason", Text),  # why it was rejected
    Column("made_by", Integer),  # users; the ground knows nobody
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("proposed_by", Integer),
    Column("proposed_at", DateTime(timezone=True)),
    Column("approved_by", Integer),
    Column("approved_at", DateTime(timezone=True)),
    Column("stood_at", DateTime(timezone=True)),  # when it really came into force; `starts` is when it was to
    CheckConstraint("state IN ('draft', 'proposed', 'planned', 'standing', 'past')", name="state"),
    CheckConstraint("state IN ('draft', 'proposed') OR starts IS NOT NULL", name="starts"),
    CheckConstraint("approved_by <> proposed_by AND approved_by <> made_by", name="two_people"),
    UniqueConstraint("district", "turn", name="grid_version_turn_key"),
    Index("grid_version_current_key", "district", unique=True, postgresql_where=text("state = 'standing'")),
)


cell = Table(
    "cell",
    metadata,
    number(),
    in_district(),
    Column("version", Integer, ForeignKey("grid_version.id", ondelete="CASCADE"), nullable=False),  # in force until
    Column("since", Integer, ForeignKey("grid_version.id", ondelete="CASCADE"), nullable=False),  # and from then on
    Column("area", Integer, ForeignKey("area.id"), nullable=False),  # a community
    Column("code", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("area_m2", Float, nullable=False),
    Column("buildings", Integer, nullable=False, server_default="0"),
    Column("people", Float, nullable=False, server_default="0"),
    shape("POLYGON"),
    shape("POINT", "centre"),
    Column("void_reason", Text),  # why its code is not in force any more
    UniqueConstraint("code"),
    Index("cell_area_idx", "area"),
    Index("cell_geom_idx", "geom", postgresql_using="gist"),
    Index("cell_district_version_idx", "district", "version"),
)


draft_cell = Table(
    "draft_cell",  # a cell of a division that has not come into force
    metadata,
    Column("division", Integer, ForeignKey("grid_version.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("cell", Integer, ForeignKey("cell.id")),  # the cell whose ground this is, to the millimetre
    Column("code", Text),  # as it was brought
    Column("area", Integer, ForeignKey("area.id", ondelete="CASCADE")),
    Column("area_m2", Float, nullable=False, server_default=text("0")),
    Column("buildings", Integer, nullable=False, server_default="0"),
    Column("people", Float, nullable=False, server_default=text("0")),
    Column("households", Integer, nullable=False, server_default="0"),
    shape("GEOMETRY"),  # what is brought may be anything
    Index("draft_cell_geom_idx", "geom", postgresql_using="gist"),
)

draft_edit = Table(
    "draft_edit",  # what was done to a draft, to be undone and done again
    metadata,
    Column("division", Integer, ForeignKey("grid_version.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("edit", JSONB, nullable=False),
    Column("was", JSONB, nullable=False),  # the rows that it replaced
    Column("made", JSONB, nullable=False),  # the rows in their place
    Column("undone", Boolean, nullable=False, server_default=text("false")),
    Column("made_by", Integer),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=NOW),
)

"""Where rows come from, deliveries on their way in, and what was there before."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
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

from gis.tables.columns import NOW, in_district, metadata, number, shape

source = Table(
    "source",  # goes on: each delivery of it is an import_batch
    metadata,
    number(),
    in_district(),
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


# What was there before, written by the trigger `keep_past`: the tables above hold what is valid now.
ground_past = Table(
    "ground_past",
    metadata,
    number(BigInteger),
    in_district(),
    Column("kind", Text, nullable=False),  # the table
    Column("row_id", BigInteger, nullable=False),
    Column("source", Integer),
    Column("source_key", Text),
    Column("reason", Text, nullable=False),
    Column("valid_from", DateTime(timezone=True), nullable=False),
    Column("valid_to", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("was", JSONB, nullable=False),
    shape("GEOMETRY"),
    CheckConstraint("reason IN ('changed', 'gone')", name="reason"),
    Index("ground_past_district_kind_row_id_idx", "district", "kind", "row_id"),
    Index("ground_past_geom_idx", "geom", postgresql_using="gist"),
)


import_batch = Table(
    "import_batch",  # one delivery of a source on its way in
    metadata,
    number(BigInteger),
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
    Column("inspected", JSONB, nullable=False, server_default=text("'{}'")),  # what is in the file, and proposals
    Column("plan", JSONB, nullable=False, server_default=text("'{}'")),  # what a person said of it
    Column("stored", Text),  # where the file lies, relative to the data folder; NULL once it is gone
    Column("tries", Integer, nullable=False, server_default="0"),  # how often its job began since somebody asked
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
    shape("GEOMETRY", nullable=True),
    CheckConstraint("verdict IN ('new', 'added', 'changed', 'same', 'gone', 'rejected')", name="verdict"),
    Index("import_row_batch_verdict_line_idx", "batch", "verdict", "line"),
    Index("import_row_batch_source_key_idx", "batch", "source_key"),
)


import_run = Table(
    "import_run",
    metadata,
    number(),
    in_district(),
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
    number(BigInteger),
    Column("run", Integer, ForeignKey("import_run.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("osm_type", Text, nullable=False),
    Column("osm_id", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
)

"""Responders, when they work, and which cells are whose duty."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Time,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE, ExcludeConstraint

from dispatch.tables.columns import guard, in_district, moment, number
from gis.tables import metadata

responder = Table(
    "responder",
    metadata,
    number(Integer),
    in_district(),
    Column("area", Integer, ForeignKey("area.id")),
    Column("app_user", Integer, ForeignKey("app_user.id"), unique=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("skills", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("duty", Text, nullable=False, server_default="off"),
    Column("home", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
    Column("home_cell", Integer, ForeignKey("cell.id")),
    Column("point", Geometry("POINT", srid=4326, spatial_index=False)),
    moment("point_at"),
    Column("heading", Float),
    Column("speed", Float),
    Column("radius_m", Float),
    Column("max_tasks", Integer, nullable=False, server_default="8"),
    Column("vehicle", JSONB),  # {"width_m": .., "capacity": {good: ..}}
    *(Column(f"{name}_seconds", Integer) for name in ("overtime", "rest", "max")),  # NULL: as the district has it
    Column("gone", Boolean, nullable=False, server_default=text("false")),
    guard(),
    Index("responder_district_idx", "district"),
)


responder_skill = Table(
    "responder_skill",  # how well a skill of `responder.skills` is held, and until when; none: level 1, for good
    metadata,
    Column("responder", Integer, ForeignKey("responder.id", ondelete="CASCADE"), primary_key=True),
    Column("skill", Text, primary_key=True),
    Column("level", SmallInteger, nullable=False, server_default="1"),
    moment("valid_until"),
    CheckConstraint("level BETWEEN 1 AND 9", name="level"),
)


shift = Table(
    "shift",
    metadata,
    number(),
    Column("responder", Integer, ForeignKey("responder.id", ondelete="CASCADE"), nullable=False),
    Column("during", TSTZRANGE, nullable=False),
    CheckConstraint("NOT isempty(during)", name="during"),
    ExcludeConstraint(("responder", "="), ("during", "&&"), name="shift_no_overlap", using="gist"),
)


shift_break = Table(
    "shift_break",  # a pause that begins within [earliest, latest]
    metadata,
    number(),
    Column("responder", Integer, ForeignKey("responder.id", ondelete="CASCADE"), nullable=False, index=True),
    moment("earliest", required=True),
    moment("latest", required=True),
    Column("seconds", Integer, nullable=False),
    CheckConstraint("earliest <= latest AND seconds > 0", name="order"),
)


shift_pattern = Table(
    "shift_pattern",  # local wall time; crew expands it to `shift`
    metadata,
    number(),
    Column("responder", Integer, ForeignKey("responder.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("weekdays", ARRAY(SmallInteger), nullable=False),  # ISO: 1 Monday .. 7 Sunday
    Column("starts", Time, nullable=False),
    Column("ends", Time, nullable=False),  # not after `starts`: the next morning
    Column("expanded_until", Date),
    Column("break_from", Time),  # the pause begins between these, in local wall time
    Column("break_until", Time),
    Column("break_seconds", Integer),
)


cell_duty = Table(
    "cell_duty",
    metadata,
    Column("cell", Integer, ForeignKey("cell.id", ondelete="CASCADE"), primary_key=True),
    Column("responder", Integer, ForeignKey("responder.id"), nullable=False),
)


position = Table(
    "position",
    metadata,
    Column("responder", Integer, ForeignKey("responder.id", ondelete="CASCADE"), primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("point", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
    Column("accuracy_m", Float),
    Column("heading", Float),
    Column("speed", Float),
)

"""What the engine did, would do, and is told."""

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
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from dispatch.tables.columns import guard, in_district, moment, number
from gis.tables import metadata

plan = Table(
    "plan",
    metadata,
    number(),
    in_district(),
    moment("made_at", required=True),
    Column("asked_by", Integer, ForeignKey("app_user.id")),
    Column("epoch", BigInteger, nullable=False, server_default="0"),
    Column("engine", Text, nullable=False),  # who found it: ortools, insertion, nearest
    Column("seconds", Float, nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("estimated", Boolean, nullable=False, server_default=text("false")),
    Column("placed", Integer, nullable=False),
    Column("moved", Integer, nullable=False, server_default="0"),
    Column("unassigned", JSONB, nullable=False, server_default=text("'[]'")),  # [{incident, reason, params}]
    Column("changes", Integer, nullable=False, server_default="0"),  # promises that went to somebody else
    Column("degraded", Text),  # why it is not what the engine can do
    Column(
        "undo", JSONB, nullable=False, server_default=text("'[]'")
    ),  # [{incident, part, before, after}]: assignments
    Column("applied_by", Integer, ForeignKey("app_user.id")),
    Column("undone_by", Integer, ForeignKey("app_user.id")),
    moment("undone_at"),
    Column("reason", Text),
    Index("plan_district_idx", "district", "id"),
)


proposal = Table(
    "proposal",  # a plan that changes promises and waits for a person's word
    metadata,
    number(),
    in_district(),
    moment("made_at", required=True),
    Column("epoch", BigInteger, nullable=False),
    Column("engine", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
    Column("rows", JSONB, nullable=False),  # {responder: [[incident, part], ...]}
    Column("seen", JSONB, nullable=False),  # versions of what it stands on
    Column("diff", JSONB, nullable=False),  # what it changes, as shown
    Column("decided_by", Integer, ForeignKey("app_user.id")),
    moment("decided_at"),
    Column("reason", Text),
    CheckConstraint("state IN ('open', 'applied', 'rejected', 'superseded')", name="state"),
    Index("proposal_one_open_idx", "district", unique=True, postgresql_where=text("state = 'open'")),
)


engine_setting = Table(
    "engine_setting",  # one row for each district that departs from the defaults
    metadata,
    Column("district", Integer, ForeignKey("district.id", ondelete="CASCADE"), primary_key=True),
    Column("plan_mode", Text, nullable=False, server_default="auto"),
    Column("most_changes", Integer),
    guard(),
    Column("changed_by", Integer, ForeignKey("app_user.id")),
    moment("changed_at"),
    CheckConstraint("plan_mode IN ('auto', 'ask')", name="plan_mode"),
)


engine_weight = Table(
    "engine_weight",  # what an administrator set; the rest stands in data/reference/weights.json
    metadata,
    Column("district", Integer, ForeignKey("district.id", ondelete="CASCADE"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),  # of the district's whole table when this was set
    Column("changed_by", Integer, ForeignKey("app_user.id")),
    moment("changed_at", required=True),
)


standby = Table(
    "standby",  # so many people without a task are wanted in an area
    metadata,
    Column("area", Integer, ForeignKey("area.id", ondelete="CASCADE"), primary_key=True),
    in_district(),
    Column("least", SmallInteger, nullable=False),
    CheckConstraint("least > 0", name="least"),
)


unassigned = Table(
    "unassigned",  # the standing reason why an open incident waits
    metadata,
    Column("incident", BigInteger, ForeignKey("incident.id", ondelete="CASCADE"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("params", JSONB, nullable=False, server_default=text("'{}'")),
    moment("at", required=True),
)

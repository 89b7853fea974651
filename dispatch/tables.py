"""Shapes of the work. What must never happen is forbidden here, not in Python."""

from __future__ import annotations

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
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE, ExcludeConstraint
from sqlalchemy.types import UserDefinedType

from gis.tables import NOW, metadata

LIVE_SQL = "state IN ('offered', 'accepted', 'en_route', 'on_scene')"
UNDER_WAY_SQL = "state IN ('en_route', 'on_scene')"


class Xid8(UserDefinedType[int]):
    """A 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


def _id(kind: type[Integer] = BigInteger) -> Column[int]:
    return Column("id", kind, Identity(), primary_key=True)


def _district() -> Column[int]:
    return Column("district", Integer, ForeignKey("district.id", ondelete="CASCADE"), nullable=False)


def _moment(name: str, *, required: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required, server_default=NOW if required else None)


def _version() -> Column[int]:
    return Column("version", Integer, nullable=False, server_default="1")


app_user = Table(
    "app_user",
    metadata,
    _id(Integer),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password", Text),  # Argon2id; NULL: no sign-in by password
    Column("language", Text, nullable=False, server_default="en"),
    Column("demo", Boolean, nullable=False, server_default=text("false")),
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
    _moment("created_at", required=True),
)

role_grant = Table(
    "role_grant",
    metadata,
    Column("app_user", Integer, ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("area", Integer, ForeignKey("area.id", ondelete="CASCADE"), primary_key=True),
)

session = Table(
    "session",
    metadata,
    Column("token_sha256", LargeBinary, primary_key=True),  # the token itself is only in the cookie
    Column("app_user", Integer, ForeignKey("app_user.id", ondelete="CASCADE"), nullable=False),
    Column("csrf", Text, nullable=False),
    _moment("created_at", required=True),
    _moment("expires_at", required=True),
    Column("agent", Text, nullable=False, server_default=""),
    Index("session_app_user_idx", "app_user"),
)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    _id(),
    Column("login", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("good", Boolean, nullable=False),
    _moment("at", required=True),
    Index("sign_in_attempt_login_at_idx", "login", "at"),
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("token_sha256", LargeBinary, primary_key=True),
    Column("app_user", Integer, ForeignKey("app_user.id", ondelete="CASCADE"), nullable=False),
    _moment("expires_at", required=True),
    Column("reusable", Boolean, nullable=False, server_default=text("false")),  # demo links; the others open once
    _moment("used_at"),
)

incident_class = Table(
    "incident_class",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("body", JSONB, nullable=False),  # dispatch.model.IncidentClass
    _moment("loaded_at", required=True),
)

responder = Table(
    "responder",
    metadata,
    _id(Integer),
    _district(),
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
    _moment("point_at"),
    Column("heading", Float),
    Column("speed", Float),
    Column("radius_m", Float),
    Column("max_tasks", Integer, nullable=False, server_default="8"),
    Column("vehicle", JSONB),  # {"width_m": .., "capacity": {good: ..}}
    *(Column(f"{name}_seconds", Integer) for name in ("overtime", "rest", "max")),  # NULL: as the district has it
    Column("gone", Boolean, nullable=False, server_default=text("false")),
    _version(),
    Index("responder_district_idx", "district"),
)

responder_skill = Table(
    "responder_skill",  # how well a skill of `responder.skills` is held, and until when; none: level 1, for good
    metadata,
    Column("responder", Integer, ForeignKey("responder.id", ondelete="CASCADE"), primary_key=True),
    Column("skill", Text, primary_key=True),
    Column("level", SmallInteger, nullable=False, server_default="1"),
    _moment("valid_until"),
    CheckConstraint("level BETWEEN 1 AND 9", name="level"),
)

shift = Table(
    "shift",
    metadata,
    _id(),
    Column("responder", Integer, ForeignKey("responder.id", ondelete="CASCADE"), nullable=False),
    Column("during", TSTZRANGE, nullable=False),
    CheckConstraint("NOT isempty(during)", name="during"),
    ExcludeConstraint(("responder", "="), ("during", "&&"), name="shift_no_overlap", using="gist"),
)

shift_break = Table(
    "shift_break",  # a pause that begins within [earliest, latest]
    metadata,
    _id(),
    Column("responder", Integer, ForeignKey("responder.id", ondelete="CASCADE"), nullable=False, index=True),
    _moment("earliest", required=True),
    _moment("latest", required=True),
    Column("seconds", Integer, nullable=False),
    CheckConstraint("earliest <= latest AND seconds > 0", name="order"),
)

shift_pattern = Table(
    "shift_pattern",  # local wall time; crew expands it to `shift`
    metadata,
    _id(),
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

incident_number = Table(
    "incident_number",  # the last number of a district's local day
    metadata,
    Column("district", Integer, ForeignKey("district.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)

incident = Table(
    "incident",
    metadata,
    _id(),
    Column("number", Text, nullable=False, unique=True),
    _district(),
    Column("area", Integer, ForeignKey("area.id")),
    Column("cell", Integer, ForeignKey("cell.id")),
    Column("cell_code", Text),
    Column("source", Text, nullable=False),
    Column("request_key", Text, nullable=False),
    Column("tracking_sha256", LargeBinary),  # what a resident follows the case with
    Column("class_code", Text, nullable=False),
    Column("class_version", Integer, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("skill", Text),
    Column("service_seconds", Integer, nullable=False),
    Column("handle_seconds", Integer),  # the limit of class and criterion, fixed when filed; runs from dispatch
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("place", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("accuracy_m", Float, nullable=False, server_default="0"),
    Column("point", Geometry("POINT", srid=4326, spatial_index=False)),
    Column("stage", Text, nullable=False),
    _version(),
    _moment("reported_at", required=True),
    *(_moment(f"{name}_at") for name in ("filed", "dispatched", "accepted", "arrived", "fed_back", "closed")),
    *(_moment(f"due_{name}_at") for name in ("accept", "arrive", "handle")),
    Column("reported_by", Integer, ForeignKey("app_user.id")),
    Column("contact", Text),
    Column("filing_criterion", Text),
    Column("closing_criterion", Text),
    Column("outcome", Text),
    Column("handled_by", Integer, ForeignKey("responder.id")),
    Column("verified_by", Integer, ForeignKey("app_user.id")),
    Column("reopened", Integer, nullable=False, server_default="0"),
    Column("returned", Integer, nullable=False, server_default="0"),
    Column("score", SmallInteger),
    _moment("appointment_from"),
    _moment("appointment_to"),
    Column("max_width_m", Float),  # the lane takes no vehicle that is wider
    Column(
        "after", ARRAY(BigInteger), nullable=False, server_default=text("'{}'")
    ),  # cases that have to be done before
    UniqueConstraint("source", "request_key"),
    CheckConstraint("priority BETWEEN 1 AND 4", name="priority"),
    CheckConstraint(
        "stage IN ('collected','filed','dispatched','handling','fed_back','closed','evaluated','rejected')",
        name="stage",
    ),
    Index("incident_district_stage_idx", "district", "stage"),
    Index("incident_point_idx", "point", postgresql_using="gist"),
)

assignment = Table(
    "assignment",
    metadata,
    _id(),
    Column("incident", BigInteger, ForeignKey("incident.id", ondelete="CASCADE"), nullable=False),
    _district(),
    Column("responder", Integer, ForeignKey("responder.id"), nullable=False),
    Column("part", SmallInteger, nullable=False, server_default="0"),  # of a crew: 0 leads
    Column("purpose", Text, nullable=False),
    Column("during", TSTZRANGE, nullable=False),
    Column("state", Text, nullable=False),
    _version(),
    Column("placed_by", Integer, ForeignKey("app_user.id")),
    Column("seq", Integer, nullable=False, server_default="0"),
    Column("travel_seconds", Float, nullable=False),
    Column("travel_metres", Float, nullable=False),
    Column("estimated", Boolean, nullable=False, server_default=text("false")),
    _moment("eta", required=True),
    _moment("offered_at", required=True),
    *(_moment(f"{name}_at") for name in ("accepted", "departed", "arrived", "ended")),
    Column("reason", Text),
    Column("plan", BigInteger),
    CheckConstraint("NOT isempty(during)", name="during"),
    # Deferred: a plan shifts the windows of a whole chain in one transaction; only the end state counts.
    ExcludeConstraint(
        ("responder", "="),
        ("during", "&&"),
        name="assignment_no_double_booking",
        using="gist",
        where=text(LIVE_SQL),
        deferrable=True,
        initially="DEFERRED",
    ),
    Index("assignment_one_under_way_idx", "responder", unique=True, postgresql_where=text(UNDER_WAY_SQL)),
    Index("assignment_one_per_incident_idx", "incident", "part", unique=True, postgresql_where=text(LIVE_SQL)),
    Index("assignment_district_state_idx", "district", "state"),
    Index("assignment_incident_idx", "incident"),
)

plan = Table(
    "plan",
    metadata,
    _id(),
    _district(),
    _moment("made_at", required=True),
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
    _moment("undone_at"),
    Column("reason", Text),
    Index("plan_district_idx", "district", "id"),
)

proposal = Table(
    "proposal",  # a plan that changes promises and waits for a person's word
    metadata,
    _id(),
    _district(),
    _moment("made_at", required=True),
    Column("epoch", BigInteger, nullable=False),
    Column("engine", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
    Column("rows", JSONB, nullable=False),  # {responder: [[incident, part], ...]}
    Column("seen", JSONB, nullable=False),  # versions of what it stands on
    Column("diff", JSONB, nullable=False),  # what it changes, as shown
    Column("decided_by", Integer, ForeignKey("app_user.id")),
    _moment("decided_at"),
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
    _version(),
    Column("changed_by", Integer, ForeignKey("app_user.id")),
    _moment("changed_at"),
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
    _moment("changed_at", required=True),
)

standby = Table(
    "standby",  # so many people without a task are wanted in an area
    metadata,
    Column("area", Integer, ForeignKey("area.id", ondelete="CASCADE"), primary_key=True),
    _district(),
    Column("least", SmallInteger, nullable=False),
    CheckConstraint("least > 0", name="least"),
)

unassigned = Table(
    "unassigned",  # the standing reason why an open incident waits
    metadata,
    Column("incident", BigInteger, ForeignKey("incident.id", ondelete="CASCADE"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("params", JSONB, nullable=False, server_default=text("'{}'")),
    _moment("at", required=True),
)

attachment = Table(
    "attachment",
    metadata,
    _id(),
    Column("incident", BigInteger, ForeignKey("incident.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("assignment", BigInteger, ForeignKey("assignment.id")),
    Column("app_user", Integer, ForeignKey("app_user.id")),
    Column("media_type", Text, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    _moment("at", required=True),
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

event = Table(
    "event",
    metadata,
    Column("seq", BigInteger, Identity(), primary_key=True),
    Column("txid", Xid8(), nullable=False, server_default=text("pg_current_xact_id()")),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    _district(),
    Column("kind", Text, nullable=False),
    Column("area", Integer),
    Column("incident", BigInteger),
    Column("assignment", BigInteger),
    Column("responder", Integer),
    Column("actor", Integer),
    Column("reason", Text),
    Column("body", JSONB, nullable=False, server_default=text("'{}'")),
    Index("event_txid_seq_idx", "txid", "seq"),
    Index("event_incident_idx", "incident"),
)

request_key = Table(
    "request_key",
    metadata,
    Column("actor", Text, primary_key=True),  # user id, or the kind of caller where nobody is signed in
    Column("key", Text, primary_key=True),
    Column("deed", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("answer", JSONB, nullable=False),
    _moment("at", required=True),
    Index("request_key_at_idx", "at"),
)

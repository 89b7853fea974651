"""Cases, the classes they are filed under, and who is on them."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE, ExcludeConstraint

from dispatch.tables.columns import LIVE_SQL, UNDER_WAY_SQL, guard, in_district, moment, number
from gis.tables import metadata

incident_class = Table(
    "incident_class",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("body", JSONB, nullable=False),  # dispatch.model.IncidentClass
    moment("loaded_at", required=True),
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
    number(),
    Column("number", Text, nullable=False, unique=True),
    in_district(),
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
    Column("said", Text),  # the words it was looked for by
    Column("found", Text, nullable=False),
    Column("accuracy_m", Float, nullable=False, server_default="0"),
    Column("point", Geometry("POINT", srid=4326, spatial_index=False)),
    Column("stage", Text, nullable=False),
    guard(),
    moment("reported_at", required=True),
    *(moment(f"{name}_at") for name in ("filed", "dispatched", "accepted", "arrived", "fed_back", "closed")),
    *(moment(f"due_{name}_at") for name in ("accept", "arrive", "handle")),
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
    moment("appointment_from"),
    moment("appointment_to"),
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
    number(),
    Column("incident", BigInteger, ForeignKey("incident.id", ondelete="CASCADE"), nullable=False),
    in_district(),
    Column("responder", Integer, ForeignKey("responder.id"), nullable=False),
    Column("part", SmallInteger, nullable=False, server_default="0"),  # of a crew: 0 leads
    Column("purpose", Text, nullable=False),
    Column("during", TSTZRANGE, nullable=False),
    Column("state", Text, nullable=False),
    guard(),
    Column("placed_by", Integer, ForeignKey("app_user.id")),
    Column("seq", Integer, nullable=False, server_default="0"),
    Column("travel_seconds", Float, nullable=False),
    Column("travel_metres", Float, nullable=False),
    Column("estimated", Boolean, nullable=False, server_default=text("false")),
    moment("eta", required=True),
    moment("offered_at", required=True),
    *(moment(f"{name}_at") for name in ("accepted", "departed", "arrived", "ended")),
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


attachment = Table(
    "attachment",
    metadata,
    number(),
    Column("incident", BigInteger, ForeignKey("incident.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("assignment", BigInteger, ForeignKey("assignment.id")),
    Column("app_user", Integer, ForeignKey("app_user.id")),
    Column("media_type", Text, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    moment("at", required=True),
)

"""What happened, and what was asked already."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Integer, LargeBinary, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from dispatch.tables.columns import Xid8, in_district, moment
from gis.tables import metadata

event = Table(
    "event",
    metadata,
    Column("seq", BigInteger, Identity(), primary_key=True),
    Column("txid", Xid8(), nullable=False, server_default=text("pg_current_xact_id()")),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    in_district(),
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
    moment("at", required=True),
    Index("request_key_at_idx", "at"),
)

"""What the search of addresses goes by."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Index, Integer, Table, Text

from gis.tables.columns import NOW, in_district, metadata, number, shape

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
    number(BigInteger),
    in_district(),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("source", Text, nullable=False),  # register, pin
    Column("confirmed", Integer, nullable=False, server_default="1"),
    shape("POINT", "point"),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    Index("register_alias_district_key_idx", "district", "key"),
)

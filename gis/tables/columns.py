"""Columns that many tables have."""

from __future__ import annotations

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)


NOW = func.now()


def number(kind: type[Integer] = Integer) -> Column[int]:
    return Column("id", kind, Identity(), primary_key=True)


def in_district() -> Column[int]:
    return Column("district", Integer, ForeignKey("district.id", ondelete="CASCADE"), nullable=False)


def in_languages() -> Column[dict[str, str]]:
    return Column("names", JSONB, nullable=False, server_default=text("'{}'"))


def shape(kind: str, name: str = "geom", *, srid: int = 4326, nullable: bool = False) -> Column[object]:
    return Column(name, Geometry(kind, srid=srid, spatial_index=False), nullable=nullable)


def told_apart() -> tuple[Column[Any], ...]:
    """What a row is called where it comes from, and its content in one number: for rows that are only derived."""
    return (Column("source_key", Text), Column("digest", BigInteger))


def origin(of: str) -> tuple[Column[Any] | Index, ...]:
    """Where a row of table `of` comes from and when it holds. `digest` stands for its content: see `keep_past`."""
    return (
        Column("source", Integer, ForeignKey("source.id", ondelete="SET NULL")),
        Column("source_key", Text),  # what the source calls it
        Column("digest", BigInteger),
        Column("accuracy_m", Float),
        Column("valid_from", DateTime(timezone=True), nullable=False, server_default=NOW),
        Column("valid_to", DateTime(timezone=True)),
        Index(f"{of}_source_source_key_idx", "source", "source_key", unique=True),
    )

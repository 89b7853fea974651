"""Columns and conditions that several tables have."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Identity, Integer
from sqlalchemy.types import UserDefinedType

from gis.tables import NOW

LIVE_SQL = "state IN ('offered', 'accepted', 'en_route', 'on_scene')"


UNDER_WAY_SQL = "state IN ('en_route', 'on_scene')"


class Xid8(UserDefinedType[int]):
    """A 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


def number(kind: type[Integer] = BigInteger) -> Column[int]:
    return Column("id", kind, Identity(), primary_key=True)


def in_district() -> Column[int]:
    return Column("district", Integer, ForeignKey("district.id", ondelete="CASCADE"), nullable=False)


def moment(name: str, *, required: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required, server_default=NOW if required else None)


def guard() -> Column[int]:
    return Column("version", Integer, nullable=False, server_default="1")

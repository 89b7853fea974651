"""What an import asks of the ground as a whole."""

from __future__ import annotations

from sqlalchemy import text

from gis.database import Transaction
from gis.model import DistrictId
from gis.store.kinds import KINDS


def analyse(tx: Transaction) -> None:
    """Tell the planner about the new rows: a grid is cut over them in the same transaction."""
    for table in KINDS:
        tx.execute(text(f"ANALYZE {table}"))


def people(tx: Transaction, district: DistrictId) -> int:
    """How many people live in the buildings of a district."""
    question = text("SELECT coalesce(sum(people), 0) FROM building WHERE district = :district")
    return round(float(tx.execute(question, {"district": district}).scalar_one()))

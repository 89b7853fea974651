"""The class tables that were ever in force: a case keeps the version it was filed under."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from dispatch.errors import Invalid, Unknown
from dispatch.model import IncidentClass
from dispatch.tables import incident_class as t
from gis.database import Transaction

_CLASS: TypeAdapter[IncidentClass] = TypeAdapter(IncidentClass)


def put_classes(tx: Transaction, classes: Sequence[IncidentClass]) -> None:
    """Keep a version; Invalid when that version is kept already and says something else."""
    rows = [{"version": c.version, "code": c.code, "body": _CLASS.dump_python(c, mode="json")} for c in classes]
    tx.execute(upsert(t).on_conflict_do_nothing(), rows)
    version = classes[0].version
    stored = tx.execute(select(t.c.code, t.c.body).where(t.c.version == version))
    kept = {row.code: _CLASS.validate_python(row.body) for row in stored}  # what it was kept without, is the default
    if kept != {c.code: _CLASS.validate_python(row["body"]) for c, row in zip(classes, rows, strict=True)}:
        raise Invalid(field="classes.version", value=version, allowed="new_version")


def class_of(tx: Transaction, code: str, version: int) -> IncidentClass:
    """The class as it was in that version."""
    body = tx.scalar(select(t.c.body).where(t.c.code == code, t.c.version == version))
    if body is None:
        raise Unknown(what="class", id=code)
    return _CLASS.validate_python(body)

"""The use case: a register of addresses poured into a district at once, in place of the one before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from gis.database import begin
from gis.errors import BadPlan, BadRegister, BadSource, GroundError
from gis.importing import deliveries
from gis.importing.deliveries import Plan
from gis.model import DistrictId, Rejection
from gis.sources.crs import DEGREES
from gis.store import districts
from gis.store.deliveries import asking, batches
from gis.store.deliveries.batches import Origin

NAME: Final = "register"  #: the source that `gridward register` brings anew each time
REASONS: Final = {"bad_position": "no_position"}
TOLD: Final = 1_000_000  #: rejections that are told


@dataclass(frozen=True, kw_only=True)
class RegisterReport:
    """What became of a register: rows that are addresses now, names that lead to one, rows left out and why."""

    addresses: int
    names: int
    rejected: tuple[Rejection, ...]


def import_register(engine: Engine, file: Path, district: DistrictId) -> RegisterReport:
    """Make the rows of a table addresses of `district`, in place of those of an earlier register.

    A delivery like any other (`gis.importing.deliveries`), agreed to unseen: positions in WGS 84, and either `address`
    as one text or `street` and `number`; `name`, `city` and `postcode` where there are any. A row outside the district
    is left out and told. Raises BadRegister for a file that cannot be read so, NotFound for an unknown district.
    """
    with begin(engine) as tx:
        place = districts.district(tx, district)
    given = Plan(target="address", crs=DEGREES, origin=Origin(name=NAME), whole=True)
    try:
        received = deliveries.inspect(engine, file, name=file.name, district=place)
        with begin(engine) as tx:
            known = deliveries.store(tx, received, district=district, stored=None, by=None)
            deliveries.plan(tx, known.id, known.version, given)
    except (BadSource, BadPlan) as error:
        reason = "unreadable" if isinstance(error, BadSource) else "columns"
        raise BadRegister(file=file.name, reason=reason) from error
    deliveries.read_and_compare(engine, known.id, file)
    with begin(engine) as tx:
        known = batches.get(tx, known.id)
        if known.state == batches.COMPARED:
            known = deliveries.agree(tx, known.id, known.version)
    deliveries.carry_out(engine, known.id, folder=None)
    return _report(engine, known.id)


def _report(engine: Engine, batch: int) -> RegisterReport:
    with begin(engine) as tx:
        known = batches.get(tx, batch)
        if known.error is not None:
            raise GroundError(known.error["code"], **known.error["params"])
        bad = asking.lines(tx, batch, verdict="rejected", reason=None, after=None, limit=TOLD)
        return RegisterReport(
            addresses=sum(known.counts[verdict] for verdict in ("added", "changed", "same")),
            names=asking.named(tx, batch),
            rejected=tuple(
                Rejection(
                    osm_type="row",
                    osm_id=row["line"],
                    reason=REASONS.get(row["reason"], row["reason"]),
                    detail=row["value"] or "",
                )
                for row in bad
            ),
        )

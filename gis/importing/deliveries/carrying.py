"""A compared delivery is written into the ground: all of it or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text

from gis.database import Transaction, begin, quiet
from gis.errors import NotInThisState
from gis.geocode.register import REGISTERS
from gis.geocode.shelf import Shelf
from gis.importing.course import Progress
from gis.importing.deliveries.reading import check_tries, failing
from gis.store.deliveries import applying, batches
from gis.store.deliveries.batches import Delivery
from gis.store.deliveries.kept import KEPT

WRITE, INDEX = "writing", "indexing"


def carry_out(
    engine: Engine, batch: int, *, folder: Path | None, progress: Progress = lambda _step, _share: None
) -> None:
    """Write an agreed delivery into the ground in one transaction.

    `folder` is the data folder, in which the index for searches is made at once; None: at the first search.

    What goes wrong leaves it `failed`, with nothing written; agreeing once more tries again. A job that dies leaves it
    `applying`, with nothing written either: another one begins anew.
    """
    with begin(engine) as tx:
        known = batches.get(tx, batch)
        if known.state != batches.APPLYING:
            return
        tries = batches.begin_again(tx, batch)
        batches.tell(tx, batch, WRITE, 0.1)
    progress(WRITE, 0.1)
    with failing(engine, known):
        check_tries(known, tries)
        with begin(engine) as tx:
            quiet(tx)
            written = _write(tx, batch)
        progress(WRITE, 1.0)
        if written is not None and folder is not None and KEPT[str(known.target)].register:
            progress(INDEX, 0.0)
            Shelf(engine, folder / REGISTERS).of(written)  # so that the first search need not wait for its index
            progress(INDEX, 1.0)


def _write(tx: Transaction, batch: int) -> int | None:
    """Write, if it is still as it was compared; the district whose ground changed. Raises NotInThisState."""
    known = batches.get(tx, batch, lock=True)
    if known.state != batches.APPLYING or known.district is None or known.source is None:
        return None
    if _overtaken(tx, known):
        raise NotInThisState(id=batch, state=known.state, reason="overtaken")
    accuracy = known.plan.get("source", {}).get("accuracy_m")
    kept = KEPT[str(known.target)]
    applying.apply(tx, batch, kept, district=known.district, source=known.source, accuracy_m=accuracy)
    batches.move(tx, batch, batches.APPLIED, among=(batches.APPLYING,), share=1.0, step=WRITE, error=None)
    return known.district


def _overtaken(tx: Transaction, known: Delivery) -> bool:
    """Whether another delivery of the same source was written since this one was compared."""
    since = datetime.fromisoformat(str(known.plan.get("compared_at") or datetime.min.replace(tzinfo=UTC).isoformat()))
    tx.execute(text("SELECT 1 FROM source WHERE id = :source FOR UPDATE"), {"source": known.source})
    return bool(tx.scalar(text(OVERTAKEN), {"source": known.source, "batch": known.id, "since": since}))


OVERTAKEN: Final = """
    SELECT EXISTS (SELECT FROM import_batch WHERE source = :source AND id <> :batch AND state = 'applied'
        AND changed_at > :since)
"""

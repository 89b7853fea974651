"""What the worker does with deliveries: reads, compares, writes; whatever kind of file it is."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from gis.database import begin, engine_for
from gis.errors import NotFound
from gis.importing import changing, founding, renewing
from gis.importing.course import Progress
from gis.importing.deliveries.carrying import carry_out
from gis.importing.deliveries.planning import FOREIGN
from gis.importing.deliveries.reading import check_tries, failing, read_and_compare
from gis.importing.deliveries.receiving import PLACE
from gis.importing.place import import_place
from gis.store.deliveries import batches
from gis.store.deliveries.batches import Delivery

KEPT: Final = timedelta(days=30)
FOLDER: Final = "imports"  #: below the data folder: the files of deliveries


def work_off(engine: Engine, folder: Path) -> int:
    """Do everything that people asked for and nobody has done yet; how many deliveries that were."""
    with begin(engine) as tx:
        waiting = [known for known in batches.at_work(tx) if known.stored]
    for known in waiting:
        work_on(engine, known.id, folder)
    return len(waiting)


def work_on(engine: Engine, batch: int, folder: Path) -> None:
    """Do what a delivery waits for: read and compare it, or write it. `folder` is the data folder."""
    with begin(engine) as tx:
        known = batches.get(tx, batch)
    if known.stored is None or known.state not in batches.AT_WORK:
        return
    work_with(engine, known, folder / known.stored, folder)


def work_apart(url: str, batch: int, folder: Path) -> None:
    """The same in a process of its own, which gives way to others."""
    os.nice(5)
    engine = engine_for(url, size=2)
    try:
        work_on(engine, batch, folder)
    finally:
        engine.dispose()


def work_with(
    engine: Engine, known: Delivery, file: Path, folder: Path, progress: Progress = lambda _step, _share: None
) -> None:
    """The same for a delivery whose file lies at `file`."""
    if known.target in FOREIGN:
        _foreign(engine, known, file, folder, progress)
    elif known.state == batches.READING:
        read_and_compare(engine, known.id, file, progress=progress)
    elif known.target in founding.DRAWN:
        founding.carry_out(engine, known.id, folder=folder, progress=progress)
    else:
        carry_out(engine, known.id, folder=folder, progress=progress)


def forget(engine: Engine, folder: Path, now: datetime) -> int:
    """Clean up what deliveries left that nobody touched for KEPT; how many files went."""
    with begin(engine) as tx:
        old = batches.forget_files(tx, now - KEPT)
    for stored in old:
        shutil.rmtree((folder / stored).parent, ignore_errors=True)
    return len(old)


def _foreign(engine: Engine, known: Delivery, file: Path, folder: Path, progress: Progress) -> None:
    """OpenStreetMap: others know how; where the delivery stands is kept here."""
    with begin(engine) as tx:
        tries = batches.begin_again(tx, known.id)
    with failing(engine, known):
        check_tries(known, tries)
        told = _told(engine, known, progress)
        if known.state == batches.READING:
            _compare(engine, known, file, folder, told)
        else:
            _apply(engine, known, file, folder, told)


def _compare(engine: Engine, known: Delivery, file: Path, folder: Path, progress: Progress) -> None:
    def stop() -> bool:
        with begin(engine) as tx:
            return batches.get(tx, known.id).state != batches.READING

    if known.district is not None:
        given: dict[str, Any] = {"district": known.district, "progress": progress, "stop": stop}
        if known.target == PLACE:
            renewing.compare_place(engine, known.id, file, **given)
        else:
            changing.compare_changes(engine, known.id, file, folder=folder, **given)
    elif known.target != PLACE:
        raise NotFound(what="district", id=None)
    with begin(engine) as tx:
        batches.move(tx, known.id, batches.COMPARED, among=(batches.READING,), share=1.0)


def _apply(engine: Engine, known: Delivery, file: Path, folder: Path, progress: Progress) -> None:
    district = known.district
    if district is None:
        name = known.plan.get("name")
        done = import_place(engine, file, folder=folder, progress=progress, name=name)
        district = done.district
    else:
        apply = renewing.apply_place if known.target == PLACE else changing.apply_changes
        apply(engine, known.id, file, folder=folder, progress=progress)
    with begin(engine) as tx:
        batches.move(tx, known.id, batches.APPLIED, among=(batches.APPLYING,), share=1.0)
        batches.belongs(tx, known.id, district)


def _told(engine: Engine, known: Delivery, progress: Progress) -> Progress:
    """Progress that is written down, in its own short transactions."""

    def told(step: str, share: float) -> None:
        progress(step, share)
        with begin(engine) as tx:
            batches.tell(tx, known.id, step, share)

    return told

"""A delivery is read line by line into the database, then compared with what is there."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from gis.database import Transaction, begin, quiet
from gis.errors import GroundError, Stopped
from gis.importing.course import Progress
from gis.importing.deliveries.planning import sources
from gis.sources.opening import Opened, opened
from gis.sources.rows import Reading, Refused, Row
from gis.sources.targets import targets
from gis.store import districts
from gis.store.deliveries import batches, comparing, rows
from gis.store.deliveries.batches import Delivery
from gis.store.deliveries.kept import KEPT
from gis.store.deliveries.rows import Line

AT_ONCE: Final = 2_000
TRIES: Final = 3  #: jobs that may die over a delivery before it is given up
READ, COMPARE = "reading", "comparing"

log = logging.getLogger(__name__)


def read_and_compare(
    engine: Engine, batch: int, file: Path, *, progress: Progress = lambda _step, _share: None
) -> None:
    """Read a planned delivery and give every line its verdict; then it waits for a person.

    Whatever goes wrong with the file ends in the state `failed` with its error; planning it again begins anew. A job
    that dies half way leaves it `reading`: another one reads from the beginning.
    """
    with begin(engine) as tx:
        known = batches.get(tx, batch)
        if known.state != batches.READING:
            return
        tries = batches.begin_again(tx, batch)
        rows.clear(tx, batch)
    with failing(engine, known):
        check_tries(known, tries)
        _read(engine, known, file, progress)
        progress(COMPARE, 0.0)
        with begin(engine) as tx:
            quiet(tx)
            _compare(tx, batch)
        progress(COMPARE, 1.0)


@contextmanager
def failing(engine: Engine, known: Delivery) -> Iterator[None]:
    """Put a delivery into `failed` where what is done with it goes wrong; that the database is away is no failure."""
    try:
        yield
    except Stopped:
        log.info("import %s was given up", known.id)
    except OperationalError:
        raise
    except GroundError as error:
        _fail(engine, known, error)
    except Exception:
        log.exception("import %s came to grief", known.id)
        _fail(engine, known, GroundError(id=known.id))


def check_tries(known: Delivery, tries: int) -> None:
    """Raises GroundError where job after job died over this delivery."""
    if tries > TRIES:
        raise GroundError(id=known.id, reason="died")


def reading_of(tx: Transaction, known: Delivery) -> Reading:
    """How the lines of a delivery are to be understood."""
    assert known.target is not None  # noqa: S101 - a plan has one
    assert known.crs is not None  # noqa: S101 - as above
    place = districts.district(tx, known.district).clip if known.district is not None else None
    return Reading(target=targets()[known.target], mapping=sources(known.mapping), crs=known.crs, place=place)


def _read(engine: Engine, known: Delivery, file: Path, progress: Progress) -> None:
    with begin(engine) as tx:
        reading = reading_of(tx, known)
    with opened(file, encoding=known.encoding, name=known.file) as found:
        about = _rows_about(found, known)
        done = 0
        for some in batched(reading.rows(found.records(known.layer)), AT_ONCE):
            done += len(some)
            share = min(done / about, 1.0) if about else 0.5
            with begin(engine) as tx:
                quiet(tx)
                rows.put(tx, known.id, lines(some))
                stop = batches.tell(tx, known.id, READ, share)
            progress(READ, share)
            if stop:
                raise Stopped


def lines(found: Iterable[Row | Refused]) -> list[Line]:
    """Rows and refusals as they are stored."""
    return [_line(one) for one in found]


def _line(one: Row | Refused) -> Line:
    if isinstance(one, Row):
        key = f"{comparing.MADE}{one.key}" if one.made else one.key
        said = {"reason": "mended", "value": one.note} if one.note else {}
        given: Mapping[str, Any] = {"verdict": "new", "digest": one.digest, "source_key": key, **said}
    else:
        why = one.fault
        given = {"verdict": "rejected", "digest": None, "source_key": one.key}
        given = {**given, "reason": why.reason, "field": why.field, "value": why.value}
    return Line(line=one.line, fields=dict(one.fields), geom=one.geom, **given)


def _compare(tx: Transaction, batch: int) -> None:
    known = batches.get(tx, batch, lock=True)
    if known.state != batches.READING:
        raise Stopped
    batches.tell(tx, batch, COMPARE, 0.0)
    kept = KEPT.get(str(known.target))
    if kept is not None and known.district is not None and known.source is not None:
        key = known.mapping.get("code" if kept.code else "key", {}).get("field") or "key"
        comparing.compare(
            tx,
            batch,
            kept,
            district=known.district,
            source=known.source,
            whole=bool(known.plan.get("whole", True)),
            key=key,
        )
    else:
        comparing.all_new(tx, batch)
    plan = {**known.plan, "compared_at": datetime.now(UTC).isoformat()}
    counts = rows.count(tx, batch)
    batches.move(
        tx, batch, batches.COMPARED, among=(batches.READING,), counts=counts, plan=plan, share=1.0, step=COMPARE
    )


def _rows_about(found: Opened, known: Delivery) -> int:
    return next((one["rows"] or 0 for one in known.inspected["layers"] if one["name"] == known.layer), 0) or (
        found.lines()
    )


def _fail(engine: Engine, known: Delivery, error: GroundError) -> None:
    told = {"code": error.code, "params": {name: _plain(value) for name, value in error.params.items()}}
    with begin(engine) as tx:
        if batches.get(tx, known.id, lock=True).state in batches.AT_WORK:
            batches.move(tx, known.id, batches.FAILED, among=batches.AT_WORK, error=told)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | list) or value is None else str(value)

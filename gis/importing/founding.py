"""What somebody drew: boundaries that make a place of their own, and cells that begin a draft.

A file of boundaries alone makes a district: its areas are laid against each other without gap or overlap (`gis.grid`
mends what does not fit, and the delivery keeps the list), and every community is one cell until somebody cuts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine
from timezonefinder import TimezoneFinder

from gis.database import Transaction, begin, quiet
from gis.dividing.drafting import draft_from_cells
from gis.errors import BadSource
from gis.grid import Given, GivenCell, Mended, Plane, check, mend
from gis.importing.course import Progress, peak_mb
from gis.importing.deliveries.reading import check_tries, failing
from gis.importing.numbering import letters
from gis.model import AreaLevel, DistrictId, ImportReport, Names, Rejection
from gis.osm.metric import utm
from gis.spelling import chinese
from gis.store import districts, register
from gis.store.cells import cut_grid
from gis.store.deliveries import asking, batches
from gis.store.deliveries.batches import Delivery

DRAWN: Final = ("areas", "cells")  #: targets that are written here
MENDING, WRITING = "mending", "writing"
WHOLE: Final = 1e14  #: square metres: no community is cut
READ: Final = ("added", "changed", "same")

type CodedArea = tuple[AreaLevel, str, str, Names, MultiPolygon, int | None]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A boundary or a cell as it was read."""

    line: int
    fields: Mapping[str, Any]
    geom: BaseGeometry


def carry_out(engine: Engine, batch: int, *, folder: Path, progress: Progress = lambda _step, _share: None) -> None:
    """Make of an agreed delivery what it is: a place of boundaries, or a draft of cells."""
    del folder
    with begin(engine) as tx:
        known = batches.get(tx, batch)
        if known.state != batches.APPLYING:
            return
        tries = batches.begin_again(tx, batch)
        rows = _drawn(tx, batch)
    with failing(engine, known):
        check_tries(known, tries)
        if known.target == "cells":
            _draft(engine, known, rows)
        else:
            _place(engine, known, rows, progress)


def _draft(engine: Engine, known: Delivery, rows: Sequence[Drawn]) -> None:
    assert known.district is not None  # noqa: S101 - a plan for cells has one
    cells = [
        GivenCell(
            key=str(row.line), polygon=row.geom, code=row.fields.get("code"), community=row.fields.get("community")
        )
        for row in rows
    ]
    made = draft_from_cells(engine, known.district, cells, by=known.created_by, note=known.file)
    with begin(engine) as tx:
        _done(tx, known, {"division": made})


def _place(engine: Engine, known: Delivery, rows: Sequence[Drawn], progress: Progress) -> None:
    if not rows:
        raise BadSource(file=known.file, reason="empty")
    began = datetime.now(UTC)
    progress(MENDING, 0.0)
    plane, mended = fitted([row.geom for row in rows])
    progress(MENDING, 1.0)
    parts = [plane.to_degrees(cell.polygon) for cell in mended.given.cells]
    fitting = [
        (rows[int(cell.key.partition("/")[0])], part) for cell, part in zip(mended.given.cells, parts, strict=True)
    ]
    name = str(known.plan.get("name") or Path(known.file).stem)
    progress(WRITING, 0.0)
    with begin(engine) as tx:
        quiet(tx)
        districts.wait_for_turn(tx)
        district, cells = _found(tx, known, name, fitting)
        counts = {"areas": len(rows), "cells": cells, "mended": len(mended.mends), "left": len(mended.left)}
        mends = [
            {"kind": one.kind.value, "how": one.how.value, "lines": _lines(rows, one.cells), "area_m2": one.area_m2}
            for one in mended.mends
        ]
        report = ImportReport(
            district=district,
            file=known.file,
            started=began,
            seconds=(datetime.now(UTC) - began).total_seconds(),
            peak_mb=peak_mb(),
            counts=counts,
            rejected=_rejected(tx, known.id),
        )
        districts.record_import(tx, report, known.sha256)
        register.changed(tx, district)
        _done(tx, known, {"mends": mends, "cells": cells}, district=district)
    progress(WRITING, 1.0)


def fitted(shapes: Sequence[BaseGeometry]) -> tuple[Plane, Mended]:
    """Polygons in degrees laid against each other, in metres; the cell `n` or `n/part` is of the n-th shape."""
    sound = shapely.make_valid(np.array(shapes, dtype=object))
    west, south, east, north = shapely.total_bounds(sound)
    plane = Plane(lon=float(west + east) / 2, lat=float(south + north) / 2)
    cells = [
        GivenCell(key=f"{at}/{n}" if n else str(at), polygon=plane.to_metres(part))
        for at, shape in enumerate(shapes)
        for n, part in enumerate(shapely.get_parts(shapely.force_2d(shape)))
    ]
    given = Given(cells=tuple(cells), plane=plane)
    return plane, mend(given, check(given))


def _found(
    tx: Transaction, known: Delivery, name: str, fitting: Sequence[tuple[Drawn, BaseGeometry]]
) -> tuple[DistrictId, int]:
    """The district, its areas and one cell for each part of a community; its id and how many cells."""
    clip = _multi([part for _, part in fitting])
    centre = clip.centroid
    tag = _script([str(row.fields["name"]) for row, _ in fitting])
    district, code = districts.add_district(
        tx,
        name=name,
        names=_names({"name": name}, tag),
        clip=clip,
        time_zone=TimezoneFinder().timezone_at(lng=centre.x, lat=centre.y) or "UTC",
        metric_srid=utm(centre.x, centre.y),
        attribution=str(known.plan["source"].get("attribution") or known.plan["source"]["name"]),
        fictional=False,
        source_file=known.file,
        source_sha256=known.sha256,
        graphs=None,
    )
    districts.add_areas(tx, district, _areas(code, name, clip, fitting, tag))
    grid = cut_grid(tx, district, target_m2=WHOLE)
    return district, len(grid.cells)


def _areas(
    code: str, name: str, clip: MultiPolygon, fitting: Sequence[tuple[Drawn, BaseGeometry]], tag: str | None
) -> list[CodedArea]:
    """All areas, above before below."""
    members: dict[int, list[BaseGeometry]] = {}
    drawn: dict[int, Drawn] = {}
    for row, part in fitting:
        members.setdefault(row.line, []).append(part)
        drawn[row.line] = row
    areas: list[CodedArea] = [(AreaLevel.DISTRICT, code, name, _names({"name": name}, tag), clip, None)]
    offices: dict[str, int] = {}
    for above in dict.fromkeys(str(row.fields["above"]) for row in drawn.values() if row.fields.get("above")):
        ground = _multi(
            [part for line, parts in members.items() if drawn[line].fields.get("above") == above for part in parts]
        )
        offices[above] = len(areas)
        own = f"{code}-{letters(len(offices) - 1)}"
        areas.append((AreaLevel.STREET, own, above, _names({"name": above}, tag), ground, 0))
    digits = max(2, len(str(len(members))))
    for number, (line, parts) in enumerate(members.items(), start=1):
        row, ground, own = drawn[line], _multi(parts), f"{code}{number:0{digits}d}"
        under = offices.get(str(row.fields.get("above")), 0)
        areas.append((AreaLevel.COMMUNITY, own, str(row.fields["name"]), _names(row.fields, tag), ground, under))
    return areas


def _drawn(tx: Transaction, batch: int) -> list[Drawn]:
    return [
        Drawn(line=row["line"], fields=row["fields"], geom=shapely.geometry.shape(row["geometry"]))
        for row in asking.every(tx, batch, digits=15)
        if row["verdict"] in READ and row["geometry"]
    ]


def _done(tx: Transaction, known: Delivery, more: Mapping[str, Any], district: DistrictId | None = None) -> None:
    counts = {**known.counts, **more}
    batches.move(tx, known.id, batches.APPLIED, among=(batches.APPLYING,), counts=counts, share=1.0, error=None)
    if district is not None:
        batches.belongs(tx, known.id, district)


def _rejected(tx: Transaction, batch: int) -> tuple[Rejection, ...]:
    bad = asking.lines(tx, batch, verdict="rejected", reason=None, after=None, limit=10_000)
    return tuple(
        Rejection(osm_type="row", osm_id=row["line"], reason=row["reason"], detail=row["value"] or "") for row in bad
    )


def _lines(rows: Sequence[Drawn], cells: Sequence[str]) -> list[int]:
    return sorted({rows[int(cell.partition("/")[0])].line for cell in cells})


def _multi(parts: Sequence[BaseGeometry]) -> MultiPolygon:
    return MultiPolygon(_parts(shapely.union_all(np.array(parts, dtype=object))))


def _parts(ground: BaseGeometry) -> list[Polygon]:
    return [part for part in shapely.get_parts(ground) if isinstance(part, Polygon)]


def _names(fields: Mapping[str, Any], tag: str | None) -> dict[str, str]:
    name = str(fields["name"])
    made = {"": name} | ({tag: name} if tag and chinese.has_signs(name) else {})
    return made | ({"en": str(fields["name_en"])} if fields.get("name_en") else {})


def _script(names: Sequence[str]) -> str | None:
    """zh-Hant or zh-Hans, by all the names together; None where they are not Chinese."""
    text = "".join(names)
    if not chinese.has_signs(text):
        return None
    return "zh-Hans" if text.translate(chinese.simplified()) == text else "zh-Hant"

"""Beginning a draft: from what stands, from another draft, from a cut, from cells that somebody brought."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import shapely
from sqlalchemy import Engine

from gis.database import Transaction, begin
from gis.errors import BadQuestion, GroundError
from gis.grid import TARGET_M2, CodePattern, Grid, compile_place, silent
from gis.grid.given import GivenCell
from gis.grid.model import Measure, Targets
from gis.model import DistrictId, DivisionState, DraftCell
from gis.store import divisions, drafts, standing, surroundings
from gis.store.blocks import blocks, plane_of

type Progress = Callable[[str, float], None]

BROUGHT = 50_000  #: cells of one draft, at most


def draft_from(tx: Transaction, based_on: int, *, by: int | None, note: str = "") -> int:
    """A draft with the cells of the division in force, or of another draft. Raises NotFound, BadQuestion."""
    basis = divisions.division(tx, based_on)
    if basis.state is DivisionState.PAST:
        raise BadQuestion(field="based_on", value=based_on, allowed="standing, planned, proposed, draft")
    made = _begin(tx, basis.district, by=by, note=note, based_on=based_on, target_m2=basis.target_m2)
    if basis.state is DivisionState.STANDING:
        drafts.copy_standing(tx, made, basis.district)
    else:
        drafts.copy_draft(tx, made, based_on)
    return made


def draft_for_cut(tx: Transaction, district: DistrictId, targets: Targets, *, by: int | None, note: str = "") -> int:
    """An empty draft that waits to be cut. Raises BadQuestion for targets that cannot be."""
    least, most = targets.least or 0.0, targets.most or float("inf")
    if not targets.aim > 0 or not 0 <= least <= targets.aim <= most:
        raise BadQuestion(field="cut.aim", value=targets.aim, allowed="least..most")
    cut = {"measure": str(targets.measure), "aim": targets.aim, "least": targets.least, "most": targets.most}
    target_m2 = targets.aim if targets.measure is Measure.AREA else TARGET_M2
    return _begin(tx, district, by=by, note=note, target_m2=target_m2, cut=cut, step="waiting", share=0.0)


def cut(engine: Engine, division: int, *, progress: Progress = silent) -> None:
    """Fill a draft that waits to be cut; where that cannot be, the reason is kept. Doing it twice is harmless."""
    with begin(engine) as tx:
        seen = divisions.division(tx, division)
        if seen.state is not DivisionState.DRAFT or seen.share is None or seen.cut is None:
            return
        ground = blocks(tx, seen.district)

    def told(step: str, share: float) -> None:
        with begin(engine) as tx:
            divisions.note_progress(tx, division, {"step": step, "share": share})
        progress(step, share)

    try:
        pattern = CodePattern(name="", text=seen.pattern)
        grid = compile_place(ground, targets=targets_of(seen.cut), limit=pattern.limit, progress=told)
        with begin(engine) as tx:
            _fill(tx, division, grid)
    except GroundError as error:
        with begin(engine) as tx:
            failed = {"code": error.code, "params": {name: str(value) for name, value in error.params.items()}}
            divisions.note_progress(tx, division, {"step": "", "share": None, "error": failed})


def targets_of(cut: Mapping[str, Any]) -> Targets:
    """What a division is cut towards, as it was kept."""
    return Targets(measure=Measure(cut["measure"]), aim=cut["aim"], least=cut["least"], most=cut["most"])


def draft_from_cells(
    engine: Engine, district: DistrictId, cells: Sequence[GivenCell], *, by: int | None = None, note: str = ""
) -> int:
    """A draft of what somebody brought, WGS 84, with all its faults: it is checked and mended there.

    A cell whose ground is that of a cell in force goes on as that one. Raises NotFound, BadQuestion.
    """
    with begin(engine) as tx:
        return draft_of(tx, district, cells, by=by, note=note)


def draft_of(
    tx: Transaction, district: DistrictId, cells: Sequence[GivenCell], *, by: int | None = None, note: str = ""
) -> int:
    """`draft_from_cells` in a transaction that is open."""
    if not 0 < len(cells) <= BROUGHT:
        raise BadQuestion(field="cells", value=len(cells), allowed=f"1..{BROUGHT}")
    made = _begin(tx, district, by=by, note=note, target_m2=TARGET_M2)
    rows = _brought(tx, district, cells)
    same = standing.same_ground(tx, divisions.division(tx, made), rows)
    kept = [replace(row, cell=cell, code=None if cell else row.code) for row, cell in zip(rows, same, strict=True)]
    drafts.put(tx, made, kept)
    drafts.count_all(tx, made)
    return made


def _begin(tx: Transaction, district: DistrictId, *, by: int | None, **values: Any) -> int:
    stands = divisions.standing(tx, district)
    basis = {"based_on": stands.id, "pattern": stands.pattern} if stands else {}
    return divisions.add(tx, district, **(basis | {"made_by": by} | values))


def _fill(tx: Transaction, division: int, grid: Grid) -> None:
    before = divisions.division(tx, division, lock=True)
    assert grid.plane is not None  # noqa: S101 - blocks have one
    _, areas = surroundings.communities(tx, before.district, grid.plane)
    shapes = [grid.plane.to_degrees(cell.polygon) for cell in grid.cells]
    rows = [
        DraftCell(key=f"n{k + 1}", geom=shape, area=areas[cell.community], area_m2=cell.area_m2)
        for k, (cell, shape) in enumerate(zip(grid.cells, shapes, strict=True))
    ]
    same = standing.same_ground(tx, before, rows)
    drafts.remove(tx, division)
    drafts.put(tx, division, [replace(row, cell=cell) for row, cell in zip(rows, same, strict=True)])
    drafts.count_all(tx, division)
    divisions.save(tx, before, step="", share=None, error=None, target_m2=grid.target_m2)


def _brought(tx: Transaction, district: DistrictId, cells: Sequence[GivenCell]) -> list[DraftCell]:
    """Rows with the community that is named, else the one in which most of a cell lies."""
    plane = plane_of(tx, district)
    communities, areas = surroundings.communities(tx, district, plane)
    grounds = [community.polygon for community in communities]
    tree = shapely.STRtree(grounds)
    rows = []
    for k, cell in enumerate(cells):
        shape = shapely.force_2d(plane.to_metres(cell.polygon))
        area = areas.get(cell.community or "")
        if area is None:
            sound = shapely.make_valid(shape)
            near = sorted(tree.query(sound), key=lambda i: -shapely.intersection(sound, grounds[i]).area)
            area = areas[communities[near[0]].code] if near else None
        geom = shapely.force_2d(cell.polygon)
        rows.append(DraftCell(key=f"n{k + 1}", geom=geom, code=cell.code, area=area, area_m2=float(shape.area)))
    return rows

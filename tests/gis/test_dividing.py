"""Divisions on their way: drafts are edited, undone, checked, mended, and come into force with codes that stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import shapely
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError

from gis import tables
from gis.database import Transaction
from gis.dividing import checking, converting, drafting, editing
from gis.dividing.editing import Change, Edit
from gis.dividing.standing import Stood, stand
from gis.errors import BadQuestion, EditRefused, GridBroken
from gis.grid.given import GivenCell, Kind
from gis.model import Division, DivisionState
from gis.store import cells, divisions, drafts
from tests.gis.towns import PLANE, Stored, store, town

TOWN = town(7, streets=9, houses=60)
NOW = datetime(2027, 1, 1, tzinfo=UTC)


@dataclass
class Desk:
    """A divided town and a draft of it."""

    tx: Transaction
    stored: Stored
    draft: int

    def division(self) -> Division:
        return divisions.division(self.tx, self.draft)

    def cells(self) -> dict[str, shapely.Geometry]:
        return {row.key: row.geom for row in drafts.cells(self.tx, self.draft)}

    def edit(self, edit: Edit) -> Change:
        hood = editing.read(self.tx, self.division(), edit)
        made = editing.change(self.tx, self.division(), hood, edit, editing.tried(hood, edit))
        editing.keep(self.tx, self.division(), made, by=1)
        return made

    def largest(self) -> str:
        return max(drafts.cells(self.tx, self.draft), key=lambda row: row.area_m2).key

    def neighbour(self, key: str) -> str:
        """A cell of the same community that shares a stretch of border."""
        rows = {row.key: row for row in drafts.cells(self.tx, self.draft)}
        mine = rows.pop(key)
        beside = [k for k, row in rows.items() if row.area == mine.area and _shared(row.geom, mine.geom) > 1e-4]
        return min(beside)

    def split(self, key: str | None = None) -> Change:
        key = key or self.largest()
        west, south, east, north = self.cells()[key].bounds
        middle = (west + east) / 2
        return self.edit(Edit(op="split", cells=(key,), shape=shapely.LineString([(middle, south), (middle, north)])))

    def stand(self) -> Stood:
        planned = divisions.save(self.tx, self.division(), state=DivisionState.PLANNED, starts=NOW)
        return stand(self.tx, planned, at=NOW)


@pytest.fixture
def desk(module_database: Engine) -> Iterator[Desk]:
    """All in one transaction that is taken back at the end: a fresh town for every test, in milliseconds."""
    with module_database.connect() as tx, tx.begin() as all_of_it:
        stored = store(tx, TOWN)
        cells.cut_grid(tx, stored.district)
        standing = divisions.standing(tx, stored.district)
        assert standing is not None
        yield Desk(tx=tx, stored=stored, draft=drafting.draft_from(tx, standing.id, by=1))
        all_of_it.rollback()


def _shared(one: shapely.Geometry, other: shapely.Geometry) -> float:
    return float(shapely.intersection(one.boundary, other.boundary).length)


def _rows(desk: Desk) -> dict[str, tuple[object, ...]]:
    found = drafts.cells(desk.tx, desk.draft)
    return {r.key: (r.cell, r.code, r.area, r.buildings, round(r.people, 6), shapely.to_wkb(r.geom)) for r in found}


def test_a_draft_of_what_stands_has_its_cells_and_nothing_wrong(desk: Desk) -> None:
    standing = cells.cells(desk.tx, desk.stored.district)
    assert {row.cell for row in drafts.cells(desk.tx, desk.draft)} == {cell.id for cell in standing}
    assert desk.division().state is DivisionState.DRAFT
    assert checking.checked(checking.read(desk.tx, desk.division())).blocking == ()


def test_a_cell_that_is_split_is_two_with_its_buildings_and_its_ground(desk: Desk) -> None:
    key = desk.largest()
    before = next(row for row in drafts.cells(desk.tx, desk.draft, [key]))
    made = desk.split(key)
    parts = [row for row in made.made if row.key in made.touched]
    assert len(parts) >= 2
    assert sum(row.buildings for row in parts) == before.buildings
    assert sum(row.people for row in parts) == pytest.approx(before.people)
    ground = PLANE.to_metres(shapely.union_all([row.geom for row in parts]))
    assert ground.symmetric_difference(PLANE.to_metres(before.geom)).area < 0.5
    assert all(row.cell is None for row in parts)
    assert checking.checked(checking.read(desk.tx, desk.division())).blocking == ()


def test_undoing_and_doing_again_leads_to_the_very_same_rows(desk: Desk) -> None:
    start = _rows(desk)
    desk.split()
    once = _rows(desk)
    desk.split()
    twice = _rows(desk)
    assert editing.undo(desk.tx, desk.division()) is not None
    assert _rows(desk) == once
    assert editing.undo(desk.tx, desk.division()) is not None
    assert _rows(desk) == start
    assert editing.undo(desk.tx, desk.division()) is None
    assert editing.redo(desk.tx, desk.division()) is not None
    assert _rows(desk) == once
    assert editing.redo(desk.tx, desk.division()) is not None
    assert _rows(desk) == twice
    assert editing.redo(desk.tx, desk.division()) is None


def test_an_edit_after_undoing_forgets_what_was_undone_and_takes_no_key_again(desk: Desk) -> None:
    first = desk.split()
    editing.undo(desk.tx, desk.division())
    second = desk.split()
    assert editing.redo(desk.tx, desk.division()) is None
    assert [edit.kind for edit in drafts.edits(desk.tx, desk.draft)] == ["split"]
    new = [{key for key in made.touched if key.startswith("n")} for made in (first, second)]
    assert new[0]
    assert not new[0] & new[1]


def test_what_is_split_and_merged_again_is_the_cell_that_it_was(desk: Desk) -> None:
    key = desk.largest()
    before = drafts.cells(desk.tx, desk.draft, [key])[0]
    parts = desk.split(key).touched
    merged = desk.edit(Edit(op="merge", cells=tuple(sorted(parts))))
    (after,) = (row for row in merged.made if row.key in merged.touched)
    assert after.cell == before.cell
    assert desk.stand().begun == {}


def test_cells_that_do_not_change_go_on_and_the_others_get_numbers_that_never_were(desk: Desk) -> None:
    tx, district = desk.tx, desk.stored.district
    before = {cell.id: cell for cell in cells.cells(tx, district)}
    split = desk.largest()
    old = drafts.cells(tx, desk.draft, [split])[0].cell
    desk.split(split)
    stood = desk.stand()
    after = {cell.id: cell for cell in cells.cells(tx, district)}
    assert before.keys() - after.keys() == {old}
    assert stood.ended == {old: "split"}
    assert {after[key].code for key in after.keys() & before.keys()} == {
        before[key].code for key in after.keys() & before.keys()
    }
    new = {after[key].code for key in after.keys() - before.keys()}
    assert new == {after[key].code for key in stood.begun.values()}
    assert not new & {cell.code for cell in before.values()}
    assert all(
        cell.seq > max(b.seq for b in before.values() if b.area == cell.area)
        for key, cell in after.items()
        if key not in before
    )
    assert sum(cell.buildings for cell in after.values()) == len(TOWN.buildings)
    assert tx.scalar(text("SELECT void_reason FROM cell WHERE id = :id"), {"id": old}) == "split"
    tx.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_both_divisions_keep_their_cells_and_the_past_one_ends_where_the_new_one_begins(desk: Desk) -> None:
    tx = desk.tx
    was = {cell.code for cell in cells.cells(tx, desk.stored.district)}
    desk.split()
    stood = desk.stand()
    old, new = divisions.division(tx, before_of(stood).id), stood.division
    assert (old.state, old.ends, new.state, new.starts) == (DivisionState.PAST, NOW, DivisionState.STANDING, NOW)
    for version, codes in ((old.id, was), (new.id, {cell.code for cell in cells.cells(tx, desk.stored.district)})):
        found = tx.execute(text("SELECT code FROM division_cells(:v)"), {"v": version}).scalars().all()
        assert set(found) == codes
        assert tx.execute(text("SELECT count(*) FROM grid_faults(:v)"), {"v": version}).scalar_one() == 0
    assert divisions.counts(tx, desk.stored.district) == {old.id: len(was), new.id: len(was) - 1 + len(stood.begun)}
    point = tx.execute(select(tables.building.c.id, tables.building.c.point).limit(1)).one()
    both = text("SELECT cell_of(:old, point), cell_of(:new, point) FROM building WHERE id = :id")
    assert None not in tx.execute(both, {"old": old.id, "new": new.id, "id": point[0]}).one()


def test_a_draft_with_a_hole_does_not_come_into_force(desk: Desk) -> None:
    drafts.remove(desk.tx, desk.draft, [desk.largest()])
    faults = checking.checked(checking.read(desk.tx, desk.division())).blocking
    assert Kind.GAP in {fault.kind for fault in faults}
    with pytest.raises(GridBroken) as broken:
        desk.stand()
    assert broken.value.params["gaps"]


def test_a_hole_is_mended_listed_and_undone(desk: Desk) -> None:
    drafts.remove(desk.tx, desk.draft, [desk.largest()])
    start = _rows(desk)
    hood = checking.read(desk.tx, desk.division())
    found = checking.checked(hood)
    done = checking.mended(found, None, None)
    made, _ = checking.change(desk.tx, desk.division(), hood, done)
    editing.keep(desk.tx, desk.division(), made, by=1)
    assert done.mends
    assert checking.checked(checking.read(desk.tx, desk.division())).blocking == ()
    editing.undo(desk.tx, desk.division())
    assert _rows(desk) == start


def test_values_go_from_one_division_to_the_other_by_people_and_their_sum_stays(desk: Desk) -> None:
    tx = desk.tx
    codes = [cell.code for cell in cells.cells(tx, desk.stored.district)]
    values = {code: float(k + 1) for k, code in enumerate(codes)}
    made = desk.split()
    people = {row.key: row.people for row in made.made if row.key in made.touched}
    stood = desk.stand()
    after = converting.convert(tx, values, before_of(stood).id, stood.division.id)
    assert sum(after.values()) == pytest.approx(sum(values.values()))
    old = next(iter({share.from_code for share in stood.shares}))
    assert old not in after
    names = {key: cells.cell(tx, cell).code for key, cell in stood.begun.items()}
    for key, alive in people.items():
        share = alive / sum(people.values())
        assert after.get(names[key], 0.0) == pytest.approx(values[str(old)] * share)
    back = converting.convert(tx, after, stood.division.id, before_of(stood).id)
    assert back == pytest.approx(values)


def test_cells_that_are_brought_make_a_draft_with_all_their_faults(desk: Desk, module_database: Engine) -> None:
    standing = cells.cells(desk.tx, desk.stored.district)
    shapes = cells.outlines(desk.tx, desk.stored.district)
    brought = [GivenCell(key=cell.code, polygon=shapes[cell.id], code=cell.code) for cell in standing]
    bow_tie = shapely.Polygon([(24.9401, 60.1601), (24.9405, 60.1605), (24.9405, 60.1601), (24.9401, 60.1605)])
    with pytest.raises(BadQuestion):
        drafting.draft_from_cells(module_database, desk.stored.district, [])
    made = drafting.draft_of(desk.tx, desk.stored.district, [*brought, GivenCell(key="x", polygon=bow_tie)], by=1)
    rows = drafts.cells(desk.tx, made)
    assert Counter(row.cell is None for row in rows) == {False: len(standing), True: 1}
    found = checking.checked(checking.read(desk.tx, divisions.division(desk.tx, made)))
    assert {Kind.INVALID, Kind.OVERLAP} <= {fault.kind for fault in found.blocking}


def test_a_cell_that_stands_keeps_its_ground_but_may_get_a_corner(desk: Desk) -> None:
    tx, cell = desk.tx, tables.cell
    row = tx.execute(select(cell.c.id, text("ST_AsBinary(geom)")).limit(1)).one()
    shape = shapely.from_wkb(bytes(row[1]))
    ring = list(shape.exterior.coords)
    middle = ((ring[0][0] + ring[1][0]) / 2, (ring[0][1] + ring[1][1]) / 2)
    with_corner = shapely.Polygon([ring[0], middle, *ring[1:]])
    change = text("UPDATE cell SET geom = ST_GeomFromText(:g, 4326) WHERE id = :id")
    tx.execute(change, {"g": with_corner.wkt, "id": row[0]})
    point = tx.begin_nested()
    with pytest.raises(IntegrityError, match="keeps its code"):
        tx.execute(change, {"g": shapely.affinity.translate(shape, 1e-7).wkt, "id": row[0]})
    point.rollback()


def test_an_edit_that_cannot_be_is_refused_and_nothing_is_written(desk: Desk) -> None:
    start = _rows(desk)
    key = desk.largest()
    far = shapely.LineString([(25.5, 60.5), (25.6, 60.6)])
    for wrong in (
        Edit(op="split", cells=(key,), shape=far),
        Edit(op="split", cells=("nobody",), shape=far),
        Edit(op="merge", cells=(key,)),
        Edit(op="bend", cells=(key,)),
    ):
        with pytest.raises((EditRefused, BadQuestion)):
            desk.edit(wrong)
    assert _rows(desk) == start


def before_of(stood: Stood) -> Division:
    assert stood.before is not None
    return stood.before

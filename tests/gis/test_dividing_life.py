"""The life of divisions, at random: whatever is drawn, undone, done again, planned and put in force, the rules hold."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
import shapely
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Engine, text

from gis.database import Transaction, begin
from gis.dividing import checking, drafting, editing
from gis.dividing.editing import Edit
from gis.dividing.standing import stand
from gis.errors import EditRefused
from gis.model import Division, DivisionState
from gis.store import cells, divisions, drafts
from tests.gis.towns import store, town

TOWN = town(11, streets=7, houses=50)
START = datetime(2027, 1, 1, tzinfo=UTC)
SHARES = st.floats(0.2, 0.8)
WHICH = st.integers(0, 10**6)


class Life(RuleBasedStateMachine):
    """One town in one transaction that is taken back at the end. `rows` is what undo has to lead back to."""

    engine: ClassVar[Engine]

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.engine.connect()
        self.whole = self.connection.begin()
        self.tx: Transaction = self.connection
        stored = store(self.tx, TOWN)
        cells.cut_grid(self.tx, stored.district)
        self.district = stored.district
        self.codes: dict[int, str] = {}  #: every code that ever was, by cell
        self.grounds: dict[int, bytes] = {}
        self.turns = 1
        self._draft()

    def teardown(self) -> None:
        self.whole.rollback()
        self.connection.close()

    def _draft(self) -> None:
        standing = divisions.standing(self.tx, self.district)
        assert standing is not None
        self.draft = drafting.draft_from(self.tx, standing.id, by=1)
        self.done: list[dict[str, Any]] = [self._rows()]
        self.undone: list[dict[str, Any]] = []

    def _division(self) -> Division:
        return divisions.division(self.tx, self.draft)

    def _rows(self) -> dict[str, Any]:
        return {row.key: drafts.as_row(row) for row in drafts.cells(self.tx, self.draft)}

    def _edit(self, edit: Edit) -> None:
        with suppress(EditRefused):
            hood = editing.read(self.tx, self._division(), edit)
            change = editing.change(self.tx, self._division(), hood, edit, editing.tried(hood, edit))
            editing.keep(self.tx, self._division(), change, by=1)
            self.done.append(self._rows())
            self.undone = []

    def _pick(self, which: int) -> tuple[str, shapely.Geometry]:
        rows = drafts.cells(self.tx, self.draft)
        row = rows[which % len(rows)]
        return row.key, row.geom

    @rule(which=WHICH, share=SHARES, upright=st.booleans())
    def split(self, which: int, share: float, upright: bool) -> None:
        key, shape = self._pick(which)
        west, south, east, north = shape.bounds
        x, y = west + share * (east - west), south + share * (north - south)
        ends = [(x, south), (x, north)] if upright else [(west, y), (east, y)]
        self._edit(Edit(op="split", cells=(key,), shape=shapely.LineString(ends)))

    @rule(which=WHICH, other=WHICH)
    def merge(self, which: int, other: int) -> None:
        key, shape = self._pick(which)
        near = [r.key for r in drafts.cells(self.tx, self.draft) if r.key != key and r.geom.intersects(shape)]
        if near:
            self._edit(Edit(op="merge", cells=(key, near[other % len(near)])))

    @rule(which=WHICH, share=SHARES)
    def assign(self, which: int, share: float) -> None:
        key, shape = self._pick(which)
        ground = shapely.point_on_surface(shape).buffer(3e-4 * share + 1e-4)
        self._edit(Edit(op="assign", cells=(key,), shape=ground))

    @rule()
    def undo(self) -> None:
        change = editing.undo(self.tx, self._division())
        assert (change is None) == (len(self.done) == 1)
        if change is not None:
            self.undone.append(self.done.pop())
        assert self._rows() == self.done[-1]

    @rule()
    def redo(self) -> None:
        change = editing.redo(self.tx, self._division())
        assert (change is None) == (not self.undone)
        if change is not None:
            self.done.append(self.undone.pop())
        assert self._rows() == self.done[-1]

    @precondition(lambda self: self.turns < 4)
    @rule()
    def stand(self) -> None:
        assert checking.checked(checking.read(self.tx, self._division())).blocking == ()
        self.turns += 1
        at = START + timedelta(days=self.turns)
        planned = divisions.save(self.tx, self._division(), state=DivisionState.PLANNED, starts=at)
        stood = stand(self.tx, planned, at=at)
        assert not {cells.cell(self.tx, key).code for key in stood.begun.values()} & set(self.codes.values())
        self._draft()

    @invariant()
    def exactly_one_division_stands_and_is_sound(self) -> None:
        found = divisions.divisions(self.tx, self.district)
        (stands,) = (one for one in found if one.state is DivisionState.STANDING)
        assert self.tx.execute(text("SELECT * FROM grid_faults(:v)"), {"v": stands.id}).all() == []
        assert stands.turn == self.turns

    @invariant()
    def every_building_has_a_cell_of_the_division_in_force(self) -> None:
        self.tx.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        self.tx.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        assert sum(cell.buildings for cell in cells.cells(self.tx, self.district)) == len(TOWN.buildings)

    @invariant()
    def a_code_stands_for_one_ground_for_ever(self) -> None:
        for key, code, ground in self.tx.execute(text(GROUNDS), {"d": self.district}):
            assert self.codes.setdefault(key, code) == code
            before = shapely.from_wkb(self.grounds.setdefault(key, bytes(ground)))
            assert before.hausdorff_distance(shapely.from_wkb(bytes(ground))) < 1e-7
        assert len(set(self.codes.values())) == len(self.codes)

    @invariant()
    def the_draft_covers_the_place_once(self) -> None:
        rows = drafts.cells(self.tx, self.draft)
        whole = shapely.union_all([row.geom for row in rows])
        assert whole.area == pytest.approx(sum(row.geom.area for row in rows), rel=1e-9)
        assert sum(row.buildings for row in rows) == len(TOWN.buildings)


GROUNDS = "SELECT id, code, ST_AsBinary(geom) FROM cell WHERE district = :d"


def test_whatever_is_done_to_divisions_the_rules_hold(module_database: Engine) -> None:
    class Here(Life):
        engine = module_database

    with begin(module_database):
        pass
    machine = Here.TestCase
    machine.settings = settings(
        max_examples=6, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
    )
    machine("runTest").runTest()

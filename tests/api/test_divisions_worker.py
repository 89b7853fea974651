"""The worker and divisions: cut when somebody asks, in force at the date, also after it was down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from dispatch.dividing import deciding, drawing, standing
from dispatch.model import Grant, Role, User
from gis.database import begin
from gis.grid.model import Targets
from gis.model import Division
from gis.store import cells, divisions
from tests.api.test_work import start, until
from tests.gis.towns import store, town


class Room:
    """A divided town, a planner and a supervisor."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with begin(engine) as tx:
            self.district = store(tx, town(7, streets=9, houses=60)).district
            cells.cut_grid(tx, self.district)
            stands = divisions.standing(tx, self.district)
        assert stands is not None
        self.stands = stands
        self.planner, self.supervisor = self._user("planner", Role.PLANNER), self._user("supervisor", Role.SUPERVISOR)

    def _user(self, login: str, role: Role) -> User:
        with begin(self.engine) as tx:
            key = tx.scalar(text("INSERT INTO app_user (login, name) VALUES (:l, :l) RETURNING id"), {"l": login})
        grant = Grant(role=role, district=self.district, area=0)
        return User(id=int(key or 0), login=login, name=login, language="en", grants=(grant,))

    def planned(self, starts: datetime) -> Division:
        one = drawing.draft(
            self.engine, who=self.planner, district=self.district, based_on=self.standing(), note="", key=None
        )
        proposed = deciding.propose(
            self.engine, who=self.planner, division=one.id, version=1, starts=starts, note="", key=None
        )
        return deciding.approve(self.engine, who=self.supervisor, division=one.id, version=proposed.version, key=None)

    def division(self, key: int) -> Division:
        with begin(self.engine) as tx:
            return divisions.division(tx, key)

    def standing(self) -> int:
        with begin(self.engine) as tx:
            found = divisions.standing(tx, self.district)
        assert found is not None
        return found.id


@pytest.fixture
def room(database: Engine) -> Room:
    return Room(database)


@pytest.mark.slow
def test_what_fell_due_while_no_worker_ran_stands_once_one_does_and_the_next_one_at_its_moment(
    room: Room, database_url: str, tmp_path: Path
) -> None:
    missed = room.planned(datetime.now(UTC) - timedelta(hours=1))
    with start(database_url, tmp_path) as process:
        try:
            until(lambda: room.standing() == missed.id, seconds=90)
            assert room.division(room.stands.id).ends == room.division(missed.id).starts
            soon = datetime.now(UTC) + timedelta(seconds=4)
            following = room.planned(soon)
            until(lambda: room.standing() == following.id, seconds=40)
            stood = room.division(following.id).stood_at
            assert stood is not None
            assert timedelta() <= stood - soon < timedelta(minutes=1)
            cut = drawing.draft_cut(
                room.engine,
                who=room.planner,
                district=room.district,
                targets=Targets(aim=20_000.0),
                note="",
                key=None,
            )
            until(lambda: room.division(cut.id).share is None, seconds=60)
            assert room.division(cut.id).error is None
        finally:
            process.kill()


def test_what_is_not_sound_at_its_date_goes_back_to_the_draft_and_nothing_else_changes(room: Room) -> None:

    one = room.planned(datetime.now(UTC) - timedelta(hours=1))
    with begin(room.engine) as tx:
        tx.execute(
            text("DELETE FROM draft_cell WHERE division = :d AND key = (SELECT min(key) FROM draft_cell)"),
            {"d": one.id},
        )
    assert standing.come_into_force(room.engine) == []
    after = room.division(one.id)
    assert (str(after.state), (after.error or {})["code"], after.approved_by) == ("draft", "ground.grid_broken", None)
    assert room.standing() == room.stands.id
    with begin(room.engine) as tx:
        told = tx.scalars(text("SELECT kind FROM event ORDER BY seq DESC LIMIT 1")).one()
    assert told == "division.failed"

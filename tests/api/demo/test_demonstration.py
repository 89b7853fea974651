"""The demonstration in a small town: settled once, visitors signed in, cases that close by themselves."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.demo import crew, stream
from api.demo.links import links, tokens
from api.settings import Settings
from api.wiring import House, house
from dispatch import desk, invariants, store
from dispatch.model import OPEN_STAGES, ResponderKind, Role, Stage
from dispatch.planning import Planner, plan_district
from gis.database import begin
from gis.importing import import_place
from tests.api.town import TINY

BEAT = 20.0  #: seconds of the actors' clock between two looks; nobody waits for them
MOST_BEATS = 250


@pytest.fixture(scope="module")
def home(module_database: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("demo")
    import_place(module_database, TINY, folder=folder, progress=lambda _step, _share: None, fictional=True)
    url = module_database.url.render_as_string(hide_password=False).replace("+psycopg2", "")
    made = house(Settings(database_url=url, folder=folder, demo=True))
    yield made
    made.close()


@pytest.fixture(scope="module")
def place(home: House) -> int:
    return home.districts()[0].id


@pytest.fixture(scope="module")
def settled(home: House, place: int) -> int:
    return crew.settle(home.engine, place)


def test_settling_twice_is_settling_once(home: House, place: int, settled: int) -> None:
    assert crew.settle(home.engine, place) == settled
    with begin(home.engine) as tx:
        kinds = {one.kind for one in store.responders(tx, place)}
    assert kinds == set(ResponderKind)


def test_every_role_has_a_link_and_they_work_more_than_once(home: House, settled: int) -> None:
    known = tokens(home.engine)
    assert {role for role, _, _ in known} == {str(role) for role in Role}
    assert len({token for _, _, token in known}) == len(known)


def test_there_are_no_links_outside_the_demonstration(home: House, settled: int) -> None:
    assert links(Settings(database_url=home.settings.database_url, demo=False)) == []


def test_a_real_place_gets_no_fictional_crew(second_database: Engine, tmp_path: Path) -> None:
    real = import_place(second_database, TINY, folder=tmp_path, progress=lambda _step, _share: None).district
    with pytest.raises(ValueError, match="real place"):
        crew.settle(second_database, real)


def test_the_stream_refuses_to_play_outside_demo_mode(home: House) -> None:
    with pytest.raises(ValueError, match="demo mode"):
        stream.run(Settings(database_url=home.settings.database_url, demo=False))


def test_callers_call_and_the_crew_closes_cases(home: House, place: int, settled: int) -> None:
    (stage,) = stream.stages_of(home)
    for actor in stage.actors.values():
        actor.chance = random.Random(actor.user.id)
    planner = Planner(engine=home.engine, travel=home.roads.of(place), seconds=0.05)
    closed: list[int] = []
    for beat in range(MOST_BEATS):
        stage.tick(1000.0 + beat * BEAT)
        plan_district(planner, place)
        seen = desk.snapshot(home.desk, stage.watcher, place)
        closed = [case.id for case in seen.incidents if case.stage in (Stage.CLOSED, Stage.EVALUATED)]
        if len(closed) >= 3:
            break
    assert len(closed) >= 3
    assert len(seen.incidents) >= 7
    assert sum(case.stage in OPEN_STAGES for case in seen.incidents) <= 20
    with begin(home.engine) as tx:
        assert invariants.check(tx) == []

"""The same on a whole country: from the word to other travel times in five seconds."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import LineString, mapping
from sqlalchemy import Engine, text

from api.app import create_app
from api.settings import Settings
from dispatch import accounts
from dispatch.model import Role
from gis.importing import import_place
from gis.model import Mode, Point
from gis.store import districts
from gis.travel.engine import TravelEngine
from tests.api.serving import serving
from tests.api.test_work import start, until
from tests.api.town import Person

pytestmark = pytest.mark.slow

SOON = 5.0  #: seconds
VADUZ, SCHAAN, BALZERS = Point(9.5215, 47.1393), Point(9.5087, 47.1650), Point(9.5030, 47.0660)


@pytest.fixture(scope="module")
def country(
    module_database: Engine, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Person, int, TravelEngine, subprocess.Popen[bytes]]]:
    """A dispatcher of Liechtenstein, its number, its roads as the serving process knows them, and a worker."""
    folder = tmp_path_factory.mktemp("country")
    file = shared_data / "osm" / "liechtenstein_2024.osm.pbf"
    place = import_place(module_database, file, folder=folder, progress=lambda _step, _share: None).district
    with module_database.begin() as tx:
        area = districts.areas(tx, place)[0].id
    user = accounts.add_user(module_database, login="d", name="D", password=None, grants=[(Role.DISPATCHER, area)])
    opened = accounts.open_session(module_database, user.id)
    url = module_database.url.render_as_string(hide_password=False).replace("+psycopg2", "")
    app = create_app(Settings(database_url=url, folder=folder, web=folder / "dist"))
    with serving(app) as client, start(url, folder) as worker:
        until(lambda: _ready(module_database), seconds=60)
        roads = app.state.house.roads.of(place)
        yield Person(client, opened.token, opened.csrf, user.id), place, roads, worker
        worker.kill()


def _ready(engine: Engine) -> bool:
    with engine.begin() as tx:
        return bool(tx.scalar(text("SELECT count(*) FROM procrastinate_workers")))


def test_a_street_closed_in_a_country_changes_every_mode_within_five_seconds(country: Any) -> None:
    dispatcher, place, roads, _ = country
    before = {mode: roads.matrix(mode, [VADUZ], [SCHAAN, BALZERS]).seconds for mode in Mode}
    line = roads.route(Mode.DRIVE, [VADUZ, SCHAAN]).line
    middle = LineString([(p.lon, p.lat) for p in line[len(line) // 2 : len(line) // 2 + 6]])
    took = []
    for _ in range(3):
        body = {"district": place, "geometry": mapping(middle.buffer(0.0002)), "reason": "Burst pipe"}
        began = time.monotonic()
        made = dispatcher.post("/api/closures", body)
        assert made.status_code == 201, made.text
        until(
            lambda: roads.matrix(Mode.DRIVE, [VADUZ], [SCHAAN]).seconds[0, 0] > before[Mode.DRIVE][0, 0], seconds=SOON
        )
        took.append(time.monotonic() - began)
        assert roads.matrix(Mode.DRIVE, [VADUZ], [BALZERS]).seconds[0, 0] == pytest.approx(
            before[Mode.DRIVE][0, 1], rel=0.01
        )
        assert dispatcher.post(f"/api/closures/{made.json()['id']}/lift", {"version": 1}).status_code == 200
        until(
            lambda: roads.matrix(Mode.DRIVE, [VADUZ], [SCHAAN]).seconds[0, 0] == before[Mode.DRIVE][0, 0], seconds=SOON
        )
    print("from the word to other travel times, s:", [round(one, 2) for one in took])  # noqa: T201  a figure to look at
    for mode in Mode:
        assert (roads.matrix(mode, [VADUZ], [SCHAAN, BALZERS]).seconds == before[mode]).all()

"""From a line on the map to other travel times: over HTTP, with a worker beside it."""

from __future__ import annotations

import json
import subprocess
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from dispatch.model import Event
from dispatch.planning import worth_planning
from gis.model import Mode, Point
from tests.api.test_work import start, until
from tests.api.town import MANHOLE, Person, Town, town
from tests.gis.test_travel_workzones import event

SOON, LATER = 5.0, 20.0  #: seconds from the word to other travel times: as promised, and where that is not the point
#: along Mill Lane of Tinyville, from crossing to crossing
LINE = {"type": "LineString", "coordinates": [[10.0013975, 50.0018087], [10.002795, 50.0018087]]}
A, B = Point(10.0016, 50.0018087), Point(10.0026, 50.0018087)


@pytest.fixture(scope="module")
def place(module_database: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    with town(module_database, folder) as found, _worker(module_database, folder):
        until(lambda: _one(module_database, "SELECT count(*) FROM procrastinate_workers"), seconds=60)
        yield found


def _one(engine: Engine, question: str) -> Any:
    with engine.begin() as tx:
        return tx.scalar(text(question))


def _worker(engine: Engine, folder: Path) -> _Killed:
    url = engine.url.render_as_string(hide_password=False).replace("+psycopg2", "")
    return _Killed(start(url, folder))


class _Killed:
    """A worker that is gone at the end."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def __enter__(self) -> subprocess.Popen[bytes]:
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def dispatcher(place: Town) -> Iterator[Person]:
    yield place["dispatcher"]
    for one in place["dispatcher"].get("/api/closures", params={"district": place.district}).json()["features"]:
        lifted = place["dispatcher"].post(f"/api/closures/{one['id']}/lift", {"version": one["properties"]["version"]})
        assert lifted.status_code == 200, lifted.text
    until(lambda: not _one(place.engine, "SELECT count(*) FROM road_state WHERE key IS NOT NULL"))


def metres(place: Town, mode: Mode = Mode.DRIVE) -> float:
    """The way along the street, as the serving process measures it."""
    return float(place.app.state.house.roads.of(place.district).matrix(mode, [A], [B]).metres[0, 0])


def close(who: Person, place: Town, **changes: Any) -> Any:
    body = {"district": place.district, "geometry": LINE, "reason": "Burst pipe"} | changes
    return who.post("/api/closures", body)


def shown(who: Person, place: Town, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = who.get("/api/closures", params={"district": place.district} | more).json()
    return found


def kinds(place: Town) -> list[str]:
    with place.engine.begin() as tx:
        return list(tx.scalars(text("SELECT kind FROM event ORDER BY seq")))


def test_a_line_on_the_map_changes_travel_times_within_seconds(place: Town, dispatcher: Person) -> None:
    before = metres(place)
    began = time.monotonic()
    answer = close(dispatcher, place)
    assert answer.status_code == 201
    assert answer.json()["properties"]["state"] == "live"
    until(lambda: metres(place) > 2 * before, seconds=SOON)
    assert time.monotonic() - began < SOON
    until(lambda: shown(dispatcher, place)["state"]["in_force"] == 1, seconds=SOON)
    (feature,) = shown(dispatcher, place)["features"]
    assert feature["properties"]["in_force"]
    assert feature["properties"]["segments"] == 1
    assert feature["geometry"]["coordinates"] == LINE["coordinates"]
    assert "roads.changed" in kinds(place)


def test_a_route_and_the_candidates_follow(place: Town, dispatcher: Person) -> None:
    roads = place.app.state.house.roads.of(place.district)
    case = dispatcher.post(
        place.path("incidents"), {"class_code": MANHOLE, "point": {"lon": B.lon, "lat": B.lat}, "title": "Cover gone"}
    ).json()
    seconds = _seconds(dispatcher, case["id"])
    along = roads.route(Mode.DRIVE, [A, B]).metres
    box = {
        "type": "Polygon",
        "coordinates": [
            [[10.0012, 50.0015], [10.0025, 50.0015], [10.0025, 50.0022], [10.0012, 50.0022], [10.0012, 50.0015]]
        ],
    }
    close(dispatcher, place, geometry=box)
    until(lambda: roads.route(Mode.DRIVE, [A, B]).metres > along, seconds=LATER)
    assert _seconds(dispatcher, case["id"]) != seconds


def _seconds(who: Person, case: int) -> list[float | None]:
    answer = who.get(f"/api/incidents/{case}/candidates")
    assert answer.status_code == 200, answer.text
    return [one["seconds"] for one in answer.json()["candidates"]]


def test_a_closure_begins_and_ends_by_its_own_time(place: Town, dispatcher: Person) -> None:
    before = metres(place)
    now = datetime.now(UTC)
    starts, ends = now + timedelta(seconds=3), now + timedelta(seconds=7)
    close(dispatcher, place, starts=starts.isoformat(), ends=ends.isoformat())
    assert metres(place) == before
    until(lambda: metres(place) > 2 * before, seconds=3 + LATER)
    assert datetime.now(UTC) >= starts
    until(lambda: metres(place) == before, seconds=4 + LATER)
    assert datetime.now(UTC) >= ends


def test_a_job_that_a_killed_worker_left_behind_does_not_keep_roads_open(place: Town, dispatcher: Person) -> None:
    before = metres(place)
    with place.engine.begin() as tx:
        tx.execute(
            text(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)"
                " VALUES ('roads', 'roads', :lock, :lock, :args, 'doing', NULL)"
            ),
            {"lock": f"roads-{place.district}", "args": json.dumps({"district": place.district})},
        )
    close(dispatcher, place)
    until(lambda: metres(place) > 2 * before)


def test_a_lifted_closure_opens_the_road_again(place: Town, dispatcher: Person) -> None:
    before = metres(place)
    made = close(dispatcher, place).json()
    until(lambda: metres(place) > 2 * before, seconds=LATER)
    answer = dispatcher.post(f"/api/closures/{made['id']}/lift", {"version": 1})
    assert answer.json()["properties"]["state"] == "lifted"
    until(lambda: metres(place) == before, seconds=LATER)
    assert shown(dispatcher, place)["features"] == []
    assert made["id"] in [one["id"] for one in shown(dispatcher, place, all=True)["features"]]


def test_a_closure_with_an_end_does_not_hold_up_what_comes_before_it(place: Town, dispatcher: Person) -> None:
    before = metres(place)
    made = close(dispatcher, place, ends=(datetime.now(UTC) + timedelta(hours=1)).isoformat()).json()
    until(lambda: metres(place) > 2 * before, seconds=LATER)
    until(lambda: _one(place.engine, "SELECT count(*) FROM procrastinate_jobs WHERE scheduled_at > now()"))
    assert dispatcher.post(f"/api/closures/{made['id']}/lift", {"version": 1}).status_code == 200
    until(lambda: metres(place) == before, seconds=LATER)


def test_a_closure_for_cars_leaves_walkers_alone(place: Town, dispatcher: Person) -> None:
    on_foot = metres(place, Mode.WALK)
    close(dispatcher, place, modes=["drive"])
    until(lambda: metres(place) > 200, seconds=LATER)
    assert metres(place, Mode.WALK) == on_foot


def test_a_change_keeps_what_is_left_out(place: Town, dispatcher: Person) -> None:
    made = close(dispatcher, place, ends=(datetime.now(UTC) + timedelta(hours=1)).isoformat()).json()
    path = f"/api/closures/{made['id']}"

    def patch(body: dict[str, Any]) -> Any:
        return dispatcher.request("PATCH", path, json=body, headers={"Idempotency-Key": uuid.uuid4().hex})

    open_end = patch({"version": 1, "ends": None}).json()["properties"]
    assert (open_end["ends"], open_end["reason"], open_end["version"]) == (None, "Burst pipe", 2)
    assert patch({"version": 1, "reason": "Other"}).status_code == 409
    renamed = patch({"version": 2, "reason": "Other", "modes": ["walk", "cycle"]}).json()["properties"]
    assert (renamed["reason"], renamed["modes"], renamed["starts"]) == (
        "Other",
        ["cycle", "walk"],
        made["properties"]["starts"],
    )


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_a_bad_shape_gets_field_value_and_way_out(place: Town, dispatcher: Person, language: str) -> None:
    bow = {
        "type": "Polygon",
        "coordinates": [[[10.0, 50.0], [10.002, 50.002], [10.002, 50.0], [10.0, 50.002], [10.0, 50.0]]],
    }
    body = {"district": place.district, "geometry": bow, "reason": "x"}
    answer = dispatcher.post("/api/closures", body, headers={"Accept-Language": language})
    error = answer.json()["error"]
    assert answer.status_code == 422
    assert (error["code"], error["field"], error["params"]["reason"]) == ("ground.bad_shape", "geometry", "crossing")
    assert error["params"]["at"] == {"lon": pytest.approx(10.001), "lat": pytest.approx(50.001)}
    assert error["message"] != error["help"]
    far = close(dispatcher, place, geometry={"type": "LineString", "coordinates": [[1.0, 1.0], [1.001, 1.0]]})
    assert far.json()["error"]["params"]["reason"] == "outside"
    assert close(dispatcher, place, geometry={"type": "Point", "coordinates": [10.002, 50.002]}).status_code == 422
    assert close(dispatcher, place, ends="2020-01-01T00:00:00Z").json()["error"]["field"] == "ends"


def test_odd_values_are_refused_and_no_fault_of_ours(place: Town, dispatcher: Person) -> None:
    for changes in ({"reason": "\\ud800"}, {"reason": "\\u0000"}, {"ends": "9999-12-31T23:59:59-14:00"}):
        body = {"district": place.district, "geometry": LINE, "reason": "x"} | changes
        sent = json.dumps(body).replace("\\\\u", "\\u")
        headers = {"Idempotency-Key": uuid.uuid4().hex, "Content-Type": "application/json"}
        answer = dispatcher.request("POST", "/api/closures", content=sent, headers=headers)
        assert answer.status_code == 422, answer.text


def test_a_closure_needs_a_key(place: Town, dispatcher: Person) -> None:
    body = {"district": place.district, "geometry": LINE, "reason": "x"}
    answer = dispatcher.request("POST", "/api/closures", json=body)
    assert answer.json()["error"]["code"] == "request.no_key"


def test_a_feed_is_taken_with_the_bad_ones_listed(place: Town, dispatcher: Person) -> None:
    feed = {
        "type": "FeatureCollection",
        "features": [
            event("good", geometry=LINE, end_date=None),
            event("lanes", geometry=LINE, vehicle_impact="some-lanes-closed"),
            event("bad", geometry=LINE, start_date="soon"),
        ],
    }
    answer = dispatcher.request(
        "PUT",
        "/api/closures/feed",
        params={"district": place.district, "source": "state"},
        json=feed,
        headers={"Idempotency-Key": uuid.uuid4().hex},
    )
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["added"], said["lifted"]) == (1, 0)
    assert [(one["id"], one["message"]) for one in said["not_used"]] == [("lanes", "Some lanes stay open.")]
    (bad,) = said["refused"]
    assert (bad["index"], bad["field"], bad["value"]) == (2, "properties.start_date", "soon")
    assert "soon" in bad["message"]
    until(lambda: metres(place) > 200, seconds=LATER)


def test_where_no_road_is_the_closure_says_so_in_words(place: Town, dispatcher: Person) -> None:
    field = {"type": "LineString", "coordinates": [[10.0005, 50.0004], [10.0009, 50.0005]]}
    made = close(dispatcher, place, geometry=field).json()

    def trouble() -> Any:
        found = {one["id"]: one["properties"] for one in shown(dispatcher, place)["features"]}
        return found[made["id"]]["trouble"]

    until(lambda: trouble() is not None, seconds=LATER)
    assert trouble() == {"code": "no_road", "message": "No road lies there."}


def test_only_what_the_road_engine_goes_by_is_worth_a_plan() -> None:
    for kind in ("road.closed", "road.changed", "road.reopened"):
        assert not worth_planning(Event(kind=kind, district=1))
    assert worth_planning(Event(kind="roads.changed", district=1))


def test_speeds_are_set_by_the_hour_and_guarded_by_their_version(place: Town) -> None:
    path, key = place.path("speeds"), {"Idempotency-Key": uuid.uuid4().hex}
    admin = place["administrator"]
    first = admin.get(path).json()
    assert first["modes"]["drive"]["weekday"][8] == {
        "hour": 8,
        "permille": 1000,
        "source": "default",
        "samples": 0,
        "learned": None,
    }
    rows = [{"mode": "drive", "day": "any", "hour": 8, "permille": 1300}]
    later = admin.request("PUT", path, json={"version": first["version"], "rows": rows}, headers=key).json()
    assert later["version"] == first["version"] + 1
    assert [later["modes"]["drive"][kind][8]["permille"] for kind in ("weekday", "weekend")] == [1300, 1300]
    fresh = {"Idempotency-Key": uuid.uuid4().hex}
    stale = admin.request("PUT", path, json={"version": first["version"], "rows": rows}, headers=fresh)
    assert stale.status_code == 409
    rows[0]["permille"] = 4000
    wrong = admin.request("PUT", path, json={"version": later["version"], "rows": rows}, headers=fresh)
    assert wrong.json()["error"]["field"] == "rows.0.permille"

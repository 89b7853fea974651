"""Closing roads: who may, once per key, told to everybody, followed by the road engine."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from dispatch import accounts
from dispatch.desk import closing, enforcing, zones
from dispatch.desk.closing import Change, Closing
from dispatch.errors import Forbidden, Invalid, KeyReused, NotNow, Stale
from dispatch.model import Role, User
from gis.errors import BadShape, NotFound, TravelUnavailable
from gis.model import Mode, Point, RoadClosure
from gis.store import closures
from gis.travel import built, graphs
from gis.travel.osrm import Osrm
from tests.dispatch.make import Town, new_key
from tests.gis.test_travel_workzones import event
from tests.gis.travelling import silent
from tests.gis.travelling import town as streets

WEST, SOUTH, STEP = 24.934, 60.156, 0.001  #: the first crossing, and degrees from one to the next
A, B = Point(WEST + 0.0012, SOUTH + 0.002), Point(WEST + 0.0018, SOUTH + 0.002)  #: two ends of one piece of street
PIECE = {"type": "LineString", "coordinates": [[WEST + 0.001, SOUTH + 0.002], [WEST + 0.002, SOUTH + 0.002]]}
OTHER = {"type": "LineString", "coordinates": [[WEST + 0.004, SOUTH + 0.004], [WEST + 0.005, SOUTH + 0.004]]}
NORTH = {"type": "LineString", "coordinates": [[24.94, 60.165], [24.941, 60.165]]}


@pytest.fixture
def folder(town: Town, tmp_path: Path) -> Path:
    """The data folder, with graphs of a net of streets in the south of the town."""
    (tmp_path / "town.osm").write_text(_moved(streets()), encoding="utf-8")
    graphs.build(tmp_path / "town.osm", tmp_path / "graphs", silent)
    with town.engine.begin() as tx:
        tx.execute(text("UPDATE district SET graphs = 'graphs'"))
    return tmp_path


def _moved(osm: str) -> str:
    """The town at the equator, in Helsinki."""
    osm = re.sub(r'lon="([^"]+)"', lambda m: f'lon="{float(m[1]) + WEST}"', osm)
    return re.sub(r'lat="([^"]+)"', lambda m: f'lat="{float(m[1]) + SOUTH}"', osm)


def shut(town: Town, geometry: dict[str, Any] = PIECE, *, who: User | None = None, **changes: Any) -> RoadClosure:
    wanted = Closing(**({"district": town.district, "geometry": geometry, "reason": "Burst pipe"} | changes))
    return closing.close(town.desk, who=who or town.dispatcher, wanted=wanted, key=new_key())


def lifted(town: Town, found: RoadClosure, version: int | None = None) -> RoadClosure:
    return closing.lift(
        town.desk, who=town.dispatcher, closure=found.id, version=version or found.version, key=new_key()
    )


def changed(town: Town, found: RoadClosure, version: int | None = None, **changes: Any) -> RoadClosure:
    wanted, version = Change(**changes), version or found.version
    return closing.change(
        town.desk, who=town.dispatcher, closure=found.id, version=version, wanted=wanted, key=new_key()
    )


def told(town: Town, kind: str) -> list[dict[str, Any]]:
    with town.engine.begin() as tx:
        return list(tx.scalars(text("SELECT body FROM event WHERE kind = :kind ORDER BY seq"), {"kind": kind}))


def listed(town: Town) -> list[int]:
    return [one.id for one in closing.seen(town.desk, town.worker, town.district).closures]


def metres(folder: Path, mode: Mode = Mode.DRIVE) -> float:
    return float(Osrm(folder / "graphs").matrix(mode, [A], [B]).metres[0, 0])


def test_a_closure_is_kept_listed_and_told(town: Town) -> None:
    found = shut(town)
    assert found.area == town.south
    assert (found.source, found.modes, found.ends) == ("desk", frozenset(Mode), None)
    assert listed(town) == [found.id]
    (body,) = told(town, "road.closed")
    assert body["closure"]["id"] == found.id
    assert body["closure"]["properties"]["state"] == "live"
    assert body["closure"]["geometry"]["type"] == "LineString"


def test_the_same_request_again_closes_once_and_another_with_its_key_is_refused(town: Town) -> None:
    wanted = Closing(district=town.district, geometry=PIECE, reason="Burst pipe")
    key = new_key()
    first, again = (closing.close(town.desk, who=town.dispatcher, wanted=wanted, key=key) for _ in range(2))
    assert first.id == again.id
    assert len(told(town, "road.closed")) == 1
    other = Closing(district=town.district, geometry=OTHER, reason="Burst pipe")
    with pytest.raises(KeyReused):
        closing.close(town.desk, who=town.dispatcher, wanted=other, key=key)


def test_only_the_desk_and_planners_of_the_area_close_roads(town: Town) -> None:
    for who in (town.worker, town.volunteer, town.resident, town.administrator):
        with pytest.raises(Forbidden):
            shut(town, who=who)
    south = accounts.add_user(
        town.engine, login="south", name="South", password=None, grants=[(Role.PLANNER, town.south)]
    )
    assert shut(town, who=south).created_by == south.id
    with pytest.raises(Forbidden):
        shut(town, NORTH, who=south)
    with pytest.raises(Forbidden):
        closing.lift(town.desk, who=south, closure=shut(town, NORTH).id, version=1, key=new_key())


def test_times_and_words_that_make_no_closure_are_refused(town: Town) -> None:
    now = datetime.now(UTC)
    for changes, field in (
        ({"starts": now, "ends": now}, "ends"),
        ({"modes": frozenset()}, "modes"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
    ):
        with pytest.raises(Invalid) as caught:
            shut(town, **changes)
        assert caught.value.params["field"] == field
    with pytest.raises(BadShape):
        shut(town, {"type": "LineString", "coordinates": [[1.0, 1.0], [1.0, 1.1]]})
    assert listed(town) == []


def test_a_change_is_guarded_by_its_version_and_what_is_left_out_stays(town: Town) -> None:
    found = shut(town)
    later = changed(town, found, ends=found.starts + timedelta(hours=2))
    assert (later.version, later.reason, later.ends) == (2, "Burst pipe", found.starts + timedelta(hours=2))
    with pytest.raises(Stale):
        changed(town, found, reason="Other")
    assert changed(town, later, ends=None).ends is None
    assert [body["closure"]["properties"]["version"] for body in told(town, "road.changed")] == [2, 3]


def test_lifting_twice_is_lifting_once_and_what_is_lifted_is_not_changed(town: Town) -> None:
    found = shut(town)
    with pytest.raises(Stale):
        lifted(town, found, version=7)
    assert lifted(town, lifted(town, found)).version == 2
    assert len(told(town, "road.reopened")) == 1
    assert listed(town) == []
    with pytest.raises(NotNow):
        changed(town, found, version=2, reason="Other")
    with pytest.raises(NotFound):
        lifted(town, RoadClosure(**{**vars(found), "id": 999}))


def test_what_was_closed_lately_can_still_be_looked_at(town: Town) -> None:
    found = lifted(town, shut(town))
    seen = closing.seen(town.desk, town.dispatcher, town.district, everything=True)
    assert [one.id for one in seen.closures] == [found.id]
    with pytest.raises(Forbidden):
        closing.seen(town.desk, town.resident, town.district)


def test_the_road_engine_follows_and_says_so_once(town: Town, folder: Path) -> None:
    before = metres(folder)
    found = shut(town)
    seen = closing.seen(town.desk, town.dispatcher, town.district)
    assert (seen.live, seen.in_force, seen.busy) == (1, 0, True)
    done = enforcing.enforce(town.engine, town.district, folder)
    assert (done.segments, done.trouble, done.changed) == (1, None, True)
    assert metres(folder) > 2 * before
    seen = closing.seen(town.desk, town.dispatcher, town.district)
    assert (seen.live, seen.in_force, seen.busy) == (1, 1, False)
    assert (seen.closures[0].segments, seen.closures[0].version) == (1, found.version)
    assert not enforcing.enforce(town.engine, town.district, folder).changed
    (body,) = told(town, "roads.changed")
    assert body["segments"] == 1
    assert [one["properties"]["in_force"] for one in body["closures"]] == [True]
    lifted(town, found)
    assert enforcing.enforce(town.engine, town.district, folder).changed
    assert metres(folder) == before
    assert told(town, "roads.changed")[1]["closures"][0]["properties"]["in_force"] is False


def test_a_closure_holds_from_its_beginning_to_its_end(town: Town, folder: Path) -> None:
    now = datetime.now(UTC)
    found = shut(town, starts=now + timedelta(hours=1), ends=now + timedelta(hours=2))
    done = enforcing.enforce(town.engine, town.district, folder)
    assert (done.changed, done.next_change) == (False, found.starts)
    changed(town, found, starts=now - timedelta(hours=1))
    done = enforcing.enforce(town.engine, town.district, folder)
    assert (done.segments, done.next_change) == (1, found.ends)
    with town.engine.begin() as tx:
        tx.execute(text("UPDATE closure SET ends = now() - interval '1 second'"))
    done = enforcing.enforce(town.engine, town.district, folder)
    assert (done.changed, done.segments, done.next_change) == (True, 0, None)


def test_a_closure_where_no_road_is_shows_its_trouble(town: Town, folder: Path) -> None:
    shut(town, NORTH)
    assert enforcing.enforce(town.engine, town.district, folder).changed
    (one,) = closing.seen(town.desk, town.dispatcher, town.district).closures
    assert (one.in_force_since, one.segments, one.trouble) == (None, 0, "no_road")


def test_without_graphs_a_closure_shows_why_it_is_not_in_force(town: Town, tmp_path: Path) -> None:
    assert not enforcing.enforce(town.engine, town.district, tmp_path).changed
    shut(town)
    assert enforcing.enforce(town.engine, town.district, tmp_path).trouble == "no_graphs"
    assert not enforcing.enforce(town.engine, town.district, tmp_path).changed
    seen = closing.seen(town.desk, town.dispatcher, town.district)
    assert (seen.closures[0].trouble, seen.busy) == ("no_graphs", False)


def test_a_failure_is_shown_at_the_new_closure_and_the_old_one_stays_in_force(
    town: Town, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shut(town)
    enforcing.enforce(town.engine, town.district, folder)
    second = shut(town, OTHER)

    def broken(*_: object) -> object:
        raise TravelUnavailable(reason="build_failed")

    with monkeypatch.context() as patch:
        patch.setattr(enforcing.closing, "enforce", broken)
        assert enforcing.enforce(town.engine, town.district, folder).trouble == "failed"
    found = {one.id: one for one in closing.seen(town.desk, town.dispatcher, town.district).closures}
    assert (found[first.id].in_force_since is not None, found[first.id].trouble) == (True, None)
    assert (found[second.id].in_force_since, found[second.id].trouble) == (None, "failed")
    assert enforcing.enforce(town.engine, town.district, folder).segments == 2
    found = {one.id: one for one in closing.seen(town.desk, town.dispatcher, town.district).closures}
    assert {one.trouble for one in found.values()} == {None}


def test_what_is_closed_while_the_engine_is_made_ready_is_not_forgotten(
    town: Town, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shut(town)
    real: Callable[..., Any] = enforcing.closing.enforce
    more: list[RoadClosure] = []

    def slow(*arguments: Any) -> Any:
        done = real(*arguments)
        if not more:
            more.append(shut(town, OTHER))
        return done

    monkeypatch.setattr(enforcing.closing, "enforce", slow)
    assert enforcing.enforce(town.engine, town.district, folder).segments == 2
    assert len(told(town, "roads.changed")) == 1


def test_what_died_between_the_engine_and_the_database_is_told_by_the_next(town: Town, folder: Path) -> None:
    found = shut(town)
    enforcing.closing.enforce(folder / "graphs", closures.to_close([found]))
    assert enforcing.enforce(town.engine, town.district, folder).changed
    assert len(told(town, "roads.changed")) == 1


def test_after_a_new_import_closures_are_enforced_again(town: Town, folder: Path) -> None:
    shut(town)
    enforcing.enforce(town.engine, town.district, folder)
    graphs.build(folder / "town.osm", folder / "graphs", silent)
    assert built.read(folder / "graphs").closed is None
    assert enforcing.enforce(town.engine, town.district, folder).changed
    assert metres(folder) > 200


def _feed(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def _take(town: Town, *features: Any, who: User | None = None, source: str = "wzdx") -> zones.Taken:
    return zones.take_feed(
        town.desk,
        who=who or town.dispatcher,
        district=town.district,
        source=source,
        feed=_feed(*features),
        key=new_key(),
    )


def test_a_feed_closes_changes_and_opens_by_its_own_ids(town: Town) -> None:
    one, two = event("one", geometry=PIECE, end_date=None), event("two", geometry=OTHER, end_date=None)
    first = _take(town, one, two, event("open", geometry=OTHER, vehicle_impact="some-lanes-closed"))
    assert (first.added, first.changed, first.unchanged, first.lifted) == (2, 0, 0, 0)
    assert [left.id for left in first.not_used] == ["open"]
    again = _take(town, one, two)
    assert (again.added, again.unchanged, again.lifted) == (0, 2, 0)
    later = _take(town, event("one", geometry=OTHER, end_date=None))
    assert (later.changed, later.lifted) == (1, 1)
    assert len(listed(town)) == 1
    assert len(told(town, "road.reopened")) == 1
    back = _take(town, one, two)
    assert (back.changed, len(listed(town))) == (2, 2)


def test_a_feature_that_broke_leaves_the_closure_that_it_was(town: Town) -> None:
    _take(town, event("one", geometry=PIECE, end_date=None))
    done = _take(town, event("one", geometry=PIECE, start_date="soon"))
    assert (done.lifted, [left.field for left in done.refused]) == (0, ["properties.start_date"])
    assert len(listed(town)) == 1


def test_a_feed_touches_its_own_closures_only(town: Town) -> None:
    drawn = shut(town)
    _take(town, event("one", geometry=OTHER, end_date=None), source="state")
    assert _take(town).lifted == 0
    assert drawn.id in listed(town)
    with pytest.raises(Invalid):
        _take(town, source="desk")
    with pytest.raises(Forbidden):
        _take(town, who=town.worker)

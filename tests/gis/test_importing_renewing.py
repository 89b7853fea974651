"""A place from another extract of it: what is new, changed, gone, and what must not move."""

from __future__ import annotations

import re
from math import asinh, pi, radians, tan
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from gis.database import begin
from gis.errors import BadExtract, Overtaken, Stopped
from gis.importing import import_place
from gis.importing.renewing import Renewal, apply_place, compare_place, meant, renew
from gis.model import DistrictId
from gis.store import districts
from gis.store.kinds import KINDS
from gis.tiles import tile
from gis.travel import built
from tests.gis.village import Village, add_communities, village


def quiet(step: str, share: float) -> None:
    """Nobody listens."""


def rows(engine: Engine, question: str) -> list[tuple[object, ...]]:
    with begin(engine) as tx:
        return [tuple(row) for row in tx.execute(text(question))]


def before() -> Village:
    v = village()
    add_communities(v)
    return v


def after() -> Village:
    """The garage is gone, house 28 has two storeys and is now 28a, a house and a path are new, a road has a name."""
    v = before()
    v.ways = [way for way in v.ways if "garage" not in way]
    v.ways = [way.replace('v="house"', 'v="house"/><tag k="building:levels" v="2"') for way in v.ways]
    v.ways = [way.replace('v="28"', 'v="28a"') for way in v.ways]
    v.ways = [way.replace('"footway"/>', '"footway"/><tag k="name" v="Neuweg"/>') for way in v.ways]
    v.ring(3, -3, 0.3, building="house", **{"addr:street": "成府路", "addr:housenumber": "31"})
    v.way([(1, -4), (1, -3)], highway="path")
    return v


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def district(database: Engine, tmp_path: Path, folder: Path) -> DistrictId:
    return import_place(database, before().write(tmp_path / "a.osm"), folder=folder, progress=quiet).district


@pytest.fixture
def later(tmp_path: Path) -> Path:
    return after().write(tmp_path / "b.osm")


@pytest.fixture
def renewed(database: Engine, district: DistrictId, later: Path, folder: Path) -> tuple[Renewal, dict[str, object]]:
    was: dict[str, object] = {str(key): number for key, number in rows(database, "SELECT source_key, id FROM building")}
    return renew(database, later, district=district, folder=folder, progress=quiet), was


def test_rows_are_added_changed_and_closed_and_keep_their_numbers(
    database: Engine, renewed: tuple[Renewal, dict[str, object]]
) -> None:
    found, was = renewed
    one = found.kinds["building"]
    assert (one.added, one.changed, one.same, one.gone) == (1, 1, 2, 1)
    now = dict(rows(database, "SELECT source_key, id FROM building"))
    assert {key: now[key] for key in was if key in now} == {key: was[key] for key in was if key in now}
    assert len(set(was) - set(now)) == 1
    past = rows(
        database, "SELECT kind, reason, was ->> 'kind' FROM ground_past WHERE kind = 'building' ORDER BY reason"
    )
    assert past == [("building", "changed", "house"), ("building", "gone", "garage")]
    assert rows(database, "SELECT count(*) FROM building WHERE valid_from > (SELECT imported_at FROM district)") == [
        (2,)
    ]


def test_cells_stay_and_hold_what_is_new(database: Engine, district: DistrictId, later: Path, folder: Path) -> None:
    cells = "SELECT id, code, ST_AsText(geom) FROM cell ORDER BY id"
    were = rows(database, cells)
    renew(database, later, district=district, folder=folder, progress=quiet)
    assert rows(database, cells) == were
    assert rows(database, "SELECT count(*) FROM building WHERE cell IS NULL") == [(0,)]
    assert rows(database, "SELECT count(*) FROM address WHERE cell IS NULL") == [(0,)]
    totals = "SELECT sum(buildings)::int, round(sum(people)::numeric, 2) FROM cell"
    assert rows(database, totals) == rows(
        database, "SELECT count(*)::int, round(sum(people)::numeric, 2) FROM building"
    )


def test_a_dry_run_tells_the_same_and_changes_nothing(
    database: Engine, district: DistrictId, later: Path, folder: Path
) -> None:
    states = [f"SELECT '{table}', count(*), sum(digest) FROM {table}" for table in KINDS]
    were = [rows(database, state) for state in states]
    told = renew(database, later, district=district, folder=folder, progress=quiet, dry=True)
    assert [rows(database, state) for state in states] == were
    assert not told.applied
    done = renew(database, later, district=district, folder=folder, progress=quiet)
    assert (done.applied, done.kinds) == (True, told.kinds)


def test_the_same_again_changes_nothing_and_there_and_back_is_where_it_was(
    database: Engine, district: DistrictId, tmp_path: Path, later: Path, folder: Path
) -> None:
    states = [f"SELECT source_key, digest FROM {table} ORDER BY 1" for table in KINDS]
    were = [rows(database, state) for state in states]
    renew(database, later, district=district, folder=folder, progress=quiet)
    again = renew(database, later, district=district, folder=folder, progress=quiet)
    assert sum(one.touched for one in again.kinds.values()) == 0
    assert not again.graphs
    renew(database, tmp_path / "a.osm", district=district, folder=folder, progress=quiet)
    assert [rows(database, state) for state in states] == were


def test_roads_are_built_beside_and_swapped_and_one_copy_is_kept(
    database: Engine, district: DistrictId, later: Path, folder: Path
) -> None:
    with begin(database) as tx:
        ways = folder / str(districts.graphs(tx, district))
    old = built.read(ways)
    assert renew(database, later, district=district, folder=folder, progress=quiet).graphs
    assert built.read(ways).name != old.name
    with begin(database) as tx:
        copy = folder / str(districts.extract(tx, district))
    assert [copy] == list((folder / "places").iterdir())


def test_searches_and_tiles_show_what_is_there_now(
    database: Engine, district: DistrictId, later: Path, folder: Path
) -> None:
    with begin(database) as tx:
        old = tile(tx, district, *tile_of(10.0, 50.002))
    renew(database, later, district=district, folder=folder, progress=quiet)
    with begin(database) as tx:
        assert tile(tx, district, *tile_of(10.0, 50.002)) != old
    assert rows(database, "SELECT version FROM register_version") == [(2,)]
    assert rows(database, "SELECT count(*) FROM street WHERE name = 'Neuweg'") == [(1,)]


def tile_of(lon: float, lat: float) -> tuple[int, int, int]:
    return 16, int((lon + 180) / 360 * 2**16), int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**16)


def test_an_extract_that_was_numbered_anew_is_still_the_same_place(
    database: Engine, district: DistrictId, tmp_path: Path, folder: Path
) -> None:
    were = rows(database, "SELECT id, kind FROM building ORDER BY id")
    v = before()
    shifted = Village()
    shifted._next = 5000
    for family in ("nodes", "ways", "relations"):
        setattr(shifted, family, [_shifted(line) for line in getattr(v, family)])
    done = renew(database, shifted.write(tmp_path / "c.osm"), district=district, folder=folder, progress=quiet)
    assert rows(database, "SELECT id, kind FROM building ORDER BY id") == were
    for kind in ("building", "address", "facility", "road"):
        assert done.kinds[kind].touched == 0, kind
    assert rows(database, "SELECT count(*) FROM building WHERE osm_id < 5000") == [(0,)]


def _shifted(line: str) -> str:
    return re.sub(r'(id|ref)="(\d+)"', lambda found: f'{found[1]}="{int(found[2]) + 5000}"', line)


def test_areas_that_are_drawn_otherwise_are_proposed_and_stay_as_they_are(
    database: Engine, district: DistrictId, tmp_path: Path, folder: Path
) -> None:
    v = before()
    v.relations = [relation.replace("Ostend", "Ostheim") for relation in v.relations]
    areas = rows(database, "SELECT code, name FROM area ORDER BY id")
    done = renew(database, v.write(tmp_path / "c.osm"), district=district, folder=folder, progress=quiet)
    assert [(one.verdict, one.was, one.name) for one in done.areas] == [("changed", "Ostend", "Ostheim")]
    assert rows(database, "SELECT code, name FROM area ORDER BY id") == areas


def batch(engine: Engine, district: DistrictId) -> int:
    with begin(engine) as tx:
        question = """INSERT INTO import_batch (district, target, file, sha256, bytes)
            VALUES (:district, 'place', 'b.osm', 'x', 1) RETURNING id"""
        return int(tx.execute(text(question), {"district": district}).scalar_one())


def test_a_delivery_shows_every_row_and_applies_what_was_shown(
    database: Engine, district: DistrictId, later: Path, folder: Path
) -> None:
    number = batch(database, district)
    compare_place(database, number, later, district=district, progress=quiet)
    shown = dict(
        rows(database, "SELECT verdict, count(*) FROM import_row WHERE fields ->> 'of' = 'building' GROUP BY 1")
    )
    assert shown == {"added": 1, "changed": 1, "gone": 1}
    [(fields, was)] = rows(
        database, "SELECT fields, was FROM import_row WHERE verdict = 'changed' AND fields ->> 'of' = 'address'"
    )
    assert isinstance(fields, dict)
    assert isinstance(was, dict)
    assert (was["number"], fields["number"]) == ("28", "28a")
    [(counts,)] = rows(database, "SELECT counts FROM import_batch")
    assert isinstance(counts, dict)
    assert counts["kinds"]["building"] == {"added": 1, "changed": 1, "same": 2, "gone": 1}
    assert rows(database, "SELECT count(*) FROM building") == [(4,)]
    assert apply_place(database, number, later, folder=folder, progress=quiet).applied
    with pytest.raises(Overtaken):
        apply_place(database, number, later, folder=folder, progress=quiet)


def test_who_gives_up_leaves_nothing_behind(database: Engine, district: DistrictId, later: Path, folder: Path) -> None:
    with pytest.raises(Stopped):
        renew(database, later, district=district, folder=folder, progress=quiet, stop=lambda: True)
    assert rows(database, "SELECT count(*) FROM ground_past") == [(0,)]


def test_a_broken_extract_changes_nothing(database: Engine, district: DistrictId, tmp_path: Path, folder: Path) -> None:
    whole = after().text()
    cut = tmp_path / "cut.osm"
    cut.write_text(whole[: len(whole) // 2], encoding="utf-8")
    with pytest.raises(BadExtract, match="unreadable"):
        renew(database, cut, district=district, folder=folder, progress=quiet)
    assert rows(database, "SELECT count(*) FROM building") == [(4,)]
    assert len(list((folder / "places").iterdir())) == 1


def test_a_file_is_about_the_district_that_it_covers(
    database: Engine, district: DistrictId, tmp_path: Path, later: Path
) -> None:
    assert meant(database, later) == (district, 1.0)
    elsewhere = Village()
    elsewhere.way([(30, 0), (34, 0)], highway="residential")
    for east in (30, 31, 32):
        elsewhere.ring(east, 0.3, 0.3, building="house")
    assert meant(database, elsewhere.write(tmp_path / "d.osm")) is None


@pytest.mark.slow
def test_liechtenstein_of_2013_becomes_that_of_2024_and_back(
    database: Engine, tmp_path: Path, shared_data: Path
) -> None:
    early, late = (shared_data / "osm" / f"liechtenstein_{year}.osm.pbf" for year in (2013, 2024))
    district = import_place(database, early, folder=tmp_path, progress=quiet).district
    states = [f"SELECT source_key, digest FROM {table} ORDER BY 1" for table in KINDS]
    were, cells = [rows(database, state) for state in states], rows(database, "SELECT id, code FROM cell ORDER BY id")
    assert (meant(database, late) or (0, 0.0))[0] == district
    there = renew(database, late, district=district, folder=tmp_path, progress=quiet)
    assert rows(database, "SELECT count(*), count(cell) FROM building") == [(17_677, 17_677)]
    assert there.kinds["building"].gone < 1_000  # its numbers are others: 2,924 of 3,719 are known by their ground
    assert there.kinds["road"].same + there.kinds["road"].changed > 2_000
    assert len(there.areas) > 5
    assert rows(database, "SELECT count(*) FROM grid_faults(current_grid((SELECT id FROM district)))") == [(0,)]
    renew(database, early, district=district, folder=tmp_path, progress=quiet)
    assert [rows(database, state) for state in states] == were
    assert rows(database, "SELECT id, code FROM cell ORDER BY id") == cells

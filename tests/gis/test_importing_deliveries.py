"""A delivery of any kind: looked into, read, compared, written, and another time compared with what it left."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from gis.database import begin
from gis.errors import BadPlan, NotInThisState
from gis.geocode.register import Register
from gis.importing import deliveries, founding
from gis.importing.deliveries import Plan
from gis.model import DistrictId
from gis.store import districts
from gis.store.deliveries import asking, batches
from gis.store.deliveries.batches import Delivery, Origin
from tests.gis import lettering
from tests.gis.deliveries import FORMATS, write

HEAD = ("nr", "address", "name", "lon", "lat")
ROWS = [
    ("c1", "東區德東街235巷118弄76號5樓之2", "幸福社區管理委員會", 24.95, 60.15),
    ("c2", "東區東門路一段９８號等", "", 24.951, 60.151),
    ("c3", "臺南市永康區中華里10鄰忠勇街1號", "京華世家", 24.96, 60.16),
]


@pytest.fixture
def district(database: Engine) -> DistrictId:
    with begin(database) as tx:
        return lettering.pour(tx)


def table(file: Path, rows: Sequence[Sequence[object]], head: Sequence[str] = HEAD) -> Path:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([head, *rows])
    return file


def bring(engine: Engine, file: Path, district: DistrictId, given: Plan | None = None, *, name: str = "") -> Delivery:
    """Received, planned, read and compared."""
    with begin(engine) as tx:
        place = districts.district(tx, district)
    received = deliveries.inspect(engine, file, name=name or file.name, district=place)
    with begin(engine) as tx:
        known = deliveries.store(tx, received, district=district, stored=None, by=None)
        deliveries.plan(tx, known.id, known.version, given or Plan())
    deliveries.read_and_compare(engine, known.id, file)
    return state(engine, known)


def take(engine: Engine, known: Delivery, folder: Path) -> Delivery:
    """Agreed to and written."""
    with begin(engine) as tx:
        deliveries.agree(tx, known.id, state(engine, known).version)
    deliveries.carry_out(engine, known.id, folder=folder)
    return state(engine, known)


def state(engine: Engine, known: Delivery) -> Delivery:
    with begin(engine) as tx:
        return batches.get(tx, known.id)


def lines(engine: Engine, known: Delivery, verdict: str | None = None) -> list[Mapping[str, Any]]:
    with begin(engine) as tx:
        return asking.lines(tx, known.id, verdict=verdict, reason=None, after=None, limit=1000)


def one(engine: Engine, question: str, **given: object) -> Any:
    with begin(engine) as tx:
        return tx.execute(text(question), given).scalar()


def counts(known: Delivery) -> tuple[int, int, int, int]:
    return tuple(known.counts[name] for name in ("added", "changed", "same", "gone"))  # type: ignore[return-value]


def test_a_register_is_read_compared_and_written(database: Engine, district: DistrictId, tmp_path: Path) -> None:
    known = bring(database, table(tmp_path / "doors.csv", ROWS), district)
    assert (known.state, known.target, known.crs, counts(known)) == ("compared", "address", "EPSG:4326", (3, 0, 0, 0))
    assert one(database, "SELECT count(*) FROM address WHERE source IS NOT NULL") == 0
    done = take(database, known, tmp_path)
    assert (done.state, done.error) == ("applied", None)
    with begin(database) as tx:
        row = tx.execute(text("SELECT * FROM address WHERE source_key = 'c1'")).mappings().one()
    fine = {name: row[name] for name in ("street", "number", "lane", "alley", "floor", "label")}
    assert fine == {
        "street": "德東街",
        "number": "235巷118弄76號",
        "lane": "235",
        "alley": "118",
        "floor": "5-2",
        "label": "德東街235巷118弄76號5樓之2",
    }
    assert row["cell"] is not None
    place = Register(database, tmp_path).search("幸福社区", district=district)[0]
    assert place.point is not None
    assert (place.point.lon, place.point.lat) == pytest.approx((24.95, 60.15))


def test_the_next_delivery_is_a_difference(database: Engine, district: DistrictId, tmp_path: Path) -> None:
    file = table(tmp_path / "doors.csv", ROWS)
    take(database, bring(database, file, district), tmp_path)
    kept = one(database, "SELECT id FROM address WHERE source_key = 'c2'")
    moved = [ROWS[0], ("c2", "東區東門路一段100號", "", 24.951, 60.151), ("c4", "東區東門路一段5號", "", 24.95, 60.15)]
    known = bring(database, table(file, moved), district)
    assert counts(known) == (1, 1, 1, 1)
    changed, gone = lines(database, known, "changed")[0], lines(database, known, "gone")[0]
    assert (changed["was"]["number"], changed["fields"]["number"]) == ("98號", "100號")
    assert gone["source_key"] == "c3"
    take(database, known, tmp_path)
    assert one(database, "SELECT id FROM address WHERE source_key = 'c2'") == kept
    past = one(database, "SELECT json_agg(json_build_array(reason, source_key) ORDER BY reason) FROM ground_past")
    assert past == [["changed", "c2"], ["gone", "c3"]]
    assert one(database, "SELECT count(*) FROM register_alias WHERE name = '京華世家'") == 0
    assert counts(bring(database, file, district)) == (0, 0, 3, 0)


def test_a_part_of_a_source_takes_nothing_out(database: Engine, district: DistrictId, tmp_path: Path) -> None:
    take(database, bring(database, table(tmp_path / "doors.csv", ROWS), district), tmp_path)
    known = bring(database, table(tmp_path / "doors.csv", ROWS[:1]), district, Plan(whole=False))
    assert counts(known) == (0, 0, 1, 0)


def test_good_rows_are_taken_and_bad_ones_listed(database: Engine, district: DistrictId, tmp_path: Path) -> None:
    good = [(f"g{n}", f"東門路一段{n}號", "", 24.95, 60.15 + n / 100_000) for n in range(1, 2_000)]
    bad = [
        ("b1", "東門路一段1號", "", 2.0, 40.0),
        ("b2", "沒有號碼", "", 24.95, 60.15),
        ("b3", "東門路一段2號", "", "", ""),
        ("b4", "東門路一段2號", "", "abc", 60.1),
        ("b5", "東門路一段2號", "", 0, 0),
        ("g7", "東門路一段7號", "", 24.97, 60.15),
    ]
    known = bring(database, table(tmp_path / "a.csv", [*good, *bad]), district)
    told = {row["line"]: (row["reason"], row["field"], row["value"]) for row in lines(database, known, "rejected")}
    assert told == {
        8: ("double_key", "nr", "g7 (8, 2006)"),
        2001: ("outside", "geometry", "2.000000, 40.000000"),
        2002: ("no_address", "address", "沒有號碼"),
        2003: ("no_position", "lon", None),
        2004: ("bad_position", "lon", "abc"),
        2005: ("no_position", "lon", "0, 0"),
        2006: ("double_key", "nr", "g7 (8, 2006)"),
    }
    take(database, known, tmp_path)
    assert one(database, "SELECT count(*) FROM address WHERE source IS NOT NULL") == 1_998


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_lands_the_same(database: Engine, district: DistrictId, tmp_path: Path, kind: str) -> None:
    known = bring(database, write(tmp_path, kind), district)
    assert (known.state, known.target, counts(known)) == ("compared", "address", (3, 0, 0, 0))
    assert {row["fields"]["label"] for row in lines(database, known)} == {
        "德東街235巷118弄76號",
        "東門路一段98號",
        "東門路一段100號",
    }


def test_what_was_said_of_a_source_is_remembered(database: Engine, district: DistrictId, tmp_path: Path) -> None:
    file = table(tmp_path / "x.csv", [("1", "東門路一段1號", 24.95, 60.15)], ("a", "b", "p", "q"))
    mapping = {"key": {"field": "a"}, "address": {"field": "b"}, "lon": {"field": "p"}, "lat": {"field": "q"}}
    origin = Origin(name="戶政", licence="OGDL", attribution="© 臺南市", accuracy_m=5.0)
    given = Plan(target="address", crs="EPSG:4326", mapping=mapping, origin=origin)
    take(database, bring(database, file, district, given), tmp_path)
    again = bring(database, file.rename(tmp_path / "other.csv"), district)
    assert (again.mapping, again.inspected["mapping_how"], counts(again)) == (mapping, "remembered", (0, 0, 1, 0))
    assert one(database, "SELECT accuracy_m FROM address WHERE source_key = '1'") == 5.0
    assert one(database, "SELECT licence FROM source") == "OGDL"


def test_components_are_known_by_their_sixteen_digits(database: Engine, district: DistrictId, tmp_path: Path) -> None:
    codes = ["1101010101000001", "1101010200300002", "1101019901000001", "110101010100000", "1101010101000000"]
    rows = [(code, "完好" if n else "遗失", "市政", 24.95, 60.15) for n, code in enumerate(codes)]
    file = table(tmp_path / "部件.csv", rows, ("部件标识码", "状态", "权属单位", "经度", "纬度"))
    known = bring(database, file, district)
    assert known.target == "component"
    kept = {
        row["source_key"]: (row["fields"]["class"], row["fields"]["state"]) for row in lines(database, known, "added")
    }
    assert kept == {codes[0]: ("C0101", "missing"), codes[1]: ("C0203", "intact")}
    assert [row["reason"] for row in lines(database, known, "rejected")] == [
        "unknown_class",
        "bad_code",
        "sequence_zero",
    ]
    take(database, known, tmp_path)
    other = bring(database, file, district, Plan(origin=Origin(name="another")))
    assert other.counts["rejected"]["other_source"] == 2


def test_buildings_get_cells_and_hold_addresses(database: Engine, district: DistrictId, tmp_path: Path) -> None:
    take(database, bring(database, table(tmp_path / "doors.csv", ROWS), district), tmp_path)
    ring = [[24.9499, 60.1499], [24.9501, 60.1499], [24.9501, 60.1501], [24.9499, 60.1501], [24.9499, 60.1499]]
    bow = [[24.951, 60.15], [24.952, 60.151], [24.952, 60.15], [24.951, 60.151], [24.951, 60.15]]
    features = [
        {
            "type": "Feature",
            "properties": {"id": n, "人口": 12},
            "geometry": {"type": "Polygon", "coordinates": [shape]},
        }
        for n, shape in enumerate((ring, bow), start=1)
    ]
    file = tmp_path / "房屋.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    known = bring(database, file, district)
    assert (known.target, counts(known)) == ("building", (2, 0, 0, 0))
    assert [row["reason"] for row in lines(database, known)] == [None, "mended"]
    take(database, known, tmp_path)
    assert one(database, "SELECT building FROM address WHERE source_key = 'c1'") == one(
        database, "SELECT id FROM building WHERE source_key = '1'"
    )
    assert one(database, "SELECT sum(people) FROM cell") == 24
    assert one(database, "SELECT bool_and(people_known) FROM building")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Plan(target="camera"), "code"),
        (Plan(target="nonsense"), "target"),
        (Plan(target="areas"), "target"),
        (Plan(crs="EPSG:1"), "crs"),
        (Plan(layer="other"), "layer"),
        (Plan(mapping={"address": {"field": "nowhere"}}), "address"),
        (Plan(mapping={"wings": {"field": "nr"}}), "mapping"),
        (Plan(target="facility", mapping={"kind": {"value": "castle"}}), "kind"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    database: Engine, district: DistrictId, tmp_path: Path, given: Plan, field: str
) -> None:
    with pytest.raises(BadPlan) as refused:
        bring(database, table(tmp_path / "doors.csv", ROWS), district, given)
    assert refused.value.params["field"] == field
    assert refused.value.params["allowed"]


def test_states_are_guarded(database: Engine, district: DistrictId, tmp_path: Path) -> None:
    known = bring(database, table(tmp_path / "doors.csv", ROWS), district)
    with begin(database) as tx, pytest.raises(NotInThisState, match="version"):
        deliveries.agree(tx, known.id, known.version - 1)
    with begin(database) as tx:
        deliveries.cancel(tx, known.id, known.version)
    with begin(database) as tx, pytest.raises(NotInThisState, match="state"):
        deliveries.agree(tx, known.id, known.version + 1)
    deliveries.carry_out(database, known.id, folder=tmp_path)
    assert one(database, "SELECT count(*) FROM address WHERE source IS NOT NULL") == 0


def test_what_is_given_up_while_it_is_read_stops(database: Engine, district: DistrictId, tmp_path: Path) -> None:
    rows = [(f"g{n}", f"東門路一段{n}號", "", 24.95, 60.15) for n in range(1, 6_000)]
    file = table(tmp_path / "a.csv", rows)
    with begin(database) as tx:
        place = districts.district(tx, district)
    received = deliveries.inspect(database, file, name="a.csv", district=place)
    with begin(database) as tx:
        known = deliveries.store(tx, received, district=district, stored=None, by=None)
        known = deliveries.plan(tx, known.id, known.version, Plan())

    def heard(step: str, share: float) -> None:
        if state(database, known).state == "reading":
            with begin(database) as tx:
                deliveries.cancel(tx, known.id, known.version)

    deliveries.read_and_compare(database, known.id, file, progress=heard)
    assert state(database, known).state == "cancelled"
    assert one(database, "SELECT count(*) FROM import_row") < 5_000


def test_an_older_comparison_is_not_written(database: Engine, district: DistrictId, tmp_path: Path) -> None:
    file = table(tmp_path / "doors.csv", ROWS)
    first, second = bring(database, file, district), bring(database, file, district)
    take(database, second, tmp_path)
    done = take(database, first, tmp_path)
    assert (done.state, done.error and done.error["params"]["reason"]) == ("failed", "overtaken")
    with begin(database) as tx:
        again = deliveries.plan(tx, done.id, done.version, Plan())
    deliveries.read_and_compare(database, again.id, file)
    assert counts(state(database, again)) == (0, 0, 3, 0)


def test_a_job_that_died_is_taken_up_again(database: Engine, district: DistrictId, tmp_path: Path) -> None:
    file = table(tmp_path / "doors.csv", ROWS)
    known = bring(database, file, district)
    one(database, "UPDATE import_batch SET state = 'reading' RETURNING id")  # it had read all, and was killed
    deliveries.read_and_compare(database, known.id, file)
    assert (state(database, known).state, counts(state(database, known))) == ("compared", (3, 0, 0, 0))
    one(database, "UPDATE import_batch SET state = 'applying', tries = 5 RETURNING id")
    deliveries.carry_out(database, known.id, folder=tmp_path)
    assert state(database, known).state == "failed"
    assert take(database, known, tmp_path).state == "applied"


def test_a_file_that_is_damaged_half_way_fails_with_its_reason(
    database: Engine, district: DistrictId, tmp_path: Path
) -> None:
    file = write(tmp_path, "gpkg")
    with begin(database) as tx:
        place = districts.district(tx, district)
    received = deliveries.inspect(database, file, name="a.gpkg", district=place)
    with begin(database) as tx:
        known = deliveries.store(tx, received, district=district, stored=None, by=None)
        deliveries.plan(tx, known.id, known.version, Plan())
    file.write_bytes(file.read_bytes()[:20_000])
    deliveries.read_and_compare(database, known.id, file)
    failed = state(database, known)
    assert (failed.state, failed.error and failed.error["code"]) == ("failed", "ground.bad_source")


def test_the_communities_of_tainan_come_in_whole(database: Engine, shared_data: Path, tmp_path: Path) -> None:
    district = tainan(database)
    known = bring(database, shared_data / "china" / "tainan_apartment_communities_points.geojson", district)
    assert (known.target, known.crs) == ("address", "EPSG:4326")
    assert sum(known.counts["rejected"].values()) + known.counts["added"] == 2_869
    assert known.counts["added"] > 2_850
    take(database, known, tmp_path)
    place = Register(database, tmp_path).search("中西區光賢街21巷2弄35號", district=district)[0]
    assert place.label == "光賢街21巷2弄35號"
    again = bring(database, shared_data / "china" / "tainan_apartment_communities_points.geojson", district)
    assert counts(again) == (0, 0, known.counts["added"], 0)


def tainan(engine: Engine) -> DistrictId:
    """A district that holds Tainan, with one cell."""
    with begin(engine) as tx:
        return int(tx.execute(text(TAINAN)).scalar_one())


TAINAN = """
    INSERT INTO district (code, name, clip, centre, time_zone, metric_srid, attribution, source_file, source_sha256)
    VALUES ('TNN', '臺南', ST_Multi(ST_MakeEnvelope(119.9, 22.8, 120.8, 23.6, 4326)),
        ST_SetSRID(ST_MakePoint(120.2, 23), 4326), 'Asia/Taipei', 32651, 'nobody', 'none', 'tainan') RETURNING id
"""


def test_boundaries_alone_make_a_place(database: Engine, shared_data: Path, tmp_path: Path) -> None:
    file = shared_data / "china" / "taipei_village_li_boundaries.geojson"
    received = deliveries.inspect(database, file, name=file.name, district=None)
    with begin(database) as tx:
        known = deliveries.store(tx, received, district=None, stored=None, by=None)
        deliveries.plan(tx, known.id, known.version, Plan(more={"name": "臺北市"}))
    deliveries.read_and_compare(database, known.id, file)
    with begin(database) as tx:
        known = deliveries.agree(tx, known.id, state(database, known).version)
    founding.carry_out(database, known.id, folder=tmp_path)
    done = state(database, known)
    assert (done.state, done.error) == ("applied", None)
    assert (done.state, done.error, done.counts["added"], done.counts["cells"]) == ("applied", None, 456, 456)
    assert [row["reason"] for row in lines(database, known) if row["reason"]] == ["mended"] * 2
    assert {mend["how"] for mend in done.counts["mends"]} >= {"fill", "snap"}
    levels = one(
        database, "SELECT json_object_agg(level, n) FROM (SELECT level, count(*) AS n FROM area GROUP BY 1) AS t"
    )
    assert levels == {"district": 1, "street": 12, "community": 456}
    assert one(database, "SELECT names ->> 'zh-Hant' FROM area WHERE name = '湖田里'") == "湖田里"
    assert one(database, "SELECT count(*) FROM grid_faults(current_grid(:d))", d=done.district) == 0

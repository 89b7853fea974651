"""Block, unit, floor and room: read, found where a register has them, and told where it has not."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from gis.database import begin
from gis.geocode.register import Register
from gis.model import Place
from gis.spelling.inside import block_of, inside
from gis.store import register
from tests.gis.lettering import pour


@pytest.mark.pure
@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("幸福小区8号楼2单元301", {"block": "8", "unit": "2", "room": "301"}),
        ("幸福路12号3栋二单元六楼", {"block": "3", "unit": "2", "floor": "6"}),
        ("東門路1號A棟12樓之3", {"block": "a", "floor": "12-3"}),
        ("東門路1號地下1樓", {"floor": "B1"}),
        ("中山路5号1203室", {"room": "1203"}),
        ("中山路5号", {}),
        ("Landstrasse 5, 3. Stock", {}),
    ],
)
def test_the_inside_is_read_in_parts(said: str, parts: dict[str, str]) -> None:
    assert dict(inside(said)) == parts


@pytest.mark.pure
def test_a_building_may_be_called_by_its_block() -> None:
    assert [block_of(name) for name in ("蓝旗营6号楼", "東6樓", "A座", "图书馆")] == ["6", "6", "a", None]


ROOM = """
    INSERT INTO address (district, osm_type, osm_id, street, number, city, label, point, block, unit, room)
    VALUES (:d, 'register', :id, '成府路', '77号', 'Vaduz', :label, ST_SetSRID(ST_MakePoint(:lon, 60.125), 4326),
        :block, :unit, :room)
"""
BLOCK = """
    INSERT INTO building (district, osm_type, osm_id, kind, name, area_m2, geom, point, cell)
    SELECT :d, 'way', :id, 'apartments', :name, 100, ST_Multi(ST_Buffer(p, 0.0001)), p, cell_of(current_grid(:d), p)
    FROM (SELECT ST_SetSRID(ST_MakePoint(:lon, 60.16), 4326) AS p) AS at
"""
AREA = """
    INSERT INTO facility (district, osm_type, osm_id, kind, name, point)
    VALUES (:d, 'node', 900, 'residential', '幸福小区', ST_SetSRID(ST_MakePoint(24.95, 60.16), 4326))
"""


class Town:
    def __init__(self, geocoder: Register, district: int) -> None:
        self.geocoder, self.district = geocoder, district

    def best(self, asked: str) -> Place:
        return self.geocoder.search(asked, district=self.district, limit=1)[0]


@pytest.fixture(scope="module")
def town(module_database: Engine) -> Town:
    with begin(module_database) as tx:
        district = pour(tx)
        for at, (block, unit, room) in enumerate(
            (("1", "1", "101"), ("1", "1", "102"), ("2", "1", "101"), ("A", "1", "5"))
        ):
            label = f"成府路77号{block}号楼{unit}单元{room}室"
            given = {
                "label": label,
                "block": block,
                "unit": unit,
                "room": room,
                "lon": 24.905 + 0.0005 * int(block, 16),
            }
            tx.execute(text(ROOM), {"d": district, "id": at, **given})
        for at, name in enumerate(("7号楼", "8号楼", "幸福小区9号楼", "8号楼")):
            tx.execute(
                text(BLOCK), {"d": district, "id": at, "name": name, "lon": 24.951 + 0.001 * at + (at == 3) * 0.05}
            )
        tx.execute(text(AREA), {"d": district})
        register.changed(tx, district)
    return Town(Register(module_database), district)


def test_the_room_is_found_where_the_register_has_it(town: Town) -> None:
    place = town.best("成府路77号2号楼1单元101")
    assert (place.label, place.kind, place.unknown) == ("成府路77号2号楼1单元101室", "address", ())
    assert town.best("成府路77号A栋1单元5室").unknown == ()
    assert town.best("成府路77号1号楼1单元102室").label == "成府路77号1号楼1单元102室"


def test_a_room_that_nobody_knows_is_told_and_the_door_is_the_answer(town: Town) -> None:
    place = town.best("成府路77号2号楼1单元909")
    assert (place.label, place.unknown) == ("成府路77号2号楼1单元101室", ("room",))
    bare = town.best("成府路35号3号楼2单元301")
    assert (bare.label, bare.unknown) == ("成府路 35号", ("block", "unit", "room"))
    assert bare.accuracy_m > town.best("成府路35号").accuracy_m


@pytest.mark.parametrize(
    ("asked", "label", "unknown"),
    [
        ("幸福小区8号楼2单元301", "幸福小区8号楼", ("unit", "room")),
        ("幸福小區九號樓", "幸福小区9号楼", ()),
        ("幸福小区66栋3楼", "幸福小区", ("block", "floor")),
        ("幸福小区", "幸福小区", ()),
    ],
)
def test_a_block_of_a_community_is_the_building_of_that_number_there(
    town: Town, asked: str, label: str, unknown: tuple[str, ...]
) -> None:
    place = town.best(asked)
    assert (place.label, place.unknown) == (label, unknown)

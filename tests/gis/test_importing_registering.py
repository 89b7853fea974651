"""A register of addresses poured into a district."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from gis.database import begin
from gis.errors import BadRegister, NotFound
from gis.geocode.register import Register
from gis.importing.registering import import_register
from gis.model import DistrictId, Found
from tests.gis import lettering

ROWS = """id,name,address,lon,lat
c1,幸福社區管理委員會,東區德東街235巷118弄76號5樓,24.95,60.15
c2,,東區東門路一段９８號等,24.951,60.151
c3,京華世家,臺南市永康區中華里10鄰忠勇街1號,24.96,60.16
c4,,西區遠方路1號,2.0,40.0
c5,,沒有號碼,24.95,60.15
c6,,東區東門路5號,,
"""


@pytest.fixture
def district(database: Engine) -> DistrictId:
    with begin(database) as tx:
        return lettering.pour(tx)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "register.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path / "register.csv"


def test_rows_become_addresses_and_the_rest_is_told(database: Engine, district: DistrictId, file: Path) -> None:
    done = import_register(database, file, district)
    assert (done.addresses, done.names) == (3, 2)
    told = {(row.osm_id, row.reason) for row in done.rejected}
    assert told == {(5, "outside"), (6, "no_address"), (7, "no_position")}


@pytest.mark.parametrize(
    "asked",
    [
        "東區德東街235巷118弄76號",
        "德东街235巷118弄76号",
        "德東街二百三十五巷一百一十八弄七十六號",
        "臺南市東區德東街２３５巷１１８弄７６號８樓之２",
        "德東街235巷118弄76",
        "得東街235巷118弄76號",
        "我在德東街235巷118弄76號對面",
        "dedongjie 235巷118弄76",
        "幸福社區",
        "幸福社区管理委员会",
        "性福社區管理委員會",
    ],
)
def test_an_address_of_a_register_is_found_however_it_is_written(
    database: Engine, district: DistrictId, file: Path, asked: str
) -> None:
    import_register(database, file, district)
    place = Register(database).search(asked, district=district)[0]
    assert place.point is not None
    assert (place.point.lon, place.point.lat) == pytest.approx((24.95, 60.15))


def test_a_door_that_is_not_there_is_told_as_its_neighbour(database: Engine, district: DistrictId, file: Path) -> None:
    import_register(database, file, district)
    place = Register(database).search("東門路一段96號", district=district)[0]
    assert (place.label, place.found, place.kind) == ("東門路一段98號", Found.STREET, "neighbour")


def test_a_register_again_takes_the_place_of_the_one_before(database: Engine, district: DistrictId, file: Path) -> None:
    import_register(database, file, district)
    import_register(database, file, district)
    with begin(database) as tx:
        assert tx.scalar(text("SELECT count(*) FROM address WHERE osm_type = 'register'")) == 3
        assert tx.scalar(text("SELECT count(*) FROM register_alias")) == 2


def test_what_is_no_register_is_an_error_and_changes_nothing(
    database: Engine, district: DistrictId, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(b"SQLite format 3\x00" + bytes(200))
    for name in ("a.csv", "b.csv", "absent.csv"):
        with pytest.raises(BadRegister):
            import_register(database, tmp_path / name, district)


def test_an_unknown_district_is_an_error(database: Engine, file: Path) -> None:
    with pytest.raises(NotFound):
        import_register(database, file, 9999)

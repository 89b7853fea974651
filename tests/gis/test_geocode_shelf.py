"""Indexes in files: as new as the register, one copy for all, answering while the database is away."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from gis.database import begin, engine_for
from gis.errors import NotFound
from gis.geocode import shelf as shelves
from gis.geocode.index import keeping
from gis.geocode.register import Register
from gis.geocode.shelf import Shelf
from gis.model import DistrictId
from gis.store import register
from tests.gis import lettering


@pytest.fixture
def district(database: Engine) -> DistrictId:
    with begin(database) as tx:
        return lettering.pour(tx)


@pytest.fixture
def unbelieving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question asks for the version again."""
    monkeypatch.setattr(shelves, "FRESH", 0.0)


def test_a_file_answers_like_what_it_was_made_of(database: Engine, district: DistrictId, tmp_path: Path) -> None:
    in_memory, in_file = Register(database), Register(database, tmp_path)
    for asked in ("Tehtaankatu 3", "Krmerstraße 5", "成府路35号", "Schloss Apotheke", "Landstrasse 3, Triesen"):
        assert in_file.search(asked, district=district) == in_memory.search(asked, district=district)
    assert [file.name for file in tmp_path.glob("*.register")] == [keeping.name_of(district, 1)]


@pytest.mark.usefixtures("unbelieving")
def test_a_changed_register_is_searched_at_once_and_the_old_file_goes(
    database: Engine, district: DistrictId, tmp_path: Path
) -> None:
    geocoder = Register(database, tmp_path)
    assert geocoder.search("Uusikatu 7", district=district) == []
    with begin(database) as tx:
        lettering._house(tx, district, "Uusikatu", {}, "7", "Vaduz", 24.95, 60.15)
        register.changed(tx, district)
    assert geocoder.search("Uusikatu 7", district=district)[0].label == "Uusikatu 7"
    assert [file.name for file in tmp_path.glob("*.register")] == [keeping.name_of(district, 2)]


@pytest.mark.usefixtures("unbelieving")
def test_what_is_open_goes_on_answering_while_the_database_is_away(
    database_url: str, database: Engine, district: DistrictId
) -> None:
    engine = engine_for(database_url)
    geocoder = Register(engine)
    before = geocoder.search("Tehtaankatu 3", district=district)
    engine.dispose()
    geocoder.shelf.engine = engine_for("postgresql://nobody@127.0.0.1:1/nothing")
    assert geocoder.search("Tehtaankatu 3", district=district) == before


@pytest.mark.usefixtures("unbelieving")
def test_a_district_that_is_deleted_is_unknown(database: Engine, district: DistrictId) -> None:
    shelf = Shelf(database)
    shelf.of(district)
    with begin(database) as tx:
        tx.execute(text("UPDATE address SET cell = NULL"))
        tx.execute(text("DELETE FROM cell"))
        tx.execute(text("DELETE FROM district WHERE id = :id"), {"id": district})
    with pytest.raises(NotFound):
        shelf.of(district)


def test_a_file_that_is_none_is_made_anew(database: Engine, district: DistrictId, tmp_path: Path) -> None:
    (tmp_path / keeping.name_of(district, 1)).write_bytes(b"something else")
    assert Register(database, tmp_path).search("Tehtaankatu 3", district=district)[0].label == "Tehtaankatu 3"

"""Importing a place: all of it or nothing, once, and with every part filled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from gis.database import begin
from gis.errors import BadExtract, GroundError
from gis.importing import import_place
from gis.importing.course import peak_mb
from gis.importing.numbering import letters
from gis.model import AreaLevel, ImportReport
from gis.store import districts
from gis.store.cells import cells
from gis.store.kinds import KINDS
from gis.travel import built, graphs, segments
from tests.gis.village import Village, add_communities, village


def quiet(step: str, share: float) -> None:
    """Nobody listens."""


def rows(engine: Engine, table: str) -> int:
    with begin(engine) as tx:
        return int(tx.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def grown() -> Village:
    v = village()
    add_communities(v)
    v.way([(3, 3), (3.3, 3), (3.3, 3.3)], building="yes")  # open: a rejection
    return v


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def file(folder: Path) -> Path:
    return grown().write(folder / "musterstadt.osm")


@pytest.fixture(scope="module")
def heard() -> list[tuple[str, float]]:
    return []


@pytest.fixture(scope="module")
def report(module_database: Engine, folder: Path, file: Path, heard: list[tuple[str, float]]) -> ImportReport:
    return import_place(module_database, file, folder=folder, progress=lambda step, share: heard.append((step, share)))


def test_everything_that_was_read_is_in_the_tables(module_database: Engine, report: ImportReport) -> None:
    for table, count in (("building", "buildings"), ("address", "addresses"), ("facility", "facilities")):
        assert rows(module_database, table) == report.counts[count] > 0
    assert rows(module_database, "street") == 2
    assert rows(module_database, "cell") == report.counts["cells"] > 0


def test_every_building_address_and_facility_has_its_cell(module_database: Engine, report: ImportReport) -> None:
    for table in ("building", "address", "facility"):
        assert rows(module_database, f"{table} WHERE cell IS NULL") == 0


def test_the_register_has_a_version_of_which_an_index_can_be_made(
    module_database: Engine, report: ImportReport
) -> None:
    assert rows(module_database, f"register_version WHERE district = {report.district} AND version = 1") == 1


def test_an_address_knows_the_building_that_it_lies_in_and_its_street_in_every_language(
    module_database: Engine, report: ImportReport
) -> None:
    with begin(module_database) as tx:
        question = "SELECT a.number, b.kind, a.names ->> 'en' FROM address a LEFT JOIN building b ON b.id = a.building"
        found = {number: (kind, english) for number, kind, english in tx.execute(text(question))}
    assert found == {"28": ("house", "Chengfu Road"), "30": ("yes", "Chengfu Road"), "7": (None, None)}


def test_only_dwellings_with_a_number_have_people(module_database: Engine, report: ImportReport) -> None:
    with begin(module_database) as tx:
        found = dict(tx.execute(text("SELECT kind, people > 0 FROM building")).all())
    assert found == {"house": True, "yes": True, "garage": False, "school": False}


def test_every_row_knows_its_source_and_what_the_source_calls_it(module_database: Engine, report: ImportReport) -> None:
    tables = ("building", "address", "facility", "road")
    for table in tables:
        assert rows(module_database, f"{table} WHERE source IS NULL OR source_key IS NULL OR digest IS NULL") == 0
    for table in KINDS:
        assert rows(module_database, table) == rows(module_database, f"{table} WHERE source_key IS NOT NULL")
    with begin(module_database) as tx:
        kind, licence, attribution = tx.execute(text("SELECT kind, licence, attribution FROM source")).one()
    assert (kind, licence, "OpenStreetMap" in attribution) == ("osm", "ODbL 1.0", True)


def test_the_district_knows_its_names_time_and_zone(module_database: Engine, report: ImportReport) -> None:
    with begin(module_database) as tx:
        place = districts.district(tx, report.district)
    assert (place.code, place.name, place.time_zone, place.metric_srid) == (
        "MUS",
        "Musterstadt",
        "Europe/Berlin",
        32632,
    )
    assert "OpenStreetMap" in place.attribution
    assert place.bounds == pytest.approx((9.9955, 49.9955, 10.0045, 50.0045))
    assert not place.fictional


def test_areas_stand_below_one_another_with_their_codes(module_database: Engine, report: ImportReport) -> None:
    with begin(module_database) as tx:
        found = districts.areas(tx, report.district)
    assert [(a.level, a.code, a.name) for a in found] == [
        (AreaLevel.DISTRICT, "MUS", "Musterstadt"),
        (AreaLevel.COMMUNITY, "MUS01", "Westend"),
        (AreaLevel.COMMUNITY, "MUS02", "Ostend"),
    ]
    assert {a.parent for a in found[1:]} == {found[0].id}


def test_cells_lie_in_their_community(module_database: Engine, report: ImportReport) -> None:
    with begin(module_database) as tx:
        assert {cell.code[:5] for cell in cells(tx, report.district)} == {"MUS01", "MUS02"}
        apart = text(
            "SELECT count(*) FROM cell c JOIN area a ON a.id = c.area WHERE NOT ST_Intersects(a.geom, c.centre)"
        )
        assert tx.scalar(apart) == 0


def test_names_in_several_scripts_come_back_as_they_were(module_database: Engine, report: ImportReport) -> None:
    with begin(module_database) as tx:
        street = tx.execute(text("SELECT name, names FROM street WHERE name = '成府路'")).one()
        label = tx.scalar(text("SELECT label FROM address WHERE number = '28'"))
        drawn = tx.scalar(text("SELECT tags ->> 'name:zh-Hant' FROM basemap_road WHERE name = 'Mühlgasse' LIMIT 1"))
    assert street.names == {"": "成府路", "en": "Chengfu Road"}
    assert (label, drawn) == ("成府路28号", "磨坊巷")


def test_the_report_is_kept_with_what_was_left_out_and_why(module_database: Engine, report: ImportReport) -> None:
    assert [(r.osm_type, r.reason) for r in report.rejected] == [("way", "unclosed")]
    assert report.seconds > 0
    assert report.peak_mb > 10
    with begin(module_database) as tx:
        assert districts.imported(tx, report.district) == report


def test_progress_names_the_steps_in_order_and_never_leaves_nought_to_one(
    report: ImportReport, heard: list[tuple[str, float]]
) -> None:
    steps = list(dict.fromkeys(step.split(".")[0] for step, _ in heard))
    assert steps == ["read", "clip", "travel", "store", "grid", "register"]
    assert all(0 <= share <= 1 for _, share in heard)
    assert [share for step, share in heard if step == "register"] == [0.0, 1.0]


def test_the_road_graphs_lie_where_the_district_says(
    module_database: Engine, report: ImportReport, folder: Path
) -> None:
    with begin(module_database) as tx:
        where = districts.graphs(tx, report.district)
    assert where
    assert (folder / where / "graphs.json").is_file()


def test_the_same_file_again_is_the_same_district(
    module_database: Engine, report: ImportReport, folder: Path, file: Path
) -> None:
    renamed = folder / "again.osm"
    renamed.write_bytes(file.read_bytes())
    assert import_place(module_database, renamed, folder=folder, progress=quiet) == report
    assert rows(module_database, "district") == 1


def test_the_same_file_again_mends_graphs_from_before_roads_could_be_closed(
    module_database: Engine, report: ImportReport, folder: Path, file: Path
) -> None:
    with begin(module_database) as tx:
        ways = folder / str(districts.graphs(tx, report.district))
    before = built.read(ways)
    (before.folder / segments.FILE).unlink()
    assert not graphs.whole(ways)
    assert import_place(module_database, file, folder=folder, progress=quiet) == report
    assert graphs.whole(ways)
    later = built.read(ways)
    import_place(module_database, file, folder=folder, progress=quiet)
    assert built.read(ways) == later != before


def test_the_same_place_from_another_file_is_another_district_with_another_code(
    database: Engine, tmp_path: Path
) -> None:
    first = import_place(database, grown().write(tmp_path / "a.osm"), folder=tmp_path, progress=quiet)
    later = grown()
    later.ring(3, -2, 0.3, building="house")
    second = import_place(database, later.write(tmp_path / "b.osm"), folder=tmp_path, progress=quiet, fictional=True)
    with begin(database) as tx:
        found = districts.districts(tx)
    assert [(d.id, d.code, d.fictional) for d in found] == [
        (first.district, "MUS", False),
        (second.district, "MUS2", True),
    ]


def test_two_who_import_one_file_at_once_get_one_district(database: Engine, tmp_path: Path) -> None:
    file = grown().write(tmp_path / "v.osm")
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(import_place, database, file, folder=tmp_path, progress=quiet) for _ in range(2)]
        reports = [run.result(timeout=120) for run in runs]
    assert reports[0] == reports[1]
    assert rows(database, "district") == rows(database, "import_run") == 1
    assert len(list((tmp_path / "graphs").iterdir())) == 1


@pytest.fixture
def truncated(tmp_path: Path) -> Path:
    whole = grown().text()
    file = tmp_path / "cut.osm"
    file.write_text(whole[: len(whole) * 2 // 3], encoding="utf-8")
    return file


def test_of_a_truncated_file_nothing_is_stored(database: Engine, truncated: Path, tmp_path: Path) -> None:
    with pytest.raises(BadExtract) as caught:
        import_place(database, truncated, folder=tmp_path / "data", progress=quiet)
    assert caught.value.code == "ground.bad_extract"
    assert caught.value.params["file"] == "cut.osm"
    assert rows(database, "district") == 0
    assert not (tmp_path / "data").exists()


def test_a_file_that_is_not_there_is_a_bad_extract(database: Engine, tmp_path: Path) -> None:
    with pytest.raises(BadExtract, match="missing"):
        import_place(database, tmp_path / "nowhere.osm.pbf", folder=tmp_path, progress=quiet)


def test_an_import_that_fails_late_leaves_no_row_and_no_graphs(database: Engine, tmp_path: Path) -> None:
    """The version of the register comes last: here it cannot be written."""
    with begin(database) as tx:
        tx.execute(text("ALTER TABLE register_version ADD CONSTRAINT versionless CHECK (version < 1)"))
    with pytest.raises(Exception, match="versionless"):
        import_place(database, grown().write(tmp_path / "v.osm"), folder=tmp_path, progress=quiet)
    assert [rows(database, table) for table in ("district", "area", "building", "cell", "import_run")] == [0] * 5
    assert list((tmp_path / "graphs").iterdir()) == []


@pytest.fixture
def unwritable(tmp_path: Path) -> Path:
    """A data folder in which no graph can be built: a file stands where their folder should be."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "graphs").write_text("in the way")
    return tmp_path / "data"


def test_a_data_folder_that_cannot_be_written_is_an_error_and_stores_nothing(
    database: Engine, tmp_path: Path, unwritable: Path
) -> None:
    with pytest.raises((OSError, GroundError)):
        import_place(database, grown().write(tmp_path / "v.osm"), folder=unwritable, progress=quiet)
    assert rows(database, "district") == 0


def test_a_place_without_roads_is_imported_and_measured_by_the_straight_line(database: Engine, tmp_path: Path) -> None:
    v = village()
    v.ways = [way for way in v.ways if "highway" not in way]
    report = import_place(database, v.write(tmp_path / "v.osm"), folder=tmp_path, progress=quiet)
    assert (report.counts["graphs"], report.counts["buildings"]) == (0, 4)
    with begin(database) as tx:
        assert districts.graphs(tx, report.district) is None


def test_letters_count_like_the_columns_of_a_sheet() -> None:
    assert [letters(i) for i in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


@pytest.mark.parametrize(
    ("name", "taken", "code"),
    [
        ("Helsinki", set(), "HEL"),
        ("Liechtenstein", {"LIE", "LIE2"}, "LIE3"),
        ("Ås", set(), "AS"),
        ("海淀区", set(), "GRD"),
        ("海淀区", {"GRD"}, "GRD2"),
    ],
)
def test_a_district_code_is_short_and_free(name: str, taken: set[str], code: str) -> None:
    assert districts.free_code(name, taken) == code


@pytest.mark.slow
def test_a_real_place_is_alive_after_its_import(database: Engine, tmp_path: Path, shared_data: Path) -> None:
    before = peak_mb()  # of all tests in this process so far
    report = import_place(database, shared_data / "osm" / "monaco_2026.osm.pbf", folder=tmp_path, progress=quiet)
    assert rows(database, "building") == report.counts["buildings"] == 1245
    assert rows(database, "building WHERE cell IS NULL") == 0
    assert report.counts["graphs"] == 1
    assert report.peak_mb < max(before, 500) + 500
    with begin(database) as tx:
        place = districts.district(tx, report.district)
    assert (place.code, place.time_zone, place.metric_srid) == ("MON", "Europe/Monaco", 32632)

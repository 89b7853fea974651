"""Who is reached in time: the arithmetic, the use case, and the page to send around."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import shapely
from playwright.sync_api import Browser
from sqlalchemy import Engine, insert

from gis import tables
from gis.database import begin
from gis.errors import BadQuestion, NotFound
from gis.importing import import_place
from gis.model import Leg, Mode, Point
from gis.reach import Band, Coverage, Question, Source, cover, drawing, facilities, measuring
from gis.reach.page import Leaflet, folium_page
from gis.reach.words import LANGUAGES, WORDS
from gis.store import cells, districts
from gis.store.reach import Backdrop, Buildings, Ground, backdrop
from gis.travel.beeline import PACES, Beeline
from gis.travel.engine import Matrix
from gis.travel.osrm import Osrm
from tests.conftest import ROOT
from tests.gis.towns import PLANE, degrees, store, town

HERE = Source(label="Station", point=Point(0.0, 0.0), kind="fire_station")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BACKDROP = Backdrop(name="Town", names={"zh-Hant": "小鎮"}, attribution="© somebody & others")


@dataclass(frozen=True)
class Told:
    """An engine that says what it was told: seconds by source and target, by longitude."""

    seconds: Sequence[Sequence[float]]

    def matrix(self, mode: Mode, sources: Sequence[Point], targets: Sequence[Point]) -> Matrix:  # noqa: ARG002 - a protocol
        table = np.array(self.seconds, dtype=np.float64)
        picked = table[np.ix_([int(p.lon) for p in sources], [int(p.lon) for p in targets])]
        return Matrix(seconds=picked, metres=picked * 10, estimated=False)

    def route(self, mode: Mode, stops: Sequence[Point]) -> Leg:  # noqa: ARG002 - a protocol
        raise AssertionError("nobody asks for a route")


def answer(
    seconds: Sequence[Sequence[float]], people: Sequence[float], cell: Sequence[int], limit: float = 60
) -> Coverage:
    count = len(people)
    buildings = Buildings(
        id=np.arange(count),
        cell=np.array(cell),
        people=np.array(people, dtype=float),
        points=[Point(float(i), 0.0) for i in range(count)],
    )
    sources = tuple(Source(label=f"S{i}", point=Point(float(i), 0.0), kind="x") for i in range(len(seconds)))
    ground = [Ground(id=i, code=f"C{i}", area=1, outline=shapely.box(i, 0, i + 1, 1)) for i in sorted({*cell, 9})]
    question = Question(district=1, sources=sources, mode=Mode.DRIVE, seconds=limit)
    ways = measuring.nearest(Told(seconds), Mode.DRIVE, sources, buildings, lambda _step, _share: None)
    return measuring.coverage(question, buildings, ground, ways, at=NOON)


@pytest.mark.pure
def test_each_building_counts_with_its_quickest_source() -> None:
    found = answer([[10, 50, 90, np.inf], [30, 20, 70, np.inf]], people=[1, 2, 4, 8], cell=[1, 1, 2, 2])
    assert found.nearest.seconds.tolist() == [10, 20, 70, np.inf]
    assert found.nearest.source.tolist() == [0, 1, 1, -1]
    assert found.bands.tolist() == [Band.FIRST, Band.FIRST, Band.LATE, Band.NO_WAY]
    t = found.totals
    assert (t.buildings, t.reached, t.no_way, t.people, t.people_reached) == (4, 2, 1, 15, 3)
    assert (t.cells, t.cells_reached) == (2, 1)


@pytest.mark.pure
def test_what_has_no_way_is_never_reached_however_long_one_waits() -> None:
    found = answer([[np.inf, 5]], people=[3, 1], cell=[1, 2], limit=7200)
    assert found.totals.reached == 1
    assert [cell.no_way for cell in found.cells if cell.id == 1] == [1]
    assert found.totals.p50 is None
    assert drawing.buildings(found)["features"][0]["properties"]["seconds"] is None


@pytest.mark.pure
def test_cells_stand_with_most_people_missed_first_and_empty_ones_last() -> None:
    found = answer([[90, 90, 10, 90]], people=[1, 5, 99, 0], cell=[1, 2, 3, 4])
    assert [cell.id for cell in found.cells] == [2, 1, 4, 3, 9]
    assert found.cells[-1].p50 is None


@pytest.mark.pure
def test_half_and_nine_tenths_count_people_and_buildings_where_nobody_lives() -> None:
    times = [[float(i) for i in range(10, 110, 10)]]
    crowded = answer(times, people=[0] * 9 + [5], cell=[1] * 10)
    empty = answer(times, people=[0] * 10, cell=[1] * 10)
    assert (crowded.totals.p50, crowded.totals.p90) == (100, 100)
    assert (empty.totals.p50, empty.totals.p90) == (50, 90)
    assert (empty.cells[0].seconds, empty.cells[0].p50, empty.cells[0].p90) == (10, 50, 90)


@pytest.mark.pure
def test_a_time_on_the_edge_is_in_time() -> None:
    assert measuring.bands(np.array([0, 20, 20.1, 40, 60, 60.1, np.inf]), 60).tolist() == [0, 0, 1, 1, 2, 3, 4]


@pytest.mark.pure
def test_many_sources_and_buildings_are_asked_for_in_blocks_with_the_same_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = np.random.default_rng(1).uniform(0, 100, (7, 23)).tolist()
    people, cell = [1.0] * 23, [1] * 23
    whole = answer(table, people, cell)
    monkeypatch.setattr(measuring, "SOURCES", 3)
    monkeypatch.setattr(measuring, "TARGETS", 5)
    pieces = answer(table, people, cell)
    assert pieces.nearest.seconds.tolist() == whole.nearest.seconds.tolist()
    assert pieces.nearest.source.tolist() == whole.nearest.source.tolist()
    assert pieces.nearest.straight.tolist() == whole.nearest.straight.tolist()


@pytest.mark.pure
def test_a_source_that_no_road_leads_from_is_named() -> None:
    found = answer([[10, 10], [np.inf, np.inf]], people=[1, 1], cell=[1, 1])
    assert found.stranded == ("S1",)


@pytest.mark.pure
def test_the_circle_says_what_it_would_have_claimed_wrongly() -> None:
    buildings = Buildings(
        id=np.arange(2), cell=np.ones(2, dtype=int), people=np.ones(2), points=[Point(0.001, 0), Point(0.9, 0)]
    )
    question = Question(district=1, sources=(HERE,), mode=Mode.WALK, seconds=600)
    ways = measuring.nearest(Beeline(), Mode.WALK, [HERE], buildings, lambda _step, _share: None)
    river = replace(ways, seconds=np.array([np.inf, 100.0]))
    circle = measuring.coverage(question, buildings, [], river, at=NOON).circle
    assert (circle.buildings, circle.only_circle, circle.only_road) == (1, 1, 1)
    assert circle.metres == pytest.approx(600 * PACES[Mode.WALK].speed / PACES[Mode.WALK].detour)


@pytest.fixture(scope="module")
def district(module_database: Engine) -> int:
    with begin(module_database) as tx:
        found = store(tx, town(5, streets=8, houses=50)).district
        cells.cut_grid(tx, found)
        row = {"district": found, "osm_type": "node", "kind": "fire_station", "point": degrees(shapely.Point(0, 0))}
        named = {**row, "osm_id": 1, "name": "Wache", "names": {"en": "Station"}}
        tx.execute(insert(tables.facility), [named, {**row, "osm_id": 2, "name": None, "names": {}}])
        return found


def test_facilities_are_called_as_the_reader_calls_them(module_database: Engine, district: int) -> None:
    told = facilities(module_database, district=district, kind="fire_station", language="en")
    assert [one.label for one in told] == ["Station", "fire_station 2"]
    assert facilities(module_database, district=district, kind="fire_station")[0].label == "Wache"


def test_a_coverage_by_the_straight_line_says_that_it_is_estimated(module_database: Engine, district: int) -> None:
    centre = Source(label="x", point=Point(PLANE.lon, PLANE.lat), kind="on_duty")
    found = cover(module_database, Beeline(), district=district, sources=[centre], mode=Mode.WALK, seconds=300)
    assert found.estimated
    assert 0 < found.totals.reached < found.totals.buildings == 50
    assert found.totals.reached == found.circle.buildings
    assert sum(cell.buildings for cell in found.cells) == 50


def test_without_sources_nothing_is_reached(module_database: Engine, district: int) -> None:
    found = cover(module_database, Beeline(), district=district, sources=[], mode=Mode.WALK, seconds=300)
    assert (found.totals.reached, found.totals.no_way) == (0, 50)


@pytest.mark.parametrize("seconds", [0.0, -1.0, 7201.0, float("nan")])
def test_a_time_that_makes_no_sense_is_refused(module_database: Engine, district: int, seconds: float) -> None:
    with pytest.raises(BadQuestion):
        cover(module_database, Beeline(), district=district, sources=[], mode=Mode.WALK, seconds=seconds)


@pytest.fixture(scope="module")
def monaco(module_database: Engine, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Osrm]:
    folder = tmp_path_factory.mktemp("places")
    file = shared_data / "osm" / "monaco_2026.osm.pbf"
    report = import_place(module_database, file, folder=folder, progress=lambda _step, _share: None)
    with begin(module_database) as tx:
        graphs = districts.graphs(tx, report.district)
    if graphs is None:
        pytest.skip("needs the road engine OSRM, which could not build graphs here")
    return report.district, Osrm(folder / graphs)


@pytest.mark.slow
def test_by_road_fewer_are_reached_than_a_circle_claims_and_more_with_more_time(
    module_database: Engine, monaco: tuple[int, Osrm]
) -> None:
    place, roads = monaco
    sources = facilities(module_database, district=place, kind="fire_station")
    assert len(sources) == 2
    short, long = (
        cover(module_database, roads, district=place, sources=sources, mode=Mode.WALK, seconds=minutes * 60)
        for minutes in (5, 15)
    )
    assert not short.estimated
    assert 0 < short.totals.reached < long.totals.reached < long.totals.buildings
    assert short.circle.only_circle > 0
    crow = short.nearest.straight[np.isfinite(short.nearest.seconds)]
    assert (short.nearest.metres[np.isfinite(short.nearest.seconds)] >= crow * 0.95 - 5).all()


def leaflet() -> Leaflet:
    dist = ROOT / "web" / "node_modules" / "leaflet" / "dist"
    if not dist.is_dir():
        return Leaflet(script="/* no Leaflet here */", style="")
    return Leaflet.at(dist)


EVIL = '</script><script>alert(1)</script>{{ 7 * 7 }}"<b>'


@pytest.mark.pure
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_nothing_from_elsewhere_and_speaks_the_language(language: str) -> None:
    page = folium_page(answer([[10, 90]], [1, 2], [1, 2]), BACKDROP, leaflet(), kind="消防站", language=language)
    assert f'<html lang="{language}">' in page
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", page)
    assert not re.findall(r"@import|url\((?!data:|#)", page)
    assert "cdn." not in page
    assert WORDS[language]["worst"] in page
    assert "33.3 %" in page
    assert "© somebody &amp; others" in page
    assert ("小鎮" in page) == (language == "zh-Hant")


@pytest.mark.pure
def test_a_name_with_markup_stays_a_name() -> None:
    found = answer([[10, 90]], [1, 2], [1, 2])
    sources = (replace(found.question.sources[0], label=EVIL),)
    cells_ = tuple(replace(cell, nearest=EVIL) for cell in found.cells)
    evil = replace(found, question=replace(found.question, sources=sources), cells=cells_, stranded=(EVIL,))
    page = folium_page(evil, replace(BACKDROP, name=EVIL, attribution=EVIL), leaflet(), kind=EVIL, title=EVIL)
    assert "<script>alert" not in page
    panel = page.split('<aside id="coverage">')[1].split("</aside>")[0]
    assert panel.count("{{ 7 * 7 }}") == 6  # title, kind, place, stranded source, missed cell, attribution
    assert "<b>&" not in panel


@pytest.mark.pure
def test_the_page_says_when_times_are_estimated_and_when_a_source_is_stranded() -> None:
    found = answer([[10, 90], [np.inf, np.inf]], [1, 2], [1, 2])
    page = folium_page(replace(found, nearest=replace(found.nearest, estimated=True)), BACKDROP, leaflet(), kind="x")
    assert WORDS["en"]["estimated"] in page
    assert "No road leads from: S1" in page
    assert WORDS["en"]["estimated"] not in folium_page(found, BACKDROP, leaflet(), kind="x")


@pytest.mark.pure
def test_the_page_says_the_same_things_in_every_language() -> None:
    en, hans, hant = ({k: sorted(re.findall(r"\{\w+\}", v)) for k, v in WORDS[one].items()} for one in LANGUAGES)
    assert en == hans == hant


@pytest.mark.pure
def test_a_folder_without_leaflet_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        Leaflet.at(tmp_path)


@pytest.mark.pure
def test_images_of_the_style_sheet_go_into_the_page(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.png").write_bytes(b"png")
    (tmp_path / "leaflet.css").write_text("x{background:url(images/a.png)} y{background:url(images/gone.png)}")
    (tmp_path / "leaflet.js").write_text("var a = '</script>';\n//# sourceMappingURL=leaflet.js.map")
    found = Leaflet.at(tmp_path)
    assert found.style == "x{background:url(data:image/png;base64,cG5n)} y{background:none}"
    assert found.script.strip() == "var a = '<\\/script>';"


def test_water_and_roads_lie_beneath_the_answer(module_database: Engine, district: int) -> None:
    with begin(module_database) as tx:
        found = backdrop(tx, district)
        assert len(found.roads) + len(found.streets) > 0
        with pytest.raises(NotFound):
            backdrop(tx, 10**6)


@pytest.mark.browser
def test_the_page_draws_itself_in_a_browser_that_has_no_internet(tmp_path: Path, chromium: Browser) -> None:
    if not (ROOT / "web" / "node_modules" / "leaflet").is_dir():
        pytest.skip("needs the installed front end packages")
    file = tmp_path / "coverage.html"
    found = answer([[10, 90, np.inf]], [1, 2, 3], [1, 2, 3])
    file.write_text(folium_page(found, replace(BACKDROP, name=EVIL), leaflet(), kind=EVIL), encoding="utf-8")
    asked, complaints = [], []
    page = chromium.new_page(offline=True)
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(file.as_uri(), timeout=20_000)
    page.wait_for_selector(".leaflet-container canvas", timeout=20_000)
    assert EVIL in page.inner_text("#coverage")
    assert page.locator("#coverage table tr").count() == 3
    page.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert complaints == []

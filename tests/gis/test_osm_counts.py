"""The counts of three real extracts, against what was counted of them by other means, within one per cent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gis.laying import Whole, whole

WHAT = (
    *("buildings", "addresses", "addresses_with_street", "streets", "car_km", "foot_km"),
    *("facility_fire_station", "facility_fire_hydrant", "facility_defibrillator"),
    *("facility_kindergarten", "facility_school", "facility_police"),
)
COUNTED = {
    "monaco_2026": (1625, 445, 420, 112, 83, 82, 2, 9, 18, 2, 11, 13),
    "lauf_de_2020": (6531, 5425, 5425, 327, 152, 105, 4, 479, 1, 11, 15, 1),
    "liechtenstein_2024": (17718, 12513, 12507, 865, 486, 945, 9, 31, 148, 20, 18, 4),
}

pytestmark = pytest.mark.pure


@pytest.fixture(scope="module", params=sorted(COUNTED))
def counted(request: pytest.FixtureRequest, shared_data: Path) -> tuple[str, Whole]:
    file = shared_data / "osm" / f"{request.param}.osm.pbf"
    return request.param, whole(file)


def test_the_file_is_read_whole(counted: tuple[str, Whole]) -> None:
    name, place = counted
    found = {what: place.counts[f"file_{what}"] for what in WHAT}
    assert found == pytest.approx(dict(zip(WHAT, COUNTED[name], strict=True)), rel=0.01)


def test_nothing_is_stored_that_was_not_read(counted: tuple[str, Whole]) -> None:
    _, place = counted
    assert all(place.counts.get(what, 0) <= place.counts[f"file_{what}"] for what in WHAT)
    assert place.counts["buildings"] == len(place.buildings)


def test_clipping_leaves_out_only_what_lies_beyond_the_border(counted: tuple[str, Whole]) -> None:
    """Lauf is its box. Of Liechtenstein's file 40 buildings stand in its neighbours, of Monaco's 378 in France."""
    name, place = counted
    beyond = {"lauf_de_2020": 0, "liechtenstein_2024": 40, "monaco_2026": 378}
    assert place.counts["file_buildings"] - place.counts["buildings"] == beyond[name]

"""Building the graphs of a place, and what a failed build leaves behind."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path

import pytest

from gis.errors import TravelUnavailable
from gis.model import Mode
from gis.travel import built, calibration, graphs, running
from gis.travel.beeline import PACES
from gis.travel.osrm import Osrm
from tests.gis.travelling import HOME, WORK, silent, write


def test_a_build_prepares_all_three_modes_and_tells_how_far_it_is(tmp_path: Path) -> None:
    heard: list[tuple[str, float]] = []
    graphs.build(write(tmp_path), tmp_path / "graphs", lambda step, share: heard.append((step, share)))
    assert built.read(tmp_path / "graphs").algorithms == dict.fromkeys(Mode, "CH")
    assert [step for step, _ in heard[:3]] == ["travel.walk", "travel.cycle", "travel.drive"]
    shares = [share for _, share in heard]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_a_compressed_extract_is_read_as_it_is(tmp_path: Path) -> None:
    packed = tmp_path / "town.osm.gz"
    packed.write_bytes(gzip.compress(write(tmp_path).read_bytes()))
    graphs.build(packed, tmp_path / "graphs", silent)
    assert Osrm(tmp_path / "graphs").route(Mode.WALK, [HOME, WORK]).metres > 0


def test_a_second_build_replaces_the_first_and_leaves_nothing_of_it(tmp_path: Path) -> None:
    for _ in range(2):
        graphs.build(write(tmp_path), tmp_path / "graphs", silent)
    assert sorted(path.name for path in (tmp_path / "graphs").iterdir()) == sorted(
        [built.INDEX, built.read(tmp_path / "graphs").name]
    )


def test_a_foreign_file_fails_with_its_reason_and_leaves_the_old_build_in_force(tmp_path: Path) -> None:
    graphs.build(write(tmp_path), tmp_path / "graphs", silent)
    before = built.read(tmp_path / "graphs")
    foreign = tmp_path / "letter.osm.pbf"
    foreign.write_text("Dear Sir or Madam")
    with pytest.raises(TravelUnavailable) as caught:
        graphs.build(foreign, tmp_path / "graphs", silent)
    assert caught.value.params["reason"] == "build_failed"
    assert "PBF error" in str(caught.value.params["said"])
    assert built.read(tmp_path / "graphs") == before
    assert len(list((tmp_path / "graphs").iterdir())) == 2


def test_an_extract_without_any_road_has_no_graphs(tmp_path: Path) -> None:
    with pytest.raises(TravelUnavailable) as caught:
        graphs.build(write(tmp_path, kind="proposed"), tmp_path / "graphs", silent)
    assert caught.value.params["reason"] == "no_roads"


def test_a_build_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(TravelUnavailable) as caught:
        graphs.build(write(tmp_path), tmp_path / "graphs", silent, limits=graphs.Limits(extract=0.0))
    assert caught.value.params["reason"] == "build_too_long"


def test_what_a_killed_build_left_is_cleared_away_a_day_later(tmp_path: Path) -> None:
    left = tmp_path / "graphs" / ".20200101T000000-dead00"
    left.mkdir(parents=True)
    os.utime(left, (time.time() - 2 * 86_400,) * 2)
    graphs.build(write(tmp_path), tmp_path / "graphs", silent)
    assert not left.exists()


def test_a_missing_program_is_told_from_a_failed_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(running, "package", lambda: tmp_path)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(TravelUnavailable) as caught:
        running.run(Mode.WALK, "osrm-extract", [], seconds=1.0)
    assert caught.value.params["reason"] == "engine_missing"


def test_an_index_that_is_not_whole_counts_as_no_graphs(tmp_path: Path) -> None:
    (tmp_path / built.INDEX).write_text('{"build": ')
    with pytest.raises(TravelUnavailable) as caught:
        built.read(tmp_path)
    assert caught.value.params["reason"] == "no_graphs"


def test_a_town_with_nothing_to_measure_keeps_the_default_paces(tmp_path: Path) -> None:
    graphs.build(write(tmp_path), tmp_path / "graphs", silent)
    assert built.read(tmp_path / "graphs").paces == PACES


def test_the_sample_is_the_same_every_time_and_no_larger_than_asked(shared_data: Path) -> None:
    extract = shared_data / "osm" / "monaco_2026.osm.pbf"
    points = calibration.sample(extract)
    assert len(points) == calibration.SAMPLE
    assert points == calibration.sample(extract)

"""Files that are damaged or packed to harm: always an error of ours, with a place, and never anything else."""

from __future__ import annotations

import bz2
import gzip
import random
from pathlib import Path

import pytest

from gis.errors import BadExtract
from gis.importing.keeping import keep
from gis.osm import collecting, damage
from gis.osm.reading import read
from tests.gis.village import add_communities, village

pytestmark = pytest.mark.pure
SEED = 20_240_717


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The village in every form that an extract has."""
    folder = tmp_path_factory.mktemp("whole")
    v = village()
    add_communities(v)
    plain = v.write(folder / "v.osm")
    keep(plain, folder / "v.osm.pbf")
    text = plain.read_bytes()
    return {
        "osm": text,
        "osm.gz": gzip.compress(text),
        "osm.bz2": bz2.compress(text),
        "osm.pbf": (folder / "v.osm.pbf").read_bytes(),
    }


@pytest.mark.parametrize("form", ["osm", "osm.gz", "osm.bz2", "osm.pbf"])
def test_whatever_is_cut_off_is_read_or_refused_and_never_half_read(
    tmp_path: Path, whole: dict[str, bytes], form: str
) -> None:
    bytes_ = whole[form]
    ends = random.Random(SEED).sample(range(len(bytes_) - 20), 40)
    for end in ends:
        file = tmp_path / f"v.{form}"
        file.write_bytes(bytes_[:end])
        with pytest.raises(BadExtract):
            read(file)


@pytest.mark.parametrize("form", ["osm", "osm.gz", "osm.bz2", "osm.pbf"])
def test_a_flipped_byte_is_read_or_refused(tmp_path: Path, whole: dict[str, bytes], form: str) -> None:
    chance = random.Random(SEED)
    refused = 0
    for _ in range(60):
        bytes_ = bytearray(whole[form])
        bytes_[chance.randrange(len(bytes_))] ^= 1 << chance.randrange(8)
        file = tmp_path / f"v.{form}"
        file.write_bytes(bytes_)
        try:
            read(file)
        except BadExtract:  # anything else fails the test
            refused += 1
    assert refused > 3


def test_xml_says_the_line_and_a_pbf_the_byte_where_it_breaks(tmp_path: Path, whole: dict[str, bytes]) -> None:
    text = tmp_path / "v.osm"
    text.write_bytes(whole["osm"].replace(b"<way ", b"<way <", 1))
    with pytest.raises(BadExtract, match=r"line \d+"):
        read(text)
    packed = tmp_path / "v.osm.pbf"
    bytes_ = bytearray(whole["osm.pbf"])
    bytes_[-40] ^= 255
    packed.write_bytes(bytes_)
    with pytest.raises(BadExtract, match=r"block 3 at byte \d+"):
        read(packed)
    packed.write_bytes(whole["osm.pbf"][:-30])
    with pytest.raises(BadExtract, match=r"block \d at byte \d+: it breaks off"):
        read(packed)


@pytest.mark.parametrize("form", ["osm.gz", "osm.bz2"])
def test_a_file_out_of_which_too_much_comes_is_a_bomb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(damage, "FREE", 1_000_000)
    pack = gzip.compress if form == "osm.gz" else bz2.compress
    file = tmp_path / f"v.{form}"
    file.write_bytes(pack(b"<osm>" + b" " * 20_000_000))
    with pytest.raises(BadExtract, match="bomb"):
        read(file)


def test_a_way_longer_than_any_map_allows_is_left_out_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "MOST_NODES", 100)
    v = village()
    long = v.way([(i / 100, 3.5) for i in range(101)], highway="residential")
    found = read(v.write(tmp_path / "v.osm"))
    assert [(one.osm_id, one.reason) for one in found.rejected] == [(long, "too_long")]


def test_relations_that_hold_one_another_without_end_are_no_trouble(tmp_path: Path) -> None:
    v = village()
    first = v._next + 1
    for number in range(first, first + 50):
        v.relation(
            [("relation", number + 1 if number < first + 49 else first, "")], type="multipolygon", building="yes"
        )
    found = read(v.write(tmp_path / "v.osm"))
    assert {one.reason for one in found.rejected} == {"broken_rings"}


def test_nodes_without_tags_after_their_ways_are_found_out(tmp_path: Path) -> None:
    v = village()
    v.ways += [
        f'<way id="{7_000 + i}" version="1"><nd ref="{8_000 + i}"/><nd ref="{8_001 + i}"/>'
        '<tag k="highway" v="path"/></way>'
        for i in range(60)
    ]
    late = "".join(f'<node id="{8_000 + i}" version="1" lon="10.0" lat="50.{i:03d}"/>' for i in range(61))
    file = tmp_path / "v.osm"
    file.write_text(v.text().replace("</osm>", f"{late}</osm>"), encoding="utf-8")
    with pytest.raises(BadExtract, match="unsorted"):
        read(file)


def test_ids_that_do_not_grow_are_found_out(tmp_path: Path) -> None:
    v = village()
    v.ways.reverse()
    with pytest.raises(BadExtract, match="unsorted"):
        read(v.write(tmp_path / "v.osm"))


def test_a_spool_gives_back_from_disk_what_was_put_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = village().write(tmp_path / "v.osm")
    inside = read(file)
    monkeypatch.setattr("gis.osm.spool.HELD", 0)
    monkeypatch.setattr("gis.osm.collecting.BATCH", 3)
    spooled = read(file)
    for one, other in ((inside.nodes, spooled.nodes), (inside.lines, spooled.lines), (inside.areas, spooled.areas)):
        assert list(one) == list(other) == list(other)

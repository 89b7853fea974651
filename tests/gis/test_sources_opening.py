"""Whatever somebody brings is recognised by what is inside, and read row by row."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from gis.errors import BadSource
from gis.sources.limits import Limits
from gis.sources.model import Format, Shape
from gis.sources.opening import opened
from tests.conftest import ROOT
from tests.gis import deliveries


@pytest.mark.parametrize("kind", deliveries.FORMATS)
def test_the_same_doors_come_out_of_every_format(tmp_path: Path, kind: str) -> None:
    file = deliveries.write(tmp_path, kind).rename(tmp_path / "without-a-suffix")
    with opened(file) as found:
        layer = found.layers()[0]
        rows = list(found.records(layer.name))
    assert [row.values["地址"] for row in rows] == [door[1] for door in deliveries.DOORS]
    assert [str(row.values["樓層"]) for row in rows] == ["5", "2", "12"]
    assert found.format is {"kmz": Format.KML, "shp": Format.SHAPEFILE}.get(kind, Format(kind.replace("kmz", "kml")))
    if found.format.tabular:
        assert (layer.geometry, rows[0].values["經度"]) in ((None, 24.95), (None, "24.95"))
        assert [row.line for row in rows] == ([3, 4, 5] if kind == "xlsx" else [2, 3, 4])
    else:
        assert layer.geometry is Shape.POINT
        for row, door in zip(rows, deliveries.DOORS, strict=True):
            assert row.geom is not None
            assert row.geom.coords[0] == pytest.approx(door[3:])
        assert [row.line for row in rows] == [1, 2, 3]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("big5", "big5hkscs"),
        ("utf-16", "utf-16"),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, encoding: str, found: str) -> None:
    text = "名称;地址\n幸福社區;東區東門路98號\n" if encoding == "big5" else "名称;地址\n幸福社区;东门路98号\n"
    (tmp_path / "a.txt").write_bytes(text.encode(encoding, "ignore"))
    with opened(tmp_path / "a.txt") as table:
        assert table.encoding == found
        assert next(table.records()).values["地址"] in ("東區東門路98號", "东门路98号")


def test_what_a_person_says_of_the_encoding_counts(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("a,b\nGröße,1\n".encode("cp850"))
    with opened(tmp_path / "a.csv", encoding="cp850") as table:
        assert (next(table.records()).values["a"], table.encoding_how) == ("Größe", "said")
    with pytest.raises(BadSource, match="encoding"), opened(tmp_path / "a.csv", encoding="klingon"):
        pass


def test_a_few_broken_bytes_cost_their_rows_only(tmp_path: Path) -> None:
    rows = [f"{n},東門路{n}號".encode() for n in range(1, 200)]
    rows[98] = b"99,\xff\xfe\x80"
    (tmp_path / "a.csv").write_bytes(b"\n".join(["編號,地址".encode(), *rows]))
    with opened(tmp_path / "a.csv") as table:
        faulty = [row for row in table.records() if row.fault]
    assert table.encoding == "utf-8"
    assert [(row.line, row.fault and row.fault.reason) for row in faulty] == [(100, "encoding")]


def test_lines_are_counted_as_a_person_sees_them(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('Register 2026\n\nid,name\n1,"two\nlines"\n2,b,,too many\n', encoding="utf-8")
    with opened(tmp_path / "a.csv") as table:
        rows = list(table.records())
    assert [(row.line, row.fault and row.fault.reason) for row in rows] == [(4, None), (6, "too_many_cells")]


def test_what_the_columns_hold_is_told(tmp_path: Path) -> None:
    head = "code,n,x,day,name,\n"
    (tmp_path / "a.csv").write_text(head + "007,1,1.5,2024-01-02,A,\n008,2,2,2024-01-03,B,\n", encoding="utf-8")
    with opened(tmp_path / "a.csv") as table:
        fields = table.layers()[0].fields
    assert [field.type for field in fields] == ["text", "integer", "number", "date", "text", "text"]
    assert fields[0].examples == ("007", "008")
    assert fields[5].name == "column 6"


def test_what_osm_brings_is_handed_on(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(gzip.compress(b'<?xml version="1.0"?><osm version="0.6"></osm>'))
    (tmp_path / "b").write_text('<osmChange version="0.6"></osmChange>', encoding="utf-8")
    for name, found in (("a", Format.OSM), ("b", Format.OSM_CHANGES)):
        with opened(tmp_path / name) as file:
            assert (file.format, file.layers()) == (found, ())


def zip_of(file: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in members.items():
            made.writestr(name, body)
    return file


BILLION_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><kml>&b;</kml>'


@pytest.mark.parametrize(
    ("reason", "members"),
    [
        ("ratio", {"a.csv": b"a,b\n" + b"0" * 30_000_000}),
        ("path", {"../a.csv": b"a,b\n1,2\n"}),
        ("path", {"C:\\a.csv": b"a,b\n1,2\n"}),
        ("members", {f"{n}.csv": b"a,b\n" for n in range(60)}),
        ("nesting", {"a.zip": b"PK"}),
        ("unpacked", {"a.csv": b"a,b\n" + bytes(range(256)) * 12_000}),
        ("foreign", {"a.exe": b"MZ"}),
        ("xml", {"doc.kml": BILLION_LAUGHS}),
    ],
)
def test_a_zip_that_is_a_trap_is_refused(tmp_path: Path, reason: str, members: dict[str, bytes]) -> None:
    file = zip_of(tmp_path / "a.zip", **members)
    limits = Limits(members=50, unpacked=3_000_000 if reason == "unpacked" else 40_000_000)
    with pytest.raises(BadSource) as refused, opened(file, limits=limits) as found:
        found.layers()
    assert refused.value.params["reason"] == reason
    assert refused.value.params["file"] == "a.zip"


def test_a_workbook_that_is_a_trap_is_refused(tmp_path: Path) -> None:
    wide, deep = Workbook(), Workbook()
    assert wide.active
    assert deep.active
    for at in range(1, 700):
        wide.active.cell(1, at, "x")
    deep.active.append(["a", "b"])
    deep.active.cell(1_048_576, 1, "x")
    wide.save(tmp_path / "wide.xlsx")
    deep.save(tmp_path / "deep.xlsx")
    with pytest.raises(BadSource, match="columns"), opened(tmp_path / "wide.xlsx") as found:
        found.layers()
    with pytest.raises(BadSource, match="unpacked"), opened(tmp_path / "deep.xlsx", limits=Limits(sheet=900)) as found:
        found.layers()


def test_a_shape_with_too_many_corners_costs_its_row_only(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[0.001 * n, 0] for n in range(500)]}
    rows: list[dict[str, object]] = [
        {"type": "Feature", "properties": {"n": 1}, "geometry": line},
        *deliveries.features(),
    ]
    (tmp_path / "a.json").write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    with opened(tmp_path / "a.json", limits=Limits(vertices=100)) as found:
        faults = [row.fault and row.fault.reason for row in found.records()]
    assert faults == ["vertices", None, None, None]


@pytest.mark.parametrize(
    "body", [b"", b" \n", b"\x00\x01\x02", b"<html><body>a,b</body></html>", b"hello", b'{"a": 1}']
)
def test_what_is_no_data_is_refused(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(body)
    with pytest.raises(BadSource), opened(tmp_path / "a.csv") as found:
        found.layers()
    with pytest.raises(BadSource, match="missing"), opened(tmp_path / "absent"):
        pass


HEADS = [
    b"",
    b"a,b\n",
    b"PK\x03\x04",
    b"SQLite format 3\x00",
    b'{"type": "FeatureCollection", "features": [',
    b"<kml>",
    b"fgb\x03fgb\x00",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=st.sampled_from(HEADS), rest=st.binary(max_size=200))
def test_no_bytes_bring_the_readers_down(tmp_path: Path, head: bytes, rest: bytes) -> None:
    (tmp_path / "x").write_bytes(head + rest)
    read(tmp_path / "x")


@pytest.mark.parametrize("kind", deliveries.FORMATS)
def test_no_damage_brings_the_readers_down(tmp_path: Path, kind: str) -> None:
    whole = deliveries.write(tmp_path, kind).read_bytes()

    @settings(max_examples=25, deadline=None)
    @given(at=st.integers(0, len(whole) - 1), bits=st.integers(1, 255), cut=st.booleans())
    def damaged(at: int, bits: int, cut: bool) -> None:
        body = whole[:at] if cut else whole[:at] + bytes([whole[at] ^ bits]) + whole[at + 1 :]
        (tmp_path / "damaged").write_bytes(body)
        read(tmp_path / "damaged")

    damaged()


def read(file: Path) -> None:
    """Read everything; only our own error may come out."""
    with suppress(BadSource), opened(file) as found:
        for layer in found.layers():
            for _ in found.records(layer.name):
                pass


PEAK = """
import resource, sys
from pathlib import Path
from gis.sources.opening import opened
for name in sys.argv[1:]:
    with opened(Path(name)) as found:
        layer = found.layers()[0]
        rows = sum(1 for _ in found.records(layer.name))
    print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("kind", ["csv", "gpkg", "geojson", "xlsx"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, kind: str) -> None:
    files = [long_file(tmp_path, kind, rows) for rows in (1_500, 15_000)]
    done = subprocess.run([sys.executable, "-c", PEAK, *files], cwd=ROOT, capture_output=True, text=True, check=True)
    (few, before), (many, after) = (map(int, line.split()) for line in done.stdout.splitlines())
    assert (few, many) == (1_500, 15_000)
    assert after < before + 8_000  # kB; 13,500 rows more are some 20 MB as values


def long_file(folder: Path, kind: str, rows: int) -> Path:
    file = folder / f"{rows}.{kind}"
    if kind == "xlsx":
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for n in range(rows + 1):
            sheet.append([f"name {n}" if n else "name", f"{'x' * 500}{n % 50}", n])
        book.save(file)
        return file
    table = folder / f"{rows}.csv"
    with table.open("w", encoding="utf-8") as stream:
        stream.write("name,note,x,y\n")
        stream.writelines(f"name {n},{'x' * 500}{n},{n / rows},{n / rows}\n" for n in range(rows))
    if kind == "csv":
        return table
    driver = {"gpkg": "GPKG", "geojson": "GeoJSON"}[kind]
    return deliveries.converted(table, file, driver, "-oo", "X_POSSIBLE_NAMES=x", "-oo", "Y_POSSIBLE_NAMES=y")

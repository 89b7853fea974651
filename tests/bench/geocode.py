"""Recall, silence, calibration and latency of the geocoder on query sets with known answers, beside measured anchors.

    python -m tests.bench.geocode [--sets FOLDER] [--data FOLDER] [--database NAME] [--misses KIND] [--million]
        [--page]

The sets are JSON lines (kind, query, lon, lat, tolerance_m, alts); a hit is a first answer within the tolerance of the
position or of an alternative, and for `absent_street` silence. Tainan is a register (CSV) in a district of its own.
`--million` adds a register of 1,000,000 addresses: Liechtenstein copied, shifted, its streets and towns renamed.
`--page` asks a plain trigram table every third query too, and writes docs/geocode.md with its picture.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import Engine, text

from gis.database import begin
from gis.geocode.register import Register
from gis.importing.registering import import_register
from gis.model import Place, Point
from gis.store import districts, register
from gis.travel.beeline import degrees, great_circle
from tests.bench import geocode_page
from tests.bench.geocode_page import Row
from tests.bench.place import database, imported
from tests.bench.rivals import trigram

SHARED = Path(__file__).resolve().parents[3] / "shared"
PLACES = {"liechtenstein": "liechtenstein_2024.osm.pbf", "lauf": "lauf_de_2020.osm.pbf"}
#: Recall at 1 in %, measured elsewhere on the same data: Nominatim 5.3, and one table with a trigram index.
ANCHORS = {
    "liechtenstein": {
        **dict.fromkeys(("exact", "postcode", "swapped", "lower_ascii"), (98.8, 100)),
        "no_city": (98.8, 92.0),
        "typo": (0.3, 99.8),
        "poi_typo": (0, 100),
        "glue_split": (48.3, 95.5),
        "voice": (0, 99.0),
        "intersection": (3.0, 19.0),
        "call_combo": (0, 72.0),
        "typo2_no_city": (0.2, 88.8),
        "number_words": (0, 14.9),
        "wrong_city": (1.7, 45.1),
        "absent_number": (31.2, 53.3),
        "absent_street": (100, 0),
    },
    "lauf": {
        **dict.fromkeys(("exact", "postcode", "swapped", "lower_ascii"), (99.7, 100)),
        "no_city": (99.7, 92.7),
        "typo": (0.2, 99.8),
        "poi_typo": (0, 100),
        "glue_split": (77.7, 98.7),
        "voice": (0, 98.2),
        "intersection": (3.8, 28.8),
        "call_combo": (0, 93.3),
        "typo2_no_city": (0.2, 90.8),
        "number_words": (0, 21.9),
        "wrong_city": (1.5, 4.2),
        "absent_number": (28.0, 46.3),
        "absent_street": (100, 0),
    },
    "tainan": {"fullwidth": (None, 97.3), "simplified": (None, 97.3), "raw_house": (None, 75.8)}
    | {"no_district": (None, 93.7), "raw_house_nearest": (None, 50.0)},
}
BANDS = (0.0, 0.5, 0.8, 0.88, 0.92, 0.96, 0.99, 1.01)
CLIENTS, WORKERS = 8, 2


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sets", type=Path, default=SHARED / "bench" / "geocode")
    asked.add_argument("--data", type=Path, default=SHARED / "data" / "osm")
    asked.add_argument("--database", default="bench_geocode")
    asked.add_argument("--misses", default="")
    asked.add_argument("--million", action="store_true")
    asked.add_argument("--page", action="store_true")
    how = asked.parse_args()
    engine = database(how.database)
    folder = Path(tempfile.gettempdir()) / "gridward-bench" / "registers"
    geocoder = Register(engine, folder)
    known = {place: imported(engine, how.data / file).district for place, file in PLACES.items()}
    known["tainan"] = _tainan(engine, how.sets / "register_tainan.csv")
    told: list[tuple[float, bool]] = []
    rows: list[Row] = []
    for place, district in known.items():
        queries = [query for name in (f"open_{place}", f"open_hard_{place}") for query in _lines(how.sets, name)]
        rival = _rival(engine, district, queries) if how.page else {}
        rows += _measure(geocoder, place, district, queries, told, how.misses, rival)
    _reliability(told)
    texts = [query["query"] for query in _lines(how.sets, "open_liechtenstein")[::3]]
    speed = _speed(engine, folder, known["liechtenstein"], texts, how.database, "Liechtenstein")
    if how.million:
        million = _million(engine, known["liechtenstein"])
        speed += _speed(engine, folder, million, texts, how.database, "1,000,000 addresses")
    if how.page:
        geocode_page.write(Path(__file__).resolve().parents[2] / "docs" / "geocode.md", rows, told, speed)


def _lines(folder: Path, name: str) -> list[dict[str, Any]]:
    file = folder / f"{name}.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def _measure(
    geocoder: Register,
    place: str,
    district: int,
    queries: Sequence[dict[str, Any]],
    told: list[Any],
    misses: str,
    rival: dict[str, float],
) -> list[Row]:
    """One table: recall by kind, beside the anchors."""
    hits: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    took: dict[str, list[float]] = defaultdict(list)
    geocoder.search("warm up 1", district=district)
    for query in queries:
        started = time.thread_time()
        places = geocoder.search(query["query"], district=district, limit=5)
        took[query["kind"]].append(1000 * (time.thread_time() - started))
        hit = _hit(query, places[:1]), _hit(query, places)
        hits[query["kind"]].append(hit)
        if places:
            told.append((places[0].score, hit[0] and query["kind"] != "absent_street"))
        if query["kind"] == misses and not hit[0]:
            _say(query["query"], "->", [(p.label, p.found.value, p.kind, p.score) for p in places[:3]])
    return _report(place, hits, took, rival)


def _rival(engine: Engine, district: int, queries: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Recall in % of a plain trigram table by kind, on every third query."""
    hits: dict[str, list[bool]] = defaultdict(list)
    with engine.connect() as tx:
        tx.execute(text("SET statement_timeout = 0"))
        trigram.build(tx, district)
        for query in queries[::3]:
            found = trigram.search(tx, query["query"])
            hits[query["kind"]].append(query["kind"] != "absent_street" and _near(query, found))
        tx.rollback()
    return {kind: 100 * sum(each) / len(each) for kind, each in hits.items()}


def _hit(query: dict[str, Any], places: Sequence[Place]) -> bool:
    if query["kind"] == "absent_street":
        return not places
    return _near(query, [place.point for place in places if place.point])


def _near(query: dict[str, Any], found: Sequence[Point]) -> bool:
    right = [Point(query["lon"], query["lat"]), *(_point(other) for other in query["alts"])]
    if not found:
        return False
    return bool((great_circle(degrees(right)[:, None, :], degrees(found)[None, :, :]) <= query["tolerance_m"]).any())


def _point(other: Any) -> Point:
    return Point(other["lon"], other["lat"]) if isinstance(other, dict) else Point(*other)


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def _report(
    place: str, hits: dict[str, list[tuple[bool, bool]]], took: dict[str, list[float]], rival: dict[str, float]
) -> list[Row]:
    rows = []
    _say(f"\n{place:<18}{'n':>5}{'@1 %':>8}{'@5 %':>8}{'Nominatim':>11}{'trigram':>9}{'p50 ms':>9}{'p99 ms':>9}")
    for kind, pairs in [*hits.items(), ("all", [pair for some in hits.values() for pair in some])]:
        times = took.get(kind) or [each for some in took.values() for each in some]
        first, five = (100 * sum(pair[at] for pair in pairs) / len(pairs) for at in (0, 1))
        anchors = "".join(
            f"{'' if each is None else each:>{n}}" for each, n in zip(_anchors(place, kind), (11, 9), strict=True)
        )
        _say(f"{kind:<18}{len(pairs):>5}{first:>8.1f}{five:>8.1f}{anchors}{_quantiles(times)}")
        p50, p99 = map(float, _quantiles(times).split())
        beside = {"trigram": rival.get(kind), "nominatim": _anchors(place, kind)[0]}
        rows.append(Row(place=place, kind=kind, count=len(pairs), first=first, five=five, p50=p50, p99=p99, **beside))
    return rows


def _anchors(place: str, kind: str) -> tuple[float | None, float | None]:
    return ANCHORS[place].get(kind, (None, None))


def _quantiles(times: Sequence[float]) -> str:
    ordered = sorted(times)
    return f"{statistics.median(ordered):>9.2f}{ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]:>9.2f}"


def _reliability(told: Sequence[tuple[float, bool]]) -> None:
    """Of the answers given such a score, how many are right."""
    _say(f"\n{'score':<14}{'answers':>9}{'right %':>9}")
    for low, high in itertools.pairwise(BANDS):
        right = [hit for score, hit in told if low <= score < high]
        if right:
            _say(f"{low:.2f} to {min(high, 1):.2f}  {len(right):>9}{100 * sum(right) / len(right):>9.1f}")


def _speed(engine: Engine, folder: Path, district: int, texts: list[str], name: str, title: str) -> list[str]:
    """One client, eight clients in two processes, keystrokes, what lies around; told in lines."""
    told: list[str] = []

    def say(*words: object) -> None:
        _say(*words)
        told.append(f"{title}: " + " ".join(" ".join(map(str, words)).split()))

    started = time.perf_counter()
    geocoder = Register(engine, folder)
    geocoder.search(texts[0], district=district)
    size = sum(file.stat().st_size for file in folder.glob(f"{district}-*.register")) / 1e6
    say(f"index made or opened in {time.perf_counter() - started:.1f} s, {size:.0f} MB")
    say("one client, wall ms p50 p99", _quantiles([_timed(geocoder, each, district) for each in texts]))
    say(
        "processor ms p50 p99       ",
        _quantiles([_timed(geocoder, each, district, time.thread_time) for each in texts]),
    )
    typed = [each[:end] for each in texts[::12] for end in range(1, len(each) + 1)]
    say(
        "each keystroke, processor ms",
        _quantiles([_timed(geocoder, each, district, time.thread_time) for each in typed]),
    )
    with ProcessPoolExecutor(WORKERS) as pool:
        jobs = [(name, folder, district, texts)] * WORKERS
        list(pool.map(_busy, jobs))  # starts the processes
        started = time.perf_counter()
        done = sum(pool.map(_busy, jobs))
        say(f"{CLIENTS} clients, {WORKERS} processes{done / (time.perf_counter() - started):>14.0f} queries/s")
    points = [place.point for each in texts[:300] for place in geocoder.search(each, district=district, limit=1)]
    took = []
    for point in (each for each in points if each):
        started = time.thread_time()
        geocoder.around(point, district=district)
        took.append(1000 * (time.thread_time() - started))
    say("what lies around, processor ms p50 p99", _quantiles(took))
    return told


def _timed(geocoder: Register, text_: str, district: int, clock: Callable[[], float] = time.perf_counter) -> float:
    started = clock()
    geocoder.search(text_, district=district)
    return 1000 * (clock() - started)


_REGISTERS: dict[str, Register] = {}


def _busy(job: tuple[str, Path, int, list[str]]) -> int:
    """The clients of one process; how many queries they asked."""
    name, folder, district, texts = job
    geocoder = _REGISTERS.get(name) or _REGISTERS.setdefault(name, Register(database(name), folder))
    with ThreadPoolExecutor(CLIENTS // WORKERS) as clients:
        for _ in clients.map(lambda each: geocoder.search(each, district=district), texts):
            pass
    return len(texts)


def _tainan(engine: Engine, file: Path) -> int:
    """A district of nothing but the register."""
    with begin(engine) as tx:
        known = districts.made_from(tx, "bench-tainan")
        if known is None:
            with file.open(encoding="utf-8-sig") as stream:
                xy = [(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(stream)]
            clip = shapely.MultiPolygon([shapely.MultiPoint(xy).convex_hull.buffer(0.01)])
            known = _district(tx, "臺南市", {"": "臺南市", "en": "Tainan"}, clip, "bench-tainan")
    import_register(engine, file, known)
    return known


def _district(tx: Any, name: str, names: dict[str, str], clip: shapely.MultiPolygon, source: str) -> int:
    more: dict[str, Any] = {
        "time_zone": "UTC",
        "metric_srid": 3857,
        "attribution": "-",
        "fictional": False,
        "graphs": None,
    }
    return districts.add_district(
        tx, name=name, names=names, clip=clip, source_file=source, source_sha256=source, **more
    )[0]


MILLION = """
    INSERT INTO address (district, osm_type, osm_id, street, number, postcode, city, names, label, point)
    SELECT :to, osm_type, osm_id, renamed.street, number, postcode, renamed.city, '{}', renamed.street || ' ' || number,
        ST_Translate(point, 0.2 * (k % 9), 0.2 * (k / 9))
    FROM generate_series(0, 79) AS k, address,
        LATERAL (SELECT translate(street, 'aeiou', substr('aeiouaeiou', 1 + k % 5, 5)) || CASE k / 5 WHEN 0 THEN ''
            ELSE ' ' || chr(65 + k / 5) || 'au' END AS street, city || ' ' || k AS city) AS renamed
    WHERE district = :of AND address.street IS NOT NULL
"""


def _million(engine: Engine, of: int) -> int:
    with begin(engine) as tx:
        known = districts.made_from(tx, "bench-million")
        if known is None:
            clip = shapely.MultiPolygon([shapely.box(9, 46, 13, 50)])
            known = _district(tx, "Million", {}, clip, "bench-million")
            tx.execute(text("SET LOCAL statement_timeout = 0"))
            tx.execute(text(MILLION), {"to": known, "of": of})
            register.changed(tx, known)
    return known


if __name__ == "__main__":
    main()

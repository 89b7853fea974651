"""What `tests.bench.geocode --page` measured, as one page with a picture."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.charts import Bar, Chart

PICTURE: Final = "geocode-scores.svg"
BANDS: Final = (0.0, 0.5, 0.7, 0.8, 0.88, 0.92, 0.96, 0.99, 1.01)
#: What issue and page promise of each kind, recall at 1 in %.
AIMS: Final[Mapping[str, float]] = {
    **dict.fromkeys(("exact", "postcode", "swapped", "no_city", "lower_ascii", "abbrev"), 99.8),
    **dict.fromkeys(("typo", "poi", "poi_typo", "glue_split", "voice", "phonetic"), 99.5),
    **dict.fromkeys(("intersection", "call_combo", "number_words", "typo2_no_city", "absent_street"), 97.0),
    **dict.fromkeys(("wrong_city", "absent_number"), 95.0),
    **dict.fromkeys(("raw_house", "raw_house_nearest"), 96.0),
}
TAINAN: Final = 99.5


@dataclass(frozen=True, kw_only=True)
class Row:
    """One kind of query in one place."""

    place: str
    kind: str
    count: int
    first: float  #: % whose first answer is right
    five: float
    trigram: float | None  #: % of the plain table, asked in the same run
    nominatim: float | None  #: %, measured elsewhere on the same data
    p50: float  #: ms
    p99: float

    @property
    def aim(self) -> float | None:
        return AIMS.get(self.kind, TAINAN if self.place == "tainan" else None)

    @property
    def line(self) -> str:
        aim = "" if self.aim is None else f"{self.aim:g}"
        mark = "" if self.aim is None or self.first >= self.aim - 1e-9 else " ✗"
        rest = "".join(
            f" {'' if each is None else f'{each:.1f}'} |" for each in (self.five, self.trigram, self.nominatim)
        )
        return (
            f"| {self.kind} | {self.count} | {self.first:.1f}{mark} | {aim} |{rest} {self.p50:.2f} | {self.p99:.2f} |"
        )


HEAD: Final = (
    "| kind | n | ours, first % | aim | ours, first five % | plain trigram % | Nominatim % | p50 ms | p99 ms |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def chart(told: Sequence[tuple[float, bool]]) -> Chart:
    """Of the answers with such a score, how many are right; the line goes from there to what was said."""
    bars = []
    for low, high in itertools.pairwise(BANDS):
        there = [(score, hit) for score, hit in told if low <= score < high]
        if there:
            said = 100 * sum(score for score, _ in there) / len(there)
            right = 100 * sum(hit for _, hit in there) / len(there)
            label = f"{low:.2f} to {min(high, 1):.2f} ({len(there)})"
            bars.append(Bar(label=label, value=right, low=min(said, right), high=max(said, right), ours=True))
    note = "Bar: how many of the answers are right. Line: to the score that was told. In brackets: answers."
    return Chart(title="What a score is worth", note=note, bars=bars, percent=True)


def write(target: Path, rows: Sequence[Row], told: Sequence[tuple[float, bool]], speed: Sequence[str]) -> None:
    """The page, and its picture in `pictures` beside it."""
    pictures = target.parent / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    (pictures / PICTURE).write_text(chart(told).svg(), encoding="utf-8")
    parts = [INTRODUCTION]
    for place in dict.fromkeys(row.place for row in rows):
        lines = "\n".join(row.line for row in rows if row.place == place)
        parts.append(f"## {place.capitalize()}\n\n{HEAD}\n{lines}")
    parts.append(f"## Scores\n\n![What a score is worth](pictures/{PICTURE})")
    load = f"The machine meanwhile: a load of {os.getloadavg()[1]:.0f} on {os.cpu_count()} cores."
    parts.append("## Time\n\n" + load + "\n\n" + "\n".join(f"- {line}" for line in speed))
    target.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


INTRODUCTION: Final = """\
# How well addresses are found

Made by `python -m tests.bench.geocode --page --million`. Each query has a known position; a hit is a first
answer within its tolerance (30 m for a house, 50 m for a landmark, 60 m for a crossing or a neighbour); for a
street that does not exist it is silence. ✗ marks what misses its aim.

Beside ours, in the same run, every third of these queries was put to one table of all texts in our own normal
form with a `pg_trgm` index, whose nearest text is the answer. Nominatim 5.3 was measured elsewhere on the same
data.

Some misses cannot be helped: one house of Lauf (Steyrer Straße 39, in nearly every kind) lies on the edge of the
extract, which lacks three of its four corners, so the import refuses it; one landmark is the entrance of a car
park that bears its hotel's name; `Städtle` is a street and a car park. Two slips in a name of five letters may be
another name.

Milliseconds are of the processor; wall times and queries per second depend on what else the machine was doing.

## What is understood

Any order, case, script, abbreviation and slip; numbers in words; `A / B`, "corner of A and B"; "opposite the
fire station", "the pharmacy in the Landstrasse", with or without a name; most words of a name in any order; old
and other names and those of other languages; Chinese Traditional or Simplified, pinyin, initials, Wade-Giles,
what sounds alike on the phone; 段巷弄號樓之室 and 小区 8号楼2单元301, as fine as the register knows it (`unknown`
names the rest); a door between two known ones (`interpolated`, reckoned and said so) or next to one
(`neighbour`); "B 14 km 12.5" between kilometre posts.

Positions in degrees in any usual form, UTM, MGRS, the grids of Taiwan and Switzerland, plus codes (short ones
with their town), links to OpenStreetMap, Google, Apple, Bing, Amap, Baidu, Tencent and Tianditu (GCJ-02 and
BD-09 brought back), `geo:`; turned round where only that lies in the place (⇄). Three words (what3words) cannot
be read, which is said.

## Services outside

None, unless `GRIDWARD_GEOCODERS` names some, in the order in which they are asked: `[{"kind": "nominatim",
"url": "https://nominatim.example/search"}, {"kind": "amap", "key": "..."}]`; kinds are nominatim, photon, amap,
baidu, tianditu (the Chinese ones are asked in mainland China alone). They are asked for what our register is
not sure of when somebody asks for it (`outside=true`), never while one types, and for what residents write in
reports only with `GRIDWARD_GEOCODERS_PERSONAL=true`. Who found a place is named with it (`by`); a service that
fails three times is left alone for a minute, which the desk sees."""

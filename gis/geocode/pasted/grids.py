"""Positions in metres: UTM and MGRS with their zone, and bare pairs of the grids of Taiwan and Switzerland.

Transverse Mercator after Krüger's series to the fourth order (L. Krüger, 1912; C. F. F. Karney, 2011, eq. 36): within a
millimetre inside a zone. The Swiss grids by swisstopo's approximation, within a metre.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import atan, atanh, cos, cosh, degrees, sin, sinh, sqrt
from typing import Final

from gis.geocode.pasted.degrees import Bounds
from gis.model import Point

BANDS: Final = "CDEFGHJKLMNPQRSTUVWX"
COLUMNS: Final = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")
ROWS: Final = "ABCDEFGHJKLMNPQRSTUV"
METRES: Final = r"(\d{5,8}(?:[.,]\d+)?)"
UTM: Final = re.compile(
    rf"(?:UTM\W*)?(?:zone\W*)?(\d{{1,2}})\s*([C-HJ-NP-X])[\s,;:]+(?:E\s*)?{METRES}\s*m?\s*E?[\s,;/]+(?:N\s*)?{METRES}\s*m?\s*N?",
    re.IGNORECASE,
)
MGRS: Final = re.compile(
    r"(?:MGRS\W*)?(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z])([A-HJ-NP-V])\s*([\d\s]{2,12})", re.IGNORECASE
)
AMOUNT: Final = r"\d[\d' ]{4,9}(?:\.\d+)?"
PAIR: Final = re.compile(
    r"(?:(?:TWD97|TM2|LV95|LV03|CH1903\+?)\W*)?"
    rf"(?:[XE]\s*[:=]?\s*)?(?P<a>{AMOUNT})\s*(?:m|E)?\s*[,;/\s]\s*(?:[YN]\s*[:=]?\s*)?(?P<b>{AMOUNT})\s*(?:m|N)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A transverse Mercator projection."""

    axis: float = 6378137.0  #: metres
    flatness: float = 1 / 298.257222101
    meridian: float
    scale: float
    east: float  #: metres added to the easting
    north: float = 0.0

    def point(self, easting: float, northing: float) -> Point:
        """Degrees of a position in metres."""
        n = self.flatness / (2 - self.flatness)
        radius = self.scale * self.axis / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
        xi, eta = (northing - self.north) / radius, (easting - self.east) / radius
        series = (
            n / 2 - 2 / 3 * n**2 + 37 / 96 * n**3 - n**4 / 360,
            n**2 / 48 + n**3 / 15 - 437 / 1440 * n**4,
            17 / 480 * n**3 - 37 / 840 * n**4,
            4397 / 161280 * n**4,
        )
        x = xi - sum(b * sin(2 * j * xi) * cosh(2 * j * eta) for j, b in enumerate(series, 1))
        y = eta - sum(b * cos(2 * j * xi) * sinh(2 * j * eta) for j, b in enumerate(series, 1))
        conformal = sin(x) / sqrt(sinh(y) ** 2 + cos(x) ** 2)
        return Point(self.meridian + degrees(atan(sinh(y) / cos(x))), degrees(self._latitude(conformal)))

    def _latitude(self, conformal: float) -> float:
        """From the tangent of the conformal latitude to the geographic latitude, by Newton's rounds."""
        e = sqrt(self.flatness * (2 - self.flatness))
        tau = conformal
        for _ in range(6):
            s = sinh(e * atanh(e * tau / sqrt(1 + tau**2)))
            found = tau * sqrt(1 + s**2) - s * sqrt(1 + tau**2)
            slope = (sqrt((1 + found**2) * (1 + tau**2)) * (1 - e**2)) / (1 + (1 - e**2) * tau**2)
            tau += (conformal - found) / slope
        return atan(tau)


TAIWAN: Final = tuple(Grid(meridian=meridian, scale=0.9999, east=250_000) for meridian in (121.0, 119.0))


def utm(zone: int, south: bool) -> Grid:
    """One of the sixty zones, on WGS 84."""
    return Grid(
        meridian=6.0 * zone - 183, scale=0.9996, east=500_000, north=10_000_000 if south else 0,
        flatness=1 / 298.257223563,
    )  # fmt: skip


def read(text: str, bounds: Bounds) -> Point | None:
    """The position that `text` is in one of these grids; a bare pair has to fall into `bounds`."""
    asked = text.strip()
    if found := UTM.fullmatch(asked):
        return _utm(int(found[1]), found[2].upper(), _number(found[3]), _number(found[4]))
    if found := MGRS.fullmatch(asked):
        band, column, row = found[2].upper(), found[3].upper(), found[4].upper()
        return _mgrs(int(found[1]), band, column, row, re.sub(r"\s", "", found[5]))
    if found := PAIR.fullmatch(asked):
        inside = (point for point in _pairs(_number(found["a"]), _number(found["b"]), bounds) if _in(point, bounds))
        return next(inside, None)
    return None


def _number(text: str) -> float:
    return float(re.sub(r"[' ]", "", text).replace(",", "."))


def _in(point: Point, bounds: Bounds) -> bool:
    return bounds[0] <= point.lon <= bounds[2] and bounds[1] <= point.lat <= bounds[3]


def _utm(zone: int, band: str, easting: float, northing: float) -> Point | None:
    sound = 1 <= zone <= 60 and 100_000 <= easting < 900_000 and northing <= 10_000_000
    return utm(zone, band < "N").point(easting, northing) if sound else None


def _mgrs(zone: int, band: str, column: str, row: str, digits: str) -> Point | None:
    """The middle of a square of the Military Grid Reference System."""
    if not 1 <= zone <= 60 or len(digits) % 2 or column not in COLUMNS[zone % 3]:
        return None
    half = len(digits) // 2
    size = 10.0 ** (5 - half)
    easting = 100_000 * (COLUMNS[zone % 3].index(column) + 1) + size * (int(digits[:half]) + 0.5)
    shift = 5 if zone % 2 == 0 else 0
    within = 100_000 * ((ROWS.index(row) - shift) % 20) + size * (int(digits[half:]) + 0.5)
    lowest = -80.0 + 8 * BANDS.index(band)
    for northing in (within + 2_000_000 * turn for turn in range(5)):
        point = utm(zone, band < "N").point(easting, northing)
        if lowest - 0.6 <= point.lat <= lowest + (12.6 if band == "X" else 8.6):
            return point
    return None


def _pairs(a: float, b: float, bounds: Bounds) -> Iterator[Point]:
    """What two numbers in metres may mean, the likeliest grid of the place first, in both orders."""
    zone = int((bounds[0] + bounds[2]) / 2 // 6) + 31
    for east, north in ((a, b), (b, a)):
        if 50_000 <= east <= 450_000 and 2_300_000 <= north <= 3_000_000:
            yield from (grid.point(east, north) for grid in TAIWAN)
        if 2_400_000 <= east <= 2_900_000 and 1_000_000 <= north <= 1_400_000:
            yield _swiss(east - 2_600_000, north - 1_200_000)
        if 400_000 <= east <= 900_000 and 50_000 <= north <= 400_000:
            yield _swiss(east - 600_000, north - 200_000)
        if 100_000 <= east < 900_000 and 1_000_000 < north < 10_000_000:
            yield utm(zone, bounds[3] < 0).point(east, north)


def _swiss(east: float, north: float) -> Point:
    """From metres off Bern, after swisstopo's approximate formulas for LV03 and LV95."""
    y, x = east / 1e6, north / 1e6
    lon = 2.6779094 + 4.728982 * y + 0.791484 * y * x + 0.1306 * y * x**2 - 0.0436 * y**3
    lat = 16.9023892 + 3.238272 * x - 0.270978 * y**2 - 0.002528 * x**2 - 0.0447 * y**2 * x - 0.0140 * x**3
    return Point(lon * 100 / 36, lat * 100 / 36)

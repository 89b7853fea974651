"""The use case: a register of addresses (CSV) poured into a district that is there already."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from gis.database import begin, quiet
from gis.errors import BadRegister
from gis.model import DistrictId, Point, Rejection
from gis.spelling.parts import Parts, parts
from gis.store import additions

LON: Final = ("lon", "lng", "longitude", "x", "经度", "經度")
LAT: Final = ("lat", "latitude", "y", "纬度", "緯度")
ADDRESS: Final = ("address", "addr", "adresse", "地址", "門牌", "门牌")
STREET: Final = ("street", "strasse", "路名", "街道")
NUMBER: Final = ("number", "housenumber", "house_number", "hausnummer", "號", "号")
CITY: Final = ("city", "town", "ort", "區", "区")
POSTCODE: Final = ("postcode", "zip", "plz", "邮编", "郵遞區號")
NAME: Final = ("name", "名称", "名稱")
NO_POSITION: Final = "no_position"
NO_ADDRESS: Final = "no_address"


@dataclass(frozen=True, kw_only=True)
class RegisterReport:
    """What became of a register: rows that are addresses now, names that lead to one, rows left out and why."""

    addresses: int
    names: int
    rejected: tuple[Rejection, ...]


def import_register(engine: Engine, file: Path, district: DistrictId) -> RegisterReport:
    """Make the rows of a CSV addresses of `district`, in place of those of an earlier register.

    The first line names the columns: positions in WGS 84 (lon, lat), and either `address` as one text or `street` and
    `number`; `name`, `city` and `postcode` where there are any. A row outside the district is left out and told.
    Raises BadRegister for a file that cannot be read so, NotFound for an unknown district.
    """
    rejected: list[Rejection] = []
    rows = list(_rows(file, rejected))
    with begin(engine) as tx:
        quiet(tx)
        outside = additions.replace_register(tx, district, rows)
    rejected += [Rejection(osm_type="row", osm_id=line, reason="outside") for line in outside]
    left_out = set(outside)
    kept = [row for row in rows if row.line not in left_out]
    return RegisterReport(
        addresses=sum(row.parts is not None for row in kept),
        names=sum(bool(row.name) for row in kept),
        rejected=tuple(rejected),
    )


def _rows(file: Path, rejected: list[Rejection]) -> Iterator[additions.RegisterRow]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            if not _column(reader.fieldnames or (), LON) or not _column(reader.fieldnames or (), LAT):
                raise BadRegister(file=file.name, reason="columns")
            for line, row in enumerate(reader, start=2):
                if found := _row(line, row, rejected):
                    yield found
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadRegister(file=file.name, reason="unreadable") from error


def _row(line: int, row: Mapping[str, str | None], rejected: list[Rejection]) -> additions.RegisterRow | None:
    point = _point(_value(row, LON), _value(row, LAT))
    if point is None:
        rejected.append(Rejection(osm_type="row", osm_id=line, reason=NO_POSITION))
        return None
    name, address = _value(row, NAME), _parts(row)
    if address is None:
        rejected.append(Rejection(osm_type="row", osm_id=line, reason=NO_ADDRESS, detail=_value(row, ADDRESS)))
        if not name:
            return None
    return additions.RegisterRow(line=line, name=name or None, parts=address, point=point)


def _parts(row: Mapping[str, str | None]) -> Parts | None:
    street, number = _value(row, STREET), _value(row, NUMBER)
    if street and number:
        return Parts(
            street=street, number=number, city=_value(row, CITY) or None, postcode=_value(row, POSTCODE) or None
        )
    return parts(_value(row, ADDRESS))


def _point(lon: str, lat: str) -> Point | None:
    try:
        point = Point(float(lon), float(lat))
    except ValueError:
        return None
    sound = math.isfinite(point.lon) and math.isfinite(point.lat) and abs(point.lon) <= 180 and abs(point.lat) <= 90
    return point if sound and (point.lon, point.lat) != (0.0, 0.0) else None


def _value(row: Mapping[str, str | None], names: tuple[str, ...]) -> str:
    column = _column([key for key in row if key], names)
    return (row.get(column) or "").strip() if column else ""


def _column(columns: Iterable[str], names: tuple[str, ...]) -> str | None:
    known = {column.strip().casefold(): column for column in columns}
    return next((known[name] for name in names if name in known), None)

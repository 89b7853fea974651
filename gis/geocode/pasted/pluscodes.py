"""Open location codes: 8FVFV2RR+MC, or short with a town that is taken to be ours: V2RR+MC Vaduz."""

from __future__ import annotations

import re
from typing import Final

from openlocationcode import openlocationcode as codes

from gis.geocode.pasted.degrees import Bounds
from gis.model import Point

CODE: Final = re.compile(
    r"(?<![\w+])([23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,4})(?![\w+])", re.IGNORECASE
)


def locality(text: str) -> str | None:
    """What stands beside a short code: "V2RR+MC Vaduz" -> "Vaduz"; None where there is no short code."""
    found = CODE.search(text)
    if found is None or not codes.isShort(found[1].upper()):
        return None
    return f"{text[: found.start()]} {text[found.end() :]}".strip(" ,;")


def read(text: str, bounds: Bounds, around: Point | None = None) -> Point | None:
    """The middle of the first plus code in `text`; a short one is the one nearest to `around`, else to the middle."""
    found = CODE.search(text)
    if found is None:
        return None
    code = found[1].upper()
    if codes.isShort(code):
        middle = around or Point((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
        code = codes.recoverNearest(code, middle.lat, middle.lon)
    if not codes.isFull(code):
        return None
    area = codes.decode(code)
    return Point(area.longitudeCenter, area.latitudeCenter)

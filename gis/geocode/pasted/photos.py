"""Where a photo was taken, as the camera wrote it into the file (EXIF 2.32, 4.6.6 GPS)."""

from __future__ import annotations

import math
from pathlib import Path
from typing import IO, Any, Final

from PIL import ExifTags, Image, UnidentifiedImageError

from gis.model import Point

MOST_PIXELS: Final = 200_000_000  #: beyond which a picture is no photo; nothing is decoded here in any case
GPS: Final = ExifTags.IFD.GPSInfo
BROKEN: Final = (UnidentifiedImageError, OSError, ValueError, SyntaxError, ZeroDivisionError, TypeError, KeyError)


def position(photo: Path | IO[bytes]) -> Point | None:
    """The position (WGS 84) in the file of a photo; None where there is none, or it is no position, or no photo."""
    try:
        with Image.open(photo) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            return _point(picture.getexif().get_ifd(GPS))
    except Image.DecompressionBombError:
        return None
    except BROKEN:
        return None


def _point(said: dict[int, Any]) -> Point | None:
    lat = _angle(said.get(ExifTags.GPS.GPSLatitude), said.get(ExifTags.GPS.GPSLatitudeRef), "S")
    lon = _angle(said.get(ExifTags.GPS.GPSLongitude), said.get(ExifTags.GPS.GPSLongitudeRef), "W")
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        return None
    return None if lat == 0 and lon == 0 else Point(lon, lat)  # cameras without a fix write zeros


def _angle(parts: Any, quarter: Any, negative: str) -> float | None:
    """Degrees of three rationals; None where they are missing or no numbers."""
    if parts is None or len(parts) != 3:
        return None
    degrees, minutes, seconds = (float(part) for part in parts)
    angle = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(angle):
        return None
    return -angle if str(quarter or "").strip("\x00 ").upper().startswith(negative) else angle

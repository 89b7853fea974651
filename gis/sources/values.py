"""One value of a file, made into what a column holds."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Final

from gis.sources.model import Fault
from gis.sources.targets import Column, component_classes, meanings

LONGEST: Final = 500  #: letters of a text
SHOWN: Final = 80  #: letters of a value that is told
NUMBER: Final = re.compile(r"[^\d+\-.,]*([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:[.,]\d+)?(?:[eE][+-]?\d+)?)\s*\D{0,6}")
DATE: Final = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[T ].*)?")
DEGREES: Final = re.compile(
    r"""(\d{1,3})[°度:\s]+(\d{1,2})['′分:\s]+(\d{1,2}(?:\.\d+)?)["″秒]?\s*([NSEWO北南东東西]?)"""
)
CODE16: Final = re.compile(r"[0-9]{16}")


class Unfit(ValueError):
    """A value that a column cannot hold; the text is the code of the reason."""


def value(given: object, column: Column, target: str) -> object:
    """What `given` is in `column`; None for nothing. Raises Unfit."""
    text = unicodedata.normalize("NFKC", str(given)).strip() if given is not None else ""
    if not text:
        return None
    return MAKERS[column.type](text if column.type != "text" else str(given).strip(), column, target)


def fault(column: Column, given: object, unfit: Unfit) -> Fault:
    """The same as a row tells it."""
    return Fault(field=column.column, value=str(given)[:SHOWN], reason=str(unfit))


def _text(text: str, column: Column, target: str) -> str:
    del column, target
    if len(text) > LONGEST:
        raise Unfit("too_long")
    return text


def _number(text: str, column: Column, target: str) -> float:
    del target
    found = NUMBER.fullmatch(text)
    if not found or not any(sign.isdigit() for sign in found[1]):
        raise Unfit("not_a_number")
    bare = found[1]
    bare = bare.replace(",", "") if re.search(r",\d{3}(?!\d)", bare) or "." in bare else bare.replace(",", ".")
    return _bounded(float(bare), column)


def _bounded(number: float, column: Column) -> float:
    if not isfinite(number):
        raise Unfit("out_of_range")
    least, most, above, below = column.least, column.most, column.above, column.below
    sound = (least is None or number >= least) and (most is None or number <= most)
    if not sound or (above is not None and number <= above) or (below is not None and number >= below):
        raise Unfit("out_of_range")
    return number


def _integer(text: str, column: Column, target: str) -> int:
    number = _number(text, column, target)
    if not number.is_integer():
        raise Unfit("not_a_number")
    return int(number)


def _date(text: str, column: Column, target: str) -> str:
    del column, target
    found = DATE.fullmatch(text)
    try:
        return datetime.date(*map(int, found.groups())).isoformat() if found else _unfit("not_a_date")
    except ValueError as error:
        raise Unfit("not_a_date") from error


def _choice(text: str, column: Column, target: str) -> str:
    known = meanings(target, column.column)
    found = known.get(text.casefold()) or (text if text in column.allowed else None)
    return found or _unfit("not_allowed")


def _code16(text: str, column: Column, target: str) -> str:
    """County (6), class (major 2, minor 2, running number 6; or 2 + 3 + 5 in the newer standard)."""
    del column, target
    bare = text.replace(" ", "")
    if not CODE16.fullmatch(bare):
        raise Unfit("bad_code")
    if component_class(bare) is None:
        raise Unfit("unknown_class")
    if not int(bare[10:]) or not int(bare[11:]):
        raise Unfit("sequence_zero")
    return bare


def _coordinate(text: str, column: Column, target: str) -> float:
    """A number, or degrees, minutes and seconds."""
    del column, target
    if found := DEGREES.fullmatch(text):
        degrees = int(found[1]) + int(found[2]) / 60 + float(found[3]) / 3600
        return -degrees if found[4] in ("S", "W", "南", "西") else degrees
    try:
        return float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text.rstrip("°"))
    except ValueError as error:
        raise Unfit("bad_position") from error


def component_class(code: str) -> str | None:
    """The class of a component by its 16 digits, its major where the minor is not in the table; None for neither."""
    known = component_classes()
    major = f"C{code[6:8]}"
    minors = (code[8:10], code[9:11] if code[8] == "0" else "")
    return next((f"{major}{minor}" for minor in minors if f"{major}{minor}" in known and minor), None) or (
        major if major in known else None
    )


def _unfit(reason: str) -> str:
    raise Unfit(reason)


def _wkt(text: str, column: Column, target: str) -> str:
    del column, target
    return text


MAKERS: Final[Mapping[str, Callable[[str, Column, str], object]]] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "date": _date,
    "choice": _choice,
    "facility": _choice,
    "code16": _code16,
    "coordinate": _coordinate,
    "wkt": _wkt,
}

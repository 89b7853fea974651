"""Rows of a file, made into rows of a target: fields and shape in WGS 84, or the reason why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import batched
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.sources import crs as systems
from gis.sources import values
from gis.sources.digest import digests
from gis.sources.doors import door
from gis.sources.model import Fault, Record
from gis.sources.proposing import Mapped, Source
from gis.sources.targets import POSITION, Target

AT_ONCE: Final = 1_000
LONGEST_KEY: Final = 200
POLYGON: Final = ("Polygon", "MultiPolygon")
KINDS: Final = {"Point": "point", "MultiPoint": "point", "LineString": "line", "MultiLineString": "line"}
#: Columns that are kept as tags of the thing, for want of a column of their own.
TAGS: Final = ("address", "phone", "opening_hours", "capacity")
#: What a row says besides its address.
BESIDE: Final = ("key", "name", "kind", "accuracy_m")
CODED: Final = ("component", "camera", "sensor")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row that can be used. `key` names it within its source; `made` where we had to make that up."""

    line: int
    key: str
    made: bool
    fields: Mapping[str, object]
    geom: BaseGeometry
    digest: int
    note: str | None = None  #: what was mended


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A row that cannot be used, and why; `fields` as far as it was understood."""

    line: int
    fault: Fault
    fields: Mapping[str, object]
    key: str | None = None
    geom: BaseGeometry | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How the records of one layer are to be understood."""

    target: Target
    mapping: Mapped
    crs: str
    place: BaseGeometry | None  #: degrees; what lies outside is refused. None: nothing is outside
    county: str | None = None  #: six digits that a component must begin with, where they are known
    _named: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_named", tuple(self.mapping))
        if self.place is not None:
            shapely.prepare(self.place)

    def rows(self, records: Iterable[Record]) -> Iterator[Row | Refused]:
        """Every record as a row or a refusal, in their order, some at a time."""
        for some in batched(records, AT_ONCE):
            yield from self._some(some)

    def _some(self, records: Sequence[Record]) -> Iterator[Row | Refused]:
        said = [self._fields(record) for record in records]
        raw = [self._shape(record, fields) for record, (fields, _) in zip(records, said, strict=True)]
        shapes, faults, notes = self._placed([shape if isinstance(shape, BaseGeometry) else None for shape in raw])
        done: list[tuple[Record, dict[str, object], BaseGeometry, str | None]] = []
        refused: dict[int, Refused] = {}
        for at, record in enumerate(records):
            fields, fault = said[at]
            unplaced = raw[at]
            wrong = record.fault or fault or (unplaced if isinstance(unplaced, Fault) else None) or faults[at]
            own = {name: given for name, given in fields.items() if name not in POSITION}
            if wrong is None:
                own, wrong = self._finished(own)
            shape = shapes[at]
            if wrong is not None or shape is None:
                why = wrong or Fault(field="geometry", value=None, reason="no_shape")
                refused[at] = Refused(line=record.line, fault=why, fields=own, key=self._key(own, shape)[0], geom=shape)
            else:
                done.append((record, own, shape, notes[at]))
        numbers = digests([fields for _, fields, _, _ in done], [shape for _, _, shape, _ in done])
        made = iter(zip(done, numbers, strict=True))
        for at in range(len(records)):
            yield refused[at] if at in refused else self._row(*next(made))

    def _row(self, done: tuple[Record, dict[str, object], BaseGeometry, str | None], number: int) -> Row:
        record, fields, shape, note = done
        key, made = self._key(fields, shape)
        own = {name: given for name, given in fields.items() if name != "key"}
        return Row(line=record.line, key=key or "", made=made, fields=own, geom=shape, digest=number, note=note)

    def _fields(self, record: Record) -> tuple[dict[str, object], Fault | None]:
        """The columns of the target as far as they can be understood, and the first fault."""
        made: dict[str, object] = {}
        first: Fault | None = None
        for name, source in self.mapping.items():
            column = self.target.column(name)
            if column is None:
                continue
            given = _given(record, source)
            try:
                made[name] = values.value(given, column, self.target.target)
            except values.Unfit as unfit:
                first = first or replace(values.fault(column, given, unfit), field=source.field or name)
            else:
                if made[name] is None and column.required:
                    first = first or Fault(field=source.field or name, value=None, reason="required")
        return {name: given for name, given in made.items() if given is not None}, first

    def _shape(self, record: Record, fields: Mapping[str, object]) -> BaseGeometry | Fault | None:
        if record.geom is not None and not record.geom.is_empty:
            return record.geom
        if wkt := fields.get("wkt"):
            found = shapely.from_wkt([str(wkt)], on_invalid="ignore")[0]
            return found if found is not None else Fault(field="wkt", value=str(wkt)[:40], reason="bad_shape")
        x, y = fields.get("lon"), fields.get("lat")
        if "lon" not in self._named:
            return None
        if not isinstance(x, float) or not isinstance(y, float):
            return Fault(field=self.mapping["lon"].field, value=None, reason="no_position")
        if (x, y) == (0.0, 0.0):
            return Fault(field=self.mapping["lon"].field, value="0, 0", reason="no_position")
        return shapely.Point(x, y)

    def _placed(
        self, raw: Sequence[BaseGeometry | None]
    ) -> tuple[NDArray[np.object_], list[Fault | None], list[str | None]]:
        """Shapes in degrees, of a kind that the target takes, inside the place."""
        shapes = systems.convert(raw, self.crs)
        faults: list[Fault | None] = [None] * len(raw)
        notes: list[str | None] = [None] * len(raw)
        for at, shape in enumerate(shapes):
            if shape is not None:
                shapes[at], faults[at], notes[at] = self._suitable(shape)
        return shapes, faults, notes

    def _suitable(self, shape: BaseGeometry) -> tuple[BaseGeometry | None, Fault | None, str | None]:
        bounds = np.array(shape.bounds)
        if not np.isfinite(bounds).all() or np.abs(bounds[[0, 2]]).max() > 180 or np.abs(bounds[[1, 3]]).max() > 90:
            value = ", ".join(f"{number:.6g}" for number in bounds[:2])
            return None, Fault(field="geometry", value=value, reason="bad_position"), None
        kind = "polygon" if shape.geom_type in POLYGON else KINDS.get(shape.geom_type)
        if kind not in self.target.shapes:
            return None, Fault(field="geometry", value=shape.geom_type, reason="wrong_shape"), None
        shape, fault, note = mended(shape) if kind == "polygon" else (shape, None, None)
        if fault is None and self.place is not None and not self._inside(shape):
            at = shape.representative_point()
            fault = Fault(field="geometry", value=f"{at.x:.6f}, {at.y:.6f}", reason="outside")
        return shape, fault, note

    def _inside(self, shape: BaseGeometry) -> bool:
        at = shape if isinstance(shape, shapely.Point) else shape.representative_point()
        return bool(shapely.intersects_xy(self.place, at.x, at.y))

    def _finished(self, fields: dict[str, object]) -> tuple[dict[str, object], Fault | None]:
        """What only the target knows: the parts of an address, the class of a component."""
        match self.target.target:
            case "address":
                return _address(fields)
            case "component":
                return self._component(fields)
            case "facility":
                tags = {name: str(fields.pop(name)) for name in TAGS if name in fields}
                return fields | ({"tags": tags} if tags else {}), None
            case _:
                return fields, None

    def _component(self, fields: dict[str, object]) -> tuple[dict[str, object], Fault | None]:
        code = str(fields["code"])
        if self.county and not code.startswith(self.county):
            return fields, Fault(field=self.mapping["code"].field, value=code, reason="other_county")
        return fields | {"class": fields.get("class") or values.component_class(code)}, None

    def _key(self, fields: Mapping[str, object], shape: BaseGeometry | None) -> tuple[str | None, bool]:
        """What the source calls the row, else what it can be known by another time."""
        given = fields.get("code") if self.target.target in CODED else fields.get("key")
        if given is not None:
            return str(given)[:LONGEST_KEY], False
        if shape is None:
            return None, True
        if label := fields.get("label"):
            said = (label, fields.get("city"), fields.get("name"))
        else:
            at = shape.representative_point()
            said = (fields.get("name"), f"{at.x:.5f}", f"{at.y:.5f}")
        return "|".join(str(one) for one in said if one)[:LONGEST_KEY], True


def mended(shape: BaseGeometry) -> tuple[BaseGeometry, Fault | None, str | None]:
    """A polygon that is valid, with what was wrong with it; a fault where nothing of it is left."""
    if shape.is_valid:
        return shape, None, None
    why = shapely.is_valid_reason(shape)
    whole = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    parts = [part for part in shapely.get_parts(whole) if part.geom_type in POLYGON and part.area > 0]
    if not parts:
        return shape, Fault(field="geometry", value=why, reason="bad_shape"), None
    return shapely.union_all(parts), None, why


def _given(record: Record, source: Source) -> object:
    return source.value if source.field is None else record.values.get(source.field)


def _address(fields: dict[str, object]) -> tuple[dict[str, object], Fault | None]:
    made = door(fields)
    kept: dict[str, object] = {name: fields[name] for name in BESIDE if name in fields}
    if made is None:
        said = str(fields.get("address") or fields.get("street") or fields.get("number") or "")
        return kept, Fault(field="address", value=said[: values.SHOWN], reason="no_address")
    return kept | made, None

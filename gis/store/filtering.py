"""A filter in CQL2 JSON as a condition on a published view. Names come from the view, values travel as parameters."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import shapely
from shapely.errors import ShapelyError
from sqlalchemy import ColumnElement, and_, between, bindparam, func, literal, not_, or_
from sqlalchemy.types import Boolean, Date, DateTime, Float, Text, TypeEngine

from gis.errors import BadQuestion

type Columns = Mapping[str, ColumnElement[Any]]
type Condition = ColumnElement[bool]

DEEPEST: Final = 50
MOST: Final = 500  #: values of one list
SPATIAL: Final[Mapping[str, str]] = {
    "s_intersects": "ST_Intersects",
    "s_disjoint": "ST_Disjoint",
    "s_within": "ST_Within",
    "s_contains": "ST_Contains",
    "s_equals": "ST_Equals",
    "s_touches": "ST_Touches",
    "s_overlaps": "ST_Overlaps",
    "s_crosses": "ST_Crosses",
}
COMPARING: Final[Mapping[str, Callable[[Any, Any], Condition]]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


class Filter:
    """Reads one filter. `shapes_in` is the EPSG code of the shapes in it, `stored_in` that of the view."""

    def __init__(
        self, columns: Columns, geometry: ColumnElement[Any], *, stored_in: int, shapes_in: int = 4326
    ) -> None:
        self.columns = columns
        self.geometry = geometry
        self.stored_in = stored_in
        self.shapes_in = shapes_in

    def condition(self, node: Any, depth: int = 0) -> Condition:
        """The condition of a node. Raises BadQuestion where it is none, or compares what cannot be compared."""
        if depth > DEEPEST or not isinstance(node, Mapping):
            raise bad(node)
        op, args = node.get("op"), node.get("args")
        if not isinstance(args, Sequence) or isinstance(args, str):
            raise bad(node)
        if op in ("and", "or") and args:
            parts = [self.condition(one, depth + 1) for one in args[:MOST]]
            return and_(*parts) if op == "and" else or_(*parts)
        if op == "not" and len(args) == 1:
            return not_(self.condition(args[0], depth + 1))
        if op in SPATIAL and len(args) == 2:
            return self._spatial(SPATIAL[str(op)], args)
        return self._compared(op, args)

    def equal(self, name: str, value: str) -> Condition:
        """A property given in the address: `?kind=school`."""
        column = self.columns[name]
        if isinstance(column.type, Boolean):
            if value not in ("true", "false"):
                raise BadQuestion(field=name, value=value, allowed="true, false")
            return column == literal(value == "true")
        if isinstance(column.type, Float):
            return column == self._literal(_number(name, value), column.type)
        return column == self._literal(value, column.type)

    def _compared(self, op: object, args: Sequence[Any]) -> Condition:
        if op in COMPARING and len(args) == 2:
            left, right = self._pair(args[0], args[1])
            return COMPARING[str(op)](left, right)
        if op == "isNull" and len(args) == 1:
            return self._property(args[0]).is_(None)
        if op == "like" and len(args) == 2:
            left, right = self._pair(args[0], args[1])
            if not isinstance(left.type, Text):
                raise bad(args[0])
            return left.like(right)
        if op == "between" and len(args) == 3:
            value = self._operand(args[0], None)
            return between(value, self._operand(args[1], value.type), self._operand(args[2], value.type))
        if op == "in" and len(args) == 2 and isinstance(args[1], list) and 0 < len(args[1]) <= MOST:
            value = self._operand(args[0], None)
            return value.in_([self._operand(one, value.type) for one in args[1]])
        raise bad(op)

    def _pair(self, a: Any, b: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """Two operands of one type; the one that is a property says which."""
        if not _is_property(a) and _is_property(b):
            right = self._operand(b, None)
            return self._operand(a, right.type), right
        left = self._operand(a, None)
        return left, self._operand(b, left.type)

    def _operand(self, node: Any, kind: TypeEngine[Any] | None, depth: int = 0) -> ColumnElement[Any]:
        if isinstance(node, Mapping) and "property" in node:
            column = self._property(node)
            if kind is not None and not isinstance(column.type, type(kind)):
                raise bad(node)
            return column
        if isinstance(node, Mapping) and node.get("op") in ("casei", "accenti") and depth < 3:
            inner = node.get("args")
            if node["op"] != "casei" or not isinstance(inner, list) or len(inner) != 1:
                raise bad(node)
            return func.lower(self._operand(inner[0], Text(), depth + 1), type_=Text())
        return self._literal(node, kind)

    def _property(self, node: Any) -> ColumnElement[Any]:
        name = node.get("property") if isinstance(node, Mapping) else None
        if not isinstance(name, str) or name not in self.columns:
            raise BadQuestion(field="filter", value=str(name)[:60], allowed=", ".join(self.columns))
        return self.columns[name]

    def _literal(self, node: Any, kind: TypeEngine[Any] | None) -> ColumnElement[Any]:
        if isinstance(node, Mapping) and len(node) == 1 and next(iter(node)) in ("date", "timestamp"):
            node = next(iter(node.values()))
            kind = kind or DateTime(timezone=True)
        if isinstance(node, bool):
            return _as(Boolean, node, kind)
        if isinstance(node, int | float) and math.isfinite(node):
            return _as(Float, float(node), kind)
        if isinstance(node, str) and "\x00" not in node:
            if isinstance(kind, DateTime | Date):
                moment = instant(node)
                return literal(moment if isinstance(kind, DateTime) else moment.date(), kind)
            return _as(Text, node, kind)
        raise bad(node)

    def _spatial(self, name: str, args: Sequence[Any]) -> Condition:
        sides = [self._side(one) for one in args]
        if sum(_is_property(one) for one in args) != 1:
            raise bad(args)
        found: Condition = getattr(func, name)(*sides, type_=Boolean())
        return found

    def _side(self, node: Any) -> Any:
        if _is_property(node):
            if node["property"] not in ("geom", "geometry"):
                raise bad(node)
            return self.geometry
        return planted(shape_of(node), self.shapes_in, self.stored_in)


def shape_of(node: Any) -> Any:
    """A shape from GeoJSON or {"bbox": [west, south, east, north]}. Raises BadQuestion."""
    try:
        if isinstance(node, Mapping) and isinstance(node.get("bbox"), list) and len(node["bbox"]) == 4:
            west, south, east, north = (float(one) for one in node["bbox"])
            found: Any = shapely.box(west, south, east, north)
        elif isinstance(node, Mapping) and ("coordinates" in node or "geometries" in node):
            found = shapely.force_2d(shapely.geometry.shape(dict(node)))
        else:
            raise bad(node)
    except (TypeError, ValueError, AttributeError, ShapelyError, KeyError, IndexError, RecursionError) as error:
        raise bad(node) from error
    if (
        found.is_empty
        or not all(math.isfinite(one) for one in found.bounds)
        or shapely.get_num_coordinates(found) > 2_000
    ):
        raise bad(node)
    return found


def planted(shape: Any, srid: int, stored_in: int) -> Any:
    """A shape as an expression in the plane of the view. Raises BadQuestion outside what its plane covers."""
    if srid == 4326 and (max(map(abs, shape.bounds[::2])) > 180 or max(map(abs, shape.bounds[1::2])) > 90):
        raise bad(shape.bounds)
    found = func.ST_GeomFromWKB(bindparam(None, shapely.to_wkb(shape), unique=True), srid)
    return found if srid == stored_in else func.ST_Transform(found, stored_in)


def instant(text: str) -> datetime:
    """RFC 3339, or a day, which begins at midnight UTC. Raises BadQuestion."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise bad(text) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def bad(node: object) -> BadQuestion:
    return BadQuestion(field="filter", value=str(node)[:60], allowed="cql2")


def _is_property(node: Any) -> bool:
    return isinstance(node, Mapping) and isinstance(node.get("property"), str)


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise BadQuestion(field=name, value=value[:60], allowed="number") from error


def _as(kind: type[TypeEngine[Any]], value: object, wanted: TypeEngine[Any] | None) -> ColumnElement[Any]:
    if wanted is not None and not isinstance(wanted, kind):
        raise bad(value)
    return literal(value, kind())


__all__ = ["SPATIAL", "Columns", "Condition", "Filter", "bad", "instant", "planted", "shape_of"]

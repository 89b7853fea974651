"""Divisions of a district: drafts, edits, faults, and what becomes of cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Annotated, Any, Literal

import shapely
from pydantic import Field
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from api import messages
from api.messages import Language
from api.schemas.base import BigNumber, In, Moment, Number, Out, Words
from api.schemas.roads import GeometryIn
from api.schemas.work import ActorOut
from dispatch.dividing.drawing import Edited, Repaired
from dispatch.dividing.seeing import Cells, Compared, Listed
from dispatch.model import UserId
from gis.dividing.editing import Edit
from gis.errors import BadQuestion
from gis.grid.given import Fault
from gis.grid.plane import Plane
from gis.model import Division
from gis.store.divided import Shown
from gis.store.drafts import DraftEdit

CORNERS = 2_000  #: of a line or a shape that is drawn

CellKey = Annotated[str, Field(min_length=1, max_length=40)]
Amount = Annotated[float, Field(gt=0, le=1e9)]
type Json = dict[str, Any]


class CutIn(In):
    """What a division is cut towards."""

    measure: Literal["area", "households", "people", "incidents"] = "area"
    aim: Amount
    least: Annotated[float, Field(ge=0, le=1e9)] | None = None
    most: Amount | None = None


class BeginIn(In):
    """A draft: with the cells of another division, to be cut from nothing, or what an applied import made."""

    based_on: Number | None = None
    cut: CutIn | None = None
    import_: BigNumber | None = Field(default=None, alias="import")
    note: Words = ""


class SplitIn(In):
    op: Literal["split"]
    cell: CellKey
    line: GeometryIn


class MergeIn(In):
    op: Literal["merge"]
    cells: Annotated[list[CellKey], Field(min_length=2, max_length=50)]


class MoveIn(In):
    op: Literal["move"]
    cells: Annotated[list[CellKey], Field(min_length=2, max_length=2)]
    line: GeometryIn


class AssignIn(In):
    op: Literal["assign"]
    cell: CellKey
    geometry: GeometryIn


class EditIn(In):
    version: Number
    edit: Annotated[SplitIn | MergeIn | MoveIn | AssignIn, Field(discriminator="op")]
    dry: bool = False

    def wanted(self) -> Edit:
        """What is drawn. Raises BadQuestion for a shape that is none."""
        match self.edit:
            case SplitIn():
                return Edit(op="split", cells=(self.edit.cell,), shape=_drawn(self.edit.line, "LineString"))
            case MergeIn():
                return Edit(op="merge", cells=tuple(self.edit.cells))
            case MoveIn():
                return Edit(op="move", cells=tuple(self.edit.cells), shape=_drawn(self.edit.line, "LineString"))
            case AssignIn():
                ground = _drawn(self.edit.geometry, "Polygon", "MultiPolygon")
                return Edit(op="assign", cells=(self.edit.cell,), shape=ground)


class MendIn(In):
    version: Number
    faults: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=10_000)] | Literal["all"]
    how: Annotated[str, Field(max_length=20)] | None = None
    dry: bool = False


class ProposeIn(In):
    version: Number
    starts: Moment
    note: Words = ""


class ReasonIn(In):
    version: Number
    reason: Words


class DutiesIn(In):
    responder: Number
    cells: Annotated[list[Number], Field(min_length=1, max_length=5_000)]


class CodeOut(Out):
    code: str
    message: str


class ProgressOut(Out):
    step: str
    share: float


class DivisionOut(Out):
    id: int
    district: int
    state: str
    version: int
    starts: Moment | None
    ends: Moment | None
    note: str
    made_by: ActorOut | None
    made_at: Moment
    proposed_by: ActorOut | None
    proposed_at: Moment | None
    approved_by: ActorOut | None
    approved_at: Moment | None
    stood_at: Moment | None
    based_on: int | None
    cells: int | None
    faults: int | None = None
    cut: dict[str, Any] | None
    progress: ProgressOut | None
    error: CodeOut | None
    reason: str | None


class DivisionsOut(Out):
    divisions: list[DivisionOut]


class FeaturesOut(Out):
    """GeoJSON; its properties: key, code, seq, area, area_name, area_m2, buildings, people, households, change, of.

    And `responsible`: who answers for the cell, or would answer for one that is not in force yet.
    """

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[dict[str, Any]]


class FaultOut(Out):
    key: str
    kind: str
    cells: list[str]
    area: str | None = Field(description="The code of the community.")
    metres: float | None
    area_m2: float | None
    geometry: dict[str, Any] | None
    message: str
    mends: list[str]


class FaultsOut(Out):
    faults: list[FaultOut]


class EditedOut(Out):
    version: int
    cells: FeaturesOut
    gone: list[str]
    faults: list[FaultOut]
    refused: CodeOut | None


class MendOut(Out):
    fault: str
    how: str
    cells: list[str]
    area_m2: float
    message: str


class MendedOut(Out):
    version: int
    mends: list[MendOut]
    left: list[FaultOut]


class DoneOut(Out):
    seq: int
    op: str
    at: Moment
    by: ActorOut | None
    undone: bool
    cells: list[str]


class HistoryOut(Out):
    edits: list[DoneOut]


class TurnedOut(Out):
    from_: list[str] = Field(alias="from", serialization_alias="from")
    to: list[str]
    kind: Literal["same", "split", "merged", "moved"]


class PartOut(Out):
    from_: str = Field(alias="from", serialization_alias="from")
    to: str
    buildings: int
    people: float
    share: float


class ChangesOut(Out):
    cells: list[TurnedOut]
    conversion: list[PartOut]


class DutyOut(Out):
    cell: BigNumber
    responder: int | None


class DutiesOut(Out):
    duties: list[DutyOut]


def divisions(found: Listed, language: Language) -> list[Json]:
    """Divisions with what they are called."""
    return [_division(one, found, language) for one in found.divisions]


def collection(found: Cells) -> Json:
    """The cells of a division as GeoJSON."""
    return {"type": "FeatureCollection", "features": [_feature(row, found) for row in found.cells]}


def edited(done: Edited, language: Language) -> Json:
    """What an edit did or would do."""
    change, refused = done.change, done.refused
    return {
        "version": done.division.version,
        "cells": {"type": "FeatureCollection", "features": _tried(done)},
        "gone": [] if change is None else list(change.gone),
        "faults": [] if change is None else faults(change.faults, change.plane, {}, language),
        "refused": None if refused is None else _said(refused.code, refused.params, language),
    }


def repaired(done: Repaired, language: Language) -> Json:
    """What mending did or would do."""
    return {
        "version": done.division.version,
        "mends": [
            {
                "fault": one.fault,
                "how": str(one.how),
                "cells": [done.names.get(key, key) for key in one.cells],
                "area_m2": round(one.area_m2, 3),
                "message": messages.said("grid_mends", str(one.how), {}, language),
            }
            for one in done.mended.mends
        ],
        "left": faults(done.mended.left, done.change.plane, {}, language),
    }


def faults(found: Iterable[Fault], plane: Plane | None, codes: Mapping[str, str], language: Language) -> list[Json]:
    """Faults with their place on the map and in words; `codes` are what cells are called, by key."""
    return [
        {
            "key": one.key,
            "kind": str(one.kind),
            "cells": list(one.cells),
            "area": one.community,
            "metres": _rounded(one.metres),
            "area_m2": _rounded(one.area_m2),
            "geometry": _geojson(one.geometry, plane),
            "message": messages.said("grid_faults", str(one.kind), _params(one, codes), language),
            "mends": [str(how) for how in one.mends],
        }
        for one in found
    ]


def history(found: Iterable[DraftEdit], names: Mapping[UserId, str]) -> list[Json]:
    """What was done to a draft."""
    return [
        {
            "seq": one.seq,
            "op": one.kind,
            "at": None if one.made_at is None else one.made_at.astimezone(UTC),
            "by": _actor(one.made_by, names),
            "undone": one.undone,
            "cells": sorted({str(row["key"]) for row in (*one.was, *one.made)}),
        }
        for one in found
    ]


def changes(found: Compared) -> Json:
    """What became of what."""
    names = found.names
    return {
        "cells": [
            {
                "from": [names.get(key, key) for key in group.from_keys],
                "to": [names.get(key, key) for key in group.to_keys],
                "kind": str(group.kind),
            }
            for group in found.groups
        ],
        "conversion": [
            {
                "from": names.get(part.from_key, part.from_key),
                "to": names.get(part.to_key, part.to_key),
                "buildings": part.buildings,
                "people": round(part.people, 2),
                "share": round(part.share, 6),
            }
            for part in found.parts
        ],
    }


def _division(one: Division, found: Listed, language: Language) -> Json:
    told = {name: getattr(one, name) for name in DivisionOut.model_fields if hasattr(one, name)}
    people = {name: _actor(getattr(one, name), found.names) for name in ("made_by", "proposed_by", "approved_by")}
    return (
        told
        | people
        | {
            "state": str(one.state),
            "cells": found.cells.get(one.id, 0),
            "progress": None if one.share is None else {"step": one.step, "share": one.share},
            "error": None if one.error is None else _error(one.error, language),
        }
    )


def _error(error: Mapping[str, object], language: Language) -> Json:
    params = error.get("params")
    known = dict(params) if isinstance(params, Mapping) else {}
    return _said(str(error.get("code")), known, language)


def _said(code: str, params: Mapping[str, object], language: Language) -> Json:
    return {"code": code, "message": messages.problem(code, params, language).message}


def _feature(row: Shown, found: Cells) -> Json:
    of = found.of.get(row.key, ())
    change = "none" if row.cell is not None else "changed" if of else "new"
    who = found.responsible.get(row.cell) if row.cell is not None else found.heirs.get(row.key)
    facts = {name: value for name, value in vars(row).items() if name not in ("geometry", "cell")}
    answerable = None if who is None else {"id": who, "name": found.names.get(who, "")}
    own = facts | {"id": row.cell, "change": change, "of": list(of), "responsible": answerable}
    return {"type": "Feature", "geometry": row.geometry, "properties": own}


def _tried(done: Edited) -> list[Json]:
    """The rows of a change as features."""
    if done.change is None or done.called is None:
        return []
    found = []
    for row in done.change.made:
        names = ("key", "area", "area_m2", "buildings", "people", "households")
        code, seq = (row.code, None) if row.cell is None else done.called.cells[row.cell]
        facts = {name: getattr(row, name) for name in names} | {
            "code": code,
            "seq": seq,
            "area_name": None if row.area is None else done.called.areas.get(row.area),
            "change": "changed" if row.cell is None else "none",
            "of": [],
        }
        found.append({"type": "Feature", "geometry": mapping(row.geom), "properties": facts})
    return found


def _params(one: Fault, codes: Mapping[str, str]) -> Json:
    return {
        "cells": ", ".join(codes.get(key, key) for key in one.cells),
        "area_m2": "" if one.area_m2 is None else f"{one.area_m2:,.4g}",
        "metres": "" if one.metres is None else f"{one.metres:,.3g}",
        "community": one.community or "",
        "detail": one.detail or "",
    }


def _geojson(geometry: BaseGeometry | None, plane: Plane | None) -> Json | None:
    if geometry is None or geometry.is_empty or plane is None:
        return None
    return dict(mapping(plane.to_degrees(geometry)))


def _drawn(given: GeometryIn, *kinds: str) -> BaseGeometry:
    allowed = ", ".join(kinds)
    if given.type not in kinds:
        raise BadQuestion(field="geometry.type", value=given.type, allowed=allowed)
    try:
        found: BaseGeometry = shape({"type": given.type, "coordinates": given.coordinates})
    except (ValueError, TypeError, AttributeError, IndexError, shapely.errors.ShapelyError) as error:
        raise BadQuestion(field="geometry.coordinates", value=given.type, allowed=allowed) from error
    corners = shapely.get_coordinates(found)
    if not 2 <= len(corners) <= CORNERS or not (abs(corners) <= (180.0, 90.0)).all():
        raise BadQuestion(field="geometry.coordinates", value=len(corners), allowed=f"2..{CORNERS}")
    return shapely.force_2d(found)


def _actor(key: UserId | None, names: Mapping[UserId, str]) -> Json | None:
    return None if key is None else {"id": key, "name": names.get(key, "")}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)

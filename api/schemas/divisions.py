"""Divisions of a district: drafts, edits, faults, and what becomes of cells."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import shapely
from pydantic import Field
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from api.schemas.base import BigNumber, In, Moment, Number, Out, Words
from api.schemas.roads import GeometryIn
from api.schemas.work import ActorOut
from gis.dividing.editing import Edit
from gis.errors import BadQuestion

CORNERS = 2_000  #: of a line or a shape that is drawn

CellKey = Annotated[str, Field(min_length=1, max_length=40)]
Amount = Annotated[float, Field(gt=0, le=1e9)]


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

"""Who is reached in how many minutes."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from api.schemas.base import Out, Point
from gis.model import Mode


class QuestionOut(Out):
    kind: str
    mode: Mode
    minutes: float


class TotalsOut(Out):
    buildings: int
    reached: int
    people: float
    people_reached: float
    cells: int
    cells_reached: int
    p50: float | None = Field(description="Seconds to the median building; null where most are not reached at all.")
    p90: float | None


class SourceOut(Out):
    label: str
    point: Point


class CellReachOut(Out):
    id: int
    code: str
    area: int | None
    buildings: int
    people: float
    reached_people: float
    seconds: float | None
    nearest: str | None


class CoverageOut(Out):
    question: QuestionOut
    totals: TotalsOut
    sources: list[SourceOut]
    cells: list[CellReachOut] = Field(description="Worst first.")
    estimated: bool
    points_url: str


class GeoJsonOut(Out):
    type: str
    features: list[dict[str, Any]]

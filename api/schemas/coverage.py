"""Who is reached in how many minutes."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from api.schemas.base import Moment, Out, Point
from gis.model import Mode


class QuestionOut(Out):
    kind: str
    mode: Mode
    minutes: float


class TotalsOut(Out):
    buildings: int
    reached: int
    no_way: int = Field(description="Buildings that no road leads to.")
    people: float
    people_reached: float
    cells: int = Field(description="With a building in them.")
    cells_reached: int
    p50: float | None = Field(description="Seconds; counts people, or buildings where nobody lives.")
    p90: float | None


class SourceOut(Out):
    label: str
    point: Point
    stranded: bool = Field(description="No road leads from it.")


class CellReachOut(Out):
    id: int
    code: str
    area: int
    buildings: int
    reached_buildings: int
    no_way: int
    people: float
    reached_people: float
    seconds: float | None = Field(description="To the first building; null where no road leads.")
    p50: float | None
    p90: float | None
    nearest: str | None


class CircleOut(Out):
    """What a circle on the map would have claimed."""

    metres: float
    buildings: int
    people: float
    only_circle: int
    only_road: int


class CoverageOut(Out):
    question: QuestionOut
    totals: TotalsOut
    sources: list[SourceOut]
    cells: list[CellReachOut] = Field(description="Worst first.")
    circle: CircleOut
    estimated: bool
    at: Moment
    points_url: str


class GeoJsonOut(Out):
    type: str
    features: list[dict[str, Any]]

"""The ground: places, cells, areas, classes."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from api.schemas.base import Moment, Names, Out, Point
from gis import model as ground


class DistrictOut(Out):
    """One imported place, in brief."""

    id: int
    code: str
    name: str
    names: Names
    bounds: tuple[float, float, float, float] = Field(description="West, south, east, north.")
    centre: Point
    time_zone: str
    attribution: str
    fictional: bool = Field(description="Crew and incidents are a demonstration.")

    @classmethod
    def of(cls, district: ground.District) -> DistrictOut:
        return cls.model_validate(district)


class SummaryOut(Out):
    """What an import brought."""

    buildings: int
    addresses: int
    streets: int
    cells: int
    areas: int
    people: float = Field(description="An estimate.")
    facilities: dict[str, int] = Field(description="Count by kind.")
    imported_at: Moment | None
    source_file: str
    licence: str
    fictional: bool


class PlaceOut(Out):
    """Where something is and how that was found."""

    label: str
    kind: str
    found: ground.Found
    score: float
    accuracy_m: float
    point: Point | None
    cell: int | None
    cell_code: str | None
    area: int | None
    unknown: tuple[str, ...] = Field(default=(), description="Asked and not known here: block, unit, floor, room.")
    by: str | None = Field(default=None, description="Whom to name, where a service outside found it.")
    id: int | None = Field(default=None, description="Of the case or the person, where it is one.")

    @classmethod
    def of(cls, place: ground.Place) -> PlaceOut:
        return cls.model_validate(place)


class AreaOut(Out):
    id: int
    parent: int | None
    level: ground.AreaLevel
    code: str
    name: str
    names: Names


class NamedOut(Out):
    """Somebody by name; the id is a responder's or a user's, as the field says."""

    id: int
    name: str


class FacilityOut(Out):
    id: int
    kind: str
    name: str | None
    point: Point


class CellOut(Out):
    """A unit grid cell with what stands in it."""

    id: int
    code: str
    seq: int
    area: int
    area_name: str
    area_m2: float
    buildings: int
    people: float
    centre: Point
    geometry: dict[str, Any] = Field(description="GeoJSON Polygon.")
    responsible: NamedOut | None
    facilities: list[FacilityOut]
    open_incidents: list[int]


class CodedOut(Out):
    code: str
    names: Names


class FilingOut(CodedOut):
    handle_seconds: int | None = Field(default=None, description="Overrides the limit of the class.")


class CrewRoleOut(Out):
    """What one member of a crew has to be able to do."""

    skill: str | None
    level: int = 1


class ClassOut(Out):
    """One minor class of the class table."""

    code: str
    version: int
    major: str
    major_names: Names
    names: Names
    skill: str | None
    priority: int = Field(ge=1, le=4)
    service_seconds: int
    accept_seconds: int
    arrive_seconds: int
    handle_seconds: int
    volunteers: bool
    public: bool
    icon: str
    filing: list[FilingOut]
    closing: list[CodedOut]
    level: int = Field(default=1, description="So well the skill has to be held.")
    crew: list[CrewRoleOut] = Field(default_factory=list, description="Everybody who has to be there at once.")


class FacilityKindOut(Out):
    kind: str
    names: Names
    icon: str
    count: int

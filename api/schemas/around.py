"""What lies around a position."""

from __future__ import annotations

from pydantic import Field

from api.schemas.base import Out, Point
from gis.geocode.surroundings import Surroundings


class NearOut(Out):
    """The nearest of something."""

    label: str
    point: Point
    metres: float


class AroundOut(Out):
    """What is not there is null."""

    point: Point
    door: NearOut | None
    street: NearOut | None
    post: NearOut | None = Field(description="A kilometre post of a road or railway.")
    cell: int | None
    cell_code: str | None
    area: int | None
    community: str | None

    @classmethod
    def of(cls, found: Surroundings) -> AroundOut:
        return cls.model_validate(found)

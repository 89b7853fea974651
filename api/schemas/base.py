"""What all the shapes share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

from gis import model as ground


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:  # the first and the last day that there are, in another zone
        raise ValueError("out of range") from error


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc), PlainSerializer(_utc, return_type=str)]
Names = Annotated[dict[str, str], Field(description="Language tag to text; the empty tag is the local name.")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]  #: an id or a version; more would not fit the column
BigNumber = Annotated[int, Field(ge=1, le=2**63 - 1)]


class In(BaseModel):
    """A request: unknown fields are an error, so that a misspelt one is not silently lost."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Out(BaseModel):
    """An answer: what is not named here does not leave the house."""

    model_config = ConfigDict(extra="ignore", from_attributes=True)


class Point(Out):
    """A position, WGS 84 degrees."""

    lon: float
    lat: float

    @classmethod
    def of(cls, point: ground.Point) -> Point:
        return cls(lon=point.lon, lat=point.lat)


class PointIn(In):
    """A position, WGS 84 degrees."""

    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)

    def value(self) -> ground.Point:
        return ground.Point(self.lon, self.lat)

"""Who is there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.messages import Language
from api.schemas.base import In, Out
from api.schemas.ground import DistrictOut
from dispatch.model import Role


class SignInIn(In):
    login: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class LanguageIn(In):
    language: Language


class UserOut(Out):
    id: int
    login: str
    name: str
    language: str
    responder: int | None


class GrantOut(Out):
    role: Role
    district: int
    area: int
    area_name: str


class RasterOut(Out):
    """A raster tile source that may lie under the map instead of our own."""

    name: str
    url: str = Field(description="With {z}, {x}, {y}.")
    attribution: str


class SessionOut(Out):
    """Who is signed in, what they may, where they start."""

    user: UserOut
    roles: list[Role]
    grants: list[GrantOut]
    csrf: str = Field(description="Send it as X-CSRF-Token with every POST, PATCH and DELETE.")
    demo: bool
    districts: list[DistrictOut]
    home: Literal["/desk", "/field", "/plan", "/"]
    raster: list[RasterOut]


class DemoLinkOut(Out):
    role: Role
    url: str
    name: str


class DemoOut(Out):
    demo: bool
    links: list[DemoLinkOut]

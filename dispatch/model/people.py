"""Who has an account, and what it lets them do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.model.ids import ResponderId, UserId
from gis.model import AreaId, DistrictId


class Role(StrEnum):
    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    WORKER = "worker"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    PLANNER = "planner"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A role within an area and everything below it."""

    role: Role
    district: DistrictId
    area: AreaId
    areas: frozenset[AreaId] = frozenset()  #: the area and everything below, as loaded


@dataclass(frozen=True, kw_only=True)
class User:
    id: UserId
    login: str
    name: str
    language: str
    grants: tuple[Grant, ...]
    responder: ResponderId | None = None

    def roles(self) -> frozenset[Role]:
        return frozenset(g.role for g in self.grants)

"""What the planner looks at: one sight of a district, read in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from dispatch import store
from dispatch.lifecycle.case import PURPOSES
from dispatch.model import (
    Assignment,
    Incident,
    IncidentClass,
    IncidentId,
    Purpose,
    Responder,
    ResponderId,
)
from dispatch.store import plans
from dispatch.store.classes import class_of
from dispatch.store.keys import clock
from gis.model import DistrictId


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Open cases, who is there, who is on what."""

    district: DistrictId
    now: datetime
    epoch: int
    cases: Mapping[IncidentId, Incident]
    classes: Mapping[tuple[str, int], IncidentClass]
    people: Mapping[ResponderId, Responder]
    live: Mapping[IncidentId, Assignment]  #: one a case at most
    before: Mapping[IncidentId, Sequence[Assignment]]  #: everybody who ever was on it

    def kind(self, case: Incident) -> IncidentClass:
        """The class under the version that the case keeps."""
        return self.classes[case.class_code, case.class_version]

    def purpose(self, case: Incident) -> Purpose:
        """Why somebody would go, or why the one who is on it goes."""
        live = self.live.get(case.id)
        return live.purpose if live else PURPOSES[case.stage]


def read(engine: Engine, district: DistrictId) -> Snapshot:
    """One sight of the district; nothing that commits meanwhile is half in it."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as tx, tx.begin():
        cases = {c.id: c for c in store.incidents_in_scope(tx, district, None)}
        before: dict[IncidentId, list[Assignment]] = defaultdict(list)
        for a in store.assignments_of(tx, cases):
            before[a.incident].append(a)
        return Snapshot(
            district=district,
            now=clock(tx),
            epoch=plans.epoch(tx),
            cases=cases,
            classes={
                key: class_of(tx, *key) for key in sorted({(c.class_code, c.class_version) for c in cases.values()})
            },
            people={p.id: p for p in store.responders(tx, district)},
            live={a.incident: a for a in store.live_in_district(tx, district) if a.incident in cases},
            before=before,
        )

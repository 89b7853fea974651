"""The one place where the work takes the shape that events and screens carry: plain JSON values.

Times are ISO 8601 in UTC with "Z", positions {"lon", "lat"}. A case's `contact` never enters.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dispatch.model import Assignment, Incident, PlanSummary, Responder
from gis.model import Point, RoadClosure
from gis.travel.drawn import geojson

type Json = dict[str, Any]


def incident(case: Incident) -> Json:
    """A case as everybody in scope may see it."""
    return {
        "id": case.id,
        "number": case.number,
        "district": case.district,
        "area": case.area,
        "cell": case.cell,
        "cell_code": case.cell_code,
        "source": str(case.source),
        "class_code": case.class_code,
        "class_version": case.class_version,
        "priority": int(case.priority),
        "skill": case.skill,
        "service_seconds": case.service_seconds,
        "title": case.title,
        "description": case.description,
        "place": case.place,
        "found": str(case.found),
        "accuracy_m": case.accuracy_m,
        "point": point(case.point),
        "stage": str(case.stage),
        "version": case.version,
        "reported_at": moment(case.reported_at),
        "filed_at": moment(case.filed_at),
        "dispatched_at": moment(case.dispatched_at),
        "accepted_at": moment(case.accepted_at),
        "arrived_at": moment(case.arrived_at),
        "fed_back_at": moment(case.fed_back_at),
        "closed_at": moment(case.closed_at),
        "due_accept_at": moment(case.due_accept_at),
        "due_arrive_at": moment(case.due_arrive_at),
        "due_handle_at": moment(case.due_handle_at),
        "filing_criterion": case.filing_criterion,
        "closing_criterion": case.closing_criterion,
        "outcome": case.outcome,
        "handled_by": case.handled_by,
        "verified_by": case.verified_by,
        "reopened": case.reopened,
        "returned": case.returned,
        "score": case.score,
    }


def assignment(a: Assignment) -> Json:
    """One responder on one case."""
    return {
        "id": a.id,
        "incident": a.incident,
        "district": a.district,
        "responder": a.responder,
        "purpose": str(a.purpose),
        "start": moment(a.during.start),
        "end": moment(a.during.end),
        "state": str(a.state),
        "version": a.version,
        "placed_by": a.placed_by,
        "seq": a.seq,
        "travel_seconds": a.travel_seconds,
        "travel_metres": a.travel_metres,
        "estimated": a.estimated,
        "eta": moment(a.eta),
        "offered_at": moment(a.offered_at),
        "accepted_at": moment(a.accepted_at),
        "departed_at": moment(a.departed_at),
        "arrived_at": moment(a.arrived_at),
        "ended_at": moment(a.ended_at),
        "reason": a.reason,
        "part": a.part,
    }


def responder(r: Responder, *, now: datetime | None = None) -> Json:
    """A worker or volunteer, with the shift that holds at `now`."""
    at = now or datetime.now(UTC)
    shift = next((s for s in r.shifts if s.start <= at < s.end), None)
    return {
        "id": r.id,
        "district": r.district,
        "area": r.area,
        "name": r.name,
        "kind": str(r.kind),
        "mode": str(r.mode),
        "skills": sorted(r.skills),
        "duty": str(r.duty),
        "on_shift": shift is not None,
        "shift_end": moment(shift.end) if shift else None,
        "home": point(r.home),
        "home_cell": r.home_cell,
        "point": point(r.point),
        "point_at": moment(r.point_at),
        "heading": r.heading,
        "speed": r.speed,
        "radius_m": r.radius_m,
        "max_tasks": r.max_tasks,
        "version": r.version,
    }


def plan(p: PlanSummary) -> Json:
    """What the engine did last; the sentences for the reasons are made at the door."""
    return {
        "id": p.id,
        "made_at": moment(p.made_at),
        "engine": p.engine,
        "seconds": p.seconds,
        "cost": p.cost,
        "estimated": p.estimated,
        "placed": p.placed,
        "moved": p.moved,
        "unassigned": [{"incident": w.incident, "reason": w.reason, "params": dict(w.params)} for w in p.unassigned],
        "changes": p.changes,
        "degraded": p.degraded,
    }


def point(p: Point | None) -> Json | None:
    """A position."""
    return None if p is None else {"lon": p.lon, "lat": p.lat}


def moment(at: datetime | None) -> str | None:
    """A time in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def closure(found: RoadClosure, now: datetime) -> Json:
    """A closed road as a GeoJSON Feature; `trouble` is a code."""
    return {
        "type": "Feature",
        "id": found.id,
        "geometry": geojson(found.geometry),
        "properties": {
            "id": found.id,
            "district": found.district,
            "area": found.area,
            "modes": sorted(found.modes),
            "starts": moment(found.starts),
            "ends": moment(found.ends),
            "reason": found.reason,
            "source": found.source,
            "source_key": found.source_key,
            "state": str(found.state(now)),
            "in_force": found.in_force_since is not None,
            "in_force_since": moment(found.in_force_since),
            "segments": found.segments,
            "trouble": None if found.trouble is None else {"code": found.trouble},
            "lifted_at": moment(found.lifted_at),
            "created_by": found.created_by,
            "created_at": moment(found.created_at),
            "version": found.version,
        },
    }

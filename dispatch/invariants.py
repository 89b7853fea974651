"""What must hold whatever happened: asked of the database and its event log, after a storm or at any time.

Each checker returns what is wrong; an empty list is health. The database forbids some of it by itself: the checker is
the second pair of eyes that would notice a constraint dropped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import select, text

from dispatch import shape
from dispatch.lifecycle import LEGAL, LEGAL_STATES
from dispatch.model import AssignmentState, IncidentId, Stage
from dispatch.store.assignments import all_assignments
from dispatch.store.incidents import all_incidents
from dispatch.store.responders import all_responders
from dispatch.tables import event as t
from dispatch.tables import incident
from gis.database import Transaction

type Json = Mapping[str, Any]

BEGINNINGS = frozenset({Stage.COLLECTED, Stage.FILED})
FLEETING = frozenset({"point", "point_at", "heading", "speed", "on_shift", "shift_end", "home_cell"})  #: in no event
EARLIER: Mapping[str, Json] = {"assignment": {"part": 0}}  #: what events did not say before there was such a thing


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something that must not be."""

    rule: str
    what: str
    id: int
    detail: str


def check(tx: Transaction) -> list[Fault]:
    """Everything that the database alone can tell; not `forgotten`, which holds once the engine had its turn."""
    return [fault for checker in CHECKERS for fault in checker(tx)]


def lost(tx: Transaction, acknowledged: Mapping[tuple[str, str], IncidentId]) -> list[Fault]:
    """Acknowledged reports, (source, key) -> id, that are not stored under that id."""
    rows = tx.execute(select(incident.c.source, incident.c.request_key, incident.c.id))
    stored = {(row.source, row.request_key): row.id for row in rows}
    return [
        Fault(rule="lost", what="incident", id=key, detail=f"{said} is stored as {stored.get(said)}")
        for said, key in acknowledged.items()
        if stored.get(said) != key
    ]


def doubled(tx: Transaction) -> list[Fault]:
    """More than one case for one request."""
    rows = tx.execute(
        text("SELECT source, request_key, max(id) AS id, count(*) AS n FROM incident GROUP BY 1, 2 HAVING count(*) > 1")
    )
    return [
        Fault(rule="doubled", what="incident", id=r.id, detail=f"{r.n} of {r.source} {r.request_key}") for r in rows
    ]


def overlapping(tx: Transaction) -> list[Fault]:
    """Somebody bound twice at one time."""
    rows = tx.execute(
        text(
            "SELECT a.id, b.id AS other FROM assignment a JOIN assignment b"
            " ON a.responder = b.responder AND a.id < b.id AND a.during && b.during"
            " WHERE a.state = ANY(:live) AND b.state = ANY(:live)"
        ),
        {"live": ["offered", "accepted", "en_route", "on_scene"]},
    )
    return [Fault(rule="overlapping", what="assignment", id=r.id, detail=f"with {r.other}") for r in rows]


def unlike_its_events(tx: Transaction) -> list[Fault]:
    """What stands in the tables, but is not what the events told last."""
    told = _told(tx)
    return [
        Fault(rule="unlike_its_events", what=what, id=key, detail=", ".join(sorted(differing)))
        for what, key, now in _standing(tx)
        if (differing := _differing(now, told[what, key][-1] if told[what, key] else {}))
    ]


def illegal(tx: Transaction) -> list[Fault]:
    """Steps that no deed allows."""
    return [
        Fault(rule="illegal", what=what, id=key, detail=" -> ".join(map(str, step)))
        for (what, key), snapshots in _told(tx).items()
        for step in _steps(what, snapshots)
    ]


def gaps(tx: Transaction) -> list[Fault]:
    """Versions that were skipped, taken back, or told in two ways."""
    return [
        Fault(rule="gaps", what=what, id=key, detail=detail)
        for (what, key), snapshots in _told(tx).items()
        for detail in _version_faults(snapshots)
    ]


def forgotten(tx: Transaction) -> list[Fault]:
    """Open cases that nobody is on and that wait without a reason."""
    rows = tx.execute(
        text(
            "SELECT i.id, i.stage FROM incident i"
            " WHERE i.stage IN ('collected', 'filed', 'dispatched', 'handling', 'fed_back')"
            " AND NOT EXISTS (SELECT FROM assignment a WHERE a.incident = i.id AND a.state = ANY(:live))"
            " AND NOT EXISTS (SELECT FROM unassigned u WHERE u.incident = i.id)"
        ),
        {"live": ["offered", "accepted", "en_route", "on_scene"]},
    )
    return [Fault(rule="forgotten", what="incident", id=r.id, detail=r.stage) for r in rows]


CHECKERS: tuple[Callable[[Transaction], list[Fault]], ...] = (doubled, overlapping, unlike_its_events, illegal, gaps)


def _told(tx: Transaction) -> dict[tuple[str, int], list[Json]]:
    """Every snapshot that events carried, by thing, in the order told."""
    found: dict[tuple[str, int], list[Json]] = defaultdict(list)
    for (body,) in tx.execute(select(t.c.body).order_by(t.c.seq)):
        for what in ("incident", "assignment", "responder"):
            if what in body and isinstance(body[what], dict):
                found[what, body[what]["id"]].append({**EARLIER.get(what, {}), **body[what]})
        for moved in body.get("assignments", ()):
            found["assignment", moved["id"]].append({**EARLIER["assignment"], **moved})
    return found


def _standing(tx: Transaction) -> Iterator[tuple[str, int, Json]]:
    for case in all_incidents(tx):
        yield "incident", case.id, shape.incident(case)
    for a in all_assignments(tx):
        yield "assignment", a.id, shape.assignment(a)
    for r in all_responders(tx):
        yield "responder", r.id, shape.responder(r)


def _differing(now: Json, told: Json) -> set[str]:
    return (
        {name for name in now.keys() - FLEETING if name not in told or now[name] != told[name]} if told else {"untold"}
    )


def _steps(what: str, snapshots: Iterable[Json]) -> Iterator[tuple[object, object]]:
    if what == "responder":
        return
    name, legal = ("stage", LEGAL) if what == "incident" else ("state", LEGAL_STATES)
    said = [s[name] for s in snapshots]
    begins = BEGINNINGS if what == "incident" else {AssignmentState.OFFERED}
    if said[0] not in begins:
        yield "nothing", said[0]
    for step in pairwise(said):
        if step[0] != step[1] and step not in legal:
            yield step


def _version_faults(snapshots: Iterable[Json]) -> Iterator[str]:
    last: Json = {"version": 0}
    for now in snapshots:
        if now["version"] == last["version"] and any(now[k] != last[k] for k in now.keys() - FLEETING):
            yield f"version {now['version']} told in two ways"
        if now["version"] not in (last["version"], last["version"] + 1):
            yield f"{last['version']} -> {now['version']}"
        last = now

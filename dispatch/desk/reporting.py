"""Intake. A report that was acknowledged is stored; a geocoder that is down or an unknown address keeps none out."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from dispatch import lifecycle, policy, store
from dispatch.desk.room import Desk
from dispatch.errors import Invalid
from dispatch.lifecycle.case import criterion_of, place_fields
from dispatch.model import Deed, Event, Incident, IncidentClass, IncidentId, Priority, Source, Stage, User
from dispatch.store.keys import clock
from dispatch.store.places import code_and_zone
from gis.database import Transaction
from gis.errors import OutsidePlace
from gis.model import DistrictId, Found, Place, Point

log = logging.getLogger(__name__)

#: Text and pin to a place, asked while no transaction is open. May raise anything: the report is kept all the same.
type Locate = Callable[[str | None, Point | None], Place]

NOT_YET = (
    *(f"{stamp}_at" for stamp in ("filed", "dispatched", "accepted", "arrived", "fed_back", "closed")),
    *(f"due_{stamp}_at" for stamp in ("accept", "arrive", "handle")),
    *("filing_criterion", "closing_criterion", "outcome", "handled_by", "verified_by", "score"),
)
LENGTHS = {"title": 200, "description": 4000, "text": 400, "place": 400, "contact": 200}


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody reports. `text` is looked for, `place` is said; either may be missing, and the pin too."""

    district: DistrictId
    class_code: str
    source: Source
    description: str = ""
    text: str | None = None
    point: Point | None = None
    title: str | None = None
    place: str | None = None
    contact: str | None = None
    filing_criterion: str | None = None
    priority: Priority | None = None


@dataclass(frozen=True, kw_only=True)
class Reported:
    """The case, and the token with which a resident follows it (public reports only)."""

    incident: Incident
    token: str | None


def report(
    desk: Desk, *, who: User | None, report: Report, locate: Locate, key: str | None, language: str = "en"
) -> Reported:
    """Take a report in: the staff's own is filed at once, the public's waits for a check.

    Without a title it is called by its class, in the language of the account or else in `language`. One key, one case.
    Raises OutsidePlace for a pin outside the district, Invalid, Unknown, Forbidden, KeyReused.
    """
    _check(report)
    if who is not None:
        policy.require(who, Deed.REPORT, report.district)
    kind = desk.classes.get(report.class_code)
    if not (kind.public or lifecycle.begins_filed(report.source, who)):
        raise Invalid(field="class_code", value=kind.code, allowed=[c.code for c in desk.classes.classes if c.public])
    place = located(report, locate)

    def deed(tx: Transaction) -> Reported:
        token = secrets.token_urlsafe(24) if report.source is Source.WEB else None
        return Reported(
            incident=_store(tx, who, report, kind, place, key, token, who.language if who else language), token=token
        )

    return desk.once(Reported, deed, name=Deed.REPORT, key=key, who=who, asked=asdict(report))


def located(report: Report, locate: Locate) -> Place:
    """Where it is, as well as can be told now. Raises OutsidePlace, which the reporter can mend; nothing else."""
    try:
        if report.text or report.point:
            found = locate(report.text, report.point)
            return replace(found, label=report.place or found.label or report.text or "")
    except OutsidePlace:
        raise
    except Exception as error:  # whatever keeps the geocoder from answering, the report comes in
        log.warning("not located, kept all the same: %s", error)
    found_by = Found.NOT_LOCATED if report.point is None else Found.PIN
    label = report.place or report.text or ""
    return Place(point=report.point, label=label, found=found_by, score=0.0, accuracy_m=0.0)


def locate_again(desk: Desk, *, incident: IncidentId, locate: Locate) -> Incident | None:
    """Look once more for a case that has no cell yet; None where there is still no answer."""
    with desk.begin() as tx:
        before = store.incident(tx, incident)
    try:
        place = locate(before.place or None, before.point)
    except Exception as error:  # asked again later
        log.info("still not located: %s", error)
        return None
    if place.cell is None:
        return None
    with desk.begin() as tx:
        after = lifecycle.relocate(before, place=replace(place, label=before.place or place.label))
        store.save_incident(tx, before, after)
        _announce(tx, "incident.relocated", after, None)
        return after


def _store(
    tx: Transaction,
    who: User | None,
    report: Report,
    kind: IncidentClass,
    place: Place,
    key: str | None,
    token: str | None,
    language: str,
) -> Incident:
    at = clock(tx)
    case = _case(who, report, kind, place, at, language)
    if lifecycle.begins_filed(report.source, who):
        chosen = report.filing_criterion
        criterion = criterion_of(kind.filing, chosen, "filing_criterion") if chosen else lifecycle.usual(kind.filing)
        case = replace(case, **lifecycle.file(case, kind=kind, criterion=criterion, at=at))
    code, zone = code_and_zone(tx, report.district)
    case = replace(case, number=store.next_number(tx, report.district, code, at.astimezone(zone).date()))
    tracking = sha256(token.encode()).digest() if token else None
    stored = store.add_incident(tx, case, request_key=key or secrets.token_hex(16), tracking_sha256=tracking)
    case = replace(case, id=stored)
    _announce(tx, "incident.reported", case, who)
    return case


def _announce(tx: Transaction, kind: str, case: Incident, who: User | None) -> None:
    event = Event(
        kind=kind,
        district=case.district,
        area=case.area,
        incident=case.id,
        actor=who.id if who else None,
        body=store.changes(incident=case),
    )
    store.record(tx, event)


def _case(who: User | None, report: Report, kind: IncidentClass, place: Place, at: datetime, language: str) -> Incident:
    nothing: dict[str, Any] = dict.fromkeys(NOT_YET)
    return Incident(
        id=0,
        number="",
        version=1,
        district=report.district,
        source=report.source,
        class_code=kind.code,
        class_version=kind.version,
        priority=report.priority or kind.priority,
        skill=kind.skill,
        service_seconds=kind.service_seconds,
        title=(report.title or "").strip() or kind.names.get(language) or kind.names["en"],
        description=report.description.strip(),
        stage=Stage.COLLECTED,
        reported_at=at,
        reported_by=who.id if who else None,
        contact=(report.contact or "").strip() or None,
        reopened=0,
        returned=0,
        **place_fields(place),
        said=report.text or None,
        **nothing,
    )


def _check(report: Report) -> None:
    for name, longest in LENGTHS.items():
        value = getattr(report, name)
        if value is not None and len(value) > longest:
            raise Invalid(field=name, value=len(value), allowed=f"≤ {longest}")
        if value is not None and "\x00" in value:
            raise Invalid(field=name, value="NUL", allowed="plain_text")
    if report.point and not (-180 <= report.point.lon <= 180 and -90 <= report.point.lat <= 90):
        raise Invalid(field="point", value=[report.point.lon, report.point.lat], allowed="position")

"""The engine in words: parts of a cost, differences of plans, moves, with the sentences of a language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api import messages
from api.messages import Language
from dispatch import shape
from dispatch.classes import skills
from dispatch.model import Proposal, UserId, Waiting
from dispatch.planning import differing, proposing
from dispatch.planning.differing import Side
from dispatch.planning.whatif import WhatIf
from dispatch.planning.why import Price, Remedy, Why
from dispatch.store.plans import PlanLine

type Json = dict[str, Any]
type Actors = Mapping[UserId, str]


def actor(key: UserId | None, names: Actors) -> Json | None:
    """Who did it."""
    return None if key is None else {"id": key, "name": names.get(key, "")}


def part(code: str, language: Language) -> str:
    """What one part of a cost is called."""
    return messages.said("parts", code, {}, language)


def parts(found: Sequence[Mapping[str, Any]], language: Language) -> list[Json]:
    """Parts of a cost, or of two costs, with their names."""
    return [{**one, "name": part(str(one["code"]), language)} for one in found]


def degraded(code: str | None, language: Language) -> Json | None:
    """Why a plan is not what the engine can do."""
    return (
        None if code is None else {"code": code, "message": messages.said("planning", f"degraded_{code}", {}, language)}
    )


def line(found: PlanLine | None, names: Actors, language: Language) -> Json | None:
    """One plan in the list of plans."""
    if found is None:
        return None
    plain = ("id", "engine", "cost", "seconds", "placed", "moved", "changes", "reason")
    return {
        **{name: getattr(found, name) for name in plain},
        "made_at": shape.moment(found.made_at),
        "degraded": degraded(found.degraded, language),
        "asked_by": actor(found.asked_by, names),
        "applied_by": actor(found.applied_by, names),
        "undone_by": actor(found.undone_by, names),
        "undone_at": shape.moment(found.undone_at),
    }


def proposal(found: Proposal | None, names: Actors, language: Language) -> Json | None:
    """A plan that waits for a word."""
    if found is None:
        return None
    return {
        **difference(found.diff, language),
        "id": found.id,
        "district": found.district,
        "made_at": shape.moment(found.made_at),
        "epoch": found.epoch,
        "engine": found.engine,
        "state": str(found.state),
        "changes": found.diff["changes"],
        "decided_by": actor(found.decided_by, names),
        "decided_at": shape.moment(found.decided_at),
        "reason": found.reason,
    }


def difference(diff: Mapping[str, Any], language: Language) -> Json:
    """What a plan changes, with names of parts and a line for each person."""
    cost = diff["cost"]
    return {
        "cost": {**cost, "parts": parts(cost["parts"], language)},
        "late": diff["late"],
        "people": [{**one, "message": _person(one, language)} for one in diff["people"]],
    }


def clock(now: datetime, seconds: int, zone: ZoneInfo) -> str:
    """A moment so many seconds from now as people there read it off a clock."""
    return (now + timedelta(seconds=seconds)).astimezone(zone).strftime("%H:%M")


def _person(one: Mapping[str, Any], language: Language) -> str:
    counts = {
        "gains": len(one["gains"]),
        "loses": len(one["loses"]),
        "earlier": sum(m["seconds"] < 0 for m in one["moves"]),
        "later": sum(m["seconds"] > 0 for m in one["moves"]),
    }
    said = [messages.said("planning", name, {"n": n}, language) for name, n in counts.items() if n]
    comma = messages.said("planning", "comma", {}, language)
    return messages.said("planning", "person", {"person": one["name"], "changes_": comma.join(said)}, language)


def sentence(code: str, params: Mapping[str, Any], language: Language) -> str:
    """One sentence about planning."""
    return messages.said("planning", code, params, language)


def what_if(found: WhatIf, language: Language) -> Json:
    """Two days side by side."""
    diff = proposing.diff_json(found.diff)
    people = [_named(one, language) for one in diff["people"]]
    before = _side(found.diff.before, found.waiting_before, found, language)
    after = _side(found.diff.after, found.waiting_after, found, language)
    counts = {
        "before": f"{before['cost']:,}",
        "after": f"{after['cost']:,}",
        "late_before": before["late_cases"],
        "late_after": after["late_cases"],
        "wait_before": len(before["unserved"]),
        "wait_after": len(after["unserved"]),
    }
    return {
        "seconds": found.seconds,
        "estimated": found.estimated,
        "written": False,
        "before": before,
        "after": after,
        "people": [{**one, "message": _person(one, language)} for one in people],
        "message": sentence("what_if", counts, language),
    }


def _named(one: Mapping[str, Any], language: Language) -> Json:
    """Who only joins has a number instead of a name, unless one was given."""
    return {**one, "name": one["name"] or sentence("somebody", {"n": -int(one["responder"])}, language)}


def _side(side: Side, left: Sequence[Waiting], found: WhatIf, language: Language) -> Json:
    cases = {c.id: c for c in (*found.posed.cases, *found.posed.unlocated, *found.posed.blocked)}
    whole = side.served + side.score.unserved
    return {
        "cost": side.score.cost,
        "parts": parts(differing.cost_parts(side.score), language),
        "late_minutes": round(side.late_seconds / 60, 1),
        "late_cases": side.late,
        "served": side.served,
        "unserved": [
            {
                "incident": one.incident,
                "number": cases[one.incident].number,
                "title": cases[one.incident].title,
                **waiting(one, language),
            }
            for one in left
        ],
        "in_time": round(side.in_time / whole, 4) if whole else None,
    }


def waiting(found: Waiting, language: Language) -> Json:
    """Why a case has nobody."""
    return {
        "reason": found.reason,
        "params": dict(found.params),
        "message": messages.waiting(found.reason, worded(found.params, language), language),
    }


def worded(params: Mapping[str, Any], language: Language) -> Json:
    """Skills are called by the names of the skill table, which the catalogues do not hold."""
    known = {skill.code: skill.names for skill in skills()}
    code = params.get("skill")
    return {**params, "skill": known[code].get(language, code)} if code in known else dict(params)


def why(found: Why, language: Language) -> Json:
    """Why this person, why not the next, why nobody and what would help."""
    case, live = found.incident, found.live
    plan = found.plan
    return {
        "incident": case.id,
        "number": case.number,
        "purpose": str(found.purpose),
        "made_at": shape.moment(found.now),
        "holder": live.responder if live else None,
        "locked": live is not None and live.locked,
        "plan": {"cost": plan.cost, "engine": plan.engine} if plan else None,
        "chosen": _chosen(found, language),
        "next": _next(found, language),
        "unserved": waiting(found.unserved, language) if found.unserved else None,
        "remedies": [remedy(one, found, language) for one in found.remedies],
        "took_ms": round(found.seconds * 1000),
    }


def price(found: Price | None, language: Language) -> Json:
    """What giving somebody the case would cost, or the rule of the plan against it."""
    if found is None:
        return {"price": None, "hurdle": None}
    hurdle = None
    if found.hurdle is not None:
        said = messages.said("hurdles", found.hurdle, worded(found.params, language), language)
        hurdle = {"code": found.hurdle, "params": dict(found.params), "message": said}
    if found.total is None:
        return {"price": None, "hurdle": hurdle}
    rows = [{"code": code, "value": value} for code, value in found.parts.items() if value]
    rows.sort(key=lambda row: -abs(int(str(row["value"]))))
    return {"price": {"total": found.total, "parts": parts(rows, language)}, "hurdle": hurdle}


def remedy(one: Remedy, found: Why, language: Language) -> Json:
    """What would change it, with moments as people read them off a clock there."""
    moments = {name: clock(found.now, int(str(one.params[name])), found.zone) for name in CLOCKS if name in one.params}
    params = {**worded(one.params, language), **moments}
    return {
        "code": one.code,
        "params": {**one.params, **moments},
        "message": messages.said("remedies", one.code, params, language),
    }


CLOCKS = ("until", "from", "first", "last")  #: parameters that are seconds from now, and mean an hour of the day


def _chosen(found: Why, language: Language) -> Json | None:
    if found.chosen is None:
        return None
    live, total = found.live, found.prices[found.chosen].total
    priced = [p.total for p in found.prices.values() if p.total is not None]
    if live is not None and live.placed_by is not None:
        code = "chosen_by_hand"
    elif live is not None and live.locked:
        code = "chosen_begun"
    else:
        code = "chosen" if total is not None and total <= min(priced) else "chosen_not_least"
    words = {"person": _name(found, found.chosen), "total": _amount(total or 0), "n": len(priced)}
    return {"responder": found.chosen, "message": sentence(code, words, language)}


def _next(found: Why, language: Language) -> Json | None:
    """The difference to the next best, part by part."""
    if found.chosen is None or found.next is None:
        return None
    ours, theirs = found.prices[found.chosen], found.prices[found.next]
    codes = ours.parts.keys() | theirs.parts.keys()
    by = {code: theirs.parts.get(code, 0) - ours.parts.get(code, 0) for code in codes}
    rows = sorted(
        ({"code": code, "value": n} for code, n in by.items() if n), key=lambda row: -abs(int(str(row["value"])))
    )
    more = (theirs.total or 0) - (ours.total or 0)
    said = [
        sentence("part_by", {"part_": part(str(r["code"]), language), "by": _signed(int(str(r["value"])))}, language)
        for r in rows
    ]
    words = {
        "person": _name(found, found.next),
        "more": _amount(abs(more)),
        "parts_": sentence("comma", {}, language).join(said),
    }
    code = "next" if more > 0 else "next_less" if more < 0 else "next_same"
    return {
        "responder": found.next,
        "more": more,
        "parts": parts(rows, language),
        "message": sentence(code, words, language),
    }


def _name(found: Why, key: int) -> str:
    return next((c.responder.name for c in found.candidates if c.responder.id == key), "")


def _amount(value: int) -> str:
    return f"{value:,}"


def _signed(value: int) -> str:
    return f"{value:+,}"

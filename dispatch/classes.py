"""The class table of a city: what may be reported, what it takes, how fast, under which criteria it is filed, closed.

Data, not code: `data/reference/classes.json` is read and checked; the database keeps every version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dispatch.errors import Invalid, Unknown
from dispatch.model import CrewRole, Criterion, IncidentClass, Priority
from gis.model import Names

REFERENCE = Path(__file__).resolve().parents[1] / "data" / "reference"
LANGUAGES = ("en", "zh-Hans", "zh-Hant")
SECONDS = ("service_seconds", "accept_seconds", "arrive_seconds", "handle_seconds")


@dataclass(frozen=True, kw_only=True)
class Skill:
    """What somebody is able to do."""

    code: str
    names: Names


@dataclass(frozen=True, kw_only=True)
class ClassTable:
    """One version of the table."""

    version: int
    classes: tuple[IncidentClass, ...]

    def get(self, code: str) -> IncidentClass:
        """The class; Unknown if there is none."""
        for kind in self.classes:
            if kind.code == code:
                return kind
        raise Unknown(what="class", id=code)


@cache
def table(file: Path = REFERENCE / "classes.json") -> ClassTable:
    """The table in `file`; Invalid names the first thing that is wrong in it."""
    raw = json.loads(file.read_text(encoding="utf-8"))
    known = {skill.code for skill in skills()}
    classes = tuple(_class(raw, entry, known) for entry in raw["classes"])
    _unique("classes.code", (c.code for c in classes))
    return ClassTable(version=raw["version"], classes=classes)


@cache
def skills(file: Path = REFERENCE / "skills.json") -> tuple[Skill, ...]:
    """The skills that classes ask for and responders have."""
    listed = tuple(
        Skill(code=s["code"], names=_names("skills", s)) for s in json.loads(file.read_text(encoding="utf-8"))
    )
    _unique("skills.code", (s.code for s in listed))
    return listed


def _class(raw: Mapping[str, Any], entry: Mapping[str, Any], known: set[str]) -> IncidentClass:
    field = f"classes.{entry.get('code')}"
    _check(entry["major"] in raw["majors"], f"{field}.major", entry["major"], sorted(raw["majors"]))
    _check(entry["skill"] is None or entry["skill"] in known, f"{field}.skill", entry["skill"], sorted(known))
    for name in SECONDS:
        _check(isinstance(entry[name], int) and entry[name] > 0, f"{field}.{name}", entry[name], "seconds above 0")
    filing = _criteria(raw, entry, "filing", ((c["code"], c.get("handle_seconds")) for c in entry["filing"]))
    closing = _criteria(raw, entry, "closing", ((code, None) for code in entry["closing"]))
    return IncidentClass(
        code=entry["code"],
        version=raw["version"],
        major=entry["major"],
        major_names=raw["majors"][entry["major"]],
        names=_names(field, entry),
        skill=entry["skill"],
        priority=_priority(field, entry["priority"]),
        volunteers=entry["volunteers"],
        public=entry["public"],
        icon=entry["icon"],
        filing=filing,
        closing=closing,
        level=entry.get("level", 1),
        crew=_crew(field, entry, known),
        needs=_needs(field, entry),
        **{name: entry[name] for name in SECONDS},
    )


def _crew(field: str, entry: Mapping[str, Any], known: set[str]) -> tuple[CrewRole, ...]:
    """Who has to be there at once, who leads first; empty where one person does."""
    roles = tuple(CrewRole(skill=one.get("skill"), level=one.get("level", 1)) for one in entry.get("crew", ()))
    for role in roles:
        _check(role.skill is None or role.skill in known, f"{field}.crew", role.skill, sorted(known))
    _check(len(roles) != 1, f"{field}.crew", 1, "two or more, or none")
    return roles


def _needs(field: str, entry: Mapping[str, Any]) -> dict[str, int]:
    needs: dict[str, int] = entry.get("needs", {})
    for good, amount in needs.items():
        _check(isinstance(amount, int) and amount > 0, f"{field}.needs.{good}", amount, "a number above 0")
    return needs


def _criteria(
    raw: Mapping[str, Any], entry: Mapping[str, Any], which: str, listed: Iterable[tuple[str, int | None]]
) -> tuple[Criterion, ...]:
    names, field = raw["criteria"][which], f"classes.{entry['code']}.{which}"
    found = []
    for code, seconds in listed:
        _check(code in names, field, code, sorted(names))
        _check(seconds is None or seconds > 0, f"{field}.{code}", seconds, "seconds above 0")
        found.append(Criterion(code=code, names=_names(field, {"names": names[code]}), handle_seconds=seconds))
    _check(bool(found), field, [], "at least one criterion")
    _unique(field, (c.code for c in found))
    return tuple(found)


def _names(field: str, entry: Mapping[str, Any]) -> Names:
    names: Names = entry["names"]
    for language in LANGUAGES:
        _check(bool(names.get(language)), f"{field}.names", names, list(LANGUAGES))
    return names


def _priority(field: str, value: int) -> Priority:
    _check(value in set(Priority), f"{field}.priority", value, "1..4")
    return Priority(value)


def _unique(field: str, codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        _check(code not in seen, field, code, "every code once")
        seen.add(code)


def _check(good: bool, field: str, value: object, allowed: object) -> None:
    if not good:
        raise Invalid(field=field, value=value, allowed=allowed)

"""A day's reports, drawn from San Francisco's fire service calls (2000 to 2011), on the addresses of a place.

A drawn case takes the time of day, the priority, the kind of call and the time on scene of one real incident together:
the hourly profile and what belongs to what come along. Traps in the file, and what is done about them: one line a unit
(the first unit sent stands for its incident), stamps marked UTC that are local time (kept as they are: fewest calls
at four in the morning), units that never arrived or whose times run backwards or beyond reason (their incident
is not drawn from), calls of two codes that hardly occur (A, B: not drawn from).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Final

import numpy as np

CALLS: Final = Path(__file__).resolve().parents[4] / "shared" / "data" / "incidents" / "sf_fire_service_calls.csv"
PRIORITIES: Final = {"E": 1, "3": 2, "2": 3, "1": 4}  #: dispatch code -> priority: life, urgent, normal, low
SHORTEST, LONGEST = 60, 4 * 3600  #: seconds on scene that are believed
MEDICAL, FIRE, RESCUE = 0, 1, 2
SKILLS: Final = {
    "Medical Incident": MEDICAL,
    "Structure Fire": FIRE,
    "Outside Fire": FIRE,
    "Vehicle Fire": FIRE,
    "Alarms": FIRE,
    "Traffic Collision": RESCUE,
    "Water Rescue": RESCUE,
    "Elevator / Escalator Rescue": RESCUE,
    "Gas Leak (Natural and LP Gases)": RESCUE,
}


@dataclass(frozen=True, kw_only=True)
class Call:
    """One real incident: seconds after midnight, priority 1 to 4, seconds on scene, the skill it took."""

    at: int
    priority: int
    service: int
    skill: int | None


def drawn(chance: np.random.Generator, count: int, file: Path = CALLS) -> list[Call]:
    """So many calls of one day, earliest first."""
    known = calls(file)
    picked = [known[k] for k in chance.integers(0, len(known), count)]
    return sorted(picked, key=lambda call: (call.at, call.priority, call.service))


def estimates(file: Path = CALLS) -> Mapping[int, int]:
    """Priority -> mean seconds on scene: what a room expects of a case before anybody is there."""
    seconds = defaultdict(list)
    for call in calls(file):
        seconds[call.priority].append(call.service)
    return {priority: round(fmean(times)) for priority, times in seconds.items()}


@cache
def calls(file: Path = CALLS) -> tuple[Call, ...]:
    """Every believable incident of the file once."""
    first: dict[str, dict[str, str]] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            before = first.get(line["incident_number"])
            if before is None or _order(line) < _order(before):
                first[line["incident_number"]] = line
    return tuple(call for line in first.values() for call in _call(line))


def _order(line: Mapping[str, str]) -> int:
    return int(line["unit_sequence_in_call_dispatch"])


def _call(line: Mapping[str, str]) -> Iterator[Call]:
    priority = PRIORITIES.get(line["original_priority"])
    if priority is None or not line["on_scene_timestamp"] or not line["available_timestamp"]:
        return
    received, there, done = (
        datetime.fromisoformat(line[f"{name}_timestamp"]) for name in ("received", "on_scene", "available")
    )
    service = int((done - there).total_seconds())
    if there >= received and SHORTEST <= service <= LONGEST:
        at = received.hour * 3600 + received.minute * 60 + received.second
        yield Call(at=at, priority=priority, service=service, skill=SKILLS.get(line["call_type"]))

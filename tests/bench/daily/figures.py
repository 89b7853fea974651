"""What a day came to. A case that nobody began counts as late until the end of the day, so leaving out pays nobody."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import quantiles
from typing import Any

from tests.bench.daily.simulation import Outcome


def figures(outcome: Outcome) -> dict[str, Any]:
    """Minutes, shares and counts of one day."""
    day, visits = outcome.day, outcome.visits
    begun = [visits[i].begin if i in visits else day.until for i in range(len(day.cases))]
    late = [max(0, begin - case.target) / 60 for begin, case in zip(begun, day.cases, strict=True)]
    waits = [(begin - case.at) / 60 for begin, case in zip(begun, day.cases, strict=True)]
    weighted = sum(case.weight * minutes for case, minutes in zip(day.cases, late, strict=True))
    road = sum(visit.begin - visit.left for visit in visits.values()) / 60
    return {
        "late_p50": _quantile(late, 50),
        "late_p90": _quantile(late, 90),
        "wait_p50": _quantile(waits, 50),
        "wait_p90": _quantile(waits, 90),
        "in_time": round(sum(minutes == 0 for minutes in late) / len(late), 4),
        "weighted_late": round(weighted, 1),
        "unserved": len(day.cases) - len(visits),
        "road_hours": round(road / 60, 2),
        "moves": round(sum(outcome.moves.values()) / len(day.cases), 4),
        "moved": round(len(outcome.moves) / len(day.cases), 4),
        "asked": outcome.asked,
    }


def middle(days: list[Mapping[str, Any]]) -> dict[str, float]:
    """The median of every figure over several days."""
    from statistics import median

    return {name: round(median(float(day[name]) for day in days), 4) for name in days[0]}


def _quantile(values: list[float], percent: int) -> float:
    return round(quantiles(values, n=100, method="inclusive")[percent - 1], 2)

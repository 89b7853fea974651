"""Fit the score to how often answers are right, on generated queries, and show how well it holds on others.

    python -m tests.bench.calibrating DATABASE DISTRICT... [--each N] [--write]

Queries of seed 1 are fitted, those of seed 2 shown: of the answers given 0.9, nine of ten should be right.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize

from gis.database import begin
from gis.geocode import calibration, reading
from gis.geocode.index.building import build
from gis.geocode.index.model import KIND, PREFIX, Index
from gis.geocode.judging import Found
from gis.geocode.searching import Search, place
from gis.model import Point
from gis.travel.beeline import degrees, great_circle
from tests.bench.asking import Asking
from tests.bench.phoning import Phoning
from tests.bench.place import database

FAULT = -1.0  #: what a misspelt name costs at least
FAULTS = (
    "two",
    "wrong_short",
    "talk",
    "before",
    "elsewhere",
    "elsewhere_wrong",
    "near",
    "near_wrong",
    "gap",
    "short",
    "unused_street",
    "unused_landmark",
    "landmark_wrong",
    "shortened",
    "words",
    "much",
)
STEADY = 0.02  #: weight of the squared weights: few queries must not make strong opinions


def right(query: dict[str, Any], at: tuple[float, float]) -> bool:
    """Whether a position is an answer to a query."""
    known = degrees([Point(query["lon"], query["lat"]), *(Point(*other) for other in query["alts"])])
    return bool((great_circle(known, degrees([Point(*at)])[0]) <= query["tolerance_m"]).any())


def learnt(found: Found) -> bool:
    """Whether its score is a matter of these weights: what is still being typed, and sorts, go by their worth."""
    return found.match.form != PREFIX and found.kind != "longer" and found.match.kind != KIND


def observed(index: Index, queries: Sequence[dict[str, Any]]) -> tuple[list[dict[str, float]], list[bool]]:
    """What is known of the best answer to each query that has one, and whether it is right."""
    rows, truth = [], []
    for query in queries:
        found = Search(index, reading.read(query["query"])).run()
        if found and learnt(found[0]):
            rows.append(calibration.terms(found[0], found[1 : calibration.RIVALS]))
            truth.append(query.get("expect") != "none" and right(query, place(index, found[0])))
    return rows, truth


def fitted(rows: Sequence[dict[str, float]], truth: Sequence[bool]) -> tuple[dict[str, float], float]:
    """Weights and constant of the logistic model."""
    names = list(rows[0])
    x = np.array([[row[name] for name in names] for row in rows])
    y = np.where(truth, 1.0, -1.0)

    def loss(w: np.ndarray) -> float:
        margin = y * (x @ w[:-1] + w[-1])
        return float(np.logaddexp(0, -margin).mean() + STEADY * (w[:-1] ** 2).mean() / 10)

    w = minimize(
        loss, np.zeros(len(names) + 1), method="L-BFGS-B", bounds=[*(_bounds(name) for name in names), (None, None)]
    ).x
    return {name: round(float(value), 3) for name, value in zip(names, w, strict=False)}, round(float(w[-1]), 3)


def _bounds(name: str) -> tuple[float | None, float | None]:
    """What everybody knows beforehand: a fault never makes an answer surer."""
    if name in ("worth", "clear", "here"):
        return 0, None
    return None, FAULT if name == "wrong" else 0 if name in FAULTS else None


def shown(rows: Sequence[dict[str, float]], truth: Sequence[bool], terms: dict[str, float], constant: float) -> None:
    """A reliability table: of the answers with such a score, how many are right."""
    scores = np.array([1 / (1 + np.exp(-(constant + sum(terms[n] * v for n, v in row.items())))) for row in rows])
    sure = np.array(truth)
    _say(f"{'score':<12}{'answers':>9}{'right %':>9}{'said %':>9}")
    for low, high in (
        (0, 0.2),
        (0.2, 0.4),
        (0.4, 0.6),
        (0.6, 0.8),
        (0.8, 0.9),
        (0.9, 0.95),
        (0.95, 0.99),
        (0.99, 1.01),
    ):
        there = (scores >= low) & (scores < high)
        if there.any():
            share, said = 100 * sure[there].mean(), 100 * scores[there].mean()
            _say(f"{low:.2f}-{min(high, 1):.2f}   {there.sum():>9}{share:>9.1f}{said:>9.1f}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("database")
    asked.add_argument("districts", type=int, nargs="+")
    asked.add_argument("--each", type=int, default=60)
    asked.add_argument("--silence", type=float, default=0.4)
    asked.add_argument("--write", action="store_true")
    how = asked.parse_args()
    known: dict[int, tuple[list[dict[str, float]], list[bool]]] = {1: ([], []), 2: ([], [])}
    for district in how.districts:
        with begin(database(how.database)) as tx:
            index = build(tx, district)
            for seed, (rows, truth) in known.items():
                for kind in (Asking, Phoning):
                    asking = kind(tx, district, seed)
                    more = observed(index, list(asking.all(how.each)) if asking.houses else [])
                    rows.extend(more[0])
                    truth.extend(more[1])
    terms, constant = fitted(*known[1])
    _say(json.dumps(terms, indent=1), constant)
    shown(*known[2], terms, constant)
    if how.write:
        table = {"terms": terms, "constant": constant, "silence": how.silence}
        calibration.TABLE.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")


if __name__ == "__main__":
    main()

"""The table beside other engines: who is compared with what, and that nobody is judged by another scorer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.bench import dispatch
from tests.bench.dispatch import Row, Run
from tests.bench.rivals.windows import PYVRP, VROOM, Model, opened
from tests.bench.snapshot import FOLDER, bench, problem_of

pytestmark = [
    pytest.mark.pure,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"needs {FOLDER}, which is not part of the project"),
]


def row(**changes: Any) -> Row:
    costs: dict[str, Any] = {
        "size": dispatch.FIRST,
        "seed": 0,
        "nearest": 8000.0,
        "ortools": {10.0: 1000.0, 30.0: 600.0},
        "vroom": 900.0,
        "pyvrp": 950.0,
        "ours": {1.0: 500.0, 10.0: 400.0},
        "reference": {"1": 510.0, "10": 410.0},
    }
    return Row(**(costs | changes))


def verdict(lines: list[Row], words: str) -> dispatch.Verdict:
    return next(v for v in dispatch.verdicts(lines) if v.words.startswith(words))


def test_our_words_for_an_instance_cost_what_the_benchmark_says() -> None:
    from dispatch.solver import score

    x = bench().instance(3, 6, 30)
    routes = bench().nearest(x)
    ours = score(problem_of(x, bench().UNSERVED), tuple(map(tuple, routes))).cost
    assert ours / 60 == pytest.approx(bench().score(x, routes)["cost"], abs=0.1)


def test_a_plan_that_breaks_a_rule_has_no_cost() -> None:
    x = bench().instance(0, 3, 6)
    everything = [list(range(x.incidents)), [], []]
    assert dispatch.judged(x, everything)["cost"] is None


def test_of_a_rivals_models_the_best_on_the_very_instance_counts() -> None:
    found = {
        Run(engine="vroom", size="5x20", seed=1, cpu=10.0, model=model): {"cost": cost}
        for model, cost in zip((*VROOM, Model(minutes=5)), (30.0, 20.0, None), strict=True)
    }
    assert [line.vroom for line in dispatch.rows(found)] == [20.0]


def test_a_claim_is_held_only_if_its_worst_instance_holds_too() -> None:
    good, bad = row(), row(seed=1, ours={1.0: 500.0, 10.0: 700.0})
    assert verdict([good, good, bad], "reference at 10 s").median > 1
    assert not verdict([good, good, bad], "reference at 10 s").held
    assert verdict([good], "reference at 10 s").held


def test_a_median_below_its_aim_is_missed() -> None:
    assert verdict([row()], "nearest").held
    assert not verdict([row(nearest=15 * 400.0 - 1)], "nearest").held


def test_an_engine_that_a_busy_machine_starved_is_measured_again() -> None:
    run = Run(engine="ortools", size=dispatch.FIRST, seed=0, cpu=30.0)
    assert not dispatch.fed(run, {"cpu": 26.1})
    assert dispatch.fed(run, {"cpu": 30.03})
    assert dispatch.fed(replace(run, engine="vroom"), {"cpu": 18.0})


def test_instances_without_a_figure_are_left_out_of_a_ratio() -> None:
    lines = [row(), row(seed=1, ortools={10.0: None, 30.0: None})]
    assert verdict(lines, "cold OR-Tools at 10 s").median == 2.5


def test_every_engine_is_measured_on_every_instance() -> None:
    runs = dispatch.runs([dispatch.FIRST])
    assert {run.engine for run in runs} == {"nearest", "ours", "ortools", "vroom", "pyvrp"}
    for name in {run.engine for run in runs}:
        assert {run.seed for run in runs if run.engine == name} == set(range(10))


def test_windows_stay_open_for_a_while_after_the_due_time_and_longer_for_what_weighs_less() -> None:
    x = bench().instance(0, 5, 40)
    x = replace(x, shift_end=np.full(5, 24 * 3600))
    flat, weighed = Model(minutes=30).ends(x), Model(minutes=30, by_weight=True).ends(x)
    late = x.due < 0
    assert (flat[~late] == (x.due + 1800)[~late]).all()
    assert (flat[late] >= 1800).all()
    assert (weighed[x.weight == 1] - x.due[x.weight == 1]).min() > (weighed[x.weight == 8] - x.due[x.weight == 8]).max()


def test_the_second_pass_opens_only_what_the_first_left_out() -> None:
    x = bench().instance(0, 5, 40)
    ends = Model(minutes=0).ends(x)
    wide = opened(x, ends, [[0, 1], [2], [], [], []])
    assert (wide[:3] == ends[:3]).all()
    assert (wide[3:] == x.shift_end.max()).all()


@pytest.mark.parametrize("name", ["vroom", "pyvrp"])
def test_a_rivals_routes_keep_the_benchmarks_rules_and_serve_a_light_day(name: str) -> None:
    pytest.importorskip(name)
    from tests.bench.rivals import by_pyvrp, by_vroom

    x = light()
    routes = by_vroom.solved(x, VROOM[0]) if name == "vroom" else by_pyvrp.solved(x, PYVRP[0], 1.0)
    score = bench().score(x, routes)
    assert score["unserved"] == 0
    assert score["cost"] < bench().score(x, bench().nearest(x))["cost"]


def light() -> Any:
    """Few cases and long shifts: who expresses the problem rightly serves all of it."""
    x = bench().instance(4, 8, 24)
    return replace(x, shift_end=np.full(8, 10 * 3600))

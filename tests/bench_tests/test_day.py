"""A day happens the same for everybody, and nobody knows more than the moment tells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.bench.daily import stream
from tests.bench.daily.figures import figures
from tests.bench.daily.known import Case, Day, Known, Policy, Rows, Worker
from tests.bench.daily.policies import insertion, nearest_free, nearest_queued, reoptimising, route_cost
from tests.bench.daily.simulation import BadPlan, Outcome, simulate

pytestmark = pytest.mark.pure

HOUR = 3600
SIMPLE: tuple[Policy, ...] = (nearest_free, nearest_queued, insertion)


def a_day(seed: int = 0, cases: int = 40, workers: int = 5) -> Day:
    """A small town on a square, everything drawn."""
    chance = np.random.default_rng(seed)
    places = chance.uniform(0, 1500, (workers + cases, 2))
    travel = np.abs(places[:, None] - places[None]).sum(-1).astype(np.int64)
    reports = sorted(int(at) for at in chance.integers(0, 10 * HOUR, cases))
    return Day(
        cases=tuple(a_case(chance, at, workers + i) for i, at in enumerate(reports)),
        services=tuple(int(s) for s in chance.integers(300, 3600, cases)),
        workers=tuple(
            Worker(
                home=who, mode=0, start=who % 2 * 4 * HOUR, end=(8 + who % 2 * 4) * HOUR, skills=frozenset({who % 3})
            )
            for who in range(workers)
        ),
        travel=(travel,),
        until=14 * HOUR,
    )


def a_case(chance: np.random.Generator, at: int, node: int) -> Case:
    skill = int(chance.integers(0, 4))
    weight = int(chance.choice([1, 2, 4, 8]))
    return Case(at=at, node=node, weight=weight, target=at + 1800, estimate=1500, skill=skill if skill < 3 else None)


def check(outcome: Outcome) -> None:
    """What must hold whatever the policy."""
    day = outcome.day
    for i, visit in outcome.visits.items():
        case, worker = day.cases[i], day.workers[visit.worker]
        assert visit.left >= max(case.at, worker.start)
        assert visit.begin + case.estimate <= worker.end
        assert visit.end - visit.begin == day.services[i]
        assert case.skill is None or case.skill in worker.skills
    for who, worker in enumerate(day.workers):
        mine = sorted((v.left, v.begin, v.end, i) for i, v in outcome.visits.items() if v.worker == who)
        nodes = [worker.home] + [day.cases[i].node for *_, i in mine]
        for k, (left, begin, _, i) in enumerate(mine):
            assert k == 0 or left >= mine[k - 1][2]
            assert begin - left == day.travel[worker.mode][nodes[k], day.cases[i].node]


@pytest.mark.parametrize("policy", SIMPLE)
@pytest.mark.parametrize("seed", range(5))
def test_nobody_is_in_two_places_and_nothing_is_done_twice(policy: Policy, seed: int) -> None:
    outcome = simulate(a_day(seed), policy)
    check(outcome)
    assert len(outcome.visits) > 20


def test_the_engine_plans_days_that_hold() -> None:
    outcome = simulate(a_day(1, cases=12), reoptimising(0.02))
    check(outcome)
    assert len(outcome.visits) > 6


@pytest.mark.parametrize("policy", SIMPLE)
def test_what_comes_later_changes_nothing_before(policy: Policy) -> None:
    """The first half of a day is the same whatever the second half brings, and however long work will take."""
    day, noon = a_day(2), 5 * HOUR
    other = a_day(3)
    cases = tuple(
        c if c.at < noon else replace(o, at=max(o.at, noon)) for c, o in zip(day.cases, other.cases, strict=True)
    )
    changed = replace(day, cases=tuple(sorted(cases, key=lambda c: c.at)))
    before = simulate(day, policy).visits
    after = simulate(changed, policy).visits
    early = {i: v for i, v in before.items() if v.left < noon}
    assert early
    assert {i: v for i, v in after.items() if v.left < noon} == early


def test_how_long_work_takes_is_not_known_before_its_end() -> None:
    day = a_day(4)
    seen: list[Known] = []

    def watching(known: Known) -> Rows:
        seen.append(known)
        return nearest_free(known)

    simulate(day, watching)
    simulate(replace(day, services=tuple(s + 60 for s in day.services)), lambda known: watching(known))
    first, again = seen[0], next(k for k in seen[1:] if k.now == seen[0].now)
    assert first == again or first.cases == again.cases
    assert all(not hasattr(case, "service") for known in seen for case in known.cases.values())
    assert all(case.at <= known.now for known in seen for case in known.cases.values())


def test_who_is_busy_is_expected_by_the_mean_and_then_a_little_later() -> None:
    day = replace(a_day(5, cases=3, workers=1), services=(20_000, 60, 60))
    day = replace(
        day,
        workers=(replace(day.workers[0], skills=frozenset({0, 1, 2})),),
        cases=tuple(replace(c, at=at) for c, at in zip(day.cases, (0, 100, 9000), strict=True)),
    )
    frees: list[int] = []

    def watching(known: Known) -> Rows:
        frees.append(known.crew[0].free)
        return nearest_free(known)

    begun = simulate(day, watching).visits[0].begin
    assert frees[1] == begun + day.cases[0].estimate
    assert frees[2] == 9000 + 300


def test_a_broken_promise_is_counted_once_for_each_change() -> None:
    day = replace(a_day(6, cases=4, workers=2), services=(3000, 600, 600, 600))
    day = replace(day, workers=tuple(replace(w, start=0, skills=frozenset({0, 1, 2})) for w in day.workers))
    turn = [0]

    def fickle(known: Known) -> Rows:
        """Everybody's work to the other one at every event."""
        turn[0] += 1
        row = tuple(sorted(known.cases))
        return (row, ()) if turn[0] % 2 else ((), row)

    moves = simulate(day, fickle).moves
    assert moves
    assert all(count >= 1 for count in moves.values())
    assert not simulate(day, nearest_free).moves


def test_work_for_who_cannot_do_it_or_twice_is_refused() -> None:
    day = a_day(7)
    with pytest.raises(BadPlan):
        simulate(day, lambda known: tuple(tuple(known.cases) for _ in known.crew))
    unable = next(w for w in range(5) if (s := day.cases[0].skill) is not None and s not in day.workers[w].skills)
    with pytest.raises(BadPlan):
        simulate(day, lambda known: tuple((0,) if w == unable and 0 in known.cases else () for w in range(5)))


def nobody(known: Known) -> Rows:
    return ((),) * len(known.crew)


def test_leaving_cases_out_makes_no_figure_better() -> None:
    day = a_day(8)
    worked, idle = figures(simulate(day, nearest_free)), figures(simulate(day, nobody))
    assert idle["unserved"] == len(day.cases)
    assert idle["late_p50"] > worked["late_p50"]
    assert idle["weighted_late"] > worked["weighted_late"]
    assert idle["in_time"] == 0


def test_an_inserted_case_costs_what_the_objective_says() -> None:
    day = a_day(9, cases=1, workers=1)
    day = replace(day, workers=(replace(day.workers[0], skills=frozenset({0, 1, 2})),))
    seen: list[Known] = []
    simulate(day, lambda known: (seen.append(known), nearest_free(known))[1])
    way = int(day.travel[0][0, 1])
    case = day.cases[0]
    late = max(0, max(case.at, seen[0].now) + way - case.target)
    assert route_cost(seen[0], 0, [0]) == way + case.weight * late


CALLS = """\
incident_number,unit_sequence_in_call_dispatch,original_priority,call_type,received_timestamp,on_scene_timestamp,\
available_timestamp
1,2,3,Alarms,2005-01-01 10:00:00+00:00,2005-01-01 10:20:00+00:00,2005-01-01 11:20:00+00:00
1,1,3,Alarms,2005-01-01 10:00:00+00:00,2005-01-01 10:10:00+00:00,2005-01-01 10:40:00+00:00
2,1,E,Medical Incident,2005-01-02 23:59:59+00:00,2005-01-03 00:09:00+00:00,2005-01-03 00:39:00+00:00
3,1,2,Medical Incident,2005-01-02 04:00:00+00:00,,2005-01-02 05:00:00+00:00
4,1,2,Medical Incident,2005-01-02 04:00:00+00:00,2005-01-02 05:00:00+00:00,2005-01-02 04:30:00+00:00
5,1,B,Alarms,2005-01-02 04:00:00+00:00,2005-01-02 04:10:00+00:00,2005-01-02 04:30:00+00:00
"""


def test_of_the_calls_only_first_units_with_believable_times_are_drawn_from(tmp_path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(CALLS)
    found = stream.calls(file)
    assert [(c.at, c.priority, c.service, c.skill) for c in found] == [
        (36_000, 2, 1800, stream.FIRE),
        (86_399, 1, 1800, stream.MEDICAL),
    ]
    assert stream.estimates(file) == {2: 1800, 1: 1800}


def test_one_seed_draws_one_day(tmp_path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(CALLS)
    first, again = (stream.drawn(np.random.default_rng(3), 20, file) for _ in range(2))
    assert first == again
    assert [c.at for c in first] == sorted(c.at for c in first)

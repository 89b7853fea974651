"""Why a task is left out: the last hurdle that anybody reached; and for one person the first that stops them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dispatch.solver.ground import Ground, qualified
from dispatch.solver.problem import NO_WAY, Unassigned
from dispatch.solver.rules import overloaded
from dispatch.solver.timing import State, work

#: from far to near: nobody got further than the last of these that applies
HURDLES = (
    "nobody_on_duty",
    "no_skill",
    "class_not_for_volunteers",
    "needs_somebody_else",
    "declined",
    "on_it",
    "too_wide",
    "out_of_radius",
    "no_way",
    "over_capacity",
    "certificate_expired",
    "appointment_missed",
    "shift_over",
    "work_limit",
    "too_busy",
    "not_worth_it",
    "crew_incomplete",
    "waits_for_another",
)

type Mask = npt.NDArray[np.bool_]


def unassigned(ground: Ground, i: int, routes: Sequence[Sequence[int]] | None = None) -> Unassigned:
    """The reason for one free task; with the plan's routes also what it waits for.

    Params: `people`, how many the rules about the person leave (for those rules: how many each keeps out); `skill` for
    no_skill and certificate_expired, `task` for waits_for_another, `needed` for crew_incomplete.
    """
    missing = _missing(ground, i, routes)
    if missing is not None:
        return Unassigned(task=i, reason="waits_for_another", params={"task": missing})
    fit = suitable(ground, i)
    if not fit.any():
        return _nobody(ground, i)
    reason = _furthest(ground, i, np.flatnonzero(fit).tolist())
    params = {"people": int(fit.sum())}
    if reason == "certificate_expired":
        params["skill"] = scarcest(ground, i)
    crew = ground.crew.get(i)
    if reason == "too_busy" and crew is not None:
        return Unassigned(task=i, reason="crew_incomplete", params=params | {"needed": _size(ground, crew)})
    return Unassigned(task=i, reason=reason, params=params)


def hurdle(ground: Ground, who: int, i: int, route: Sequence[int] = ()) -> str | None:
    """The first hard rule that keeps one person from the task, on top of `route`; None: time alone will tell."""
    person, task = ground.problem.people[who], ground.problem.tasks[i]
    if not person.windows:
        return "nobody_on_duty"
    if not qualified(person, task):
        return "no_skill"
    if task.locked not in (None, who):
        return "on_it"
    if who in task.barred:
        return task.barred[who]
    if ground.way(who, who, ground.people + i, 0) >= NO_WAY:
        return "no_way"
    return _too_large(ground, who, i) or _untimely(ground, who, i) or _full(ground, who, i, route)


def suitable(ground: Ground, i: int) -> Mask:
    """(P,) whom the rules about the person and the ways leave."""
    fit: Mask = ground.able[:, i].copy()
    for mode, matrix in enumerate(ground.travel):
        mine = np.array([p.mode == mode for p in ground.problem.people], dtype=np.bool_)
        fit[mine] &= matrix[: ground.people, ground.people + i][mine] < NO_WAY
    return fit


def scarcest(ground: Ground, i: int) -> int:
    """Of the skills that the task asks for, the one that fewest people hold well enough."""
    people, needs = ground.problem.people, ground.problem.tasks[i].needs
    able = {
        skill: sum(skill in p.skills and p.skills[skill].level >= level for p in people)
        for skill, level in needs.items()
    }
    return min(able, key=lambda skill: (able[skill], skill))


def rank(code: str) -> int:
    """How near somebody came whom this stopped. Rules of the district that are not known here stand beside no_way."""
    return HURDLES.index(code) if code in HURDLES else HURDLES.index("no_way")


def _missing(ground: Ground, i: int, routes: Sequence[Sequence[int]] | None) -> int | None:
    if routes is None or not ground.problem.tasks[i].after:
        return None
    served = {j for route in routes for j in route}
    return next((j for j in ground.problem.tasks[i].after if j not in served), None)


def _nobody(ground: Ground, i: int) -> Unassigned:
    """None is suitable: the last of the rules about the person that anybody reached."""
    reached = [hurdle(ground, who, i) or "too_busy" for who in range(ground.people)]
    reason = max(reached, key=rank, default="nobody_on_duty")
    params = {"people": sum(r == reason for r in reached)}
    if reason == "no_skill":
        params["skill"] = scarcest(ground, i)
    return Unassigned(task=i, reason=reason, params=params)


def _furthest(ground: Ground, i: int, people: Sequence[int]) -> str:
    """How far the suitable ones come with an empty day; one who could do it is enough to know."""
    best = "over_capacity"
    for who in people:
        code = _too_large(ground, who, i) or _untimely(ground, who, i) or _full(ground, who, i, ground.locked[who])
        code = code or "too_busy"
        if code == "too_busy":
            return code
        best = max(best, code, key=rank)
    return best


def _too_large(ground: Ground, who: int, i: int) -> str | None:
    """Whether the task alone is more than the person can carry or work."""
    person, task = ground.problem.people[who], ground.problem.tasks[i]
    if any(want > have for want, have in zip(task.demand, person.capacity, strict=False)):
        return "over_capacity"
    return "work_limit" if task.service > person.max_work else None


def _untimely(ground: Ground, who: int, i: int) -> str | None:
    """Which bound of time the task alone breaks for this person, with the day still empty."""
    if work(ground, who, i, State(who)) is not None:
        return None
    person, task = ground.problem.people[who], ground.problem.tasks[i]
    ends = [_end(ground, who, i, max(start, 0), task.windows) for start, _ in person.windows]
    bare = [_end(ground, who, i, max(start, 0), ()) for start, _ in person.windows]
    shift = [close for _, close in person.windows[:-1]] + [person.windows[-1][1] + person.overtime]
    until = int(ground.until[who, ground.kind[i]])
    if not any(end <= close for end, close in zip(bare, shift, strict=True)):
        return "shift_over"
    if not any(end <= min(close, until) for end, close in zip(bare, shift, strict=True)):
        return "certificate_expired"
    if not any(end <= close for end, close in zip(ends, shift, strict=True)):
        return "appointment_missed"
    return "shift_over" if until >= NO_WAY else "certificate_expired"


def _end(ground: Ground, who: int, i: int, leave: int, windows: Sequence[tuple[int, int]]) -> int:
    task = ground.problem.tasks[i]
    begin = max(leave + ground.way(who, who, ground.people + i, leave), task.earliest)
    if windows:
        begin = next((max(begin, first) for first, last in windows if begin <= last), NO_WAY)
    return begin + task.service


def _full(ground: Ground, who: int, i: int, route: Sequence[int]) -> str | None:
    bound = overloaded(ground, who, [j for j in route if j != i] + [i])
    codes = {"max_tasks": "too_busy", "max_work": "work_limit", "capacity": "over_capacity"}
    return codes[bound] if bound else None


def _size(ground: Ground, crew: int) -> int:
    return len(ground.problem.crews[crew].tasks)

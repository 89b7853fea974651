"""Why a task is left out: the last hurdle that anybody reached."""

from __future__ import annotations

from dispatch.solver.ground import Ground, qualified, step
from dispatch.solver.problem import NO_WAY, Unassigned

#: from far to near: nobody got further than the last of these that applies
HURDLES = (
    "nobody_on_duty",
    "no_skill",
    "class_not_for_volunteers",
    "needs_somebody_else",
    "declined",
    "out_of_radius",
    "no_way",
    "shift_over",
    "too_busy",
)


def unassigned(ground: Ground, i: int) -> Unassigned:
    """The reason for one free task. Params: `people`, how many got as far as that hurdle; `skill` for no_skill."""
    reached = [_hurdle(ground, who, i) for who in range(ground.people)]
    reason = max(reached, key=_rank, default="nobody_on_duty")
    params = {"people": sum(r == reason for r in reached)}
    if reason == "no_skill":
        params["skill"] = _scarcest(ground, i)
    return Unassigned(task=i, reason=reason, params=params)


def _hurdle(ground: Ground, who: int, i: int) -> str:
    person, task = ground.problem.people[who], ground.problem.tasks[i]
    if not person.windows:
        return "nobody_on_duty"
    if not qualified(person, task):
        return "no_skill"
    if who in task.barred:
        return task.barred[who]
    leg = int(ground.travel[person.mode][who, ground.people + i])
    if leg >= NO_WAY:
        return "no_way"
    _, _, end = step(task, person.windows, 0, leg)
    return "too_busy" if end < NO_WAY else "shift_over"


def _scarcest(ground: Ground, i: int) -> int:
    """Of the skills that the task asks for, the one that fewest people hold well enough."""
    people, needs = ground.problem.people, ground.problem.tasks[i].needs
    able = {
        skill: sum(skill in p.skills and p.skills[skill].level >= level for p in people)
        for skill, level in needs.items()
    }
    return min(able, key=lambda skill: (able[skill], skill))


def _rank(hurdle: str) -> int:
    return HURDLES.index(hurdle) if hurdle in HURDLES else HURDLES.index("no_way")

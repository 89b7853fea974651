"""From the values of a file to a Problem. The tables say which keys there are and how each one is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dispatch.solver.problem import FOREVER, Break, Crew, Held, Person, Problem, Routes, Speeds, Standby, Task
from dispatch.solver.problemfile.at import At
from dispatch.solver.problemfile.matrices import matrices
from dispatch.solver.problemfile.ties import check

LEFT_OUT = 1000  #: minutes times weight, where the file does not say what leaving out costs
MOST = 10**6  #: of weights and rates: beyond, sums would not stay exact
FAIREST = 10**4  #: of fairness, for the same reason
LONGEST = 10**7  #: seconds of work before, for the same reason


@dataclass(frozen=True, kw_only=True)
class Posed:
    """The problem, and what its skills are called in the file."""

    problem: Problem
    skills: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class File:
    """What a part has to know of the whole."""

    responders: int
    incidents: int
    nodes: int
    modes: int
    areas: int
    unserved: int  #: seconds for one of weight
    skills: dict[str, int]  #: by name, in the order in which they are met

    def skill(self, name: str) -> int:
        return self.skills.setdefault(name, len(self.skills))


type Read = Callable[[File, At], Any]


def seconds(_: File, at: At) -> int:
    return at.whole(-FOREVER, FOREVER)


def duration(_: File, at: At) -> int:
    return at.whole(0, FOREVER)


def rate(_: File, at: At) -> int:
    return at.whole(0, MOST)


def minutes(_: File, at: At) -> int:
    return at.minutes()


def node(file: File, at: At) -> int:
    return at.index(file.nodes)


def responder(file: File, at: At) -> int:
    return at.index(file.responders)


def goods(file: File, at: At) -> tuple[int, ...]:
    return tuple(rate(file, one) for one in at.items())


def incidents(file: File, at: At) -> tuple[int, ...]:
    return tuple(one.index(file.incidents) for one in at.items())


def spans(_: File, at: At) -> tuple[tuple[int, int], ...]:
    """Pairs [start, end], each after the one before."""
    found: list[tuple[int, int]] = []
    for pair in at.items():
        start, end = (one.whole() for one in pair.items(2))
        if end < start or (found and start < found[-1][1]):
            pair.fail("not_ascending")
        found.append((start, end))
    return tuple(found)


def breaks(file: File, at: At) -> tuple[Break, ...]:
    found: list[Break] = []
    for one in at.items():
        given = one.keys(dict.fromkeys(("earliest", "latest", "seconds")))
        pause = Break(**{name: seconds(file, needed(one, given, name)) for name in ("earliest", "latest", "seconds")})
        if pause.latest < pause.earliest or pause.seconds < 0 or (found and pause.earliest < found[-1].earliest):
            one.fail("not_ascending")
        found.append(pause)
    return tuple(found)


def held(file: File, at: At) -> dict[int, Held]:
    """A list of names, or an object: name -> level, or {level, until}."""
    if isinstance(at.value, list):
        return {file.skill(_name(one)): Held() for one in at.items()}
    return {file.skill(name): _held(one) for name, one in at.pairs()}


def needs(file: File, at: At) -> dict[int, int]:
    """A list of names, or an object: name -> least level."""
    if isinstance(at.value, list):
        return {file.skill(_name(one)): 1 for one in at.items()}
    return {file.skill(name): one.whole(0, MOST) for name, one in at.pairs()}


def barred(file: File, at: At) -> dict[int, str]:
    """A list of responders, or an object: responder -> code of the rule."""
    if isinstance(at.value, list):
        return {one.index(file.responders): "needs_somebody_else" for one in at.items()}
    return {_key(file, name, one): _name(one) for name, one in at.pairs()}


def extra(file: File, at: At) -> dict[int, int]:
    return {_key(file, name, one): one.minutes() for name, one in at.pairs()}


PERSON: Mapping[str, Read] = {
    "node": node,
    "mode": lambda file, at: at.index(file.modes),
    "windows": spans,
    "skills": held,
    "cost_per_task": minutes,
    "max_tasks": duration,
    "end": node,
    "overtime": duration,
    "overtime_cost": rate,
    "rest": duration,
    "breaks": breaks,
    "capacity": goods,
    "max_work": duration,
    "worked": lambda _, at: at.whole(0, LONGEST),
    "area": lambda file, at: at.index(file.areas),
}
TASK: Mapping[str, Read] = {
    "node": node,
    "service": duration,
    "due": seconds,
    "weight": rate,
    "unserved": minutes,
    "done_due": seconds,
    "done_weight": rate,
    "skills": needs,
    "earliest": seconds,
    "appointments": spans,
    "demand": goods,
    "barred": barred,
    "extra": extra,
    "after": incidents,
    "locked": responder,
    "pinned": lambda _, at: at.flag(),
    "holder": responder,
    "hop": minutes,
}
FIELDS = {"due": "target", "done_due": "done_target", "skills": "needs", "appointments": "windows"}  #: as Task has them
RESPONDER = dict.fromkeys((*PERSON, "free", "shift_end", "width"))
INCIDENT = dict.fromkeys((*TASK, "width"))
WHOLE = dict.fromkeys(
    (
        *("travel", "modes", "responders", "incidents", "unserved", "crews", "standby", "speeds"),
        *("fairness", "standing", "patience", "most_changes"),
    )
)


def read(raw: object) -> Posed:
    """The problem that parsed JSON stands for. Raises BadProblem with the place of the first thing that is wrong."""
    top = At(raw)
    keys = top.keys(WHOLE)
    travel = matrices(top, keys)
    crew, cases = needed(top, keys, "responders").items(), needed(top, keys, "incidents").items()
    file = File(
        responders=len(crew),
        incidents=len(cases),
        nodes=len(travel[0]),
        modes=len(travel),
        areas=len(listed(keys, "standby")),
        unserved=keys["unserved"].minutes() if "unserved" in keys else 60 * LEFT_OUT,
        skills={},
    )
    if file.nodes < len(crew) + len(cases):
        top.fail("too_few_rows", value=file.nodes, expected=len(crew) + len(cases))
    people = tuple(_person(file, at, k) for k, at in enumerate(crew))
    tasks = _narrow(tuple(_task(file, at, k) for k, at in enumerate(cases)), crew, cases)
    problem = check(keys, people, tasks, tuple(_crew(file, at) for at in listed(keys, "crews")))
    rest = Problem(travel=travel, people=people, tasks=tasks, **problem, **_whole(file, keys))
    return Posed(problem=rest, skills=tuple(file.skills))


def needed(whole: At, keys: Mapping[str, At], name: str) -> At:
    if name not in keys:
        whole.fail("missing", key=name)
    return keys[name]


def listed(keys: Mapping[str, At], name: str) -> list[At]:
    return keys[name].items() if name in keys else []


def _whole(file: File, keys: Mapping[str, At]) -> dict[str, Any]:
    return {
        "standby": tuple(_standby(at) for at in listed(keys, "standby")),
        "speeds": _speeds(file, keys),
        "fairness": keys["fairness"].whole(0, FAIREST) if "fairness" in keys else 0,
        "standing": _standing(file, keys),
        "patience": keys["patience"].minutes() if "patience" in keys else 0,
        "most_changes": keys["most_changes"].whole(0) if "most_changes" in keys else None,
    }


def _person(file: File, at: At, number: int) -> Person:
    keys = at.keys(RESPONDER)
    given: dict[str, Any] = {"node": number, "mode": 0}
    if "windows" not in keys:
        free = keys["free"].whole() if "free" in keys else 0
        end = needed(at, keys, "shift_end").whole()
        given["windows"] = ((free, end),) if end > free else ()
    elif "free" in keys or "shift_end" in keys:
        at.fail("two_ways", one="windows", other="free, shift_end", value="windows")
    return Person(**given | {k: read_(file, keys[k]) for k, read_ in PERSON.items() if k in keys})


def _task(file: File, at: At, number: int) -> Task:
    keys = at.keys(INCIDENT)
    for key in ("service", "due", "weight"):
        needed(at, keys, key)
    given = {FIELDS.get(k, k): read_(file, keys[k]) for k, read_ in TASK.items() if k in keys}
    if given.get("pinned") and "locked" not in given:
        at.fail("pinned_alone", value=True)
    return Task(**{"node": file.responders + number, "unserved": file.unserved * given["weight"]} | given)


def _narrow(tasks: tuple[Task, ...], crew: list[At], cases: list[At]) -> tuple[Task, ...]:
    """Vehicles that are wider than the narrowest place on the way are barred. Widths in metres or whatever both are."""
    wide = [(who, width) for who, at in enumerate(crew) if (width := _width(at)) is not None]
    found = []
    for task, at in zip(tasks, cases, strict=True):
        most = _width(at)
        out = {who: "too_wide" for who, width in wide if most is not None and width > most}
        found.append(replace(task, barred={**out, **task.barred}) if out else task)
    return tuple(found)


def _width(at: At) -> float | None:
    width = at.value.get("width") if isinstance(at.value, dict) else None
    return None if width is None else At(width, f"{at.path}.width").number(0, MOST)


def _crew(file: File, at: At) -> Crew:
    keys = at.keys(dict.fromkeys(("incidents", "between")))
    tasks = incidents(file, needed(at, keys, "incidents"))
    return Crew(tasks=tasks, between=needs(file, keys["between"]) if "between" in keys else {})


def _standby(at: At) -> Standby:
    keys = at.keys(dict.fromkeys(("least", "cost")))
    return Standby(least=needed(at, keys, "least").whole(0), cost=needed(at, keys, "cost").minutes())


def _speeds(file: File, keys: Mapping[str, At]) -> tuple[Speeds | None, ...]:
    if "speeds" not in keys:
        return ()
    return tuple(None if at.value is None else _speed(at) for at in keys["speeds"].items(file.modes))


def _speed(at: At) -> Speeds:
    keys = at.keys(dict.fromkeys(("start", "slot", "permille")))
    pace = tuple(one.whole(1, MOST) for one in needed(at, keys, "permille").items())
    if not pace:
        needed(at, keys, "permille").fail("empty")
    start = keys["start"].whole() if "start" in keys else 0
    return Speeds(start=start, slot=needed(at, keys, "slot").whole(1), permille=pace)


def _standing(file: File, keys: Mapping[str, At]) -> Routes:
    if "standing" not in keys:
        return ()
    rows = tuple(incidents(file, at) for at in keys["standing"].items(file.responders))
    flat = [i for row in rows for i in row]
    if len(set(flat)) < len(flat):
        keys["standing"].fail("twice", index=next(i for i in flat if flat.count(i) > 1))
    return rows


def _held(at: At) -> Held:
    if not isinstance(at.value, dict):
        return Held(level=at.whole(0, MOST))
    keys = at.keys(dict.fromkeys(("level", "until")))
    level = keys["level"].whole(0, MOST) if "level" in keys else 1
    return Held(level=level, until=keys["until"].whole() if "until" in keys else FOREVER)


def _name(at: At) -> str:
    if isinstance(at.value, bool) or not isinstance(at.value, int | str):
        at.fail("not_name")
    return str(at.value)


def _key(file: File, name: str, at: At) -> int:
    """A responder as the key of an object, where JSON allows text only."""
    return At(int(name) if name.isdecimal() else name, at.path).index(file.responders)

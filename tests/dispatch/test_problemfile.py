"""Problems as files: every key, every mistake, and the book about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from api.cli import words
from dispatch.solver import NO_WAY, Break, Crew, Held, Speeds, Standby, solve
from dispatch.solver.problemfile import BadProblem, answer, read
from dispatch.solver.problemfile.reading import INCIDENT, RESPONDER, WHOLE

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "data/reference/problem.schema.json").read_text("utf-8"))
BOOK = (ROOT / "docs/solve.md").read_text("utf-8")
EXAMPLE = re.compile(r'^\| `("(\w+)": .*?)` \|', re.MULTILINE)


def base() -> dict[str, Any]:
    """The smallest file of the book."""
    found = re.search(r"```json problem\n(.*?)```", BOOK, re.DOTALL)
    assert found is not None
    problem: dict[str, Any] = json.loads(found[1])
    return problem


def parts() -> Iterator[tuple[str, str, Any]]:
    """Of every row of the book's tables the part it belongs to, its key and its example."""
    for title in ("file", "responder", "incident"):
        section = BOOK.split(
            f"## Keys of {'the' if title == 'file' else 'a' if title == 'responder' else 'an'} {title}"
        )[1]
        for example in EXAMPLE.finditer(section.split("\n## ")[0]):
            yield title, example[2], json.loads("{" + example[1] + "}")[example[2]]


def placed(title: str, key: str, value: Any) -> dict[str, Any]:
    """The smallest file with one key more, and what that key cannot do without."""
    problem = base()
    part = {"file": problem, "responder": problem["responders"][0], "incident": problem["incidents"][0]}[title]
    instead = {"modes": ("travel",), "windows": ("free", "shift_end")}
    for other in instead.get(key, ()):
        part.pop(other, None)
    part[key] = value
    if key == "area":
        problem["standby"] = [{"least": 1, "cost": 1}]
    if key == "pinned":
        part["locked"] = 0
    if key in ("responders", "incidents"):
        problem["incidents"] = []
    return problem


@pytest.mark.parametrize(("title", "key", "value"), list(parts()))
def test_every_example_of_the_book_is_a_problem(title: str, key: str, value: Any) -> None:
    problem = placed(title, key, value)
    jsonschema.validate(problem, SCHEMA)
    read(problem)


def test_book_form_and_reader_know_the_same_keys() -> None:
    notes = {"about", "name", "$schema"}
    for title, known in (("file", WHOLE), ("responder", RESPONDER), ("incident", INCIDENT)):
        form = SCHEMA if title == "file" else SCHEMA["$defs"][title]
        assert set(form["properties"]) - notes == set(known)
        assert {key for part, key, _ in parts() if part == title} == set(known)


def test_the_answer_of_the_book_is_the_answer() -> None:
    found = re.search(r"```json answer\n(.*?)```", BOOK, re.DOTALL)
    assert found is not None
    posed = read(base())
    said = answer(posed, solve(posed.problem, seed=1, seconds=0.1))
    assert {k: v for k, v in said.items() if k != "seconds"} == {
        k: v for k, v in json.loads(found[1]).items() if k != "seconds"
    }


def test_every_key_reaches_the_problem() -> None:
    skills = {"gas": {"level": 2, "until": 9}, "water": 1}
    who = {"windows": [[0, 10], [20, 30]], "skills": skills, "mode": 1, "node": 1, "end": 2, "overtime": 5} | {
        "overtime_cost": 2,
        "rest": 7,
        "breaks": [{"earliest": 1, "latest": 2, "seconds": 3}],
        "capacity": [4],
        "max_tasks": 6,
        "max_work": 8,
        "worked": 9,
        "cost_per_task": 1.5,
        "area": 0,
        "width": 2.5,
    }
    what = {"service": 1, "due": 2, "weight": 3, "skills": {"gas": 2}, "node": 0, "earliest": 4, "unserved": 0.5} | {
        "appointments": [[5, 6]],
        "done_due": 7,
        "done_weight": 8,
        "demand": [9],
        "barred": {"0": "declined"},
        "extra": {"0": 2},
        "after": [1],
        "locked": 0,
        "pinned": True,
        "holder": 0,
        "hop": 3,
        "width": 2,
    }
    plain = {"service": 1, "due": 2, "weight": 3}
    ways = [[0, None, 2], [3, 0, 4], [5, 6, 0]]
    raw = {"modes": [ways, ways], "responders": [who], "incidents": [what, plain], "unserved": 10} | {
        "crews": [{"incidents": [1], "between": ["gas"]}],
        "standby": [{"least": 1, "cost": 2}],
        "speeds": [None, {"slot": 60, "permille": [900]}],
        "fairness": 5,
        "standing": [[0]],
        "patience": 1,
        "most_changes": 0,
    }
    jsonschema.validate(raw, SCHEMA)
    posed = read(raw)
    person, task, other = posed.problem.people[0], *posed.problem.tasks
    assert posed.skills == ("gas", "water")
    assert person.skills == {0: Held(level=2, until=9), 1: Held()}
    assert (person.windows, person.mode, person.node, person.end) == (((0, 10), (20, 30)), 1, 1, 2)
    assert (person.overtime, person.overtime_cost, person.rest, person.capacity) == (5, 2, 7, (4,))
    assert person.breaks == (Break(earliest=1, latest=2, seconds=3),)
    assert (person.max_tasks, person.max_work, person.worked, person.cost_per_task, person.area) == (6, 8, 9, 90, 0)
    assert (task.service, task.target, task.weight, task.needs, task.node) == (1, 2, 3, {0: 2}, 0)
    assert (task.earliest, task.windows, task.unserved, task.done_target, task.done_weight) == (4, ((5, 6),), 30, 7, 8)
    assert (task.demand, task.barred, task.extra, task.after) == ((9,), {0: "declined"}, {0: 120}, (1,))
    assert (task.locked, task.pinned, task.holder, task.hop) == (0, True, 0, 180)
    assert (other.unserved, other.node) == (3 * 600, 2)
    assert posed.problem.travel[1][0].tolist() == [0, NO_WAY, 2]
    assert posed.problem.crews == (Crew(tasks=(1,), between={0: 1}),)
    assert posed.problem.standby == (Standby(least=1, cost=120),)
    assert posed.problem.speeds == (None, Speeds(start=0, slot=60, permille=(900,)))
    assert (posed.problem.fairness, posed.problem.patience, posed.problem.most_changes) == (5, 60, 0)
    assert posed.problem.standing == ((0,),)


def test_a_vehicle_that_is_too_wide_is_barred() -> None:
    problem = base()
    problem["responders"][0]["width"] = 2.6
    problem["incidents"][0]["width"] = 2.5
    assert read(problem).problem.tasks[0].barred == {0: "too_wide"}


WRONG: list[tuple[list[Any], Any, str, str]] = [
    (["incidents", 0, "due"], "soon", "not_whole", "$.incidents[0].due"),
    (["incidents", 0, "due"], 1.5, "not_whole", "$.incidents[0].due"),
    (["incidents", 0, "due"], True, "not_whole", "$.incidents[0].due"),
    (["incidents", 1, "service"], -1, "out_of_bounds", "$.incidents[1].service"),
    (["incidents", 1, "weight"], None, "missing", "$.incidents[1]"),
    (["incidents", 1, "wieght"], 2, "unknown_key", "$.incidents[1]"),
    (["incidents", 1], 7, "not_object", "$.incidents[1]"),
    (["incidents"], {}, "not_list", "$.incidents"),
    (["incidents", 0, "after"], [5], "not_there", "$.incidents[0].after[0]"),
    (["incidents", 0, "after"], [0], "circle", "$.incidents[0].after"),
    (["incidents", 0, "pinned"], True, "pinned_alone", "$.incidents[0]"),
    (["incidents", 0, "pinned"], "yes", "not_flag", "$.incidents[0].pinned"),
    (["incidents", 0, "hop"], "much", "not_number", "$.incidents[0].hop"),
    (["incidents", 0, "hop"], float("nan"), "not_number", "$.incidents[0].hop"),
    (["incidents", 0, "skills"], [1.5], "not_name", "$.incidents[0].skills[0]"),
    (["incidents", 0, "barred"], {"nobody": "declined"}, "not_there", "$.incidents[0].barred.nobody"),
    (["responders", 1, "shift_end"], None, "missing", "$.responders[1]"),
    (["responders", 1, "windows"], [[0, 9]], "two_ways", "$.responders[1]"),
    (["responders", 0], {"windows": [[9, 0]]}, "not_ascending", "$.responders[0].windows[0]"),
    (["responders", 0], {"windows": [[0, 9, 9]]}, "wrong_length", "$.responders[0].windows[0]"),
    (["travel", 1, 2], -5, "out_of_bounds", "$.travel[1][2]"),
    (["travel", 1, 2], "far", "not_whole", "$.travel[1][2]"),
    (["travel", 1], [0, 1], "wrong_length", "$.travel[1]"),
    (["travel"], [[0]], "too_few_rows", "$"),
    (["travel"], None, "missing", "$"),
    (["modes"], [], "two_ways", "$"),
    (["crews"], [{"incidents": [0, 0]}], "twice", "$.crews[0].incidents"),
    (["standing"], [[0], [0]], "twice", "$.standing"),
    (["standing"], [[0]], "wrong_length", "$.standing"),
    (["speeds"], [{"slot": 60, "permille": []}], "empty", "$.speeds[0].permille"),
]


@pytest.mark.parametrize(("where", "value", "code", "path"), WRONG)
def test_every_mistake_is_said_with_its_place_and_in_three_languages(
    monkeypatch: pytest.MonkeyPatch, where: list[Any], value: Any, code: str, path: str
) -> None:
    problem = base()
    part: Any = problem
    for key in where[:-1]:
        part = part[key]
    part[where[-1]] = value
    with pytest.raises(BadProblem) as found:
        read(problem)
    assert (found.value.code, found.value.params["path"]) == (code, path)
    said = set()
    for language in ("en_GB", "zh_CN", "zh_TW"):
        monkeypatch.setenv("LANGUAGE", language)
        said.add(words.say(f"solve.bad.{code}", **found.value.params))
    assert len(said) == 3
    assert all(path in one for one in said)


def test_a_crew_of_one_and_different_goods_are_mistakes() -> None:
    problem = base()
    problem["incidents"][0]["locked"] = problem["incidents"][1]["locked"] = 0
    problem["crews"] = [{"incidents": [0, 1]}]
    with pytest.raises(BadProblem, match="crew_of_one"):
        read(problem)
    problem = base()
    problem["incidents"][0]["demand"], problem["responders"][0]["capacity"] = [1], [1, 2]
    with pytest.raises(BadProblem, match="wrong_length"):
        read(problem)

"""The class table is data: read, checked, versioned."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import TypeAdapter

from dispatch import classes
from dispatch.errors import Invalid, Unknown
from dispatch.model import IncidentClass, Priority

pytestmark = pytest.mark.pure


def _raw() -> dict[str, Any]:
    known: dict[str, Any] = json.loads((classes.REFERENCE / "classes.json").read_text(encoding="utf-8"))
    return known


def test_the_table_fits_its_schema() -> None:
    schema = json.loads((classes.REFERENCE / "classes.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(_raw(), schema)


def test_a_missing_manhole_cover_is_urgent_and_a_noisy_one_is_not() -> None:
    limits = {c.code: c.handle_seconds for c in classes.table().get("C0101").filing}
    assert limits == {"missing": 7200, "broken": 14400, "noisy": 172800, "sunken": 432000}


def test_every_danger_to_life_is_accepted_within_a_minute() -> None:
    urgent = [c for c in classes.table().classes if c.priority is Priority.LIFE]
    assert len(urgent) >= 5
    assert all(c.accept_seconds <= 60 for c in urgent)


def test_targets_come_in_the_order_of_the_work() -> None:
    for c in classes.table().classes:
        assert c.accept_seconds <= c.arrive_seconds <= c.handle_seconds, c.code


def test_every_class_and_skill_speaks_three_languages() -> None:
    for c in classes.table().classes:
        for names in (c.names, c.major_names, *(k.names for k in c.filing + c.closing)):
            assert {"en", "zh-Hans", "zh-Hant"} <= names.keys()
    assert {c.skill for c in classes.table().classes} - {None} <= {s.code for s in classes.skills()}


def test_a_class_survives_storing() -> None:
    codec = TypeAdapter(IncidentClass)
    for c in classes.table().classes:
        assert codec.validate_python(codec.dump_python(c, mode="json")) == c


def test_an_unknown_code_is_unknown() -> None:
    with pytest.raises(Unknown):
        classes.table().get("Z0000")


def _twice(raw: dict[str, Any]) -> None:
    raw["classes"].append(raw["classes"][0])


def _set(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(raw: dict[str, Any]) -> None:
        raw["classes"][0][name] = value

    return change


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("classes.code", _twice),
        ("classes.C0101.major", _set("major", "C77")),
        ("classes.C0101.skill", _set("skill", "magic")),
        ("classes.C0101.priority", _set("priority", 5)),
        ("classes.C0101.handle_seconds", _set("handle_seconds", 0)),
        ("classes.C0101.filing", _set("filing", [])),
        ("classes.C0101.closing", _set("closing", ["unheard_of"])),
        ("classes.C0101.names", _set("names", {"en": "Only English"})),
    ],
)
def test_a_broken_table_is_refused_with_the_place(
    tmp_path: Path, field: str, change: Callable[[dict[str, Any]], None]
) -> None:
    raw = _raw()
    change(raw)
    file = tmp_path / "classes.json"
    file.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(Invalid) as heard:
        classes.table(file)
    assert heard.value.params["field"] == field

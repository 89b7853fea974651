"""Every code that the house can say has a sentence in each language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from api import messages
from api.machine import errors as machine_errors
from api.messages import LANGUAGES, Language
from api.messages.amounts import amount
from dispatch import errors as work_errors
from dispatch.desk import KINDS
from dispatch.solver.explaining import REMEDIES
from dispatch.solver.reasons import HURDLES
from gis import errors as ground_errors

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "api" / "messages"
CATALOGUES = {language: json.loads((FOLDER / f"{language}.json").read_text("utf-8")) for language in LANGUAGES}


def leaves(tree: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def said_in(pattern: str, *folders: str) -> set[str]:
    """Everything that `pattern` finds in the Python files of these folders."""
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return {found for file in files for found in re.findall(pattern, file.read_text("utf-8"))}


def error_codes() -> set[str]:
    classes = [
        value
        for module in (work_errors, ground_errors, machine_errors)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Exception)
    ]
    return {kind.code for kind in classes} | said_in(r'Refused\(\s*\d+,\s*"([a-z_.]+)"', "api")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_a_sentence_and_a_way_out(language: Language) -> None:
    for code in error_codes():
        assert code in messages.codes("errors", language), f"{code} has no sentence in {language}"
        said = messages.problem(code, {}, language)
        assert said.message
        assert said.help


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_event_has_a_line_in_the_timeline(language: Language) -> None:
    kinds = said_in(r'"((?:incident|assignment|responder|plan)\.(?!id")[a-z_]+)"', "dispatch") | set(KINDS)
    assert kinds - messages.codes("timeline", language) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_to_wait_and_every_rule_has_a_sentence(language: Language) -> None:
    reasons = set(HURDLES) | said_in(r'reason="([a-z_]+)"', "dispatch/planning")
    assert {"not_located", "no_skill"} < reasons
    assert reasons - messages.codes("unassigned", language) == set()
    rules = said_in(r'Rule\(\s*code="([a-z_]+)"', "dispatch/candidates")
    assert len(rules) >= 8
    assert rules - messages.codes("rules", language) == set()


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_no_language_lacks_a_text_that_another_has(language: Language) -> None:
    english, other = dict(leaves(CATALOGUES["en"])), dict(leaves(CATALOGUES[language]))
    assert english.keys() == other.keys()
    for path, text in english.items():
        assert fields(text) >= fields(other[path]), f"{'/'.join(path)} names a parameter that English does not"
        assert other[path].strip()


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_simplified_and_traditional_chinese_are_not_mixed_up() -> None:
    simplified, traditional = (
        "".join(t for _, t in leaves(CATALOGUES["zh-Hans"])),
        "".join(t for _, t in leaves(CATALOGUES["zh-Hant"])),
    )
    for pair in ("请請", "为為", "务務", "报報", "时時", "处處", "问問", "发發", "员員", "类類"):
        assert pair[1] not in simplified
        assert pair[0] not in traditional


def test_a_parameter_is_said_in_words_of_the_language() -> None:
    said = messages.problem("work.not_now", {"deed": "close", "stage": "handling"}, "zh-Hant")
    assert "處理中" in said.message


def test_what_is_allowed_is_said_without_an_english_word_in_chinese() -> None:
    named = said_in(r'allowed="([^"]+)"', "dispatch", "api/routes")
    words = {one for one in named if re.search("[a-z]", one)}
    assert {"free_login", "in_district"} <= words
    for language in LANGUAGES:
        assert words <= CATALOGUES[language]["words"]["allowed"].keys()
    params = {"field": "login", "value": "x", "allowed": "free_login"}
    assert not re.search("[a-z]{3}", messages.problem("work.invalid", params, "zh-Hans").help)


def test_durations_and_lengths_are_said_as_people_say_them() -> None:
    assert "2 min" in messages.problem("work.too_many", {"retry_after": 120}, "en").help
    assert "1.2 公里" in messages.rule("radius", False, {"radius_m": 1200}, "zh-Hans")


def test_a_missing_parameter_or_an_odd_one_never_hides_the_error() -> None:
    for params in ({}, {"field": None, "value": object(), "allowed": ["a", "b"]}, {"field": "{value.__class__}"}):
        assert messages.problem("work.invalid", params, "en").message


def test_a_sentence_does_not_reach_into_its_parameters() -> None:
    said = messages.problem("work.invalid", {"field": "{0.__class__}", "value": "{x}"}, "en").message
    assert "{0.__class__}" in said


def test_an_unknown_code_falls_back_to_its_nearest_ancestor() -> None:
    assert messages.problem("work.not_now.never_heard", {"stage": "closed"}, "en").message.startswith(
        "This cannot be done"
    )
    assert "never.heard" in messages.problem("never.heard", {}, "en").help


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_wrong_with_an_extract_is_said_and_not_named_by_a_code(language: Language) -> None:
    reasons = said_in(r'BadExtract\([^)]*reason="([a-z_]+)"', "gis")
    assert {"missing", "foreign", "unreadable", "empty"} <= reasons
    told = {
        reason: messages.problem("ground.bad_extract", {"file": "a.osm", "reason": reason}, language)
        for reason in reasons
    }
    assert len({said.message for said in told.values()}) == len(reasons)
    for reason, said in told.items():
        assert "a.osm" in said.message
        assert reason not in said.message.split(" ")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant", "zh-Hant"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("fr;q=0.9,zh;q=0.5", "zh-Hans"),
        ("en;q=0.1,zh-Hant;q=0.2", "zh-Hant"),
        ("fi,sv", "en"),
        ("", "en"),
        (";;q=x,,", "en"),
        (None, "en"),
    ],
)
def test_the_browser_s_languages_are_heard_in_their_order(accepted: str | None, language: Language) -> None:
    assert messages.language_of(accepted) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_hurdle_and_every_remedy_of_the_engine_has_a_sentence(language: Language) -> None:
    assert set(HURDLES) - messages.codes("hurdles", language) == set()
    assert set(REMEDIES) - messages.codes("remedies", language) == set()


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, ""), (0.0, "0"), (2.7e-5, "< 0.001"), (0.01234, "0.0123"), (99.96, "100"), (11_043.2, "11,043")],
)
def test_an_amount_is_never_said_in_powers_of_ten(value: float | None, said: str) -> None:
    assert amount(value) == said

"""What the command line and the set-up say."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from string import Formatter

import pytest

from api import messages
from api.cli import words
from api.cli.database import COUNTS
from api.cli.user import RoleName
from api.machine import doctor, errors
from dispatch.model import Role

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[3]
TABLES = {name: json.loads((ROOT / name).read_text("utf-8")) for name in ("api/cli/words.json", "tools/words.json")}


@pytest.mark.parametrize("name", TABLES)
def test_everything_is_said_in_three_languages_with_the_same_blanks(name: str) -> None:
    def blanks(sentence: str) -> list[str]:
        return sorted(field for _, field, _, _ in Formatter().parse(sentence) if field)

    for word, said in TABLES[name].items():
        assert len(said) == 3, word
        assert all(said), word
        assert len({tuple(blanks(one)) for one in said}) == 1, word


def test_every_word_that_the_command_line_uses_exists() -> None:
    code = "".join(file.read_text("utf-8") for file in (ROOT / "api/cli").glob("*.py"))
    used = set(re.findall(r"""\bsay\(\s*["']([a-z_.]+)["']""", code))
    assert used
    assert used - set(TABLES["api/cli/words.json"]) == set()


def test_every_word_that_the_set_up_uses_exists() -> None:
    code = "".join(file.read_text("utf-8") for file in (ROOT / "tools").glob("*.py"))
    used = set(re.findall(r"""\b(?:say|step|there|_libraries)\("([a-z_.]+)\"""", code))
    assert used
    assert used - set(TABLES["tools/words.json"]) == set()


def test_the_doctor_has_a_name_for_everything_that_it_looks_at() -> None:
    assert {f"doctor.{what}" for what in doctor.LOOKS} <= set(TABLES["api/cli/words.json"])


def test_every_count_has_a_word() -> None:
    assert {f"count.{what}" for what in COUNTS} <= set(TABLES["api/cli/words.json"])


def test_every_error_of_the_machine_has_a_sentence() -> None:
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.MachineError)]
    source = "".join(file.read_text("utf-8") for file in (ROOT / "api").rglob("*.py"))
    known = set(TABLES["api/cli/words.json"]) | messages.codes("errors", "en")
    codes = {kind.code for kind in kinds} | set(re.findall(r'MachineError\("(machine\.[a-z_]+)"', source))
    assert codes - known == set()


@pytest.mark.parametrize(
    ("variables", "tag"),
    [
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-Hans"),
        ({"LANG": "zh_TW.UTF-8"}, "zh-Hant"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_HK"}, "zh-Hant"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en:zh"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_the_terminals(variables: dict[str, str], tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert words.language() == tag


def test_the_command_line_offers_exactly_the_roles_there_are() -> None:
    assert [role.value for role in RoleName] == [role.value for role in Role]

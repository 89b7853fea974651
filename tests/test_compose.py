"""What is written for other programs: Docker Compose, the build server, the locks.

The schemas are those of the Compose specification and of GitHub, as the package `check-jsonschema` carries them.
"""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import validators

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
LOCKS = sorted((ROOT / "tools" / "lock").glob("*.txt"))


def demand(document: Any, schema_name: str) -> None:
    text = resources.files("check_jsonschema").joinpath(f"builtin_schemas/vendor/{schema_name}.json").read_text("utf-8")
    schema = json.loads(text)
    kind = validators.validator_for(schema)
    faults = [
        f"{'/'.join(map(str, fault.absolute_path))}: {fault.message}" for fault in kind(schema).iter_errors(document)
    ]
    assert faults == []


def test_the_compose_file_keeps_to_the_compose_specification() -> None:
    demand(COMPOSE, "compose-spec")


def test_the_check_above_can_fail() -> None:
    with pytest.raises(AssertionError, match="no_such_key"):
        demand({"services": {"app": {"image": "x", "no_such_key": 1}}}, "compose-spec")


def test_the_workflow_keeps_to_what_github_reads() -> None:
    workflow = (ROOT / ".github/workflows/ci.yml").read_text()
    document = yaml.safe_load(workflow)
    document["on"] = document.pop(True)  # YAML 1.1 reads the word as a truth value
    demand(document, "github-workflows")
    assert ".ci/run" in workflow


def test_no_password_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in re.findall(r"\$\{(\w*(?:PASSWORD|SECRET))", text):
        assert not re.search(rf"\$\{{{name}:?-", text)
    assert text.count("${GRIDWARD_DB_PASSWORD:?") == 2


@pytest.mark.parametrize("name", ["db", "app", "worker"])
def test_every_lasting_service_says_whether_it_is_well(name: str) -> None:
    assert COMPOSE["services"][name]["healthcheck"]["test"]


def test_what_matters_outlives_its_container() -> None:
    assert "database:/var/lib/postgresql/data" in COMPOSE["services"]["db"]["volumes"]
    assert any(volume.startswith("files:") for volume in COMPOSE["services"]["app"]["volumes"])
    assert set(COMPOSE["volumes"]) == {"database", "files"}


def test_the_database_is_not_open_to_the_network_and_the_product_only_to_this_machine() -> None:
    assert "ports" not in COMPOSE["services"]["db"]
    assert COMPOSE["services"]["app"]["ports"] == ["${GRIDWARD_PUBLISH:-127.0.0.1:8000}:8000"]


def test_an_acknowledged_report_is_on_disk_there_too() -> None:
    assert "synchronous_commit=on" in COMPOSE["services"]["db"]["command"]


def test_every_variable_of_the_compose_file_is_a_setting() -> None:
    from api.settings import Settings

    known = {f"GRIDWARD_{name.upper()}" for name in Settings.model_fields}
    assert set(COMPOSE["services"]["app"]["environment"]) - {"PGPASSWORD"} <= known


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_has_a_hash_for_everything_and_names_no_index(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    requirements = re.split(r"\n(?=\S)", text.strip())
    assert requirements
    assert [one for one in requirements if "--hash=sha256:" not in one] == []


def test_every_library_of_the_project_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    locked = {
        name.lower().replace("_", "-") for name in re.findall(r"^([A-Za-z0-9._-]+)==", _lock("test"), re.MULTILINE)
    }
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.match(r"[A-Za-z0-9._-]+", one)[0].lower().replace("_", "-") for one in wanted}  # type: ignore[index]  # a requirement begins with its name
    assert names - locked == set()


def test_both_locks_agree_on_every_version() -> None:
    pins = [dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", _lock(name), re.MULTILINE)) for name in ("run", "test")]
    assert {name: version for name, version in pins[0].items() if pins[1].get(name) != version} == {}


def _lock(name: str) -> str:
    return (ROOT / "tools" / "lock" / f"{name}.txt").read_text()

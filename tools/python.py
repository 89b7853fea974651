"""The Python environment: an interpreter, the locked libraries, the project itself."""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import system
from steps import FOLDER, ROOT, Stop, begin, run, step, there
from words import say

MINIMUM = (3, 12)
VENV = ROOT / ".venv"
LOCK = ROOT / "tools" / "lock"
ASK = "import sys; print(sys.version_info[0], sys.version_info[1])"
ASK_VENV = ASK + "; import ensurepip, venv"


def environment(*, tests: bool = False, bench: bool = False) -> None:
    """Make `.venv` hold exactly what the locks name."""
    _interpreter()
    _libraries("python.libraries", "run", LOCK / "run.txt", project=True)
    if tests:
        _libraries("python.tests", "test", LOCK / "test.txt", project=False)
    if bench:
        _libraries("python.bench", "bench", LOCK / "bench.txt", project=False)


class Warming:
    """The planner's search, compiled for this machine beside the other steps and not when the first plan is awaited."""

    def __init__(self) -> None:
        self.wait = None

    def begin(self) -> None:
        if not self._compiled():
            self.wait = begin(program("python"), "-m", "dispatch.solver.warm", log=FOLDER / "warm.log")

    def end(self) -> None:
        """Raises Stop when it failed; the next set-up tries again."""
        if self.wait is None:
            there("python.warm")
            return
        with step("python.warm"):
            self.wait()
            self._stamp().write_text(self._mark())

    def _compiled(self) -> bool:
        return self._stamp().exists() and self._stamp().read_text() == self._mark()

    def _stamp(self) -> Path:
        return VENV / ".gridward-warm"

    def _mark(self) -> str:
        return _hash(LOCK / "run.txt", *sorted((ROOT / "dispatch" / "solver").rglob("*.py")))


def program(name: str) -> Path:
    return VENV / "bin" / name


def _interpreter() -> None:
    """A virtual environment with a Python that is new enough, and pip in it."""
    if _fits(program("python"), ASK + "; import pip"):
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    if not _fits(sys.executable, ASK_VENV, (3, 9)):
        system.python_venv()  # Debian and Ubuntu keep the module venv in a package of its own
    with step("python.find"):
        found = next((path for path in _candidates() if _fits(path, ASK_VENV)), None)
        if found:
            run(found, "-m", "venv", VENV)
            return
    with step("python.download"):
        _through_uv()


def _candidates():
    """Interpreters by name, newest first; then pyenv's, newest first."""
    names = [f"python3.{minor}" for minor in (14, 13, 12)]
    for path in map(shutil.which, ["python3", *names]):
        if path:
            yield path
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    versions = glob.glob(f"{pyenv}/versions/3.*/bin/python3") + glob.glob("/opt/pyenv/versions/3.*/bin/python3")
    yield from sorted(versions, key=_version_in, reverse=True)


def _version_in(path: str) -> list[int]:
    name = Path(path).parts[-3]
    return [int(part) if part.isdigit() else -1 for part in name.split(".")]


def _fits(path: object, ask: str, minimum: tuple[int, int] = MINIMUM) -> bool:
    """Whether this Python is new enough and has the modules that `ask` imports."""
    try:
        answer = subprocess.run([str(path), "-c", ask], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    return tuple(map(int, answer.split())) >= minimum


def _through_uv() -> None:
    """No Python here is new enough: uv fetches one."""
    uv = shutil.which("uv")
    if not uv:
        keeper = FOLDER / "uv"
        run(sys.executable, "-m", "venv", keeper)
        run(keeper / "bin" / "pip", "install", "-q", "--require-hashes", "-r", LOCK / "build.txt")
        uv = str(keeper / "bin" / "uv")
    try:
        run(uv, "venv", "--seed", "--python", "3.12", "--python-preference", "managed", VENV)
    except Stop as stop:
        raise Stop(f"{say('no.python')}\n\n{stop}") from stop


def _libraries(word: str, name: str, lock: Path, *, project: bool) -> None:
    stamp = VENV / f".gridward-{name}"
    mark = _hash(lock, ROOT / "pyproject.toml", Path(__file__)) if project else _hash(lock)
    if stamp.exists() and stamp.read_text() == mark:
        there(word)
        return
    with step(word):
        if not program("uv").exists():
            run(
                program("python"),
                "-m",
                "pip",
                "install",
                "-q",
                "--disable-pip-version-check",
                "--require-hashes",
                "-r",
                LOCK / "build.txt",
            )
        install("--require-hashes", "-r", lock)
        if project:
            install("--no-deps", "--no-build-isolation", "--editable", ROOT)
        stamp.write_text(mark)


def install(*what: object) -> None:
    """uv inside the environment, which needs no `activate`."""
    run(program("uv"), "pip", "install", "--python", program("python"), *what, env={"VIRTUAL_ENV": str(VENV)})


def _hash(*files: Path) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()

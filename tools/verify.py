#!/usr/bin/env python3
"""Everything that `make test` (all) and `make check` (fast) look at. Each check runs whatever the others said."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import node
import system
from steps import ROOT

BIN = ROOT / ".venv" / "bin"


@dataclass
class Check:
    """One command. `live` shows its output as it comes; otherwise only when it fails."""

    name: str
    command: list
    live: bool = False
    env: dict = field(default_factory=dict)
    closing: str = ""


def checks(what: str) -> list[Check]:
    """The checks of the fast half, or all of them."""
    found = [
        Check("ruff check", [BIN / "ruff", "check", "."]),
        Check("ruff format", [BIN / "ruff", "format", "--check", "."]),
        Check("mypy", [BIN / "mypy"]),
        Check("import contracts", [BIN / "lint-imports"]),
    ]
    if what == "fast":
        return [Check("pytest, pure tests", [BIN / "pytest", "-q", "-m", "pure and not slow"]), *reversed(found)]
    browser = {"GRIDWARD_CHROMIUM": system.chromium() or ""}
    return [*found, *_front_end(), Check("pytest", [BIN / "pytest"], live=True, env=browser)]


def _front_end() -> list[Check]:
    if not (node.WEB / "package-lock.json").exists():
        return []
    programs = node.folder()
    env = node.environment(programs)
    npm = [*node.npm_command(programs), "--prefix", node.WEB, "run", "--silent"]
    return [
        Check("front end: lint", [*npm, "lint"], env=env),
        Check("front end: types", [*npm, "typecheck"], env=env),
        Check("front end: tests", [*npm, "test"], live=True, env=env),
    ]


def perform(check: Check) -> bool:
    """Run one check; True when it passed."""
    if check.live:
        print(f"  … {check.name}", flush=True)
    begun = time.monotonic()
    process = subprocess.Popen(
        [str(word) for word in check.command],
        cwd=ROOT,
        env={**os.environ, "CI": "true", **check.env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines = []
    for line in process.stdout:
        lines.append(line)
        if check.live:
            print(f"    {line}", end="", flush=True)
    good = process.wait() == 0
    if not good and not check.live:
        print("".join(f"    {line}" for line in lines[-200:]), end="")
    check.closing = _closing(lines)
    print(f"  {'✓' if good else '✗'} {check.name}: {time.monotonic() - begun:.1f} s", flush=True)
    return good


def _closing(lines: list[str]) -> str:
    """What a test runner says at its end."""
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in lines]
    said = [line for line in plain if re.search(r"\d+ (passed|failed|error)", line)]
    return said[-1].strip("= ") if said else ""


def main(what: str) -> int:
    begun = time.monotonic()
    wanted = checks(what)
    # The fast half shares two processors, the longest check first; all of them come one by one, with their output.
    with ThreadPoolExecutor(2 if what == "fast" else 1) as pool:
        good = list(pool.map(perform, wanted))
    bad = [check for check, passed in zip(wanted, good) if not passed]
    print()
    for check in wanted:
        if check.closing:
            print(f"  {check.name}: {check.closing}")
    for check in bad:
        print(f"  ✗ {check.name}")
    print(f"  {len(wanted) - len(bad)} of {len(wanted)} checks passed in {time.monotonic() - begun:.0f} s", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
    except KeyboardInterrupt:
        sys.exit(130)

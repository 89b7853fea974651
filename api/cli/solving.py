"""`gridward solve`: anyone's problem as a file, the plan as an answer. Loads no part of the console: it starts soon."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from api.cli.words import say
from dispatch.solver.problemfile import BadProblem, Posed, answer, read

BAD_INPUT = 2  #: exit code
LONGEST = 86_400  #: CPU seconds
ABOUT = "Answer a problem file with the best plan found. docs/solve.md explains both."


def solve(words: Sequence[str] | None = None) -> None:
    """The command with these words, or those that were typed. Raises SystemExit(2) where the file is no problem."""
    asked = _parser().parse_args(words)
    try:
        posed = read(_parsed(asked.problem))
    except BadProblem as error:
        sys.stderr.write(f"✗ {say(f'solve.bad.{error.code}', **error.params)}\n")
        raise SystemExit(BAD_INPUT) from error
    sys.stdout.write(json.dumps(_solved(posed, asked), ensure_ascii=False) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gridward solve", description=ABOUT)
    parser.add_argument("problem", help="a problem file, or - for the standard input")
    parser.add_argument("--cpu", type=_cpu, default=10.0, help="CPU seconds for the search (10)")
    parser.add_argument("--seed", type=int, default=0, help="the same seed searches the same way (0)")
    parser.add_argument("--threads", type=int, default=1, help="searches side by side; they share the CPU seconds (1)")
    parser.add_argument("--times", action="store_true", help="say when every stop is left for, begun and done")
    return parser


def _cpu(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds from 0 to {LONGEST}")
    return seconds


def _solved(posed: Posed, asked: argparse.Namespace) -> dict[str, Any]:
    from dispatch.solver import solve as plan_of

    shows = sys.stderr.isatty()
    plan = plan_of(
        posed.problem,
        seed=asked.seed % 2**31,
        seconds=asked.cpu,
        cpu=asked.cpu,
        threads=max(1, asked.threads),
        watch=_progress if shows else None,
    )
    said = answer(posed, plan, times=asked.times)
    if shows:
        _line(say("solve.done", **{**said, "unserved": len(said["unserved"])}) + "\n")
    return said


def _progress(share: float, cost: int) -> bool:
    """One line that is written over; the search goes on."""
    _line(say("solve.progress", share=round(100 * min(share, 1.0)), cost=f"{cost / 60:,.1f}"))
    return True


def _line(text: str) -> None:
    sys.stderr.write(f"\r\033[K{text}")
    sys.stderr.flush()


def _parsed(path: str) -> object:
    """The JSON of a file. Raises BadProblem where there is none."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8-sig")
        return json.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise BadProblem("no_file", path=path, reason=getattr(error, "strerror", None) or str(error)) from error
    except json.JSONDecodeError as error:
        raise BadProblem("not_json", path=path, reason=error.msg, line=error.lineno, column=error.colno) from error

"""Lines on the terminal: steps with their time, and errors as sentences instead of tracebacks."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

from api import messages
from api.cli import words
from api.machine.errors import DatabaseUnreachable, MachineError, NotLoopback, NotYetThere
from api.settings import Settings
from dispatch.errors import WorkError
from gis.errors import GroundError

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

type Report = Callable[[str, float], None]


def settings(**chosen: object) -> Settings:
    """The environment's settings, with what the command line chose. Raises NotLoopback; typer.Exit for bad ones."""
    try:
        found = Settings()
        return Settings.model_validate(found.model_dump() | {k: v for k, v in chosen.items() if v is not None})
    except ValidationError as error:
        for fault in error.errors():
            if "not_loopback" in fault["msg"]:
                raise NotLoopback(host=chosen.get("host")) from error
            err.print(f"GRIDWARD_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}", style="red", markup=False)
        raise typer.Exit(2) from error


def told[**P, R](command: Callable[P, R]) -> Callable[P, R]:
    """A command whose errors are said in the terminal's language; exit code 1."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (MachineError, GroundError, WorkError) as error:
            err.print(f"✗ {sentence(error)}", style="red", markup=False)
            raise typer.Exit(1) from error
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith(("api", "dispatch", "gis")):
                raise
            err.print(f"✗ {sentence(NotYetThere(part=error.name))}", style="red", markup=False)
            raise typer.Exit(1) from error
        except Exception as error:
            if (away := _away(error)) is None:
                raise
            err.print(f"✗ {sentence(away)}", style="red", markup=False)
            raise typer.Exit(1) from error

    return run


def _away(error: Exception) -> DatabaseUnreachable | None:
    """PostgreSQL that does not answer, as an error of the machine."""
    from sqlalchemy.exc import InterfaceError, OperationalError  # only when something is wrong: --help stays quick

    if not isinstance(error, OperationalError | InterfaceError):
        return None
    return DatabaseUnreachable(where=_where(), reason=str(error.orig).strip().splitlines()[0])


def _where() -> str:
    """The database that was asked for, without its password."""
    chosen = Settings()
    url = urlsplit(chosen.database_url)
    return f"{url.hostname}:{url.port or 5432}{url.path}" if chosen.database_url else str(chosen.folder)


def sentence(error: MachineError | GroundError | WorkError) -> str:
    """What went wrong and the way out, in the terminal's language."""
    if words.knows(error.code):
        return words.say(error.code, **error.params)
    said = messages.problem(error.code, error.params, words.language())
    return f"{said.message}\n  {said.help}".rstrip()


@contextmanager
def step(text: str) -> Iterator[Report]:
    """One piece of work: a bar while it lasts (on a terminal), its time at the end. Yields `report(part, 0..1)`."""
    begun = time.monotonic()
    mark = "[red]✗[/]"
    try:
        with _bar(text) if out.is_terminal else _lines(text) as report:
            yield report
        mark = "[green]✓[/]"
    finally:
        out.print(f"  {mark} {escape(text)}: {time.monotonic() - begun:.1f} s")


@contextmanager
def _bar(text: str) -> Iterator[Report]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=out, transient=True) as progress:
        task = progress.add_task(escape(text), total=None)

        def report(part: str, share: float) -> None:
            progress.update(task, description=escape(f"{text} · {_part(part)}"), total=1.0, completed=share)

        yield report


@contextmanager
def _lines(text: str) -> Iterator[Report]:
    """Where nothing can turn: one line when it begins, one for each of its parts that is done."""
    out.print(f"  … {text}", markup=False)
    begun: dict[str, float] = {}

    def report(part: str, share: float) -> None:
        since = begun.setdefault(part, time.monotonic())
        if share >= 1 and "." not in part:
            out.print(f"    · {_part(part)}: {time.monotonic() - since:.1f} s", markup=False)

    yield report


def _part(part: str) -> str:
    """What a part of a step is called; parts of parts that have no name of their own are called as the whole."""
    while not words.knows(f"step.{part}") and "." in part:
        part = part.rpartition(".")[0]
    return words.say(f"step.{part}") if words.knows(f"step.{part}") else part

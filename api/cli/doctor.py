"""`gridward doctor`: what is there, what is missing, what to do."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.console import out, sentence, settings, told
from api.cli.words import say


@told
def doctor(only: Annotated[list[str] | None, typer.Option(help="Look at this alone; may be repeated")] = None) -> None:
    """Say what is there, what is missing, and what to do. Exit code 1 when something is to be mended."""
    from api.machine.doctor import examine

    ill = 0
    for found in examine(settings(), frozenset(only or ())):
        title = say(f"doctor.{found.what}")
        if found.problem is None:
            out.print(f"  ✓ {title}: {found.fact}", markup=False)
        else:
            ill += 1
            out.print(f"  ✗ {title}: {sentence(found.problem)}", style="red", markup=False)
    out.print(say("doctor.ill", n=ill) if ill else say("doctor.well"), markup=False)
    if ill:
        raise typer.Exit(1)

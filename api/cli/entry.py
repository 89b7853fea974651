"""The application object and its commands. What a command needs is imported when it runs: `--help` stays quick."""

from __future__ import annotations

import typer

from api.cli import database, doctor, geocode, grid, importing, serving, up, user

ABOUT_SOLVE = "Answer a problem file with the best plan found (docs/solve.md)."
WHATEVER = {"ignore_unknown_options": True, "allow_extra_args": True}


def solve(words: typer.Context) -> None:
    """Its words are its own: `gridward solve` is mostly started without this file."""
    from api.cli import solving

    solving.solve(words.args)


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Gridward: a community on one map. 一张地图上的社区网格。一張地圖上的社區網格。",
)
app.command("up")(up.up)
app.command("down")(up.down)
app.command("migrate")(database.migrate)
app.command("import")(importing.import_)
app.command("register")(geocode.register)
app.command("geocode")(geocode.geocode)
app.command("serve")(serving.serve)
app.command("work")(serving.work)
app.command("doctor")(doctor.doctor)
app.command("solve", help=ABOUT_SOLVE, add_help_option=False, context_settings=WHATEVER)(solve)
app.add_typer(user.app, name="user")
app.add_typer(grid.app, name="grid")

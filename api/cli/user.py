"""`gridward user`: accounts, for the person at the machine."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, help="Accounts")

"""The command line `gridward`: one file per group of commands, the sentences in `words`, errors said in `console`."""

from __future__ import annotations

import sys


def app() -> None:
    """Run the command that was typed. `solve` counts CPU seconds: it is run without what only the others need."""
    if sys.argv[1:2] == ["solve"]:
        from api.cli.solving import solve

        solve(sys.argv[2:])
    else:
        from api.cli.entry import app as whole

        whole()

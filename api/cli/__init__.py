"""The command line `gridward`: one file per group of commands, the sentences in `words`, errors said in `console`."""

from api.cli.entry import app

__all__ = ["app"]

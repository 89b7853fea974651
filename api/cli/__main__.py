"""`python -m api.cli` is `gridward`."""

from api.cli import app

app()

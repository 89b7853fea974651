"""What signs the things that a browser carries: made once, kept beside the data."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from pydantic import SecretStr

from api.settings import Settings


def keep(settings: Settings) -> SecretStr:
    """The secret that was set, else the one kept in the product's folder, made at first use (mode 0600)."""
    if settings.secret.get_secret_value():
        return settings.secret
    file = settings.folder / "secret"
    file.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        _make(file)
    return SecretStr(file.read_text().strip())


def _make(file: Path) -> None:
    """Two processes that start at once get one secret: written aside, then linked, which fails if it is there."""
    new = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(secrets.token_urlsafe(32))
    try:
        os.link(new, file)
    finally:
        new.unlink()

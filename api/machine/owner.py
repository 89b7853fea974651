"""Who runs the database server: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from api.machine.errors import ClusterFailed, NotOwner


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A system user. `other` is True when we must change to it, which only root can."""

    name: str
    uid: int
    gid: int
    other: bool

    def run(self, *command: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """Run as this user from `/` (our own folder may be closed to them); never raises for the exit code."""
        return subprocess.run(  # noqa: S603 - our own commands, no shell
            command,
            cwd="/",
            env=_environment(),
            user=self.uid if self.other else None,
            group=self.gid if self.other else None,
            extra_groups=[] if self.other else None,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # a second Ctrl-C must not reach a stop that is under way
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def may_enter(self, folder: Path) -> bool:
        """Whether every folder down to this one is open to them."""
        return self.run("/bin/sh", "-c", 'test -d "$1" && test -x "$1"', "sh", str(folder)).returncode == 0

    def give(self, path: Path, mode: int) -> None:
        """Make `path` theirs, with this mode."""
        path.chmod(mode)
        if self.other:
            os.chown(path, self.uid, self.gid)


def owner_for(home: Path) -> Owner:
    """Who owns the cluster in `home`: whoever made it, else this user, else (as root) `postgres` or `nobody`.

    Raises NotOwner when it is somebody else's and we are not root.
    """
    if home.exists():
        made_by = pwd.getpwuid(home.stat().st_uid)
        if made_by.pw_uid == os.geteuid() or os.geteuid() == 0:
            return _owner(made_by) if made_by.pw_uid else _unprivileged()
        raise NotOwner(folder=str(home), owner=made_by.pw_name)
    return _unprivileged()


def _unprivileged() -> Owner:
    if os.geteuid() != 0:
        return _owner(pwd.getpwuid(os.geteuid()))
    for name in ("postgres", "nobody"):
        try:
            return _owner(pwd.getpwnam(name))
        except KeyError:
            continue
    raise ClusterFailed(step="user", reason="neither a user postgres nor a user nobody")


def _owner(user: pwd.struct_passwd) -> Owner:
    return Owner(name=user.pw_name, uid=user.pw_uid, gid=user.pw_gid, other=user.pw_uid != os.geteuid())


def _environment() -> dict[str, str]:
    """Ours without what would change a PostgreSQL program (PGDATA, PGPORT, PGPASSWORD ...)."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PG") and k not in {"HOME", "LANGUAGE"}}
    return kept | {"LC_ALL": "C.UTF-8", "HOME": "/"}

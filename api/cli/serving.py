"""`gridward serve` and `gridward work`: one part of the product each, in the foreground."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from api.cli.console import settings, told
from api.machine import cluster, processes, secret
from api.settings import Settings


@told
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that answer")] = None,
) -> None:
    """Answer HTTP: pages, API, event stream."""
    chosen = settings(host=host, port=port, workers=workers)
    processes.demand_port(chosen.host, chosen.port)
    os.environ.update(environment(chosen))
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *gunicorn(chosen)])  # noqa: S606 - our own interpreter


@told
def work() -> None:
    """Plan in the background: assigns open incidents whenever something changes."""
    from api.work import run

    chosen = settings()
    os.environ.update(environment(chosen))
    run(resolved(chosen))


def gunicorn(chosen: Settings) -> list[str]:
    """gunicorn's own words for these settings."""
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    return [
        "api.app:create_app()",
        f"--bind={host}:{chosen.port}",
        f"--workers={chosen.workers}",
        "--worker-class=api.machine.http_worker.Worker",
        "--worker-tmp-dir=/dev/shm" if os.path.isdir("/dev/shm") else "--worker-tmp-dir=/tmp",  # noqa: S108 - a heartbeat file, opened and unlinked
        "--graceful-timeout=5",
        "--timeout=60",
        "--log-level=warning",
        "--no-control-socket",
    ]


def resolved(chosen: Settings) -> Settings:
    """The settings with database and secret filled in. Raises ClusterFailed where there is no database."""
    return chosen.model_copy(update={"database_url": cluster.address(chosen), "secret": secret.keep(chosen)})


def environment(chosen: Settings) -> dict[str, str]:
    """The same settings for another process, through its environment: others can read its command line."""
    full = resolved(chosen)
    return {
        "GRIDWARD_DATABASE_URL": full.database_url,
        "GRIDWARD_SECRET": full.secret.get_secret_value(),
        "GRIDWARD_FOLDER": str(full.folder),
        "GRIDWARD_WEB": str(full.web),
        "GRIDWARD_HOST": full.host,
        "GRIDWARD_PORT": str(full.port),
        "GRIDWARD_DEMO": "true" if full.demo else "false",
    }

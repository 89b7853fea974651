"""The process that answers HTTP: a gunicorn worker with uvicorn inside.

gunicorn rather than `uvicorn --workers`: its parent restarts a worker that dies or hangs, and an earlier uvicorn left
Nagle's algorithm on in its workers, which added 40 ms to every reply.
"""

from __future__ import annotations

from typing import Any, ClassVar

from uvicorn_worker import UvicornWorker


class Worker(UvicornWorker):  # type: ignore[misc]  # uvicorn_worker ships no types
    """Ends open event streams after two seconds when it is asked to stop: they never end by themselves."""

    CONFIG_KWARGS: ClassVar[dict[str, Any]] = {
        "loop": "uvloop",
        "http": "httptools",
        "timeout_graceful_shutdown": 2,
        "server_header": False,
        "proxy_headers": True,
    }

"""A real server in a thread, and a client of it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from fastapi import FastAPI


@contextmanager
def serving(app: FastAPI, *, grace: int = 5) -> Iterator[httpx.Client]:
    """Serve `app` on a free port of this machine until the block ends; the client does not follow redirects."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(128)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=grace))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 15
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert server.started, "the server did not start"
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{door.getsockname()[1]}", timeout=30) as client:
                yield client
        finally:
            if hasattr(app.state, "stream"):
                app.state.stream.close()  # a signal does this where there is a process to signal
            server.should_exit = True
            thread.join(grace + 10)
            assert not thread.is_alive(), "the server did not stop"

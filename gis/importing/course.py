"""How far an import is, how long its steps took, how much memory it needed."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

type Progress = Callable[[str, float], None]


@dataclass
class Course:
    """Tells `progress` where an import stands and keeps the seconds of each step."""

    progress: Progress
    began: float = field(default_factory=time.monotonic)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[Progress]:
        """One named step. What it reports under names of its own is passed on."""
        since = time.monotonic()
        self.progress(name, 0.0)
        yield lambda inner, share: self.progress(f"{name}.{inner.removeprefix(f'{name}.')}", min(max(share, 0.0), 1.0))
        self.seconds[name] = round(time.monotonic() - since, 2)
        self.progress(name, 1.0)

    @property
    def total(self) -> float:
        return round(time.monotonic() - self.began, 2)


def peak_mb() -> float:
    """The most memory that this process has held, in MB. Programs that it started are not in it."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)

"""Time that may be spent: by the clock on the wall, or by what the processor has worked for this process."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


def _now(cpu: bool) -> float:
    return time.process_time() if cpu else time.monotonic()


@dataclass(frozen=True, kw_only=True)
class Budget:
    """So many seconds from now on, of the wall or of the processor."""

    seconds: float
    cpu: bool = False
    started: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "started", _now(self.cpu))

    @property
    def spent(self) -> float:
        """Seconds since the beginning."""
        return _now(self.cpu) - self.started

    @property
    def left(self) -> float:
        """Seconds until the end; negative when it is over."""
        return self.seconds - self.spent

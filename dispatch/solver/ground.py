"""A problem laid out, with the time by which everybody has to be through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from dispatch.solver.layout import FORCED_WAY, Layout, qualified
from dispatch.solver.problem import Stop
from dispatch.solver.timing import schedule, walk

__all__ = ["FORCED_WAY", "Ground", "qualified"]


@dataclass(frozen=True, eq=False)
class Ground(Layout):
    """What every way of solving stands on."""

    @cached_property
    def limits(self) -> tuple[int, ...]:
        """For every person when the last work is over: the last window with overtime, or later where locked work needs
        it when it is done without any other."""
        return tuple(max(shift, end) for shift, (end, _) in zip(self.shifts, self._alone, strict=True))

    @cached_property
    def home(self) -> tuple[int, ...]:
        """For every person when they have to be back where the route ends: as `limits`, with the way home."""
        return tuple(max(shift, back) for shift, (_, back) in zip(self.shifts, self._alone, strict=True))

    @cached_property
    def shifts(self) -> tuple[int, ...]:
        """For every person the end of the last window and the overtime that is allowed; 0 without windows."""
        return tuple(p.windows[-1][1] + p.overtime if p.windows else 0 for p in self.problem.people)

    @cached_property
    def _alone(self) -> tuple[tuple[int, int], ...]:
        """When locked work alone is done, and when the person would be back."""
        timed = schedule(self, self.locked) or [walk(self, who, mine) or [] for who, mine in enumerate(self.locked)]
        return tuple(self._ends(who, stops) for who, stops in enumerate(timed))

    def _ends(self, who: int, stops: Sequence[Stop]) -> tuple[int, int]:
        if not stops:
            return 0, 0
        end = stops[-1].end
        return end, end + self.way_home(who, self.people + stops[-1].task, end)

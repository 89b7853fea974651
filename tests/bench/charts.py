"""Bars as SVG, on a ground of their own, so that they read on a dark page and on a light one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDE, LABEL, END, BAR, GAP, TOP = 760, 250, 90, 18, 12, 58

STYLE = """
  .ground { fill: #fbfaf7; stroke: #d9d5cc } .ink { fill: #22211f } .soft { fill: #6b675f } .line { stroke: #d9d5cc }
  .other { fill: #9aa3ad } .ours { fill: #c2571a } .span { stroke: #22211f; stroke-width: 1.5 }
  text { font: 13px system-ui, sans-serif } .title { font-weight: 600; font-size: 15px } .small { font-size: 11px }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #1d1e20; stroke: #3a3b3e } .ink { fill: #efece6 } .soft { fill: #a5a19a } .line { stroke: #3a3b3e }
    .other { fill: #6d7781 } .ours { fill: #e8793a } .span { stroke: #efece6 }
  }
"""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A value with the span from the best to the worst; `ours` in the other colour."""

    label: str
    value: float
    low: float
    high: float
    ours: bool = False


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Horizontal bars; `log` for costs that differ by more than a factor of ten."""

    title: str
    note: str
    bars: Sequence[Bar]
    log: bool = False
    percent: bool = False

    def svg(self) -> str:
        high = TOP + len(self.bars) * (BAR + GAP) + 26
        parts = [self._ticks(high), *(self._bar(n, bar) for n, bar in enumerate(self.bars))]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" role="img">\n'
            f"<title>{escape(self.title)}</title>\n<style>{STYLE}</style>\n"
            f'<rect class="ground" x=".5" y=".5" width="{WIDE - 1}" height="{high - 1}" rx="8"/>\n'
            f'<text class="ink title" x="16" y="25">{escape(self.title)}</text>\n'
            f'<text class="soft small" x="16" y="43">{escape(self.note)}</text>\n' + "\n".join(parts) + "\n</svg>\n"
        )

    def _bar(self, n: int, bar: Bar) -> str:
        y = TOP + n * (BAR + GAP)
        middle, end = y + BAR / 2, self._x(bar.value)
        kind = "ours" if bar.ours else "other"
        return (
            f'<text class="ink" x="{LABEL - 8}" y="{middle + 4.5:.1f}" text-anchor="end">{escape(bar.label)}</text>'
            f'<rect class="{kind}" x="{LABEL}" y="{y}" width="{max(1.0, end - LABEL):.1f}" height="{BAR}" rx="2"/>'
            f'<path class="span" d="M{self._x(bar.low):.1f} {middle}H{self._x(bar.high):.1f}"/>'
            f'<text class="ink" x="{max(end, self._x(bar.high)) + 6:.1f}" y="{middle + 4.5:.1f}">'
            f"{self._words(bar.value)}</text>"
        )

    def _ticks(self, high: int) -> str:
        lines = []
        for value in self._marks():
            x = self._x(value)
            lines.append(f'<path class="line" d="M{x:.1f} {TOP - 6}V{high - 20}"/>')
            words = self._words(value)
            lines.append(f'<text class="soft small" x="{x:.1f}" y="{high - 7}" text-anchor="middle">{words}</text>')
        return "\n".join(lines)

    def _marks(self) -> list[float]:
        low, high = self._range()
        if self.log:
            steps = [10.0**power * k for power in range(-1, 8) for k in (1, 2, 5)]
            return [step for step in steps if low <= step <= high]
        return [high * k / 4 for k in range(5)]

    def _range(self) -> tuple[float, float]:
        if self.percent:
            return 0.0, 100.0
        top = max(max(bar.high for bar in self.bars), 1e-9)
        return (min(bar.low for bar in self.bars) / 1.6, top) if self.log else (0.0, top)

    def _x(self, value: float) -> float:
        low, high = self._range()
        scale = math.log if self.log else float
        share = (scale(max(value, low)) - scale(low)) / (scale(high) - scale(low))
        return LABEL + share * (WIDE - LABEL - END)

    def _words(self, value: float) -> str:
        return f"{value:.0f} %" if self.percent else f"{value:,.0f}"

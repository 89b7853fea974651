"""The words beside the map: question, three figures, legend, worst cells."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np

from gis.reach.model import Band, CellReach, Coverage
from gis.reach.words import words
from gis.store.reach import Backdrop

WORST = 25  #: rows of the table


def panel(
    coverage: Coverage,
    backdrop: Backdrop,
    colours: Mapping[Band, str],
    *,
    kind: str,
    language: str,
    title: str | None,
) -> tuple[str, str]:
    """The title, and the panel as HTML with every name escaped."""
    say = words(language)
    minutes = f"{coverage.question.seconds / 60:g}"
    head = title or say["title"].format(minutes=minutes, mode=say[coverage.question.mode.value])
    place = backdrop.names.get(language) or backdrop.name
    asked = say["from"].format(kind=kind, count=len(coverage.question.sources), place=place)
    made = say["made"].format(at=f"{coverage.at:%Y-%m-%d %H:%M}")
    parts = [
        f"<h1>{escape(head)}</h1><p>{escape(asked)}</p>",
        *(f'<p class="warning">{escape(text)}</p>' for text in _warnings(coverage, say)),
        _figures(coverage, say),
        _legend(coverage, colours, say),
        _worst(coverage, say),
        f"<p>{escape(_circle(coverage, say))}</p>",
        f"<small>{escape(made)} {escape(backdrop.attribution)}</small>",
    ]
    return head, f'<aside id="coverage">{"".join(parts)}</aside>'


def _warnings(coverage: Coverage, say: Mapping[str, str]) -> list[str]:
    found = []
    if coverage.estimated:
        found.append(say["estimated"])
    if not coverage.question.sources:
        found.append(say["no_sources"])
    elif coverage.stranded:
        found.append(say["stranded"].format(labels=", ".join(coverage.stranded)))
    return found


def _figures(coverage: Coverage, say: Mapping[str, str]) -> str:
    t = coverage.totals
    half = say["half"] if t.people > 0 else say["half_buildings"]
    rest = say["nine_tenths"].format(time=_minutes(t.p90, say))
    figures = (
        (_share(t.people_reached, t.people), say["people_reached"], say["of"].format(all=f"{t.people:,.0f}")),
        (_share(t.reached, t.buildings), say["buildings_reached"], say["of"].format(all=f"{t.buildings:,}")),
        (_minutes(t.p50, say), half, rest),
    )
    cells = (f"<div><b>{escape(a)}</b>{escape(b)}<br>{escape(c)}</div>" for a, b, c in figures)
    return f'<div class="figures">{"".join(cells)}</div>'


def _legend(coverage: Coverage, colours: Mapping[Band, str], say: Mapping[str, str]) -> str:
    limit = coverage.question.seconds / 60
    count = np.bincount(coverage.bands, minlength=len(Band)).tolist()
    edges = [f"{limit * share:.3g}" for share in (0.0, 1 / 3, 2 / 3, 1.0)]
    rows = []
    for band in Band:
        if band is Band.FIRST:
            name = say["band0"].format(a=edges[1])
        elif band is Band.LATE:
            name = say["band3"].format(a=edges[3])
        else:
            name = say[f"band{int(band)}"].format(a=edges[min(int(band), 3)], b=edges[min(int(band) + 1, 3)])
        form = {Band.LATE: ' class="hollow"', Band.NO_WAY: ' class="hollow dashed"'}.get(band, "")
        colour = f"background:{colours[band]};border-color:{colours[band] if form else '#333'}"
        rows.append(f'<li><i{form} style="{colour}"></i>{escape(name)}<span>{count[band]:,}</span></li>')
    rows.append(
        f'<li><i style="background:#c81e3a;border-color:#fff"></i>{escape(say["source"])}'
        f"<span>{len(coverage.question.sources):,}</span></li>"
    )
    return f"<h2>{escape(say['legend'])}</h2><ul>{''.join(rows)}</ul>"


def _worst(coverage: Coverage, say: Mapping[str, str]) -> str:
    worst = [cell for cell in coverage.cells if not cell.reached][:WORST]
    title = f"<h2>{escape(say['worst'])}</h2>"
    if not worst:
        return f"{title}<p>{escape(say['none_missed'])}</p>"
    names = (("cell", ""), ("missed", "n"), ("people", "n"), ("p50", "n"), ("nearest", ""))
    head = "".join(f'<th class="{css}">{escape(say[name])}</th>' for name, css in names)
    return f"{title}<table><tr>{head}</tr>{''.join(_row(cell) for cell in worst)}</table>"


def _row(cell: CellReach) -> str:
    time = "–" if cell.p50 is None else f"{cell.p50 / 60:.1f}"
    numbers = (f"{cell.missed_people:,.0f}", f"{cell.people:,.0f}", time)
    middle = "".join(f'<td class="n">{number}</td>' for number in numbers)
    return f"<tr><td>{escape(cell.code)}</td>{middle}<td>{escape(cell.nearest or '–')}</td></tr>"


def _circle(coverage: Coverage, say: Mapping[str, str]) -> str:
    c = coverage.circle
    numbers = {"claimed": f"{c.buildings:,}", "wrong": f"{c.only_circle:,}", "more": f"{c.only_road:,}"}
    return say["circle"].format(metres=f"{c.metres:,.0f}", **numbers)


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f} %" if whole > 0 else "–"


def _minutes(seconds: float | None, say: Mapping[str, str]) -> str:
    return say["never"] if seconds is None else say["min"].format(n=f"{seconds / 60:.1f}")

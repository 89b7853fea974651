"""Everything about the dispatch engine in one command: `python -m tests.bench.engine`, or `make bench`.

Short, a few minutes: some seeds of everything, written to `.gridward/bench/engine.md`. With `--full`, hours: all of it,
written to `docs/engine.md` with charts in `docs/pictures`. Figures are kept, so it may be stopped and go on;
`--kept` measures nothing and writes what is there.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from tests.bench import dispatch
from tests.bench.cells import FOLDER, ROOT, Cells
from tests.bench.sections import Part, parts

PACKAGES = ("numba", "numpy", "ortools", "pyvroom", "pyvrp", "osrm-bindings")
HEAD = """\
# The dispatch engine, measured

Made by `python -m tests.bench.engine --full`; `make bench` does some minutes of it. It needs the instances,
extracts and call records that lie beside the repository, not in it.

"""


def page(sections: Iterable[Part], pictures: str) -> str:
    """The whole page in Markdown."""
    return f"{HEAD}{machine()}\n" + "".join(
        f"\n## {part.title}\n\n{_shown(part, pictures)}{part.text}\n" for part in sections
    )


def _shown(part: Part, pictures: str) -> str:
    return "".join(f"![{chart.title}]({pictures}/{name})\n\n" for name, chart in part.charts.items())


def machine() -> str:
    """Date, processor and versions, without the machine's name."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = os.getloadavg()[1]
    return (
        f"{time.strftime('%Y-%m-%d', time.gmtime())}, {os.cpu_count()} cores ({_processor()}), shared with other work: "
        f"load {load:.0f} when this was written. Python {platform.python_version()}, {versions}."
    )


def _processor() -> str:
    try:
        found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found.group(1).strip() if found else platform.machine()


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--full", action="store_true", help="everything, into docs/")
    p.add_argument("--kept", action="store_true", help="measure nothing, write what is there")
    p.add_argument("--parts", nargs="+", help="dispatch roads day vrptw latency")
    a = p.parse_args()
    there = parts()
    for name in a.parts or ():
        if name not in there:
            raise SystemExit(f"{name}: not here, or its data is not beside the repository")
    cells = Cells(closed=a.kept)
    sections = [part(cells, a.full) for name, part in there.items() if a.parts is None or name in a.parts]
    target = ROOT / "docs" / "engine.md" if a.full else FOLDER / "engine.md"
    write([part for part in sections if part.text], target)
    dispatch.say(f"{target}")


def write(sections: list[Part], target: Path) -> None:
    """The page and its pictures beside it."""
    pictures = target.parent / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for part in sections:
        for name, chart in part.charts.items():
            (pictures / name).write_text(chart.svg(), encoding="utf-8")
    target.write_text(page(sections, "pictures"), encoding="utf-8")


if __name__ == "__main__":
    main()

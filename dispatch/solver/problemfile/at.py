"""One value of the file, and where it stands."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

from dispatch.solver.problem import FOREVER

DEAREST = 10**6  #: minutes: beyond, sums would not stay exact
SHOWN = 60  #: characters of a value that are shown in an error
ALWAYS = ("about", "name")  #: keys that anything may have; they are not read


class BadProblem(Exception):
    """The file is no problem. `code` names the sentence, `params` fill it: path, value and what was expected."""

    def __init__(self, code: str, /, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(f"{code} {params}")


@dataclass(frozen=True)
class At:
    """`value` at `path`, as in `$.incidents[3].due`."""

    value: object
    path: str = "$"

    def fail(self, code: str, **params: object) -> NoReturn:
        raise BadProblem(code, **({"path": self.path, "value": shown(self.value)} | params))

    def keys(self, known: Mapping[str, object]) -> dict[str, At]:
        """An object with none but known keys; each with its own path. null is as good as left out."""
        if not isinstance(self.value, dict):
            self.fail("not_object")
        for key in self.value:
            if key not in known and key not in ALWAYS and not (self.path == "$" and key == "$schema"):
                near = get_close_matches(str(key), known, n=1)
                self.fail("unknown_key", key=key, known=near[0] if near else ", ".join(sorted(known)))
        return {k: At(v, f"{self.path}.{k}") for k, v in self.value.items() if v is not None}

    def pairs(self) -> Iterator[tuple[str, At]]:
        """The entries of an object whose keys are names."""
        if not isinstance(self.value, dict):
            self.fail("not_object")
        for key, value in self.value.items():
            yield key, At(value, f"{self.path}.{key}")

    def items(self, length: int | None = None) -> list[At]:
        """A list, of this length where one is asked for."""
        if not isinstance(self.value, list):
            self.fail("not_list")
        if length is not None and len(self.value) != length:
            self.fail("wrong_length", expected=length, found=len(self.value))
        return [At(v, f"{self.path}[{k}]") for k, v in enumerate(self.value)]

    def whole(self, least: int = -FOREVER, most: int = FOREVER) -> int:
        """A whole number, bounds included."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float) or self.value != int(self._finite()):
            self.fail("not_whole")
        return int(self._between(least, most))

    def minutes(self) -> int:
        """A cost in minutes, in the seconds that the solver counts in."""
        return round(60 * self.number(0, DEAREST))

    def number(self, least: float, most: float) -> float:
        """Any number, bounds included."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self.fail("not_number")
        return self._between(least, most)

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.fail("not_flag")
        return self.value

    def index(self, count: int) -> int:
        """The number of something of which there are `count`."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not 0 <= self.value < count:
            self.fail("not_there", count=count, last=count - 1)
        return self.value

    def _finite(self) -> float:
        if not isinstance(self.value, int | float) or not math.isfinite(self.value):
            self.fail("not_number")
        return self.value

    def _between(self, least: float, most: float) -> float:
        value = self._finite()
        if not least <= value <= most:
            self.fail("out_of_bounds", least=least, most=most)
        return value


def shown(value: object) -> str:
    """A value as it stands in the file, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"

"""How many mistakes a name may have, and what is deducted for them."""

from __future__ import annotations

import pytest

from gis.geocode import judging, reading
from gis.model import Found
from gis.store.register import Name

pytestmark = pytest.mark.pure

LONG = Name(key="kramerstrasse", name="Krämerstraße", street="kramerstrasse", facility=None)


SLIPS = [("kremerstrasse", 1), ("krmaerstrasse", 1), ("kramerstraess", 1), ("krimmalstrasse", 3), ("kramerstrasse", 0)]


@pytest.mark.parametrize(("typed", "wrong"), SLIPS)
def test_a_slip_counts_once(typed: str, wrong: int) -> None:
    assert judging.mistakes(typed, LONG.key, 4) == wrong


def test_what_every_street_ends_in_buys_no_mistakes() -> None:
    assert judging.mistakes_allowed("hofstrasse") < judging.mistakes_allowed("korkeavuori")
    assert judging.mistakes_allowed("rot") == 0


def test_more_talk_makes_less_sure() -> None:
    def sure(text: str) -> float:
        read = reading.read(text)
        match = judging.exact([LONG], read)[0]
        return match.likeness - judging.TALK * (1 - 13 / read.letters)

    assert sure("Krämerstraße") > sure("bei der Krämerstraße") > sure("ich bin hier bei der Krämerstraße irgendwo")


def test_a_name_that_is_too_different_is_no_match() -> None:
    windows = reading.read("Eartsrquellstrasse 25").beside_numbers()
    assert judging.alike([LONG], windows) == []
    assert judging.alike([LONG], reading.read("Kremerstrasse 25").beside_numbers())[0].found is Found.TYPO

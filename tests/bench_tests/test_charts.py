"""Charts are well-formed pictures that bring their own ground."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.bench.charts import Bar, Chart

pytestmark = pytest.mark.pure

SVG = "{http://www.w3.org/2000/svg}"


def bars(*values: float) -> list[Bar]:
    return [Bar(label=f"<{value:g}>", value=value, low=value / 2, high=value * 2, ours=value > 5) for value in values]


@pytest.mark.parametrize("log", [False, True])
def test_a_longer_bar_is_a_greater_value(log: bool) -> None:
    picture = ElementTree.fromstring(Chart(title="a & b", note="c < d", bars=bars(1, 10, 100), log=log).svg())
    ground, *rest = picture.findall(f"{SVG}rect")
    assert ground.get("class") == "ground"
    widths = [float(str(rect.get("width"))) for rect in rest]
    assert widths == sorted(widths)
    assert widths[0] < widths[1] < widths[2]


def test_shares_fill_a_scale_of_a_hundred() -> None:
    chart = Chart(title="t", note="n", bars=[Bar(label="x", value=50, low=40, high=60)], percent=True)
    full = Chart(title="t", note="n", bars=[Bar(label="x", value=100, low=100, high=100)], percent=True)
    width = [float(str(ElementTree.fromstring(c.svg()).findall(f"{SVG}rect")[1].get("width"))) for c in (chart, full)]
    assert width[0] == pytest.approx(width[1] / 2, abs=0.1)

"""What is published is what may be: nothing about people, and nothing else for those who read it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from gis.database import begin
from gis.errors import BadQuestion
from gis.layers import cql
from gis.layers.catalogue import layers
from gis.store import published

#: Columns of tables in which people occur, that may stand behind a published view.
OF_CASES = {"cell", "reported_at", "district"}
PRIVATE = {
    *("people", "people_known", "households", "contact", "reason", "note", "description", "title", "place", "floor"),
    *("room", "owner", "created_by", "label", "tracking_sha256"),
}
OURS = {
    *("area", "cell", "grid_version", "building", "address", "street", "road", "facility", "component", "camera"),
    *("sensor", "closure", "basemap_water", "basemap_land", "district", "source"),
}


def test_no_published_view_reads_a_column_about_people(database: Engine) -> None:
    with begin(database) as tx:
        used = tx.execute(
            text("SELECT view_name, table_name, column_name FROM information_schema.view_column_usage "
                 "WHERE view_schema = 'published'")
        ).all()  # fmt: skip
    assert {table for _, table, _ in used} == OURS | {"incident"}
    assert {column for _, table, column in used if table == "incident"} == OF_CASES
    assert {column for _, _, column in used} & PRIVATE == set()
    assert ("addresses", "address", "unit") not in used


def test_every_view_says_where_it_comes_from_and_since_when(database: Engine) -> None:
    with begin(database) as tx:
        known = layers(tx)
        switched = published.switches(tx)
    assert {one.id for one in known} == set(switched)
    assert [one.id for one in known if not one.published] == ["cameras", "sensors"]
    for one in known:
        assert {"district", "source", "licence", "accuracy_m", "valid_from"} <= set(one.view.fields), one.id
        assert set(one.names) == set(one.descriptions) == {"en", "zh-Hans", "zh-Hant"}


def test_whoever_reads_what_is_published_reads_nothing_else(database: Engine) -> None:
    with begin(database) as tx:
        published.reading(tx)
        assert tx.scalar(text("SELECT count(*) FROM published.cells")) == 0
        with pytest.raises(DBAPIError, match="permission denied"), tx.begin_nested():
            tx.execute(text("SELECT * FROM incident"))
        with pytest.raises(DBAPIError, match=r"permission denied|read-only"), tx.begin_nested():
            tx.execute(text("DELETE FROM layer"))


def test_a_month_of_a_cell_with_fewer_than_five_cases_is_not_told(database: Engine) -> None:
    with begin(database) as tx:
        source = tx.scalar(text("SELECT pg_get_viewdef('published.cell_counts'::regclass)"))
    assert "HAVING (count(*) >= 5)" in source


@pytest.mark.pure
@settings(max_examples=300)
@given(some.text(alphabet="ab'\"=<>(),.0123 ANDORNTIlike%_", max_size=60))
def test_any_text_is_a_filter_or_a_bad_question(said: str) -> None:
    try:
        found = cql.read_text(said)
    except BadQuestion:
        return
    assert "op" in found


@pytest.mark.pure
def test_and_binds_closer_than_or_and_not_closest() -> None:
    found = cql.read_text("a = 1 OR NOT b = 2 AND c")
    assert found["op"] == "or"
    assert [one["op"] for one in found["args"]] == ["=", "and"]
    assert [one["op"] for one in found["args"][1]["args"]] == ["not", "="]


@pytest.mark.pure
@pytest.mark.parametrize("deep", ["(" * 30_000, "(" * 200 + "a=1" + ")" * 200, "NOT " * 500 + "a=1", "CASEI(" * 300])
def test_what_is_too_deep_is_refused_at_once(deep: str) -> None:
    with pytest.raises(BadQuestion):
        cql.read_text(deep)

"""What people know by name and kilometre posts, of an extract and in the tables."""

from __future__ import annotations

import pytest
from shapely.geometry import MultiPolygon, Point, box
from sqlalchemy import Engine, text

from gis.database import begin
from gis.osm import landmarks as read_landmarks
from gis.osm.model import Extract, Tags, Thing
from gis.store import landmarks
from tests.gis.lettering import pour

CLIP = MultiPolygon([box(10, 50, 11, 51)])


def _extract(*tags: Tags) -> Extract:
    nodes = tuple(Thing("node", at, given, Point(10.5, 50.5)) for at, given in enumerate(tags))
    return Extract(box=None, nodes=nodes, lines=(), areas=(), boundaries=(), rejected=())


@pytest.mark.pure
def test_what_has_a_name_is_a_landmark_unless_it_is_stored_elsewhere() -> None:
    extract = _extract(
        {"amenity": "bench", "name": "Kum Hoch"},
        {"amenity": "school", "name": "Schule"},  # a facility
        {"shop": "bakery", "name": "Ritter"},  # drawn
        {"building": "yes", "name": "Haus"},
        {"amenity": "bench"},
        {"highway": "stop_position", "name": "Halt"},
        {"boundary": "administrative", "name": "Grenze", "place": "x"},
    )
    assert [(mark.kind, mark.name) for mark in read_landmarks.landmarks(extract, CLIP)] == [("bench", "Kum Hoch")]
    assert read_landmarks.landmarks(extract, MultiPolygon([box(0, 0, 1, 1)])) == ()


@pytest.mark.pure
@pytest.mark.parametrize(
    ("tags", "km"),
    [
        ({"highway": "milestone", "distance": "12.5", "ref": "B 14"}, 12.5),
        ({"highway": "milestone", "pk": "7,25 km"}, 7.25),
        ({"railway": "milestone", "railway:position": "18.2"}, 18.2),
        ({"railway": "milestone"}, None),
        ({"highway": "bus_stop", "distance": "3"}, None),
    ],
)
def test_a_post_shows_its_kilometre(tags: Tags, km: float | None) -> None:
    posts = read_landmarks.milestones(_extract(tags), CLIP)
    assert [post.km for post in posts] == ([] if km is None else [km])


def test_landmarks_are_replaced_and_forgotten_one_by_one(database: Engine) -> None:
    tags = (
        {"amenity": "bench", "name": "Eins"},
        {"amenity": "bench", "name": "Zwei"},
        {"highway": "milestone", "km": "4"},
    )
    extract = _extract(*tags)
    with begin(database) as tx:
        district = pour(tx)
        for _ in range(2):
            found = read_landmarks.landmarks(extract, CLIP), read_landmarks.milestones(extract, CLIP)
            landmarks.replace(tx, district, *found)
        landmarks.forget(tx, district, [("node", 0), ("way", 1)])
        assert tx.scalars(text("SELECT name FROM landmark")).all() == ["Zwei"]
        landmarks.forget(tx, district, [("node", 2)])
        assert tx.scalar(text("SELECT count(*) FROM milestone")) == 0

"""What people know by name and kilometre posts, of an extract."""

from __future__ import annotations

import pytest
from shapely.geometry import MultiPolygon, Point, box

from gis.osm import landmarks as read_landmarks
from gis.osm.model import Tags, Thing

CLIP = MultiPolygon([box(10, 50, 11, 51)])


def _nodes(*tags: Tags) -> list[Thing[Point]]:
    return [Thing("node", at, given, Point(10.5, 50.5)) for at, given in enumerate(tags)]


@pytest.mark.pure
def test_what_has_a_name_is_a_landmark_unless_it_is_stored_elsewhere() -> None:
    nodes = _nodes(
        {"amenity": "bench", "name": "Kum Hoch"},
        {"amenity": "school", "name": "Schule"},  # a facility
        {"shop": "bakery", "name": "Ritter"},  # drawn
        {"building": "yes", "name": "Haus"},
        {"amenity": "bench"},
        {"highway": "stop_position", "name": "Halt"},
        {"boundary": "administrative", "name": "Grenze", "place": "x"},
    )
    assert [(mark.kind, mark.name) for mark in read_landmarks.landmarks(nodes, CLIP)] == [("bench", "Kum Hoch")]
    assert read_landmarks.landmarks(nodes, MultiPolygon([box(0, 0, 1, 1)])) == ()


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
    posts = read_landmarks.milestones(_nodes(tags), CLIP)
    assert [post.km for post in posts] == ([] if km is None else [km])

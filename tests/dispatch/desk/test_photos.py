"""Photos are kept without what the camera wrote beside the picture."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from dispatch import desk
from dispatch.desk import photos
from dispatch.errors import Forbidden, NotAnImage, NotNow, TooLarge
from tests.dispatch.make import Town, new_key

GPS = 0x8825


def _photo(width: int = 64, height: int = 48, kind: str = "JPEG") -> bytes:
    """A photo lying on its side, taken at a place, by somebody."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned upright
    exif[0x013B] = "Lei"
    exif.get_ifd(GPS)[1] = "N"
    body = BytesIO()
    Image.new("RGB", (width, height), "red").save(body, kind, exif=exif)
    return body.getvalue()


@pytest.mark.pure
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_upright_and_says_neither_where_nor_who(kind: str) -> None:
    raw = _photo(kind=kind)
    assert b"Lei" in raw
    kept = photos.cleaned(raw)
    assert b"Lei" not in kept
    with Image.open(BytesIO(kept)) as picture:
        assert picture.size == (48, 64)
        assert not picture.getexif()
        assert picture.getpixel((5, 5))[0] > 200  # type: ignore[index]  # RGB


@pytest.mark.pure
def test_a_large_photo_is_made_smaller() -> None:
    with Image.open(BytesIO(photos.cleaned(_photo(4000, 100)))) as picture:
        assert max(picture.size) == photos.LONGEST_SIDE


@pytest.mark.pure
@pytest.mark.parametrize("body", [b"", b"<svg onload=alert(1)>", b"%PDF-1.4", _photo()[:200], b"\xff\xd8\xff"])
def test_what_is_no_picture_is_refused(body: bytes) -> None:
    with pytest.raises(NotAnImage):
        photos.cleaned(body)


@pytest.mark.pure
def test_too_many_bytes_or_pixels_are_refused() -> None:
    with pytest.raises(TooLarge):
        photos.cleaned(b"x" * (photos.MOST_BYTES + 1))
    body = BytesIO()
    Image.new("1", (10_000, 6_000)).save(body, "PNG")
    with pytest.raises(TooLarge):
        photos.cleaned(body.getvalue())


def test_a_photo_of_a_case_is_kept_once_per_key_and_shown_to_those_in_scope(town: Town) -> None:
    given = town.assigned(town.report(town.dispatcher), town.worker)
    say = {"who": town.worker, "incident": given.incident.id, "assignment": given.assignment.id, "body": _photo()}
    kept = desk.attach(town.desk, **say, key="k-1")
    assert desk.attach(town.desk, **say, key="k-1") == kept
    seen = desk.detail(town.desk, town.dispatcher, given.incident.id)
    assert seen.files == (kept,)
    assert desk.photo(town.desk, town.dispatcher, kept.id)[1].startswith(b"\xff\xd8")
    with pytest.raises(Forbidden):
        desk.photo(town.desk, town.other, kept.id)
    with pytest.raises(Forbidden):
        desk.attach(town.desk, **(say | {"who": town.other}), key=new_key())


def test_whoever_declined_a_case_sees_its_photos_no_more(town: Town) -> None:
    given = town.assigned(town.report(town.dispatcher), town.worker)
    kept = desk.attach(town.desk, who=town.dispatcher, incident=given.incident.id, body=_photo(), key=new_key())
    assert desk.photo(town.desk, town.worker, kept.id)[0] == kept
    desk.decline(
        town.desk, who=town.worker, assignment=given.assignment.id, version=None, reason="no ladder", key=new_key()
    )
    with pytest.raises(Forbidden):
        desk.photo(town.desk, town.worker, kept.id)


def test_a_case_that_is_over_takes_no_more_photos(town: Town) -> None:
    case = town.report(town.dispatcher)
    desk.reject(town.desk, who=town.dispatcher, incident=case.id, version=None, reason="double", key=new_key())
    with pytest.raises(NotNow):
        desk.attach(town.desk, who=town.dispatcher, incident=case.id, body=_photo(), key=new_key())

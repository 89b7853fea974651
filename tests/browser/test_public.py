"""Anybody reports without an account, and follows what becomes of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.api.town import Town
from tests.browser.screens import PHONE, SMALL_PHONE, Screens, photo, too_wide


def cases(town: Town) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = town["dispatcher"].get(town.path("desk")).json()["incidents"]
    return found


def fill(page: Page, words: str) -> None:
    page.get_by_label("Search, for instance").fill("manhole")
    page.locator(".kind").first.click()
    page.get_by_role("combobox", name="Address").fill("4 Baker Street")
    page.get_by_role("listbox", name="Address").get_by_role("option").first.click()
    page.get_by_label("What do you see?").fill(words)


def send(page: Page) -> None:
    page.get_by_role("button", name="Send the report").click()


def arrived(page: Page) -> None:
    expect(page.get_by_text("Thank you, your report has arrived.")).to_be_visible()


def test_a_report_with_a_photo_gets_a_number_and_a_page_to_follow(screens: Screens, tiny: Town) -> None:
    page = screens.open("/report", size=PHONE)
    fill(page, "Lid is loose, with a photo")
    page.get_by_label("Photo").set_input_files(photo())
    page.get_by_label("Telephone or e-mail").fill("+49 30 998877")
    send(page)
    arrived(page)
    case = next(one for one in cases(tiny) if one["description"] == "Lid is loose, with a photo")
    expect(page.locator(".lead")).to_contain_text(case["number"])
    expect(page.locator("[aria-current=step]")).to_contain_text("Received")
    assert "998877" not in page.content()
    found = tiny["dispatcher"].get(f"/api/incidents/{case['id']}").json()
    assert (len(found["files"]), found["contact"]) == (1, "+49 30 998877")
    page.goto(re.sub(r"\?.*", "", page.url))
    expect(page.get_by_text("Thank you, your report has arrived.")).to_have_count(0)
    expect(page.locator("[aria-current=step]")).to_be_visible()


def test_an_impatient_finger_and_a_lost_answer_make_one_report(screens: Screens, tiny: Town) -> None:
    page = screens.open("/report")
    fill(page, "Pressed again and again")
    tries: list[int] = []

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        tries.append(answer.status)
        if len(tries) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route("**/reports", lose_the_first)
    page.get_by_role("button", name="Send the report").dblclick()
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached. Nothing you typed is lost")
    send(page)
    arrived(page)
    assert tries == [201, 201]
    assert [one["description"] for one in cases(tiny)].count("Pressed again and again") == 1


def test_what_is_missing_is_said_in_words_where_it_is_missing(screens: Screens, tiny: Town) -> None:
    page = screens.open("/report")
    send(page)
    for words in ("Choose what it is.", "Type an address or tap the map.", "Say in a few words what you see."):
        expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    fill(page, "Complete now")
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ({"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}, "That file is no picture."),
        ({"name": "huge.jpg", "mimeType": "image/jpeg", "buffer": b"0" * (10 * 1024 * 1024 + 1)}, "larger than 10 MB"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_before_sending(
    screens: Screens, tiny: Town, file: dict[str, Any], words: str
) -> None:
    page = screens.open("/report")
    page.get_by_label("Photo").set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text(words)


def test_a_photo_that_is_none_does_not_cost_the_report(screens: Screens, tiny: Town) -> None:
    page = screens.open("/report")
    fill(page, "The picture is broken")
    page.get_by_label("Photo").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture"})
    send(page)
    expect(page.get_by_text("The report is stored, but the photo could not be kept.")).to_be_visible()
    assert "The picture is broken" in [one["description"] for one in cases(tiny)]


def test_a_pin_in_the_middle_of_the_map_needs_no_mouse(screens: Screens, tiny: Town) -> None:
    page = screens.open("/report")
    page.get_by_role("button", name="Put the pin in the middle").press("Enter")
    expect(page.get_by_text(re.compile("The pin is at .+ You can drag it."))).to_be_visible()
    assert page.get_by_role("combobox", name="Address").input_value() != ""


def test_my_position_outside_the_place_is_refused_in_words(screens: Screens, tiny: Town) -> None:
    page = screens.open("/report", geolocation={"longitude": 24.94, "latitude": 60.17}, permissions=["geolocation"])
    page.get_by_role("button", name="Where I am").click()
    expect(page.get_by_role("alert")).to_be_visible()


def test_markup_in_a_report_is_shown_as_it_was_written(screens: Screens, tiny: Town) -> None:
    page = screens.open("/report")
    fill(page, "<img src=x onerror=\"document.title='broken in'\">")
    send(page)
    arrived(page)
    desk = screens.open("/desk", who="dispatcher")
    desk.locator(".queue .row").first.wait_for()
    case = next(one for one in cases(tiny) if "onerror" in one["description"])
    desk.goto(f"/desk?incident={case['id']}")
    expect(desk.locator(".facts .said")).to_have_text(case["description"])
    assert desk.title() == "Gridward"


def test_an_address_that_belongs_to_no_report_says_so(screens: Screens, tiny: Town) -> None:
    page = screens.open("/report/this-is-not-a-token-of-any-report")
    expect(page.get_by_role("alert")).to_contain_text("No report has this address.")


@pytest.mark.parametrize(
    ("tag", "words"), [("en-GB", "Report something"), ("zh-CN", "我要上报"), ("zh-TW", "我要通報")]
)
def test_it_speaks_the_language_of_the_browser_and_fits_the_smallest_phone(
    screens: Screens, tiny: Town, tag: str, words: str
) -> None:
    page = screens.open("/report", size=SMALL_PHONE, locale=tag)
    expect(page.locator("h1")).to_contain_text(words)
    expect(page.locator(".kind").first).to_be_visible()
    assert not too_wide(page)

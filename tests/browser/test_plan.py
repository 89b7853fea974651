"""A planner asks who is reached in time, and follows every figure to the ground."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.api.town import Town
from tests.browser.screens import PHONE, Screens, too_wide

QUESTION = "/plan?kind=fire_station&mode=walk&minutes=4"


def answered(page: Page) -> None:
    expect(page.locator(".three strong").first).to_have_text(re.compile(r"\d"))


def test_the_three_figures_are_those_of_the_server(screens: Screens, tiny: Town) -> None:
    asked = {"kind": "fire_station", "mode": "walk", "minutes": 4}
    totals = tiny["planner"].get(tiny.path("coverage"), params=asked).json()["totals"]
    assert 0 < totals["people_reached"] < totals["people"]
    page = screens.open(QUESTION, who="planner")
    answered(page)
    shown = [int(text.replace(",", "")) for text in page.locator(".three strong").all_text_contents()[:2]]
    assert shown == [round(totals["people_reached"]), round(totals["people"] - totals["people_reached"])]


def test_a_figure_leads_to_its_cells_and_a_cell_to_the_map(screens: Screens, tiny: Town) -> None:
    page = screens.open(QUESTION, who="planner")
    answered(page)
    every = page.locator(".list .row").count()
    page.get_by_role("button", name="people not reached in time").click()
    expect(page.locator(".list h2")).to_contain_text("Cells with somebody missed")
    assert 0 < page.locator(".list .row").count() < every
    missed = page.locator(".list .row").count()
    row = page.locator(".list .row").first
    row.click()
    expect(row).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile(r"cell=\d+"))
    expect(page.locator(".leaflet-areas-pane path[stroke-width='3']")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".list .row")).to_have_count(missed)


def test_another_question_stands_in_the_address_and_goes_back(screens: Screens, tiny: Town) -> None:
    page = screens.open(QUESTION, who="planner")
    answered(page)
    page.get_by_label("within").fill("1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"minutes=1\b"))
    expect(page.locator(".legend")).to_contain_text("over 1 min")
    page.go_back()
    expect(page.locator(".legend")).to_contain_text("over 4 min")
    page.get_by_label("within").fill("500")
    expect(page.get_by_role("alert")).to_have_text("Between 0 and 120 minutes.")


def test_the_people_on_duty_are_a_question_too_and_by_keyboard_alone(screens: Screens, tiny: Town) -> None:
    page = screens.open(QUESTION, who="planner")
    answered(page)
    page.get_by_label("Who is reached from").focus()
    page.keyboard.press("Home")
    expect(page).to_have_url(re.compile("kind=on_duty"))
    page.get_by_role("radio", name="on foot").focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("mode=cycle"))
    answered(page)


def test_the_table_sorts_and_the_page_to_send_around_comes_down(screens: Screens, tiny: Town) -> None:
    page = screens.open(QUESTION, who="planner")
    answered(page)
    page.get_by_role("button", name="Table").click()
    head = page.get_by_role("columnheader", name="People", exact=True)
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    people = [float(text.replace(",", "")) for text in page.locator("tbody td:nth-child(2)").all_text_contents()]
    assert people == sorted(people, reverse=True)
    with page.expect_download() as loading:
        page.get_by_role("link", name="Download page").click()
    assert loading.value.suggested_filename.endswith("fire_station.html")


def test_a_question_without_starting_points_says_so(screens: Screens, tiny: Town) -> None:
    page = screens.open("/plan?kind=lighthouse", who="planner")
    expect(page.get_by_text("There is no starting point of this kind here")).to_be_visible()


def test_it_fits_a_phone(screens: Screens, tiny: Town) -> None:
    page = screens.open(QUESTION, who="planner", size=PHONE)
    answered(page)
    assert not too_wide(page)


def test_who_may_not_plan_is_told_so(screens: Screens, tiny: Town) -> None:
    page = screens.open(QUESTION, who="worker")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(".three")).to_have_count(0)

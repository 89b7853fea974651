"""The door: names and passwords, where one wanted to go, and the way out."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from dispatch import accounts
from tests.api.town import Town
from tests.browser.screens import Screens

PASSWORD = "correct horse battery"


def known(town: Town, login: str) -> None:
    """Somebody with a password, who is not signed in anywhere."""
    user = accounts.user_named(town.engine, login)
    assert user
    accounts.set_password(town.engine, user.id, PASSWORD)


def enter(page: Page, login: str, password: str) -> None:
    page.get_by_label("Name").fill(login)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_one_gets_where_one_wanted_to_go_and_out_again(screens: Screens, tiny: Town) -> None:
    known(tiny, "dispatcher")
    page = screens.open("/desk?place=1")
    expect(page).to_have_url(re.compile("/sign-in"))
    enter(page, "dispatcher", PASSWORD)
    expect(page).to_have_url(re.compile(r"/desk\?place=1"))
    expect(page.get_by_text("No open cases")).to_be_visible()
    page.get_by_role("button", name="Dispatcher ▾").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.goto("/desk")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_everybody_lands_on_their_own_page(screens: Screens, tiny: Town) -> None:
    for login, home in (("planner", "/plan"), ("worker", "/field"), ("supervisor", "/desk")):
        known(tiny, login)
        page = screens.open("/sign-in")
        enter(page, login, PASSWORD)
        expect(page).to_have_url(re.compile(f"{home}$"))


def test_a_wrong_password_is_said_and_the_name_stays(screens: Screens, tiny: Town) -> None:
    known(tiny, "colleague")
    page = screens.open("/sign-in")
    enter(page, "colleague", "wrong wrong wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.get_by_label("Name").input_value() == "colleague"
    assert page.get_by_label("Password").input_value() == ""


def test_an_address_of_another_site_is_never_followed(screens: Screens, tiny: Town) -> None:
    known(tiny, "administrator")
    page = screens.open("/sign-in?to=//example.org/desk")
    enter(page, "administrator", PASSWORD)
    expect(page).to_have_url(re.compile(rf"^{screens.base}/desk"))


def test_a_session_that_ended_elsewhere_is_told_and_leads_back(screens: Screens, tiny: Town) -> None:
    known(tiny, "south")
    page = screens.open("/sign-in")
    enter(page, "south", PASSWORD)
    expect(page.get_by_text("No open cases")).to_be_visible()
    known(tiny, "south")  # a new password ends every session
    page.get_by_role("button", name="Plan now").click()
    expect(page.get_by_text("Your session has ended.")).to_be_visible()

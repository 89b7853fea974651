"""A dispatcher's console in Chromium: by keyboard, through refusals and lost lines, in three languages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.api.town import MANHOLE, Town
from tests.browser.screens import Screens, photo, too_wide

BLOCKS = itertools.cycle([(10.0006, 50.0005), (10.0021, 50.0005), (10.0035, 50.0021), (10.0049, 50.0021)])


def report(town: Town, description: str) -> dict[str, Any]:
    """A case that somebody else wrote down."""
    lon, lat = next(BLOCKS)
    body = {"class_code": MANHOLE, "description": description, "point": {"lon": lon, "lat": lat}}
    found: dict[str, Any] = town["supervisor"].post(town.path("incidents"), body).json()
    return found


def open_cases(town: Town) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = town["dispatcher"].get(town.path("desk")).json()["incidents"]
    return [case for case in cases if case["stage"] in ("collected", "filed", "dispatched", "handling", "fed_back")]


def detail(town: Town, case: int) -> dict[str, Any]:
    found: dict[str, Any] = town["dispatcher"].get(f"/api/incidents/{case}").json()
    return found


def deed(town: Town, case: int, name: str, **body: Any) -> None:
    sent = {"version": detail(town, case)["incident"]["version"], **body}
    answer = town["supervisor"].post(f"/api/incidents/{case}/{name}", sent)
    assert answer.status_code == 200, answer.text


@pytest.fixture(autouse=True)
def _nothing_left(tiny: Town) -> Iterator[None]:
    """No test leaves an open case in the queue of the next."""
    yield
    for case in open_cases(tiny):
        if case["stage"] in ("dispatched", "handling"):
            deed(tiny, case["id"], "withdraw", reason="Tidied up")
        deed(tiny, case["id"], "reject", reason="Tidied up", criterion="duplicate")


def desk(screens: Screens, path: str = "/desk", *, who: str = "dispatcher", **more: Any) -> Page:
    page = screens.open(path, who=who, **more)
    expect(page.locator(".link.live")).to_be_visible()
    return page


def rows(page: Page) -> Locator:
    return page.locator(".queue .row")


def panel(page: Page) -> Locator:
    return page.locator(".right article")


def inked(page: Page) -> int:
    """How many pixels the signs of cases cover on the map."""
    script = """() => { const canvas = document.querySelector(".leaflet-signs-pane canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let n = 0; for (let i = 3; i < data.length; i += 4) if (data[i]) n++; return n; }"""
    return int(page.evaluate(script))


def until(page: Page, true: Callable[[], bool], seconds: float = 5) -> None:
    for _ in range(int(seconds * 20)):
        if true():
            return
        page.wait_for_timeout(50)
    assert true()


def test_a_call_is_written_down_by_keyboard_alone_and_stands_in_queue_and_map(screens: Screens, tiny: Town) -> None:
    page = desk(screens)
    expect(page.get_by_text("No open cases")).to_be_visible()
    assert inked(page) == 0
    page.keyboard.press("n")
    form = page.get_by_role("form", name="New case")
    expect(form.get_by_role("combobox", name="Address")).to_be_focused()
    page.keyboard.type("3 Mill Lane")
    expect(form.get_by_role("listbox").get_by_role("option").first).to_contain_text("3 Mill Lane")
    page.keyboard.press("Enter")
    expect(form.get_by_text("address found")).to_be_visible()
    for _ in range(2):  # over the button for a pin
        page.keyboard.press("Tab")
    expect(form.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("manhole")
    page.keyboard.press("Enter")
    expect(form.locator(".chosen")).to_contain_text("Manhole cover")
    page.keyboard.press("Control+Enter")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("3 Mill Lane")
    expect(panel(page)).to_contain_text("Nobody has it")
    until(page, lambda: inked(page) > 0)
    assert [case["place"] for case in open_cases(tiny)] == ["3 Mill Lane"]


def test_an_empty_form_says_what_is_missing_and_sends_nothing(screens: Screens, tiny: Town) -> None:
    page = desk(screens)
    page.keyboard.press("n")
    page.get_by_role("button", name="File the case").click()
    expect(page.get_by_role("form").get_by_role("alert")).to_have_count(2)
    assert open_cases(tiny) == []
    page.keyboard.press("Escape")  # the focus is on the button: nothing typed, nothing lost
    expect(page.get_by_role("form")).to_have_count(0)
    page.keyboard.press("n")
    page.get_by_label("What is said about it").fill("Half a call")
    page.get_by_role("button", name="File the case").click()
    page.keyboard.press("Escape")
    expect(page.get_by_label("What is said about it")).to_have_value("Half a call")
    page.get_by_role("form").get_by_role("button", name="Close").click()
    expect(page.get_by_role("form")).to_have_count(0)


def test_candidates_come_with_reasons_and_one_is_assigned(screens: Screens, tiny: Town) -> None:
    case = report(tiny, "Cover gone")
    page = desk(screens, f"/desk?incident={case['id']}")
    candidates = panel(page).get_by_role("region", name="Who could go")
    expect(candidates.locator("ol > li")).to_have_count(2)
    expect(candidates.locator("ol > li").first).to_contain_text(re.compile(r"\d+ m"))
    candidates.get_by_text(re.compile("Not fit: 1")).click()
    volunteer = candidates.locator("details li").filter(has_text="Volunteer")
    expect(volunteer.locator(".why")).to_contain_text("✕")
    candidates.get_by_role("button", name=re.compile("Assign.*: Worker")).click()
    expect(rows(page)).to_contain_text("Worker")
    expect(panel(page).get_by_role("region", name="What happened")).to_contain_text("Offered to Worker")
    assert detail(tiny, case["id"])["incident"]["stage"] == "dispatched"


def test_somebody_unfit_is_sent_only_with_a_reason(screens: Screens, tiny: Town) -> None:
    case = report(tiny, "Cover gone")
    page = desk(screens, f"/desk?incident={case['id']}")
    page.get_by_text(re.compile("Not fit: 1")).click()
    page.get_by_role("button", name="Assign anyway").click()
    dialog = page.get_by_role("dialog", name=re.compile("Assign anyway: Volunteer"))
    send = dialog.get_by_role("button", name="Assign", exact=True)
    expect(send).to_be_disabled()
    dialog.get_by_label("Reason").fill("Lives next door and only guards the hole")
    send.click()
    expect(rows(page)).to_contain_text("Volunteer")
    work = detail(tiny, case["id"])["assignments"]
    assert [one["responder"] for one in work if one["state"] == "offered"] == [tiny["volunteer"].responder]


def test_a_deed_that_came_too_late_is_explained_and_keeps_what_was_typed(screens: Screens, tiny: Town) -> None:
    case = report(tiny, "Cover gone")
    page = desk(screens, f"/desk?incident={case['id']}")
    panel(page).get_by_role("button", name="Reject", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("The caller rang again: all is well")
    held: list[Any] = []
    page.route("**/api/incidents/*/reject", lambda route: held.append(route))
    dialog.get_by_role("button", name="Reject", exact=True).click()
    until(page, lambda: bool(held))
    deed(tiny, case["id"], "reclassify", class_code="C0102", reason="It is a drain")
    held[0].continue_()
    page.unroute("**/api/incidents/*/reject")
    expect(dialog.get_by_role("alert")).to_contain_text("The case is now: waiting")
    expect(dialog.get_by_label("Reason")).to_have_value("The caller rang again: all is well")
    assert detail(tiny, case["id"])["incident"]["stage"] == "filed"
    dialog.get_by_role("button", name="Do it all the same").click()
    expect(dialog).to_have_count(0)
    expect(panel(page)).to_contain_text("The caller rang again: all is well")
    assert detail(tiny, case["id"])["incident"]["stage"] == "rejected"


def test_a_case_is_moved_by_a_pin_and_gets_its_new_cell(screens: Screens, tiny: Town) -> None:
    case = report(tiny, "Cover gone")
    page = desk(screens, f"/desk?incident={case['id']}")
    page.get_by_role("button", name="Move on the map").click()
    page.get_by_role("dialog").get_by_role("button", name="Pin").click()
    expect(page.locator(".ground-map")).to_be_focused()
    page.locator(".ground-map").click(position={"x": 60, "y": 300}, force=True)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"\d+\.\d{5}, \d+\.\d{5}"))
    dialog.get_by_role("button", name="Move on the map").click()
    expect(dialog).to_have_count(0)
    after = detail(tiny, case["id"])["incident"]
    assert (after["point"], after["found"]) != (case["point"], case["found"])


def test_picture_tiles_that_do_not_come_are_told_and_the_own_map_stays(screens: Screens, tiny: Town) -> None:
    source = {"name": "Pictures", "url": "/nowhere/{z}/{x}/{y}.png", "attribution": "© somebody"}
    page = screens.open("/sign-in", who="dispatcher")

    def offer(route: Route) -> None:
        route.fulfill(json=route.fetch().json() | {"raster": [source]})

    page.route("**/api/session", offer)
    page.route("**/nowhere/**", lambda route: route.fulfill(status=503))
    page.goto("/desk")
    page.get_by_role("button", name="Layers").click()
    page.get_by_role("radio", name="Pictures").check()
    expect(page.get_by_text("Pictures sends no pictures")).to_be_visible()
    expect(page.locator("canvas.leaflet-tile").first).to_be_attached()
    page.get_by_role("radio", name="Drawn here").check()
    expect(page.get_by_text("Pictures sends no pictures")).to_have_count(0)


def test_deadlines_count_down(screens: Screens, tiny: Town) -> None:
    report(tiny, "Cover gone")
    page = desk(screens)
    due = rows(page).locator(".due time").first
    expect(due).to_have_text(re.compile(r"^\d\d:\d\d$"))
    first = seconds(due)
    page.wait_for_timeout(2500)
    assert 2 <= first - seconds(due) <= 4


def seconds(shown: Locator) -> int:
    minutes, rest = shown.inner_text().split(":")
    return int(minutes) * 60 + int(rest)


def test_counts_filter_the_queue_and_say_so(screens: Screens, tiny: Town) -> None:
    report(tiny, "First")
    other = report(tiny, "Second")
    deed(tiny, other["id"], "assign", responder=tiny["worker"].responder)
    work = detail(tiny, other["id"])["assignments"][0]
    taken = tiny["worker"].post(f"/api/assignments/{work['id']}/accept", {"version": work["version"]})
    assert taken.status_code == 200
    page = desk(screens)
    counts = page.get_by_role("navigation", name="Filter the queue")
    expect(counts).to_contain_text(re.compile(r"Waiting\s*1\s*Under way\s*1\s*To verify\s*0\s*Late\s*0"))
    counts.get_by_role("button", name="Under way").click()
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("Worker")
    counts.get_by_role("button", name="To verify").click()
    expect(page.get_by_text("No case fits this filter")).to_be_visible()
    page.keyboard.press("Escape")
    expect(rows(page)).to_have_count(2)


def test_the_slash_searches_for_cases_people_and_places(screens: Screens, tiny: Town) -> None:
    case = report(tiny, "Cover gone")
    page = desk(screens)
    for text, address in (("Worker", r"responder=\d+"), (case["number"], rf"incident={case['id']}$")):
        page.locator(".queue h2").click()
        page.keyboard.press("/")
        page.keyboard.type(text)
        expect(page.get_by_role("option").first).to_contain_text(text)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(address))
        page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    page.keyboard.type("zzyzx nowhere")
    expect(page.get_by_text("Nothing found. Check the spelling")).to_be_visible()


@pytest.mark.parametrize(
    ("tag", "title", "stage"),
    [("zh-Hans", "未结案件", "待派遣"), ("zh-Hant", "未結案件", "待派遣"), ("en", "Open cases", "waiting")],
)
def test_another_language_changes_every_word(screens: Screens, tiny: Town, tag: str, title: str, stage: str) -> None:
    case = report(tiny, "Cover gone")
    page = desk(screens, f"/desk?incident={case['id']}")
    page.get_by_label("Language").select_option(tag)
    expect(page.locator(".queue h2")).to_contain_text(title)
    expect(panel(page).locator("header")).to_contain_text(stage)
    assert page.evaluate("document.documentElement.lang") == tag
    said = {"en": "Reported", "zh-Hans": "上报", "zh-Hant": "通報"}[tag]
    page.reload()
    expect(panel(page).locator(".timeline")).to_contain_text(said)
    page.get_by_label(re.compile("Language|语言|語言")).select_option("en")


def test_night_is_dark_and_stays_so(screens: Screens, tiny: Town) -> None:
    page = desk(screens, color_scheme="light")
    lightness = "getComputedStyle(document.querySelector('.bar')).backgroundColor"
    by_day = page.evaluate(lightness)
    page.get_by_role("button", name="Light or dark").click()
    by_night = page.evaluate(lightness)
    assert sum(map(int, re.findall(r"\d+", by_night))) < 150 < sum(map(int, re.findall(r"\d+", by_day)))
    page.reload()
    expect(page.locator("html.dark")).to_have_count(1)


def test_a_lost_connection_is_shown_and_what_was_missed_is_there_afterwards(screens: Screens, tiny: Town) -> None:
    page = desk(screens)
    page.context.set_offline(True)
    expect(page.get_by_text("Not connected: what you see may be old")).to_be_visible(timeout=20_000)
    report(tiny, "While nobody could see it")
    page.wait_for_timeout(500)
    expect(rows(page)).to_have_count(0)
    page.context.set_offline(False)
    expect(rows(page)).to_have_count(1, timeout=20_000)
    expect(page.locator(".link.live")).to_be_visible()
    expect(page.get_by_text("Not connected")).to_have_count(0)


def test_the_timeline_tells_every_step_and_a_photo_is_kept(screens: Screens, tiny: Town) -> None:
    case = report(tiny, "Cover gone")
    deed(tiny, case["id"], "note", reason="Behind the shop", note="Behind the shop")
    page = desk(screens, f"/desk?incident={case['id']}")
    happened = panel(page).get_by_role("region", name="What happened").locator("li")
    expect(happened).to_have_count(len(detail(tiny, case["id"])["timeline"]))
    expect(happened.first).to_contain_text("Behind the shop")
    page.locator("input[type=file]").set_input_files(photo())
    picture = panel(page).locator(".photos img")
    expect(picture).to_have_count(1)
    until(page, lambda: bool(picture.evaluate("img => img.naturalWidth > 0")))
    wrong: FilePayload = {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"these are words"}
    page.locator("input[type=file]").set_input_files(wrong)
    expect(panel(page).get_by_role("alert")).to_be_visible()
    expect(picture).to_have_count(1)


def test_a_case_that_does_not_exist_gets_words(screens: Screens, tiny: Town) -> None:
    page = desk(screens, "/desk?incident=999999")
    expect(panel(page).get_by_role("alert")).to_be_visible()
    panel(page).get_by_role("button", name="Close").click()
    expect(page).to_have_url(re.compile(r"/desk$"))


def test_who_may_not_see_the_desk_is_told_so(screens: Screens, tiny: Town) -> None:
    page = screens.open("/desk", who="resident")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(".queue")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 1440])
def test_nothing_is_wider_than_the_screen(screens: Screens, tiny: Town, width: int) -> None:
    case = report(tiny, "Cover gone")
    page = desk(screens, f"/desk?incident={case['id']}", size={"width": width, "height": 720})
    assert not too_wide(page)
    head = page.locator("header.bar")
    assert head.evaluate("e => e.scrollWidth <= e.clientWidth")

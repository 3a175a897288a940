"""The check-in in a browser: nothing preset, nothing lost, nothing called saved that is not."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.launch import PHONE
from tests.browser.people import CSRF, PATIENT, Visit, axe_faults, logged_in, newcomer

MOOD, PAIN = "Mood over the past 24 hours", "Pain"
HOSTILE = """</textarea><img src=x onerror="alert('x')"><script>alert('y')</script>"""


@pytest.fixture
def patient(browser: Browser, url: str) -> Iterator[Visit]:
    """A patient without a day yet, at the check-in."""
    with logged_in(browser, url, newcomer(url)[0], window=PHONE) as someone:
        expect(question(someone.page, MOOD)).to_be_visible()
        yield someone


def question(page: Page, prompt: str) -> Any:
    return page.get_by_role("group", name=prompt, exact=True)


def rate(page: Page, prompt: str, value: int) -> None:
    # The input lies over the figure it stands for, unseen.
    question(page, prompt).locator(f'input[value="{value}"]').check()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def state(page: Page) -> Any:
    return page.locator(".state")


def today(patient: Visit) -> date:
    return date.fromisoformat(patient.ask("GET", "/v1/measures")["date"])


def stored(patient: Visit, day: date) -> Any:
    return patient.ask("GET", f"/v1/me/checkins/{day}")


def log_elsewhere(patient: Visit, day: date, **answers: Any) -> int:
    """The revision of a day logged on another device."""
    entered = {"recorded_at": datetime.now(UTC).isoformat(), "timezone": "UTC"}
    kept: int = patient.ask("PUT", f"/v1/me/checkins/{day}", entered | answers)["revision"]
    return kept


def delete(patient: Visit, day: date, revision: int) -> None:
    token = {one["name"]: one["value"] for one in patient.context.cookies()}[CSRF]
    headers = {"X-CSRF-TOKEN": token, "If-Match": f'"r{revision}"'}
    answer = patient.context.request.delete(f"{patient.url}/v1/me/checkins/{day}", headers=headers)
    assert answer.status == 204, answer.text()


def turn_back(page: Page, days: int) -> None:
    for _ in range(days):
        page.get_by_role("button", name="The day before", exact=True).click()


def test_a_day_is_asked_in_the_apis_words_with_nothing_preset_and_is_saved(patient: Visit) -> None:
    page, asked = patient.page, patient.ask("GET", "/v1/measures")
    for measure in (*asked["measures"], *asked["custom"]):
        expect(question(page, measure["prompt"])).to_be_visible()
    assert page.locator("input:checked").count() == 0
    assert page.get_by_role("combobox").first.input_value() == ""
    save(page)
    expect(page.get_by_role("alert")).to_have_text("Answer at least one question, then save.")
    rate(page, MOOD, 6)
    rate(page, PAIN, 0)
    page.get_by_label("Hours", exact=True).select_option("7")
    page.get_by_label("Minutes", exact=True).select_option("0.25")
    page.get_by_role("button", name="None today").click()
    page.get_by_label("Anything to add").fill("short walk")
    expect(state(page)).to_have_text("Not saved yet")
    save(page)
    expect(state(page)).to_contain_text("Saved ")
    day = stored(patient, today(patient))
    told = {key: day[key] for key in ("mood", "interest", "sleep_hours", "side_effects", "note")}
    assert told == {
        "mood": 6, "interest": None, "sleep_hours": 7.25, "side_effects": [], "note": "short walk",
    }  # fmt: skip
    assert (day["custom"], day["timezone"], day["source"]) == ({"pain": 0}, "Europe/Berlin", "app")
    page.reload()
    expect(question(page, MOOD).locator("input:checked")).to_have_value("6")
    expect(state(page)).to_contain_text("Saved ")


def test_a_side_effect_is_asked_how_strong_it_was(patient: Visit) -> None:
    page = patient.page
    page.get_by_role("button", name="Choose from the list").click()
    assert axe_faults(page) == []
    page.get_by_role("button", name="Headache").click()
    save(page)
    expect(page.get_by_role("alert")).to_have_text("Say how strong it was: Headache.")
    strength = page.get_by_role("radiogroup", name="How strong: Headache")
    strength.get_by_label("gets in the way").check()
    save(page)
    expect(state(page)).to_contain_text("Saved ")
    day = stored(patient, today(patient))
    assert day["side_effects"] == [{"code": "headache", "severity": 2}]
    assert day["mood"] is None


def test_without_a_network_nothing_is_called_saved_and_what_was_typed_is_sent_once_later(
    patient: Visit,
) -> None:
    page = patient.page
    rate(page, MOOD, 3)
    patient.context.set_offline(True)
    save(page)
    told = page.get_by_role("alert").filter(has_text="Not saved.")
    expect(told).to_contain_text("There is no connection right now.")
    expect(told).to_contain_text("Your answers are still on this page.")
    expect(state(page)).to_have_text("Not saved yet")
    page.get_by_role("button", name="Help now").click()  # is there without a network
    expect(page.get_by_role("dialog")).to_contain_text("112")
    expect(page.get_by_role("dialog")).to_contain_text("has not confirmed")
    expect(page.get_by_role("dialog")).to_contain_text("This app is not watched live.")
    assert axe_faults(page) == []
    page.get_by_role("button", name="Close").click()
    patient.context.set_offline(False)
    page.locator(".saving").get_by_role("button", name="Try again").click()
    expect(state(page)).to_contain_text("Saved ")
    day = stored(patient, today(patient))
    assert (day["mood"], day["revision"]) == (3, 1)


def test_an_answer_that_was_lost_on_its_way_is_not_stored_twice(patient: Visit) -> None:
    page = patient.page

    def stored_but_not_told(route: Any) -> None:
        assert route.fetch().status == 201
        route.abort()

    page.route("**/v1/me/checkins/*", stored_but_not_told, times=1)
    rate(page, MOOD, 4)
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("Not saved.")
    page.locator(".saving").get_by_role("button", name="Try again").click()
    expect(state(page)).to_contain_text("Saved ")
    day = stored(patient, today(patient))
    assert (day["mood"], day["revision"]) == (4, 1)
    patient.complaints = [told for told in patient.complaints if "net::ERR_FAILED" not in told]


@pytest.mark.parametrize("choice", ["Keep mine", "Keep the stored ones"])
def test_a_day_changed_meanwhile_shows_both_and_lets_the_person_choose(
    patient: Visit, choice: str
) -> None:
    page, day = patient.page, today(patient)
    rate(page, MOOD, 8)
    now = datetime.now(UTC).isoformat()
    elsewhere = {"mood": 2, "note": HOSTILE, "recorded_at": now, "timezone": "UTC"}
    patient.ask("PUT", f"/v1/me/checkins/{day}", elsewhere)
    save(page)
    conflict = page.locator(".conflict")
    expect(conflict).to_contain_text("This day was changed meanwhile")
    expect(conflict).to_be_focused()
    # Whoever saved stood at the end of the page: the choice is brought before them, below the bar.
    top = conflict.evaluate("it => it.getBoundingClientRect().top")
    bar = page.locator(".bar").evaluate("it => it.getBoundingClientRect().bottom")
    assert bar <= top < PHONE["height"] / 3
    rows = conflict.locator("tbody tr").all_inner_texts()
    assert rows[0].split("\t") == [MOOD, "8", "2"]
    assert HOSTILE in rows[1]  # a note is text, whatever is in it
    assert axe_faults(page) == []
    assert stored(patient, day)["mood"] == 2
    conflict.get_by_role("button", name=choice).click()
    expect(conflict).not_to_be_visible()
    expect(state(page)).to_contain_text("Saved ")
    kept = stored(patient, day)
    assert (kept["mood"], kept["note"]) == ((8, None) if choice == "Keep mine" else (2, HOSTILE))


def test_a_day_deleted_before_is_logged_again_without_a_question(patient: Visit) -> None:
    page, day = patient.page, today(patient)
    delete(patient, day, log_elsewhere(patient, day, mood=2))
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("not logged")
    rate(page, MOOD, 7)
    save(page)
    expect(state(page)).to_contain_text("Saved ")
    assert stored(patient, day)["mood"] == 7
    delete(patient, day, stored(patient, day)["revision"])  # now while the page shows the day
    rate(page, MOOD, 5)
    save(page)
    expect(page.locator(".conflict")).to_contain_text("This day was deleted meanwhile")
    page.get_by_role("button", name="Leave it empty").click()
    expect(state(page)).to_have_text("Nothing logged yet")
    rate(page, MOOD, 3)  # the deletion is known, and is no question any more
    save(page)
    expect(state(page)).to_contain_text("Saved ")
    assert stored(patient, day)["mood"] == 3


def test_a_day_before_is_corrected_only_as_far_back_as_the_clinic_allows(patient: Visit) -> None:
    page = patient.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")
    turn_back(page, 14)
    expect(page.get_by_role("heading", level=1)).to_contain_text("14 days ago")
    expect(page.get_by_role("button", name="The day before", exact=True)).to_be_disabled()


def test_what_is_typed_for_one_day_waits_there_while_another_is_looked_at(patient: Visit) -> None:
    page = patient.page
    turn_back(page, 1)
    page.get_by_label("Anything to add").fill("kept here")
    page.get_by_role("button", name="The day after", exact=True).click()
    assert page.get_by_label("Anything to add").input_value() != "kept here"
    turn_back(page, 1)
    expect(page.get_by_label("Anything to add")).to_have_value("kept here")
    expect(state(page)).to_have_text("Not saved yet")


def test_the_own_month_is_drawn_with_its_table_and_anew_with_every_save(patient: Visit) -> None:
    page = patient.page
    picture = page.locator(".own img.chart")
    expect(picture).to_have_js_property("naturalWidth", 480)
    before = str(picture.get_attribute("src"))
    rate(page, MOOD, 6)
    save(page)
    expect(picture).not_to_have_attribute("src", before)
    expect(picture).to_have_js_property("naturalWidth", 480)
    points = patient.ask("GET", "/v1/me/trends")["measures"][0]["points"]
    assert [point["value"] for point in points] == [6]
    page.get_by_text("1 value as a table").click()
    values = page.locator(".own tbody td:nth-child(2)").all_inner_texts()
    assert [value for value in values if value != "not logged"] == [
        f"{point['value']:g}" for point in reversed(points)
    ]


def test_every_answer_is_a_target_of_48_pixels(patient: Visit) -> None:
    page = patient.page
    page.get_by_role("button", name="Choose from the list").click()
    sizes = page.evaluate("""
        [...document.querySelectorAll("button, select, .step, .call, summary")]
            .map((target) => target.getBoundingClientRect())
            .filter(({ height }) => height > 0)
            .map(({ width, height }) => Math.min(width, height))
    """)
    assert len(sizes) > 90
    assert min(sizes) >= 48


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_accessibility_fault(browser: Browser, url: str, scheme: Any) -> None:
    with logged_in(browser, url, PATIENT, window=PHONE, scheme=scheme) as patient:
        page = patient.page
        expect(page.locator(".own img.chart")).to_be_visible()
        rate(page, MOOD, 5)
        assert axe_faults(page) == []


def test_the_keyboard_alone_answers_a_question(patient: Visit) -> None:
    page = patient.page
    question(page, "Energy").locator("input").first.focus()
    page.keyboard.press("Space")
    expect(question(page, "Energy").locator("input:checked")).to_have_value("0")
    page.keyboard.press("ArrowRight")
    expect(question(page, "Energy").locator("input:checked")).to_have_value("1")
    page.get_by_role("button", name="Clear: Energy").click()
    assert question(page, "Energy").locator("input:checked").count() == 0

"""The demo's scripted patients on their pages: what their story expects is what the page says."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.launch import PHONE
from tests.browser.people import CLINICIAN, PATIENT, Visit, axe_faults, logged_in

# What the stories expect of windows: story -> state of the newest closed window.
CLOSED = {"steady": "holding", "wears_off_early": "worn_off", "no_response": "no_response"}
WEAR_OFF_DAYS = range(9, 19)  # of wears_off_early
MOST = "worn off before the usual interval in most windows"


@pytest.fixture(scope="module")
def clinician(browser: Browser, url: str) -> Iterator[Visit]:
    with logged_in(browser, url, CLINICIAN) as someone:
        yield someone


def opened(clinician: Visit, story: str) -> Any:
    """The story's windows by the API, with their page open."""
    everybody = clinician.ask("GET", "/v1/patients?limit=200")["items"]
    path = next(f"/patients/{one['id']}" for one in everybody if one["mrn"] == f"STORY-{story}")
    told = clinician.ask("GET", f"/v1{path}/windows")
    expect(clinician.open(path).locator(".answer .where")).to_be_visible()
    return told


def shown_states(clinician: Visit) -> list[str | None]:
    cells = clinician.page.locator('#windows [data-figure="wear_off"]').all()
    return [cell.get_attribute("data-state") or None for cell in cells]


@pytest.mark.parametrize("story", CLOSED)
def test_the_newest_closed_window_has_the_state_of_the_story(clinician: Visit, story: str) -> None:
    told = opened(clinician, story)
    closed = next(at for at, window in enumerate(told["windows"]) if not window["is_open"])
    states = [window["wear_off"]["state"] for window in told["windows"]]
    assert shown_states(clinician) == states
    assert states[closed] == CLOSED[story]


def test_a_gain_that_wears_off_early_has_its_day_and_its_gap_on_the_page(
    clinician: Visit,
) -> None:
    told = opened(clinician, "wears_off_early")
    closed = next(window for window in told["windows"] if not window["is_open"])["wear_off"]
    assert closed["day"] in WEAR_OFF_DAYS
    low, high = closed["interval"]
    words = f"half gone about day {closed['day']} ({low} to {high})"
    expect(clinician.page.locator("#windows")).to_contain_text(words)
    expect(clinician.page.locator("#gap")).to_contain_text(MOST)
    expect(clinician.page.locator(".answer .where")).to_have_text(
        re.compile(r"Day 22 since the last session; .* had worn off about day \d+")
    )


def test_who_logs_one_day_in_three_has_reasons_where_numbers_are_missing(
    clinician: Visit,
) -> None:
    told = opened(clinician, "sparse")
    for window in told["windows"]:
        row = clinician.page.locator(f'[data-window="{window["session_id"]}"]')
        gain = window["wear_off"]["gain"]
        cell = row.locator('[data-figure="gain"]')
        assert (cell.get_attribute("data-value") == "") == (gain["value"] is None)
        if gain["value"] is None:
            assert cell.locator(".under").inner_text() != ""
    shares = [window["coverage"]["value"] for window in told["windows"]]
    assert sum(shares) / len(shares) < 0.45


def test_who_has_fallen_silent_is_told_by_the_days_that_are_there(clinician: Visit) -> None:
    told = opened(clinician, "silent")["windows"][0]
    logged = f"{told['coverage']['n_observed']} of {told['coverage']['n_expected']} days logged"
    assert told["coverage"]["n_observed"] <= 4  # silent for 12 of 16 days
    expect(clinician.page.locator(".answer")).to_contain_text(logged)


def test_a_first_course_says_that_there_is_no_level_to_count_from(clinician: Visit) -> None:
    assert opened(clinician, "first_course")["reference"]["source"] != "course"
    answer = clinician.page.locator(".answer")
    expect(answer).to_contain_text("Day 1 since the last session")
    expect(answer).to_contain_text("No level to count gains from: too few baseline days.")


def test_the_patient_sees_the_same_curve(browser: Browser, url: str) -> None:
    with logged_in(browser, url, PATIENT, window=PHONE) as patient:
        page = patient.page
        expect(
            page.get_by_role("heading", name="Mood, day 22 since your last session")
        ).to_be_visible()
        expect(page.get_by_alt_text(re.compile("response curve"))).to_be_visible()
        page.get_by_text("These days as a table").click()
        told = patient.ask("GET", "/v1/me/response-curve?measure=mood")
        current = next(window for window in told["windows"] if window["is_current"])
        day = current["points"][-1]
        row = page.locator(".days tbody tr").filter(
            has=page.get_by_role("rowheader", name=str(day["day_offset"]), exact=True)
        )
        expect(row.locator("td").first).to_have_text(f"{day['value']:g}")
        assert axe_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

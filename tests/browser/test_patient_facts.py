"""What a number on the patient's page stands on: its days, its course; and the page on a phone."""

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.launch import PHONE
from tests.browser.people import CLINICIAN, Visit, axe_faults, logged_in

PERIOD_TABLE = "Numbers of the period"


def open_patient(clinician: Visit, name: str) -> str:
    """The API's path of a demo patient whose page is open and drawn."""
    everybody = clinician.ask("GET", "/v1/patients?limit=200")["items"]
    found = next(one["id"] for one in everybody if one["display_name"].startswith(name))
    page = clinician.open(f"/patients/{found}")
    expect(page.locator("#chart-mood img")).to_be_visible()
    return f"/v1/patients/{found}"


def written(day: str) -> str:
    return f"{date.fromisoformat(day):%-d %b %Y}"


def test_a_change_opens_the_days_it_is_compared_with(browser: Browser, url: str) -> None:
    with logged_in(browser, url, CLINICIAN) as clinician:
        path = open_patient(clinician, "Alex Winter")
        page, trends = clinician.page, clinician.ask("GET", f"{path}/trends")
        row = page.get_by_role("region", name=PERIOD_TABLE).locator('[data-measure="mood"]')
        row.locator('[data-figure="change_to_baseline"] button').click()
        opened, base = page.get_by_role("dialog"), trends["baseline"]
        expect(opened).to_contain_text(written(base["to"]))
        expect(opened).to_contain_text("Fewest days for a baseline")
        expect(opened).not_to_contain_text("minimum coverage")
        page.keyboard.press("Escape")
        row.locator('[data-figure="change_to_previous"] button').click()
        end = date.fromisoformat(trends["from"]) - timedelta(days=1)
        expect(opened).to_contain_text(written(end.isoformat()))
        last = date.fromisoformat(trends["measures"][0]["period"]["last_date"])
        expect(row.locator('[data-figure="last"] .under')).to_have_text(f"{last:%-d %b}")


def test_the_page_names_the_course_with_its_phase(browser: Browser, url: str) -> None:
    with logged_in(browser, url, CLINICIAN) as clinician:
        path = open_patient(clinician, "Alex Winter")
        (course,) = clinician.ask("GET", f"{path}/courses")["items"]
        told = f"{course['route']}: {course['phase']}, course since {written(course['started_on'])}"
        expect(clinician.page.locator(".course")).to_contain_text(told)


def test_a_record_begun_within_the_period_has_no_days_missing(browser: Browser, url: str) -> None:
    with logged_in(browser, url, CLINICIAN) as clinician:
        path = open_patient(clinician, "Jonas")
        mean = clinician.ask("GET", f"{path}/trends")["measures"][0]["period"]["mean"]
        assert mean["reason"] == "too_sparse"
        row = clinician.page.get_by_role("region", name=PERIOD_TABLE).locator("tbody tr").first
        told = f"–{mean['n_observed']} of {mean['n_expected']} days logged"
        expect(row.locator('[data-figure="mean"]')).to_have_text(told)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_has_to_be_scrolled_for_sideways(
    browser: Browser, url: str, scheme: Any
) -> None:
    with logged_in(browser, url, CLINICIAN, window=PHONE, scheme=scheme) as clinician:
        open_patient(clinician, "Jonas")
        page = clinician.page
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        bar = [item.bounding_box() for item in page.locator(".bar-end > *, .bar > .brand").all()]
        for at, one in enumerate(bar):
            for other in bar[at + 1 :]:
                assert one is not None and other is not None
                is_beside = (
                    one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
                )
                assert is_beside or one["y"] + one["height"] <= other["y"] + 1
        assert axe_faults(page) == []

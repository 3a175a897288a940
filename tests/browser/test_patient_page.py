"""The patient's page in a browser: the API's numbers, each with its reason, and nothing else's."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.launch import PHONE, SMALL_DASHBOARD
from tests.browser.people import (
    CLINICIAN,
    PATIENT,
    Visit,
    axe_faults,
    logged_in,
    newcomer,
)

FIGURES = (
    *("mean", "median", "standard_deviation", "slope_per_week"),
    *("change_to_previous", "change_to_baseline", "last", "coverage"),
)
PERIOD_TABLE = "Numbers of the period"
HOSTILE = """<img src=x onerror="alert('x')"><script>alert('y')</script>"""


@pytest.fixture
def clinician(browser: Browser, url: str) -> Iterator[Visit]:
    with logged_in(browser, url, CLINICIAN) as someone:
        yield someone


def patient_id(clinician: Visit) -> str:
    """The demo patient who has a login."""
    everybody = clinician.ask("GET", "/v1/patients?limit=200")["items"]
    found: str = next(one["id"] for one in everybody if one["display_name"] == "Alex Winter")
    return found


def shown_numbers(page: Page, table: str = PERIOD_TABLE) -> dict[str, dict[str, float | None]]:
    """What the table holds: measure -> figure -> value."""
    shown: dict[str, dict[str, float | None]] = {}
    for row in page.get_by_role("region", name=table).locator("tbody tr").all():
        cells = row.locator("td").all()
        values = [
            (cell.get_attribute("data-figure"), cell.get_attribute("data-value")) for cell in cells
        ]
        shown[str(row.get_attribute("data-measure"))] = {
            str(figure): float(value) if value else None for figure, value in values
        }
    return shown


def told_numbers(trends: Any, which: str = "period") -> dict[str, dict[str, float | None]]:
    return {
        measure["key"]: {figure: measure[which][figure]["value"] for figure in FIGURES}
        for measure in trends["measures"]
    }


def test_the_page_shows_the_apis_numbers_with_the_day_the_patient_has_just_saved(
    browser: Browser, url: str, clinician: Visit
) -> None:
    path = f"/patients/{patient_id(clinician)}"
    page = clinician.page
    page.get_by_role("link", name="Alex Winter").click()
    expect(page).to_have_url(f"{url}{path}")
    before = clinician.ask("GET", f"/v1{path}/trends")
    expect(page.get_by_role("region", name=PERIOD_TABLE)).to_be_visible()
    assert shown_numbers(page) == told_numbers(before)
    with logged_in(browser, url, PATIENT, window=PHONE) as patient:
        mood = patient.page.get_by_role("group", name="Mood over the past 24 hours")
        mood.locator('input[value="10"]').check()
        patient.page.get_by_role("button", name="Save", exact=True).click()
        expect(patient.page.locator(".state")).to_contain_text("Saved ")
    page.reload()
    expect(page.get_by_role("region", name=PERIOD_TABLE)).to_be_visible()
    after = clinician.ask("GET", f"/v1{path}/trends")
    assert shown_numbers(page) == told_numbers(after)
    assert shown_numbers(page)["mood"]["last"] == 10
    mood_points = {point["date"]: point["value"] for point in after["measures"][0]["points"]}
    assert mood_points[after["today"]] == 10
    chart = page.locator("#chart-mood")
    chart.get_by_text(f"{len(mood_points)} values as a table").click()
    assert chart.locator("tbody td:nth-child(2)").first.inner_text() == "10"


def test_a_number_that_is_absent_is_a_dash_with_its_reason(
    browser: Browser, url: str, clinician: Visit
) -> None:
    _, new_id = newcomer(url)
    page = clinician.open(f"/patients/{new_id}")
    row = page.locator('[data-measure="mood"]')
    expect(row.locator('[data-figure="mean"]')).to_have_text("–too few days")
    expect(row.locator('[data-figure="coverage"]')).to_contain_text("0/")
    expect(page.get_by_text("Nothing to count from: no session yet.")).to_be_visible()
    assert set(shown_numbers(page)["mood"].values()) <= {None, 0.0}  # no day of many: 0 is observed


def test_a_number_opens_how_it_was_made(clinician: Visit) -> None:
    path = f"/patients/{patient_id(clinician)}"
    page = clinician.open(path)
    trends = clinician.ask("GET", f"/v1{path}/trends")
    mean = trends["measures"][0]["period"]["mean"]
    table = page.get_by_role("region", name=PERIOD_TABLE)
    table.locator('[data-measure="mood"] [data-figure="mean"] button').focus()
    page.keyboard.press("Enter")
    opened = page.get_by_role("dialog")
    expect(opened).to_contain_text("Mean: Mood over the past 24 hours")
    expect(opened).to_contain_text(f"{mean['value']:g}")
    expect(opened).to_contain_text(f"{mean['n_observed']} of {mean['n_expected']} days")
    expect(opened).to_contain_text(trends["method_version"])
    expect(opened).to_contain_text(f"{trends['thresholds']['level_minimum_days']}")
    assert axe_faults(page) == []
    page.keyboard.press("Escape")
    expect(opened).not_to_be_visible()


def test_the_period_is_in_the_address_and_the_way_back_leads_to_the_one_before(
    clinician: Visit,
) -> None:
    path = f"/patients/{patient_id(clinician)}"
    page = clinician.open(path)
    today = clinician.ask("GET", f"/v1{path}/trends")["today"]
    page.get_by_role("button", name="90 days").click()
    expect(page.get_by_role("button", name="90 days")).to_have_attribute("aria-pressed", "true")
    query = page.url.removeprefix(f"{clinician.url}{path}")
    assert query.endswith(f"&to={today}")
    trends = clinician.ask("GET", f"/v1{path}/trends{query}")
    assert shown_numbers(page) == told_numbers(trends)
    page.go_back()
    expect(page.get_by_role("button", name="28 days")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("From", exact=True).fill("2026-02-01")
    page.get_by_label("to", exact=True).fill("2026-01-01")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_contain_text("from: Must not be after")


def test_an_expired_login_is_refreshed_without_a_word(clinician: Visit) -> None:
    path = f"/patients/{patient_id(clinician)}"
    cookies = {cookie["name"]: cookie["value"] for cookie in clinician.context.cookies()}
    clinician.context.clear_cookies(name="__Host-access")
    page = clinician.open(path)
    expect(page.get_by_role("region", name=PERIOD_TABLE)).to_be_visible()
    expect(page.locator("#chart-mood img")).to_be_visible()
    renewed = {cookie["name"]: cookie["value"] for cookie in clinician.context.cookies()}
    assert renewed.keys() == cookies.keys()
    assert renewed["__Host-refresh"] != cookies["__Host-refresh"]


def test_a_login_that_has_ended_leads_to_the_login_page_and_back(clinician: Visit) -> None:
    path = f"/patients/{patient_id(clinician)}"
    clinician.context.clear_cookies(name="__Host-access")
    clinician.context.clear_cookies(name="__Host-refresh")
    page = clinician.open(path)
    expect(page.get_by_label("Password")).to_be_visible()
    clinician.log_in(CLINICIAN)
    expect(page.get_by_role("region", name=PERIOD_TABLE)).to_be_visible()
    assert page.url == f"{clinician.url}{path}"


def test_a_name_is_text_whatever_is_in_it(clinician: Visit) -> None:
    _, hostile_id = newcomer(clinician.url, display_name=HOSTILE)
    page = clinician.open("/patients")
    expect(page.get_by_role("link", name="<img src=x")).to_be_visible()
    page.get_by_role("searchbox").fill("script alert")
    expect(page.get_by_role("link", name="<img src=x")).to_be_visible()
    page.get_by_role("searchbox").fill("nobody at all")
    expect(page.get_by_text("Nobody by that name or number.")).to_be_visible()
    page = clinician.open(f"/patients/{hostile_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    assert page.locator("main img[src='x']").count() == 0


def test_a_patient_who_is_not_yours_is_not_here(clinician: Visit) -> None:
    page = clinician.open("/patients/0b6f3c1e-52d7-4a8e-9c4f-1d2e3f4a5b6c")
    expect(page.get_by_role("alert")).to_contain_text("There is nothing here, or it is not yours")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_have_no_accessibility_fault(browser: Browser, url: str, scheme: Any) -> None:
    with logged_in(browser, url, CLINICIAN, window=SMALL_DASHBOARD, scheme=scheme) as clinician:
        page = clinician.page
        expect(page.get_by_role("link", name="Alex Winter")).to_be_visible()
        assert axe_faults(page) == []
        page.get_by_role("link", name="Alex Winter").click()
        expect(page.locator("#chart-mood img")).to_be_visible()
        page.locator("#chart-mood summary").click()
        assert axe_faults(page) == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= SMALL_DASHBOARD["width"]  # nothing has to be scrolled for sideways

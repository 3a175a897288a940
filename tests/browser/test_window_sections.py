"""The time between sessions on a patient's page: each state in words, each number with its how."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.answers import STORIES, windows
from tests.browser.curve_answers import answer
from tests.browser.launch import SMALL_DASHBOARD
from tests.browser.people import CLINICIAN, Visit, axe_faults, logged_in


@pytest.fixture(scope="module")
def alex(browser: Browser, url: str) -> str:
    """The path of a demo patient's page."""
    with logged_in(browser, url, CLINICIAN) as someone:
        everybody = someone.ask("GET", "/v1/patients?limit=200")["items"]
    return next(f"/patients/{one['id']}" for one in everybody if one["mrn"] == "DEMO-1")


@pytest.fixture
def clinician(browser: Browser, url: str) -> Iterator[Visit]:
    with logged_in(browser, url, CLINICIAN) as someone:
        yield someone


def told(clinician: Visit, path: str, story: str) -> Page:
    answer(clinician.page, STORIES[story])
    page = clinician.open(path)
    expect(page.locator(".answer .where")).to_be_visible()
    return page


SAID = {
    "worn_off": (
        "Day 22 since the last session; of 5 earlier windows 4 had worn off about day 14, 1 held",
        "After the session on 3 Nov the gain was 3.2 points (2.5 to 3.9); "
        "half of it was gone about day 14 (11 to 18).",
    ),
    "holding": (
        "Day 22 since the last session; of 3 earlier windows none had worn off, 3 held",
        "After the session on 3 Nov the gain was 3.2 points (2.5 to 3.9); "
        "by day 22 half of it was not seen to be gone (18 of 22 days logged); "
        "on day 21 34\u00a0% of it was there.",
    ),
    "no_response": (
        "Day 22 since the last session; of 1 earlier window 1 had no measurable gain",
        "After the session on 3 Nov there was no measurable gain: 0.3 points (−0.4 to 1).",
    ),
    "insufficient": (
        "Day 22 since the last session; of 1 earlier window 1 had worn off, on day 14",
        "After the session on 3 Nov nothing can be told yet: too few of the first days "
        "(18 of 22 days logged). After the session on 29 Sep the gain was 3.2 points (2.5 to 3.9); "
        "half of it was gone about day 14 (11 to 18).",
    ),
    "interval_too_short": (
        "Day 22 since the last session",
        "After the session on 3 Nov: sessions too close together to tell a wear-off day. "
        "Before the session on 3 Nov the level was 4.5 of 10.",
    ),
    "no_session": ("No session yet", "There is nothing to measure from before the first session."),
    "empty": (
        "Day 22 since the last session",
        "After the session on 3 Nov nothing can be told yet: too few of the first days "
        "(2 of 22 days logged).",
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_the_top_says_where_the_patient_is_and_whether_it_worked(
    clinician: Visit, alex: str, story: str
) -> None:
    page = told(clinician, alex, story)
    where, sentence = SAID[story]
    expect(page.locator(".answer p").nth(0)).to_have_text(where)
    expect(page.locator(".answer p").nth(1)).to_have_text(sentence)
    if story == "no_session":
        expect(page.get_by_text("It begins with the first session.")).to_be_visible()
        expect(page.locator("#windows")).to_have_count(0)
        return
    states = [each.state for each in STORIES[story].windows]
    cells = page.locator('#windows [data-figure="wear_off"]').all()
    assert [cell.get_attribute("data-state") or None for cell in cells] == states


def test_the_table_shows_the_documents_numbers_newest_first(clinician: Visit, alex: str) -> None:
    page = told(clinician, alex, "worn_off")
    document = windows(STORIES["worn_off"])["windows"]
    rows = page.locator("#windows tbody tr").all()
    assert len(rows) == len(document) == 6
    for row, window in zip(rows, document, strict=True):
        assert row.get_attribute("data-window") == window["session_id"]
        shown = {
            cell.get_attribute("data-figure"): cell.get_attribute("data-value")
            for cell in row.locator("td[data-figure]").all()
        }
        for name in ("peak_gain", "good_days", "coverage"):
            assert shown[name] == str(window[name]["value"])
        assert shown["gain"] == str(window["wear_off"]["gain"]["value"])
        kept = {f"kept_{one['day']}": one["share"]["value"] for one in window["gain_kept"]}
        assert {name: shown[name] for name in kept} == {n: str(kept[n]) for n in kept}
    assert "15 common days, 1 to 21" in rows[0].inner_text()
    assert "is the best" in rows[2].inner_text()
    assert "half gone about day 21 (17 or later)" in rows[2].inner_text()


def test_a_number_that_is_absent_has_its_reason(clinician: Visit, alex: str) -> None:
    page = told(clinician, alex, "empty")
    row = page.locator("#windows tbody tr")
    expect(row.locator('[data-figure="gain"]')).to_have_text("–too few of the first days")
    expect(row.locator('[data-figure="kept_7"]')).to_have_text("–no measurable gain")
    expect(row.locator('[data-figure="wear_off"]')).to_have_text(
        "cannot tell: too few of the first days"
    )
    expect(page.get_by_text("No median: too few days.")).to_have_count(0)
    expect(page.get_by_text("nothing logged")).to_have_count(0)  # that is in the picture
    expect(
        page.get_by_text("No day of this window or of an earlier one was logged")
    ).to_be_visible()


def test_a_number_of_a_window_opens_how_it_was_made(clinician: Visit, alex: str) -> None:
    page = told(clinician, alex, "worn_off")
    page.locator('#windows [data-figure="gain"] button').first.focus()
    page.keyboard.press("Enter")
    opened = page.get_by_role("dialog")
    for words in ("Gain: window of 3 Nov 2026", "3.2", "80 % interval", "18 of 22 days"):
        expect(opened).to_contain_text(words)
    for words in ("Reference level", "2.6 (course)", "Days of a baseline", "windows-3"):
        expect(opened).to_contain_text(words)
    assert axe_faults(page) == []
    page.get_by_role("link", name="Its points").click()
    expect(opened).not_to_be_visible()
    assert page.url.endswith("#response-curve")
    page.locator('#windows [data-figure="wear_off"] button').first.click()
    for words in ("Wear-off: window of 3 Nov 2026", "93", "The plain rule", "too few days"):
        expect(page.get_by_role("dialog")).to_contain_text(words)


def test_the_measure_is_in_the_address_and_the_period_stays(clinician: Visit, alex: str) -> None:
    page = told(clinician, f"{alex}?from=2026-11-01&to=2026-11-20", "worn_off")
    expect(page.locator("#chart-mood img")).to_be_visible()
    page.get_by_label("Measure").select_option("anxiety")
    expect(page.get_by_label("Measure")).to_have_value("anxiety")
    expect(page.locator("#response-curve img")).to_be_visible()
    assert page.url.endswith("?from=2026-11-01&to=2026-11-20&measure=anxiety")
    page.get_by_role("button", name="90 days").click()
    expect(page.get_by_role("button", name="90 days")).to_have_attribute("aria-pressed", "true")
    assert page.url.endswith("&measure=anxiety")
    page.go_back()
    page.go_back()
    expect(page.get_by_label("Measure")).to_have_value("composite")


def test_the_curve_has_its_days_as_a_table_beside_it(clinician: Visit, alex: str) -> None:
    page = told(clinician, alex, "worn_off")
    expect(page.locator("#response-curve img")).to_be_visible()
    table = page.get_by_role("region", name="Response curve, Mood")
    rows = [row.inner_text().split("\t") for row in table.locator("tbody tr").all()]
    assert [row[0].strip() for row in rows] == [str(day) for day in range(1, 35)]
    assert "not logged" in rows[4][1]  # day 5 is among those missed


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_has_an_accessibility_fault_or_is_too_wide(
    browser: Browser, url: str, alex: str, scheme: Any
) -> None:
    with logged_in(browser, url, CLINICIAN, window=SMALL_DASHBOARD, scheme=scheme) as clinician:
        for story in ("worn_off", "interval_too_short", "empty", "no_session"):
            page = told(clinician, alex, story)
            if story != "no_session":
                expect(page.locator("#response-curve img")).to_be_visible()
            assert axe_faults(page) == [], story
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= SMALL_DASHBOARD["width"], story
            page.unroute_all()


def test_on_paper_nothing_is_cut_off(clinician: Visit, alex: str) -> None:
    page = told(clinician, alex, "worn_off")
    expect(page.locator("#response-curve img")).to_be_visible()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1040, "height": 1400})  # a page of A4 in the middle
    cut = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter("
        "it => it.scrollHeight > it.clientHeight + 1 && getComputedStyle(it).overflowY != 'visible'"
        ").map(it => it.className + it.getAttribute('aria-label'))"
    )
    assert cut == []
    expect(page.get_by_label("Measure")).not_to_be_visible()
    expect(page.locator("#windows")).to_be_visible()


def test_a_failure_to_read_the_windows_can_be_tried_again(clinician: Visit, alex: str) -> None:
    told(clinician, alex, "worn_off")
    page = clinician.page
    page.unroute_all()
    page.route("**/windows", lambda route: route.fulfill(status=503, body="away"))
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("The server cannot answer right now")
    expect(page.locator("#chart-mood img")).to_be_visible()  # the rest is there
    page.unroute_all()
    answer(page, STORIES["holding"])
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".answer .where")).to_have_text(SAID["holding"][0])

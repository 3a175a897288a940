"""The safety item in a browser: asked, answered with the card, and before the clinic at once."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.launch import PHONE
from tests.browser.people import ADMIN, CLINICIAN, Visit, axe_faults, logged_in, newcomer
from tests.browser.test_checkin_page import question, save, state

PROMPT = "Today, thoughts that life is not worth living or of harming yourself?"


NAME = f"Ada {uuid4().hex[:8]}"


@pytest.fixture
def patient(browser: Browser, url: str) -> Iterator[Visit]:
    with logged_in(browser, url, newcomer(url, display_name=NAME)[0], window=PHONE) as someone:
        expect(question(someone.page, PROMPT)).to_be_visible()
        yield someone


def answer(patient: Visit, value: str) -> None:
    question(patient.page, PROMPT).locator(f'input[value="{value}"]').check()
    save(patient.page)


def newest(alerts: list[Any]) -> Any:
    """The last alert of somebody called as the patient of these tests."""
    mine = (one for one in alerts if one["display_name"] == NAME)
    return max(mine, key=lambda one: one["opened_at"])


def test_an_answer_of_often_is_saved_and_brings_the_card(patient: Visit) -> None:
    page = patient.page
    answer(patient, "often")
    card = page.locator(".safety-card")
    expect(card).to_be_visible()
    expect(card.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    expect(card.locator('a[href="tel:112"]')).to_be_visible()
    expect(card).to_contain_text("not watched live")
    expect(card).to_contain_text(re.compile("Your clinic looks at these answers"))
    expect(card).to_be_focused()
    expect(state(page)).to_have_text(re.compile("^Saved"))
    assert axe_faults(page) == []
    card.get_by_role("button", name="Close").click()
    expect(card).to_have_count(0)
    expect(question(page, PROMPT).locator('input[value="often"]')).to_be_checked()


def test_an_answer_of_none_brings_no_card_and_no_promise(patient: Visit) -> None:
    answer(patient, "none")
    expect(state(patient.page)).to_have_text(re.compile("^Saved"))
    expect(patient.page.locator(".safety-card")).to_have_count(0)


def test_the_clinic_sees_it_at_once_takes_it_on_and_closes_it(
    browser: Browser, url: str, patient: Visit
) -> None:
    answer(patient, "most_of_the_time")
    expect(patient.page.locator(".safety-card")).to_be_visible()
    with logged_in(browser, url, CLINICIAN) as clinician:
        page = clinician.open("/patients")
        mine = page.locator("#alerts li[data-alert]").filter(has_text=NAME).last
        expect(mine).to_have_attribute("data-severity", "high")
        assert axe_faults(page) == []
        mine.get_by_role("link", name=NAME).click()
        one = page.locator("#alerts li[data-alert]")
        one.get_by_text("What it rests on").click()
        expect(one.locator(".events")).to_contain_text("most of the time")
        one.get_by_role("button", name="I take this on").click()
        expect(one).to_contain_text("taken on")
        one.get_by_label("Tried to reach the patient").select_option("reached")
        one.get_by_role("button", name="Note it").first.click()
        expect(one.locator(".events")).to_contain_text("contact tried")
        one.get_by_label("Close it").select_option("safety_plan")
        one.get_by_role("button", name="Note it").last.click()
        expect(page.locator("#alerts")).to_contain_text("None is open.")


def test_an_admin_who_stands_in_works_an_alert_and_sees_no_more_of_the_patient(
    browser: Browser, url: str, patient: Visit
) -> None:
    answer(patient, "most_of_the_time")
    with (
        logged_in(browser, url, ADMIN) as admin,
        logged_in(browser, url, CLINICIAN) as clinician,
    ):
        expect(admin.page.locator("#alerts")).to_contain_text("None is open.")
        staff = {one["email"]: one for one in admin.ask("GET", "/v1/staff")["items"]}
        me, noor = staff[ADMIN], staff[CLINICIAN]
        found = clinician.ask("GET", "/v1/alerts?limit=200")["items"]
        raised = newest(found)
        path = f"/v1/alerts/{raised['id']}/assign"
        clinician.ask("POST", path, {"membership_id": me["id"]})
        page = admin.open("/alerts")
        one = page.locator(f'li[data-alert="{raised["id"]}"]')
        expect(one).to_contain_text(f"given to {me['display_name']}")
        expect(one.get_by_role("link", name=NAME)).to_have_count(0)
        one.get_by_text("How to reach the patient").click()
        expect(one.locator(".reach")).to_contain_text("@example.org")
        one.get_by_text("What it rests on").click()
        expect(one.locator(".events")).to_contain_text("most of the time")
        assert axe_faults(page) == []
        one.get_by_role("button", name="I take this on").click()
        expect(one).to_contain_text("taken on")
        one.get_by_label("Tried to reach the patient").select_option("message_left")
        one.get_by_role("button", name="Note it").first.click()
        expect(one.locator(".events")).to_contain_text("contact tried")
        one.get_by_label("Close it").select_option("reached")
        one.get_by_role("button", name="Note it").last.click()
        expect(page.locator("#alerts")).to_contain_text("None is open.")
        closed = clinician.ask("GET", f"/v1/alerts/{raised['id']}")
        assert [event["kind"] for event in closed["events"]][-1] == "resolved"
        assert closed["resolved_by"] == me["id"] != noor["id"]


def test_an_admin_gives_an_alert_to_a_colleague(browser: Browser, url: str, patient: Visit) -> None:
    answer(patient, "often")
    with (
        logged_in(browser, url, ADMIN) as admin,
        logged_in(browser, url, CLINICIAN) as clinician,
    ):
        staff = {one["email"]: one for one in admin.ask("GET", "/v1/staff")["items"]}
        me, noor = staff[ADMIN], staff[CLINICIAN]
        found = clinician.ask("GET", "/v1/alerts?limit=200")["items"]
        raised = newest(found)
        path = f"/v1/alerts/{raised['id']}"
        clinician.ask("POST", f"{path}/assign", {"membership_id": me["id"]})
        page = admin.open("/alerts")
        one = page.locator(f'li[data-alert="{raised["id"]}"]')
        one.get_by_label("Give it to").select_option(noor["id"])
        one.get_by_role("button", name="Give it").click()
        expect(one).to_have_count(0)  # it is somebody else's now, and so is looking at it
        assert clinician.ask("GET", path)["assigned_to"] == noor["id"]


def test_the_patients_page_tells_levels_items_and_what_was_left_out(
    browser: Browser, url: str
) -> None:
    _, new_id = newcomer(url)
    with logged_in(browser, url, CLINICIAN) as clinician:
        path = f"/v1/patients/{new_id}/assessments"
        today = clinician.ask("GET", f"/v1/patients/{new_id}/trends")["today"]
        rest = [1] * 8
        for told in (
            {"instrument": "phq9", "items": [*rest, 2]},
            {"instrument": "phq9", "items": [*rest, None], "not_answered": {"9": "declined"}},
            {"instrument": "cssrs_screener", "items": [1, 1, None, None, None, 0]},
            {"instrument": "gad7", "items": [1] * 7},
        ):
            clinician.ask("POST", path, {"date": today, **told})
        page = clinician.open(f"/patients/{new_id}")
        rows = page.locator("#safety-answers tbody tr")
        expect(rows).to_have_count(3)  # GAD-7 asks nothing of the kind
        screener = rows.filter(has_text="C-SSRS screener")
        expect(screener).to_contain_text("Unknown: a question that decides was left out")
        expect(screener).to_contain_text("at least low")
        expect(screener.locator(".mark")).to_have_text("needs review")
        expect(rows.filter(has_text="More than half the days")).to_contain_text("10")
        left_out = rows.filter(has_text="Item 9: Not answered (declined)")
        expect(left_out.locator(".mark")).to_have_text("needs review")
        expect(left_out).to_contain_text("Left out: item 9, declined")
        assert "no risk" not in page.locator("#safety-answers").inner_text().lower()
        assert axe_faults(page) == []


def test_help_now_has_the_clinics_lines_and_hours_without_any_answer(patient: Visit) -> None:
    page = patient.page
    page.get_by_role("button", name="Help now").click()
    card = page.get_by_role("dialog")
    expect(card.get_by_role("heading", name="Help now")).to_be_visible()
    expect(card.locator('a[href="tel:112"]')).to_be_visible()
    expect(card).to_contain_text("looks at these answers")
    expect(card).to_contain_text("not watched live")


@pytest.mark.parametrize(
    ("language", "words", "close"),
    [
        ("en", "not confirmed by your clinic yet", "Close"),
        ("de", "von Ihrer Praxis noch nicht bestätigt", "Schließen"),
    ],
)
def test_a_number_the_clinic_has_not_confirmed_is_marked_and_can_be_called(
    browser: Browser, url: str, language: str, words: str, close: str
) -> None:
    email, _ = newcomer(url, language=language)
    with logged_in(browser, url, email, window=PHONE) as someone:
        page = someone.page
        expect(question(page, PROMPT)).to_be_visible()
        page.get_by_role("button", name="Help now").click()
        dialog = page.get_by_role("dialog")
        for number in ("tel:112", "tel:08001110111"):
            expect(dialog.locator(f'a[href="{number}"]')).to_contain_text(words)
        assert axe_faults(page) == []
        dialog.get_by_role("button", name=close).click()
        answer(someone, "often")
        card = page.locator(".safety-card")
        expect(card.locator('a[href="tel:112"]')).to_contain_text(words)
        card.get_by_role("button", name=close).click()
        expect(card).to_have_count(0)


def test_the_question_can_be_turned_off_and_on_again_and_help_stays(patient: Visit) -> None:
    page = patient.page
    page.get_by_role("button", name="Do not ask me this").click()
    expect(question(page, PROMPT)).to_have_count(0)
    page.reload()
    expect(page.get_by_text("is turned off on this phone")).to_be_visible()
    expect(question(page, PROMPT)).to_have_count(0)
    expect(page.get_by_role("button", name="Help now")).to_be_visible()
    assert axe_faults(page) == []
    page.get_by_role("button", name="Ask me again").click()
    answer(patient, "often")
    expect(page.locator(".safety-card")).to_be_visible()
    # What was answered is never hidden: to turn it off it is cleared first.
    expect(page.get_by_role("button", name="Do not ask me this")).to_have_count(0)


def test_without_a_network_the_card_comes_all_the_same(patient: Visit) -> None:
    patient.context.set_offline(True)
    answer(patient, "often")
    card = patient.page.locator(".safety-card")
    expect(card.locator('a[href="tel:112"]')).to_be_visible()
    expect(state(patient.page)).to_have_text("Not saved yet")
    patient.context.set_offline(False)
    patient.page.locator(".saving").get_by_role("button", name="Try again").click()
    expect(state(patient.page)).to_have_text(re.compile("^Saved"))
    expect(card.get_by_role("heading", name="Thank you for telling us")).to_be_visible()


def test_a_safety_plan_is_written_and_read_under_help_now(patient: Visit) -> None:
    page = patient.page
    page.get_by_role("button", name="Help now").click()
    card = page.get_by_role("dialog")
    card.get_by_role("button", name="Write it").click()
    card.get_by_label("What helps me on my own").fill("a walk\nmusic")
    card.get_by_label("Whom I can ask").fill("Mia, 030 123456\nmy brother")
    card.get_by_role("button", name="Save the plan").click()
    expect(card.locator('a[href="tel:030123456"]')).to_contain_text("Mia")
    expect(card).to_contain_text("a walk")
    assert axe_faults(page) == []
    kept = patient.ask("GET", "/v1/me/safety-plan")
    assert kept["own_coping"] == ["a walk", "music"]
    assert kept["people"] == [
        {"name": "Mia", "phone": "030 123456"},
        {"name": "my brother", "phone": None},
    ]
    page.reload()
    page.get_by_role("button", name="Help now").click()
    expect(page.get_by_role("dialog")).to_contain_text("my brother")

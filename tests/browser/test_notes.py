"""What a patient writes beside the answers, on the page of who cares for them."""

from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import Browser, expect

from tests.browser.launch import PHONE
from tests.browser.people import CLINICIAN, Visit, axe_faults, logged_in, newcomer

HOSTILE = """<img src=x onerror="alert('x')"><script>alert('y')</script>"""


def log(patient: Visit, day: date, **answers: object) -> None:
    entered = {"recorded_at": datetime.now(UTC).isoformat(), "timezone": "Europe/Berlin"}
    patient.ask("PUT", f"/v1/me/checkins/{day}", entered | answers)


def test_a_note_is_read_by_the_clinician_as_it_was_written(browser: Browser, url: str) -> None:
    email, patient_id = newcomer(url)
    with logged_in(browser, url, email, window=PHONE) as patient:
        today = date.fromisoformat(patient.ask("GET", "/v1/measures")["date"])
        log(patient, today - timedelta(days=2), note=HOSTILE)
        log(patient, today - timedelta(days=1), mood=4)
        patient.page.get_by_label("Anything to add").fill("slept badly\nneighbours")
        patient.page.get_by_role("button", name="Save", exact=True).click()
        expect(patient.page.locator(".state")).to_contain_text("Saved ")
    with logged_in(browser, url, CLINICIAN) as clinician:
        page = clinician.open(f"/patients/{patient_id}")
        notes = page.locator(".notes > div")
        expect(notes).to_have_count(2)
        days = [today, today - timedelta(days=2)]  # newest first; a day without a note is not named
        shown = [note.get_attribute("data-day") for note in notes.all()]
        assert shown == [day.isoformat() for day in days]
        texts = [text.inner_text() for text in page.locator(".notes dd").all()]
        assert texts == ["slept badly\nneighbours", HOSTILE]
        assert page.locator(".notes img").count() == 0
        assert axe_faults(page) == []
        page.goto(f"{url}/patients/{patient_id}?from={days[1]}&to={days[1]}")
        expect(notes).to_have_count(1)
        page.goto(f"{url}/patients/{patient_id}?from=2025-01-01&to=2025-01-31")
        expect(page.locator("#notes")).to_contain_text("None in this period.")

"""Joining by an invitation and choosing a new password, as the letters' links lead to them."""

from uuid import uuid4

from playwright.sync_api import Browser, expect

from tests.browser.launch import PHONE
from tests.browser.people import CLINICIAN, PATIENCE, PATIENT, axe_faults, logged_in, visit


def invited(browser: Browser, url: str, language: str = "en") -> tuple[str, str]:
    """The e-mail and the token of a new patient's invitation."""
    email = f"{uuid4().hex}@example.org"
    identity = {"display_name": "Ada Example", "birth_date": "1984-05-02", "email": email}
    identity |= {"country": "DE", "language": language, "timezone": "Europe/Berlin"}
    with logged_in(browser, url, CLINICIAN) as clinician:
        patient = clinician.ask("POST", "/v1/patients", identity)
    return email, patient["invitation"]["token"]


def test_an_invited_patient_reads_agrees_and_is_at_their_page(browser: Browser, url: str) -> None:
    _, token = invited(browser, url)
    with visit(browser, url) as someone:
        page = someone.open(f"/join#{token}")
        expect(page.get_by_text("Demo Clinic has invited")).to_be_visible(timeout=PATIENCE)
        assert axe_faults(page) == []
        page.get_by_label("Your name").fill("Ada Example")
        page.get_by_label("Password").fill("short-secret")
        page.get_by_role("button", name="Join").click()
        assert page.url.startswith(f"{url}/join")  # the box is not ticked
        page.get_by_label("I have read this and agree").check()
        page.get_by_label("Password").fill("short")
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_role("alert")).to_contain_text("password: Must have 12 to 128")
        page.get_by_label("Password").fill("blue-lantern-walks")
        page.get_by_role("button", name="Join").click()
        expect(page).to_have_url(f"{url}/checkin", timeout=PATIENCE)
        page.goto("about:blank")
        used = someone.open(f"/join#{token}")
        expect(used.get_by_text("This invitation is not open")).to_be_visible(timeout=PATIENCE)


PARTS = {
    "en": (
        "Nobody watches it live",
        "The people who treat you at this clinic",
        "Monday to Friday from 09:00 to 17:00, by the clock of Europe/Berlin",
        "the clinic gets a task: it looks by the end of the next working day",
        "turn it off on your phone",
    ),
    "de": (
        "Niemand liest laufend mit",
        "Die Menschen, die Sie in dieser Praxis behandeln",
        "Montag bis Freitag von 09:00 bis 17:00, nach der Uhr von Europe/Berlin",
        "die Praxis bekommt eine Aufgabe: Sie sieht bis zum Ende des nächsten Arbeitstags nach",
        "auf Ihrem Telefon abschalten",
    ),
}


def test_the_consent_says_who_looks_how_often_and_how_to_turn_it_off_in_both_languages(
    browser: Browser, url: str
) -> None:
    _, token = invited(browser, url, "de-AT")
    with visit(browser, url, window=PHONE) as someone:
        page = someone.open(f"/join#{token}")
        for part in PARTS["de"]:
            expect(page.locator(".consent")).to_contain_text(part, timeout=PATIENCE)
        assert page.evaluate("document.documentElement.lang") == "de"
        english = ("Join", "Your name", "Password", "has invited", "I have read")
        shown = page.locator("main").inner_text()
        assert [word for word in english if word in shown] == []
        assert axe_faults(page) == []
        page.get_by_role("button", name="Read in English").click()
        for part in PARTS["en"]:
            expect(page.locator(".consent")).to_contain_text(part)
        assert axe_faults(page) == []
        page.get_by_role("button", name="Auf Deutsch lesen").click()
        page.get_by_label("Ihr Name").fill("Ada Example")
        page.get_by_label("Ich habe das gelesen").check()
        page.get_by_label("Passwort").fill("short")
        page.get_by_role("button", name="Beitreten").click()
        expect(page.get_by_role("alert")).to_contain_text("Passwort: 12 bis 128 Zeichen")
        page.get_by_label("Passwort").fill("blue-lantern-walks")
        with page.expect_request("**/accept") as sent:
            page.get_by_role("button", name="Beitreten").click()
        body = sent.value.post_data_json or {}
        assert body["consent_version"].endswith("-de")
        expect(page).to_have_url(f"{url}/checkin", timeout=PATIENCE)


def test_who_forgot_their_password_asks_for_a_link(browser: Browser, url: str) -> None:
    with visit(browser, url) as someone:
        page = someone.open("/")
        page.get_by_role("link", name="Forgot your password?").click()
        page.get_by_label("E-mail").fill(PATIENT)
        assert axe_faults(page) == []
        page.get_by_role("button", name="Send me a link").click()
        expect(page.get_by_text("Look into your mail")).to_be_visible(timeout=PATIENCE)
        page.goto("about:blank")
        stale = someone.open("/reset#0123456789abcdef0123456789abcdef.nothing")
        stale.get_by_label("New password").fill("blue-lantern-walks")
        stale.get_by_role("button", name="Use this password").click()
        told = stale.get_by_role("alert")
        expect(told).to_contain_text("This link was used, or its time is up", timeout=PATIENCE)

"""`python -m tests.browser.pictures`: takes the README's pictures anew into docs/screens/."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests import served
from tests.browser.launch import DASHBOARD, PHONE, SMALL_DASHBOARD, launched
from tests.browser.people import CLINICIAN, PATIENT, logged_in
from tests.contract import ROOT

FOLDER = ROOT / "docs" / "screens"


def docs(browser: Browser, url: str) -> None:
    """The contract, with the check-ins in view."""
    page = browser.new_page(viewport=DASHBOARD, color_scheme="light")
    page.goto(f"{url}/docs")
    for folded in ("logins", "invitations", "me"):
        page.locator(f"#operations-tag-{folded}").click()
    page.mouse.move(0, 0)
    page.screenshot(path=FOLDER / "docs.png")


def phone(browser: Browser, url: str) -> None:
    """A check-in, half answered."""
    with logged_in(browser, url, PATIENT, window=PHONE) as patient:
        page = patient.page
        for prompt, value in (("Mood over the past 24 hours", 6), ("Interest or enjoyment", 5)):
            group = page.get_by_role("group", name=prompt, exact=True)
            group.locator(f'input[value="{value}"]').check()
        page.evaluate("document.activeElement.blur()")
        page.screenshot(path=FOLDER / "checkin.png")


def dashboard(browser: Browser, url: str) -> None:
    """A patient's page from the first chart on; its top in the dark."""
    with logged_in(browser, url, CLINICIAN) as clinician:
        page = clinician.page
        page.get_by_role("link", name="Alex Winter").click()
        page.locator("#chart-mood img").wait_for()
        page.screenshot(path=FOLDER / "patient.png")
    with logged_in(browser, url, CLINICIAN, window=SMALL_DASHBOARD, scheme="dark") as clinician:
        page = clinician.page
        page.get_by_role("link", name="Alex Winter").click()
        page.locator("#chart-mood img").wait_for()
        page.locator("#chart-mood").scroll_into_view_if_needed()
        page.evaluate("document.querySelector('.charts').scrollIntoView()")
        page.screenshot(path=FOLDER / "charts-dark.png")


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory() as folder,
        served.demo(Path(folder)) as url,
        launched() as browser,
    ):
        for picture in (docs, phone, dashboard):
            picture(browser, url)

"""`python -m tests.browser.pictures`: takes the README's pictures anew into docs/screens/."""

import tempfile
from pathlib import Path

from tests import served
from tests.browser.launch import DASHBOARD, launched
from tests.contract import ROOT

FOLDER = ROOT / "docs" / "screens"

if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory() as folder,
        served.demo(Path(folder)) as url,
        launched() as browser,
    ):
        page = browser.new_page(viewport=DASHBOARD, color_scheme="light")
        page.goto(f"{url}/docs")
        for folded in ("logins", "invitations", "me"):  # so that the check-ins are in view
            page.locator(f"#operations-tag-{folded}").click()
        page.mouse.move(0, 0)
        page.screenshot(path=FOLDER / "docs.png")

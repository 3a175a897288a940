"""People at the web pages: each in a browser of their own, whose page may not complain."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal
from urllib.request import Request, urlopen
from uuid import uuid4

import orjson
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from commands.demo.people import PASSWORD
from tests.browser.launch import DASHBOARD

PATIENT, CLINICIAN, DESK, ADMIN = (
    f"{name}@demo.example" for name in ("patient", "clinician", "frontdesk", "admin")
)
_BEGINS = {CLINICIAN: "/patients", ADMIN: "/alerts"}
OWN_PASSWORD = "blue-lantern-walks"
PATIENCE = 60_000  # milliseconds; a loaded machine draws slowly
CSRF = "__Host-csrf"
# The browser's own line about an answer of 401 and the like; what a page makes of it is tested.
_REFUSED = "Failed to load resource: the server responded with a status of"


class Visit:
    """One person's browser: its page, and what the page complained of."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", lambda message: self._hear(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        self.page.on("dialog", self._hear_dialog)

    def _hear(self, told: str) -> None:
        if _REFUSED not in told and "net::ERR_INTERNET_DISCONNECTED" not in told:
            self.complaints.append(told)

    def _hear_dialog(self, dialog: Any) -> None:
        if dialog.type != "beforeunload":
            self.complaints.append(f"dialog: {dialog.message}")
        dialog.accept()

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def log_in(self, email: str, password: str = PASSWORD) -> Page:
        """Through the login page, which is open."""
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Log in").click()
        return self.page

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The API's answer to this person, asked beside the page."""
        token = {one["name"]: one["value"] for one in self.context.cookies()}[CSRF]
        answer = self.context.request.fetch(
            self.url + path, method=method, data=body, headers={"X-CSRF-TOKEN": token, **headers}
        )
        assert answer.ok, answer.text()
        return answer.json()


@contextmanager
def visit(
    browser: Browser,
    url: str,
    *,
    window: ViewportSize = DASHBOARD,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Visit]:
    """A browser nobody has logged in with; at its end the page has complained of nothing."""
    context = browser.new_context(
        viewport=window, color_scheme=scheme, timezone_id="Europe/Berlin", locale="en-GB"
    )
    someone = Visit(context, url)
    yield someone
    assert someone.complaints == []
    context.close()


@contextmanager
def logged_in(browser: Browser, url: str, email: str, **given: Any) -> Iterator[Visit]:
    """Somebody on the page where their role begins, logged in as that page would."""
    password = PASSWORD if email.endswith("@demo.example") else OWN_PASSWORD
    with visit(browser, url, **given) as someone:
        body = {"email": email, "password": password, "cookies": True}
        answer = someone.context.request.post(f"{url}/v1/auth/login", data=body)
        assert answer.ok, answer.text()
        someone.open(_BEGINS.get(email, "/checkin"))
        yield someone


def newcomer(url: str, **identity: Any) -> tuple[str, str]:
    """A patient just taken on by the demo's clinician, without a day yet: e-mail and id."""
    token = _sent(f"{url}/v1/auth/login", {"email": CLINICIAN, "password": PASSWORD})[
        "access_token"
    ]
    email = f"{uuid4().hex}@example.org"
    patient = {
        "display_name": "Ada Example", "birth_date": "1984-05-02", "country": "DE",
        "language": "en", "timezone": "Europe/Berlin", "email": email,
    }  # fmt: skip
    made = _sent(f"{url}/v1/patients", patient | identity, token)
    accepted = {
        "password": OWN_PASSWORD, "display_name": "Ada Example", "timezone": "Europe/Berlin",
        "consent_version": "2026-11",
    }  # fmt: skip
    _sent(f"{url}/v1/invitations/{made['invitation']['token']}/accept", accepted)
    return email, made["id"]


def _sent(address: str, body: Any, token: str = "") -> Any:
    headers = {"Content-Type": "application/json"}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    request = Request(address, orjson.dumps(body), headers)  # noqa: S310 (our own server)
    with urlopen(request) as answer:  # noqa: S310
        return orjson.loads(answer.read())


def axe_faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds, each with the elements."""
    found = Axe().run(page).response["violations"]
    return [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found]

"""/docs in a real browser: the contract is drawn, under the strict policy, with nothing failing."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.launch import DASHBOARD
from tests.contract import document

_TELL_REPORTS = """
    globalThis.policyReports = [];
    document.addEventListener("securitypolicyviolation", (report) =>
        policyReports.push(`${report.violatedDirective} ${report.blockedURI}`));
"""
# Of 150 operations and tags or more, Swagger UI draws those that are in view.
ALL_IN_VIEW: ViewportSize = {"width": 1440, "height": 20_000}
# What axe finds in Swagger UI 5's own markup and colours, which are not ours to write.
SWAGGER_UI_FAULTS = {
    "color-contrast": "grey and coloured text on coloured bars",
    "heading-order": "tags are h3 below the title's h1",
    "nested-interactive": "the lock button inside each operation's own button",
    "region": "its description and authorize bars stand outside a landmark",
    "select-name": "the servers list has its label beside it only",
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport=DASHBOARD, color_scheme="light")
    opened.set_default_timeout(120_000)  # milliseconds; a loaded machine draws slowly
    opened.add_init_script(_TELL_REPORTS)
    yield opened
    opened.close()


def _open(page: Page, url: str) -> list[str]:
    """The page with its contract drawn; answers the list that complaints are added to."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
    page.on("requestfailed", lambda request: complaints.append(f"no answer: {request.url}"))
    page.goto(f"{url}/docs")
    page.wait_for_selector(".opblock")
    return complaints


def _axe_faults(page: Page) -> set[str]:
    found = Axe().run(page).response["violations"]
    return {violation["id"] for violation in found}


def _open_shell(page: Page, url: str) -> None:
    """The page as it is before, or without, Swagger UI."""
    page.route("**/swagger-ui-bundle.js", lambda route: route.fulfill(body=""))
    page.goto(f"{url}/docs")


def test_the_page_draws_every_operation_and_tries_one_without_a_complaint(
    page: Page, url: str
) -> None:
    page.set_viewport_size(ALL_IN_VIEW)
    complaints = _open(page, url)
    methods = {"get", "put", "post", "patch", "delete"}
    promised = sum(len(methods & set(path)) for path in document()["paths"].values())
    expect(page.locator(".opblock")).to_have_count(promised)
    operation = page.locator("#operations-health-ready")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .response-col_description")
    answer.get_by_text('"status": "ready"').wait_for()
    assert page.evaluate("policyReports") == []
    assert complaints == []


def test_the_page_resolves_all_that_a_check_in_refers_to(page: Page, url: str) -> None:
    page.set_viewport_size(ALL_IN_VIEW)
    _open(page, url)
    path = page.locator(".opblock-put", has_text="/v1/patients/{patient_id}/checkins/{date}")
    path.locator(".opblock-summary-control").click()
    path.locator(".responses-table").wait_for()
    # Swagger UI lists what it cannot resolve above the contract, not on the console.
    assert page.locator(".errors-wrapper").all_inner_texts() == []


def test_the_policy_stops_a_script_written_into_the_page(page: Page, url: str) -> None:
    _open_shell(page, url)
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'),"
        " {textContent: 'globalThis.written = true'}))"
    )
    page.wait_for_function("policyReports.length > 0")
    assert page.evaluate("policyReports") == ["script-src-elem inline"]
    assert page.evaluate("globalThis.written") is None


def test_our_own_shell_has_no_accessibility_fault(page: Page, url: str) -> None:
    _open_shell(page, url)
    assert page.get_by_role("link", name="openapi.yaml").is_visible()
    assert _axe_faults(page) == set()


def test_swagger_ui_has_the_accessibility_faults_we_know_of_and_no_other(
    page: Page, url: str
) -> None:
    _open(page, url)
    assert _axe_faults(page) == set(SWAGGER_UI_FAULTS)

"""The login page in a real browser: everybody to where they begin, nobody further than that."""

from playwright.sync_api import Browser, expect

from tests.browser.people import (
    ADMIN,
    CLINICIAN,
    DESK,
    PATIENCE,
    PATIENT,
    axe_faults,
    logged_in,
    visit,
)


def test_a_wrong_password_says_what_to_do_and_keeps_what_was_typed(
    browser: Browser, url: str
) -> None:
    with visit(browser, url) as someone:
        page = someone.open("/")
        someone.log_in(PATIENT, "not-the-password")
        told = page.get_by_role("alert")
        expect(told).to_contain_text("E-mail or password is wrong. Check both", timeout=PATIENCE)
        expect(page.get_by_label("E-mail")).to_have_value("patient@demo.example")
        assert page.url == f"{url}/"
        assert axe_faults(page) == []


def test_the_keyboard_alone_logs_in_and_each_role_begins_at_its_page(
    browser: Browser, url: str
) -> None:
    with visit(browser, url) as someone:
        page = someone.open("/")
        page.get_by_label("E-mail").focus()
        page.keyboard.type("clinician@demo.example")
        page.keyboard.press("Tab")
        page.keyboard.type("demo-interlude")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{url}/patients", timeout=PATIENCE)
        page.goto(f"{url}/")  # who is logged in already need not do it again
        expect(page).to_have_url(f"{url}/patients", timeout=PATIENCE)


def test_an_admin_begins_at_the_alerts(browser: Browser, url: str) -> None:
    with visit(browser, url) as someone:
        page = someone.open("/")
        someone.log_in(ADMIN)
        expect(page).to_have_url(f"{url}/alerts", timeout=PATIENCE)
        expect(page.get_by_role("heading", name="Alerts", level=1)).to_be_visible()
        assert axe_faults(page) == []


def test_who_has_no_page_yet_is_told_so(browser: Browser, url: str) -> None:
    with visit(browser, url) as someone:
        page = someone.open("/")
        someone.log_in(DESK)
        expect(page.get_by_text("There is no page for the role front desk yet.")).to_be_visible()
        assert axe_faults(page) == []
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_label("Password")).to_be_visible()


def test_who_is_not_logged_in_comes_back_to_the_page_they_wanted(
    browser: Browser, url: str
) -> None:
    with visit(browser, url) as someone:
        page = someone.open("/checkin")
        expect(page.get_by_label("Password")).to_be_visible()
        someone.log_in(PATIENT)
        expect(page.get_by_text("Mood over the past 24 hours")).to_be_visible()
        assert page.url == f"{url}/checkin"


def test_after_logging_out_the_way_back_leads_to_the_login_page(browser: Browser, url: str) -> None:
    with logged_in(browser, url, CLINICIAN) as clinician:
        page = clinician.page
        page.get_by_role("link", name="Alex Winter").click()
        expect(page.get_by_text("born 14 Mar 1986")).to_be_visible()
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_label("Password")).to_be_visible()
        page.go_back()
        expect(page.get_by_label("Password")).to_be_visible()
        assert page.get_by_text("Alex Winter").count() == 0
        assert [cookie["name"] for cookie in clinician.context.cookies()] == []


def test_one_role_does_not_see_the_page_of_another(browser: Browser, url: str) -> None:
    with logged_in(browser, url, CLINICIAN) as clinician:
        page = clinician.open("/checkin")
        expect(page.get_by_role("alert")).to_have_text("This page is not for your role.Try again")


def test_the_login_page_is_readable_in_the_dark(browser: Browser, url: str) -> None:
    with visit(browser, url, scheme="dark") as someone:
        page = someone.open("/")
        expect(page.get_by_label("E-mail")).to_be_visible()
        assert axe_faults(page) == []

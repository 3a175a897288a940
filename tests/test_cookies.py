"""Cookie logins: kept from scripts and other sites, and worth nothing to a forged request."""

from http.cookies import SimpleCookie
from typing import Any

import pytest

from tests.people import PASSWORD, Person, World, fresh_address
from tests.sign_in import log_in

ACCESS, REFRESH = "__Host-access", "__Host-refresh"
CSRF, CSRF_REFRESH = "__Host-csrf", "__Host-csrf-refresh"
PATCH = {"display_name": "Renamed"}


@pytest.fixture
def person(world: World) -> Person:
    return world.person(world.clinic(), "clinician")


@pytest.fixture
def browser(world: World, person: Person) -> Any:
    """A browser in which the person is logged in."""
    client = world.app.test_client()
    answer = client.post(
        "/v1/auth/login",
        json={"email": person.email, "password": PASSWORD, "cookies": True},
        environ_base={"REMOTE_ADDR": fresh_address()},
    )
    assert answer.status_code == 200
    return client


def cookies_of(answer: Any) -> dict[str, Any]:
    """The cookies an answer sets, by name, each once."""
    jar: SimpleCookie = SimpleCookie()
    for line in answer.headers.getlist("Set-Cookie"):
        jar.load(line)
    return dict(jar)


def value(browser: Any, name: str) -> str:
    cookie = browser.get_cookie(name)
    assert cookie is not None
    return str(cookie.value)


def csrf(browser: Any, name: str = CSRF) -> dict[str, str]:
    return {"X-CSRF-TOKEN": value(browser, name)}


def test_cookies_are_for_this_host_alone_and_hidden_from_scripts(
    world: World, person: Person
) -> None:
    answer = log_in(world, person.email, cookies=True)
    assert (answer.json["access_token"], answer.json["refresh_token"]) == (None, None)
    cookies = cookies_of(answer)
    assert cookies.keys() == {ACCESS, REFRESH, CSRF, CSRF_REFRESH}
    for name, cookie in cookies.items():
        flags = (cookie["secure"], cookie["samesite"], cookie["path"], cookie["domain"])
        assert flags == (True, "Strict", "/", "")  # what __Host- asks for
        assert bool(cookie["httponly"]) is (name in (ACCESS, REFRESH))


def test_tokens_are_not_put_into_cookies_unasked(world: World, person: Person) -> None:
    assert cookies_of(log_in(world, person.email)) == {}


def test_a_cookie_reads(browser: Any, person: Person) -> None:
    assert browser.get("/v1/me").json["email"] == person.email


def test_a_cookie_writes_with_its_csrf_token_alone(browser: Any) -> None:
    assert browser.patch("/v1/me", json=PATCH, headers=csrf(browser)).status_code == 200
    assert browser.get("/v1/me").json["display_name"] == "Renamed"


@pytest.mark.parametrize("sent", [None, "", "guess", "refresh", "é", "another login's"])
def test_a_cookie_without_its_csrf_token_changes_nothing(
    world: World, browser: Any, person: Person, sent: str | None
) -> None:
    other = cookies_of(log_in(world, person.email, cookies=True))[CSRF].value
    known = {"refresh": value(browser, CSRF_REFRESH), "another login's": other}
    headers = {} if sent is None else {"X-CSRF-TOKEN": known.get(sent, sent)}
    before = browser.get("/v1/me").json
    answer = browser.patch("/v1/me", json=PATCH, headers=headers)
    assert (answer.status_code, answer.json["type"]) == (401, "/problems/csrf")
    assert browser.get("/v1/me").json == before


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_form_of_another_page_changes_nothing(browser: Any, content_type: str) -> None:
    """Not even one that had the CSRF token: only JSON is read."""
    body = f'{{"display_name": "Renamed", "csrf_token": "{value(browser, CSRF)}"}}'
    forged = browser.patch("/v1/me", data=body, content_type=content_type)
    assert forged.status_code == 401
    told = browser.patch("/v1/me", data=body, content_type=content_type, headers=csrf(browser))
    assert told.status_code == 415
    assert browser.get("/v1/me").json["display_name"] == "Clinician"


def test_a_cookie_refreshes_with_the_refresh_csrf_token_alone(browser: Any) -> None:
    before = value(browser, REFRESH)
    for headers in ({}, csrf(browser)):
        refused = browser.post("/v1/auth/refresh", headers=headers)
        assert (refused.status_code, refused.json["type"]) == (401, "/problems/csrf")
    answer = browser.post("/v1/auth/refresh", headers=csrf(browser, CSRF_REFRESH))
    assert answer.status_code == 200
    assert answer.json["access_token"] is None
    assert value(browser, REFRESH) != before
    assert browser.get("/v1/me").status_code == 200
    assert browser.patch("/v1/me", json=PATCH, headers=csrf(browser)).status_code == 200


def test_an_access_cookie_does_not_refresh(browser: Any) -> None:
    access = value(browser, ACCESS)
    browser.set_cookie(REFRESH, access)
    answer = browser.post("/v1/auth/refresh", headers=csrf(browser))
    assert answer.status_code == 401


def test_logging_out_clears_the_cookies_and_ends_what_they_were_good_for(
    browser: Any,
) -> None:
    access, headers = value(browser, ACCESS), csrf(browser)
    assert browser.post("/v1/auth/logout").status_code == 401  # nobody logs you out from outside
    answer = browser.post("/v1/auth/logout", headers=headers)
    assert answer.status_code == 204
    cleared = cookies_of(answer)
    assert cleared.keys() == {ACCESS, REFRESH, CSRF, CSRF_REFRESH}
    for cookie in cleared.values():
        assert (cookie.value, cookie["secure"], cookie["path"]) == ("", True, "/")
        assert cookie["expires"] == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert browser.get_cookie(ACCESS) is None
    browser.set_cookie(ACCESS, access)
    assert browser.get("/v1/me").status_code == 401


def test_a_bearer_token_needs_no_csrf_token(person: Person) -> None:
    assert person.patch("/v1/me", PATCH).status_code == 200


def test_a_header_that_is_no_token_does_not_become_one_beside_a_cookie(
    world: World, browser: Any
) -> None:
    """As behind a proxy that asks everybody for one and the same password of its own."""
    for authorization in ("Basic c2hhcmVk", "Bearer-of nothing"):
        header = {"Authorization": authorization}
        assert browser.get("/v1/me", headers=header).status_code == 200
        assert world.client().get("/v1/me", headers=header).status_code == 401
        assert browser.patch("/v1/me", json=PATCH, headers=header).status_code == 401

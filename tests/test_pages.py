"""The web pages as they are served: public shells, a strict policy, files from a fixed list."""

import re
from base64 import b64encode
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest

from api import pages
from tests.apps import nobody
from tests.node import WEB
from tests.people import World

SHELLS = (
    "/",
    "/login",
    "/join",
    "/reset",
    "/checkin",
    "/alerts",
    "/patients",
    "/patients/0b6f3c1e-52d7-4a8e-9c4f-1d2e3f4a5b6c",
)
# What is served of web/: all but its tests and what only tools read.
SERVED = {
    f"{path.parent.name}/{path.name}"
    for room in ("lib", "front", "phone", "dashboard")
    for path in (WEB / room).iterdir()
}
MODULES = sorted(name for name in SERVED if name.endswith(".js"))


@pytest.fixture
def client(world: World) -> Any:
    return nobody(world.app)


def policy_of(answer: Any) -> dict[str, str]:
    told = answer.headers["Content-Security-Policy"].split(";")
    return dict(part.strip().split(" ", 1) for part in told)


@pytest.mark.parametrize("path", SHELLS)
def test_a_page_allows_scripts_of_its_own_server_and_its_import_map_alone(
    client: Any, path: str
) -> None:
    answer = client.get(path)
    assert answer.content_type == "text/html; charset=utf-8"
    (mapped,) = re.findall(r'<script type="importmap">(.*?)</script>', answer.text, re.DOTALL)
    digest = b64encode(sha256(mapped.encode()).digest()).decode()
    assert policy_of(answer) == {
        "default-src": "'none'",
        "script-src": f"'self' 'sha256-{digest}'",
        "style-src": "'self'",
        "img-src": "'self' blob:",  # charts that were fetched
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    assert not re.search(r"<script>|<style| on[a-z]+=| style=|\$", answer.text)


@pytest.mark.parametrize("path", SHELLS)
def test_everything_a_page_asks_for_is_served(client: Any, path: str) -> None:
    asked = re.findall(r'(?:src|href)="(/[^"]+)"|: "(/[^"]+)"', client.get(path).text)
    named = {one or other for one, other in asked}
    assert len(named) >= 8
    for file in named:
        answer = client.get(file)
        assert (answer.status_code, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")


def test_who_looks_for_the_login_page_finds_it(client: Any) -> None:
    assert client.get("/login").data == client.get("/").data


def test_a_patients_page_is_the_same_for_everybody(client: Any, world: World) -> None:
    known = client.get(f"/patients/{world.patient(world.clinic())}")
    assert known.data == client.get(f"/patients/{uuid4()}").data


def test_the_list_of_files_is_what_there_is(client: Any) -> None:
    assert pages._FILES == SERVED
    kinds = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
    for name in SERVED:
        answer = client.get(f"/web/{name}")
        assert answer.data == (WEB / name).read_bytes()
        assert answer.content_type == f"{kinds[name.rpartition('.')[2]]}; charset=utf-8"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_what_is_served(client: Any, name: str) -> None:
    (mapped,) = re.findall(r'"imports": \{(.*?)\}', client.get("/").text)
    bare = set(re.findall(r'"([^"]+)": ', mapped))
    for imported in re.findall(r'^import .*?"([^"]+)";', (WEB / name).read_text(), re.MULTILINE):
        if imported.startswith("."):
            found = (WEB / name).parent.joinpath(imported).resolve()
            assert str(found.relative_to(WEB)) in SERVED, imported
        else:
            assert imported in bare, imported


def test_the_packages_import_only_what_the_map_names(client: Any) -> None:
    for name in pages._VENDOR:
        script = client.get(f"/vendor/{name}").text
        assert set(re.findall(r'from"([^"]+)"', script)) <= {"preact"}


@pytest.mark.parametrize(
    "path",
    [
        "/vendor/package.json",
        "/vendor/../package.json",
        "/vendor/preact/package.json",
        "/web/lib/../shell.html",
        "/web/lib/..%2fshell.html",
        "/web/tests/client.test.js",
        "/web/node_modules/.package-lock.json",
        "/web/shell.html",
        "/web/lib/client.js/",
        "/web/lib/client.js%00.css",
        "/web/lib",
        "/web/",
    ],
)
def test_nothing_off_the_lists_is_served(client: Any, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_package_that_is_not_installed_is_not_found(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pages._VENDOR, "preact.js", "preact/dist/absent.mjs")
    answer = client.get("/vendor/preact.js")
    assert answer.status_code == 404
    assert "make run" in answer.json["detail"]


@pytest.mark.parametrize("path", [*SHELLS, "/web/lib/client.js", "/vendor/preact.js"])
def test_a_held_page_is_asked_for_again_and_not_sent_again(client: Any, path: str) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")

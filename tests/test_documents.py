"""The contract and its pages: served as committed, from a fixed list, under a strict policy."""

import re

import pytest
import yaml

from api.problems import TYPES
from tests.apps import nobody
from tests.contract import ROOT, document
from tests.people import World

FILES = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "docs.js": "text/javascript",
    "docs.css": "text/css",
}
PAGES = ("/openapi.yaml", "/docs", *(f"/docs/{name}" for name in FILES), "/problems")


def test_the_served_contract_is_the_committed_one(world: World) -> None:
    answer = nobody(world.app).get("/openapi.yaml")
    assert answer.content_type == "application/yaml; charset=utf-8"
    assert answer.data == (ROOT / "openapi.yaml").read_bytes()
    assert yaml.safe_load(answer.data)["openapi"].startswith("3.1")


def test_the_page_runs_only_scripts_of_its_own_server(world: World) -> None:
    answer = nobody(world.app).get("/docs")
    assert answer.content_type == "text/html; charset=utf-8"
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    for kind in ("script-src", "style-src", "connect-src"):
        assert policy[kind] == "'self'"
    sources = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert all(source.startswith(("/", "data:,")) for source in sources)
    assert not re.search(r"<script>|<style| on[a-z]+=| style=", answer.text)


def test_every_file_the_page_asks_for_is_served(world: World) -> None:
    client = nobody(world.app)
    asked = re.findall(r'(?:src|href)="(/docs/[^"]+)"', client.get("/docs").text)
    assert sorted(asked) == sorted(f"/docs/{name}" for name in FILES)
    for name, kind in FILES.items():
        answer = client.get(f"/docs/{name}")
        assert answer.content_type == f"{kind}; charset=utf-8"
        assert len(answer.data) > 20
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    [
        "docs.html",
        "index.html",
        "../settings.py",
        "..%2fsettings.py",
        "%2e%2e/%2e%2e/wsgi.py",
        "..\\settings.py",
        "/etc/passwd",
        "swagger-ui.css/",
        "swagger-ui.css%00.js",
        "Swagger-UI.css",
        "package.json",
    ],
)
def test_nothing_off_the_list_is_served(world: World, name: str) -> None:
    answer = nobody(world.app).get(f"/docs/{name}")
    assert (answer.status_code, answer.json["type"]) == (404, "/problems/not-found")


@pytest.mark.parametrize("path", PAGES)
def test_a_held_page_is_asked_for_again_and_not_sent_again(world: World, path: str) -> None:
    first = nobody(world.app).get(path)
    held = {"If-None-Match": first.headers["ETag"]}
    again = nobody(world.app).get(path, headers=held)
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    other = nobody(world.app).get(path, headers={"If-None-Match": '"other"'})
    assert other.data == first.data


def test_every_problem_type_has_a_page(world: World) -> None:
    listed = nobody(world.app).get("/problems").json["items"]
    assert [item["type"] for item in listed] == [f"/problems/{slug}" for slug in TYPES]
    for item in listed:
        page = nobody(world.app).get(item["type"])
        assert (page.status_code, page.json) == (200, item)
        assert len(item["meaning"]) > 20
        assert 400 <= item["status"] <= 599
    promised = document()["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]
    assert promised == [item["type"] for item in listed]


def test_a_problem_is_described_at_the_path_of_its_type(world: World) -> None:
    problem = nobody(world.app).get("/problems/no-such-problem").json
    page = nobody(world.app).get(problem["type"]).json
    assert (page["status"], page["title"]) == (problem["status"], problem["title"])

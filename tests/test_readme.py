"""The README is true: its tour is taken, its tables, names and paths are held to the code.

The tour of docs/sync.md is taken, too.
"""

import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from api.settings import VARIABLES, Settings
from tests import served
from tests.contract import ROOT
from tests.people import ZONE, Household

README = (ROOT / "README.md").read_text()
SYNC = (ROOT / "docs" / "sync.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
# What differs from run to run, by what it is shown as.
PASSING = (
    (r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", "<id>"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", "<instant>"),
    (r"\d{4}-\d\d-\d\d", "<date>"),
    (r'"[0-9a-f]{16}"', '"<tag>"'),
    (r'"(r\d+)\.[0-9a-f]{8}"', r'"\1.<anchor>"'),
    (r'("utc_offset_minutes": )(?:60|120)', r"\1<Berlin's>"),
    (r"(?m)^(epoch: )[0-9a-f]{16}$", r"\1<epoch>"),
)
NAME = re.compile(r"`((?:api|care|models|clinical)(?:\.\w+)+)`")


def section(title: str, page: str = README) -> str:
    """A page's text below a heading, up to the next of its level."""
    return page.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def steps(tour: str) -> list[tuple[str, str]]:
    """A tour's commands, each with what the page says they print."""
    return re.findall(r"```sh\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", tour, re.DOTALL)


def settled(text: str) -> str:
    """The text without what differs from run to run."""
    for pattern, shown in PASSING:
        text = re.sub(pattern, shown, text)
    return text


@pytest.fixture
def tools(tmp_path: Path) -> str:
    """A PATH on which python3 is this one, and on which there is a curl."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "python3").symlink_to(sys.executable)
    if shutil.which("curl") is None:
        stand_in = folder / "curl"
        stand_in.write_text(f'#!/bin/sh\nexec python3 {ROOT / "tests" / "curl.py"} "$@"\n')
        stand_in.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.fixture
def url(made_demo: Path, tmp_path: Path) -> Iterator[str]:
    with served.demo(tmp_path, made_demo) as address:
        yield address


TOURS = {
    "the readme": (section("A tour in five minutes"), 10),
    "sync": (section("Try it", SYNC), 4),
}


@pytest.mark.parametrize("name", TOURS)
def test_the_tour_prints_what_the_page_says(
    name: str, url: str, tools: str, tmp_path: Path
) -> None:
    tour, fewest = TOURS[name]
    told = steps(tour)
    assert len(told) > fewest
    script = "".join(f"{commands}echo '== end'\n" for commands, _ in told)
    taken = subprocess.run(
        ["sh"],  # noqa: S607
        input=script.replace("http://localhost:8000", url),
        env={"PATH": tools, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    printed = taken.stdout.split("== end\n")[:-1]
    assert taken.stderr == ""
    for (commands, promised), actual in zip(told, printed, strict=True):
        assert settled(actual) == settled(promised), commands


def test_the_readme_shows_what_the_demo_prints(made_demo: Path) -> None:
    assert (made_demo / "told.txt").read_text() in section("Two commands")


def _rows(title: str) -> dict[str, tuple[str, ...]]:
    """All tables of a section: the cells of each row by its first."""
    lines = [line for line in section(title).splitlines() if line.startswith("| `")]
    cells = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    return {first.strip("`"): rest for first, *rest in cells}  # type: ignore[misc]


def test_the_settings_table_is_the_settings() -> None:
    told = _rows("Settings")
    of_make_run = {"HOST", "WORKERS"}
    assert set(told) - of_make_run == {*VARIABLES.values(), "SECRET_KEY_FILE"}
    defaults = Settings(database_url="sqlite:////nowhere", secret_key="abcdefghij0123456789" * 2)
    for name, variable in VARIABLES.items():
        if name not in ("database_url", "secret_key"):
            default = _as_set(getattr(defaults, name))
            assert told[variable][0] == (f"`{default}`" if default != "" else "none"), variable
    assert told["HOST"][0] == f"`{_default_in_makefile('HOST')}`"
    assert told["WORKERS"][0] == f"`{_default_in_makefile('WORKERS')}`"


def _as_set(value: object) -> object:
    """A value as one writes it into the environment."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return value


def _default_in_makefile(name: str) -> str:
    found = re.search(rf"^{name} \?= (\S+)$|\$\$\{{{name}:-(\S+?)\}}", MAKEFILE, re.MULTILINE)
    assert found is not None, name
    return found.group(1) or found.group(2)


def test_every_path_of_the_floor_plan_is_there() -> None:
    told = [line.split()[0] for line in section("The floor plan").split("```")[1].splitlines()[1:]]
    assert len(told) > 8
    for path in told:
        assert (ROOT / path).is_dir() is path.endswith("/"), path
        assert (ROOT / path).exists(), path
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert {f"{room}/" for room in rooms} <= set(told)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_links_to_and_calls_by_name_is_there(page: Path) -> None:
    text = page.read_text()
    named = r"`((?:api|care|models|clinical|commands|migrations|tests|bench|docs)/[\w./-]*)`"
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        assert link.startswith("https://") or (page.parent / link).exists(), link
    targets = set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"(?:`|^|\$ )make ([a-z]+)", text, re.MULTILINE)) <= targets
    for name in NAME.findall(text):
        found(name)
    for path in re.findall(named, text):
        assert (ROOT / path).exists(), path


def found(name: str) -> Any:
    """What a dotted name of this code base means."""
    parts = name.split(".")
    modules = [end for end in range(1, len(parts) + 1) if _is_module(parts[:end])]
    thing: Any = importlib.import_module(".".join(parts[: modules[-1]]))
    for attribute in parts[modules[-1] :]:
        thing = getattr(thing, attribute)
    return thing


def _is_module(parts: list[str]) -> bool:
    path = ROOT.joinpath(*parts)
    return path.is_dir() or path.with_suffix(".py").is_file()


def test_a_check_in_passes_the_functions_of_its_journey_in_that_order(home: Household) -> None:
    told = dict.fromkeys(NAME.findall(section("The journey of one check-in")))
    journey = [name for name in told if callable(found(name)) and name != "care.access.chart"]
    passed = _functions_of_a_put(home)
    assert [name for name in journey if name not in passed] == []
    assert journey == sorted(journey, key=passed.index)


def _functions_of_a_put(home: Household) -> list[str]:
    """The names of our functions that a new day's PUT calls, in the order of their first call."""
    calls: dict[str, None] = {}

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            calls[f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}"] = None

    day = datetime.now(UTC).date() - timedelta(days=1)
    entry = {"mood": 6, "recorded_at": datetime.now(UTC).isoformat(), "timezone": ZONE}
    sys.setprofile(note)
    try:
        answer = home.patient.put(f"/v1/me/checkins/{day}", entry)
    finally:
        sys.setprofile(None)
    assert answer.status_code == 201, answer.json
    return list(calls)

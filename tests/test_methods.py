"""What the documents say of medicine is what `clinical` does: examples run, lists compared."""

import doctest
import re
from pathlib import Path

import pytest

from care.courses import OLDEST_UNASKED
from clinical import control_chart, gap_risk, outcomes, response_curves, same_day, trends
from clinical import window_comparison as windows
from clinical.chart import BEARING_ON_SESSION, LEAST_FAILED_TRIALS
from clinical.days import DEFAULT_DAY_BOUNDARY_MINUTES, LATE_AFTER
from clinical.periods import LONGEST_SINCE_SESSION_DAYS
from clinical.plans import TEMPLATES
from clinical.side_effects import SEVERITIES, SIDE_EFFECTS
from clinical.summaries import REASONS
from clinical.wear_off import LEAST_GAIN
from models.clinic import Clinic
from tests.contract import ROOT

METHODS = ROOT / "docs" / "methods"
PAGES = sorted(METHODS.glob("*.md"))
SIGN_OFF = (ROOT / "docs" / "sign-off.md").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_worked_example_of_the_methods_comes_out_as_written(page: Path) -> None:
    outcome = doctest.testfile(str(page), module_relative=False, optionflags=doctest.FAIL_FAST)
    assert outcome.failed == 0
    assert outcome.attempted == page.read_text().count("\n>>> ") > 0


def test_every_page_of_the_methods_is_found_from_the_first() -> None:
    first = (METHODS / "README.md").read_text()
    assert [page.name for page in PAGES if f"({page.name})" not in first] == ["README.md"]


def test_every_reason_for_no_number_is_told_once() -> None:
    told = re.findall(r"^\| `(\w+)` \|", (METHODS / "coverage.md").read_text(), re.MULTILINE)
    assert told == list(REASONS)


def test_the_trends_defaults_to_be_signed_are_the_ones_in_use() -> None:
    rows = [row for row in SIGN_OFF.splitlines() if "| `clinical/" in row]
    days, (part, whole) = trends.LEVEL_DAYS, trends.LEVEL_SHARE_DAYS
    imported = f"the last {trends.BASELINE_DAYS} of the {trends.BASELINE_IMPORT_DAYS} days before"
    likeness = f"{trends.LAG_1_DEFAULT:.1f}; cut to 0-{trends.LAG_1_MAXIMUM:.1f} ".replace(
        "0.", "."
    )
    for told in (
        f"{days} observed days and {part} of every {whole} expected",
        f"the last {trends.SLOPE_WINDOW_DAYS} days of its period",
        f"fewer than {trends.LAG_1_PAIRS} pairs tell it | {likeness}",
        f"{imported} the course's first session, at least {trends.BASELINE_VALID_DAYS}",
        f"Since a session nothing is told after | {LONGEST_SINCE_SESSION_DAYS} days",
    ):
        assert sum(told in row for row in rows) == 1, told


def test_the_windows_defaults_to_be_signed_are_the_ones_in_use() -> None:
    rows = [row for row in SIGN_OFF.splitlines() if "| `clinical/" in row]
    step = 1 / outcomes.DOSE_STEPS_PER_MG_PER_KG
    least = LEAST_GAIN
    for told in (
        f"a symptom of at most {windows.GOOD_DAY_AT_MOST:.0f} of 10",
        f"the highest {windows.MEDIAN_DAYS}-day median of the gain",
        f"its neighbours, {same_day.NEIGHBOURS_DAYS} day either way",
        f"of {response_curves.BAND_MINIMUM_WINDOWS} earlier windows or more, and {least:.1f} of 10",
        f"from {gap_risk.LEAST_WINDOWS} closed windows",
        f"to {step:.2f} mg/kg".replace(" 0.", " ."),
        f"with {control_chart.STABLE_VALID_DAYS} answered days, its slope moving it by less than "
        f"{least:.1f}; joined by those before it as far as {control_chart.LONGEST_STRETCH_DAYS} "
        f"days; at most {control_chart.LONGEST_BACK_DAYS} days before the last session; without "
        f"sessions, before the last {control_chart.WATCHED_DAYS} days",
    ):
        assert sum(told in row for row in rows) == 1, told
    assert windows.ONSET_FRACTION == 0.5


def test_every_unconfirmed_code_waits_for_a_signature() -> None:
    unconfirmed = {
        (effect.code, effect.snomed_code)
        for effect in SIDE_EFFECTS.values()
        if effect.snomed_code and not effect.snomed_confirmed
    }
    assert set(re.findall(r"\| (\w+) \| (\d+) (?=\|)", SIGN_OFF)) == unconfirmed


def test_the_defaults_to_be_signed_are_the_ones_in_use() -> None:
    words = ", ".join(f"{value} {word}" for value, word in SEVERITIES.items())
    assert f"| {words} |" in SIGN_OFF
    assert f"| {len(SIDE_EFFECTS)} entries |" in SIGN_OFF
    assert f"| {Clinic.__table__.c.backfill_days.default.arg} days |" in SIGN_OFF
    assert f"at {DEFAULT_DAY_BOUNDARY_MINUTES // 60:02}:00 on" in SIGN_OFF
    assert f"more than {LATE_AFTER.total_seconds() / 3600:.0f} h after" in SIGN_OFF


def plan_in_words(route: str) -> str:
    """The route's template as the page for signature has it."""
    plan = TEMPLATES[route]
    steps = [
        f"{step['sessions']}, days apart {', '.join(map(str, step['days_apart']))}"
        for step in plan["steps"]
    ]
    after = plan["maintenance_days_apart"]
    return ", then ".join([*steps, f"every {after} days" if after else "none"])


def test_the_plans_to_be_signed_are_the_ones_courses_begin_with() -> None:
    routes = ("intravenous, intramuscular, subcutaneous", "intranasal", "oral, sublingual")
    told = "; ".join(f"{names}: {plan_in_words(names.split(', ')[0])}" for names in routes)
    assert f"| {told} |" in SIGN_OFF
    assert sorted(", ".join(routes).split(", ")) == sorted(TEMPLATES)
    for names in routes:
        assert len({plan_in_words(route) for route in names.split(", ")}) == 1
    minutes = {route: plan["session_minutes"] for route, plan in TEMPLATES.items()}
    assert minutes.pop("intranasal") == 150
    assert f"| {', '.join(minutes)} 120; intranasal 150 |" in SIGN_OFF
    assert set(minutes.values()) == {120}
    assert {tuple(plan["open_weekdays"]) for plan in TEMPLATES.values()} == {(1, 2, 3, 4, 5)}


def test_what_is_asked_about_in_a_chart_is_what_is_to_be_signed() -> None:
    assert f"| {LEAST_FAILED_TRIALS} trials with no or a partial response |" in SIGN_OFF
    assert f"| {', '.join(BEARING_ON_SESSION)} |" in SIGN_OFF
    assert f"more than {OLDEST_UNASKED.days / 365.25:.0f} years ago |" in SIGN_OFF

"""/v1/measures: what is asked, word for word what the clinical tables say."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clinical.measures import MEASURES
from clinical.side_effects import SIDE_EFFECTS
from tests.conftest import Clock
from tests.people import ZONE, Household

# Key, range, step, direction: the check-in's items of the clinical reference (3a).
ASKED = [
    ("mood", 0, 10, 1, "higher_is_better"),
    ("interest", 0, 10, 1, "higher_is_better"),
    ("energy", 0, 10, 1, "higher_is_better"),
    ("anxiety", 0, 10, 1, "higher_is_worse"),
    ("irritability", 0, 10, 1, "higher_is_worse"),
    ("sleep_hours", 0, 24, 0.25, "neither"),
    ("sleep_quality", 1, 5, 1, "higher_is_better"),
]

# The clinical reference's list (2e), one row each: SNOMED code, whether it was confirmed there,
# MedDRA term, window. "flag" rows without a window of their own are asked between sessions.
LISTED = [
    ("404640003", True, "Dizziness", "acute"),
    (None, False, "Dissociation", "acute"),
    ("422587007", True, "Nausea", "acute"),
    ("422400008", True, "Vomiting", "acute"),
    ("25064002", False, "Headache", "both"),
    ("271782001", False, "Somnolence", "acute"),
    ("84229001", False, "Fatigue", "between"),
    ("399153001", False, "Vertigo", "acute"),
    ("271801002", True, "Dysgeusia", "acute"),
    ("111516008", True, "Vision blurred", "acute"),
    ("24982008", False, "Diplopia", "acute"),
    ("44077006", False, "Hypoaesthesia", "acute"),
    ("91019004", False, "Paraesthesia", "acute"),
    ("48694002", False, "Anxiety", "both"),
    (None, False, "Panic attack", "both"),
    ("55929007", False, "Irritability", "between"),
    ("24199005", False, "Agitation", "between"),
    ("80313002", False, "Palpitations", "acute"),
    ("24184005", False, "Blood pressure increased", "acute"),
    ("193462001", False, "Insomnia", "between"),
    (None, False, "Nightmare", "between"),
    ("386807006", True, "Memory impairment", "between"),
    (None, False, "Disturbance in attention", "between"),
    ("7011001", False, "Hallucination", "both"),
    (None, False, "Paranoia", "both"),
    (None, False, "Euphoric mood", "between"),
    (None, False, "Hypomania", "between"),
    ("49650001", True, "Dysuria", "between"),
    ("162116003", True, "Pollakiuria", "between"),
    ("75088002", True, "Micturition urgency", "between"),
    ("34436003", False, "Haematuria", "between"),
    (None, False, "Drug craving", "between"),
    (None, False, "Drug abuse", "between"),
    (None, False, "Nasal discomfort", "acute"),
    (None, False, "Feeling drunk", "acute"),
    (None, False, "Dry mouth", "acute"),
]
FLAGGED = {
    "Hallucination", "Paranoia", "Euphoric mood", "Hypomania", "Dysuria", "Pollakiuria",
    "Micturition urgency", "Haematuria", "Drug craving", "Drug abuse",
}  # fmt: skip


@pytest.fixture
def form(home: Household) -> Any:
    answer = home.patient.get("/v1/measures")
    assert answer.status_code == 200
    return answer.json


def test_the_daily_items_have_their_ranges_and_directions(form: Any) -> None:
    names = ("key", "minimum", "maximum", "step", "direction")
    assert [tuple(item[name] for name in names) for item in form["measures"]] == ASKED
    assert form["measures"] == [measure.as_dict() for measure in MEASURES.values()]


def test_every_scale_ends_in_words(form: Any) -> None:
    for item in form["measures"]:
        words = [item[name].strip() for name in ("prompt", "low_end", "high_end", "source")]
        assert all(words)
        assert words[1] != words[2]
    by_key = {item["key"]: item for item in form["measures"]}
    assert (by_key["mood"]["low_end"], by_key["mood"]["high_end"]) == ("worst", "best")
    quality = by_key["sleep_quality"]
    assert (quality["low_end"], quality["high_end"]) == ("very poor", "very good")
    assert [item["key"] for item in form["measures"] if item["unit"]] == ["sleep_hours"]


def test_the_side_effect_list_is_the_clinical_one_and_whole(form: Any) -> None:
    names = ("snomed_code", "snomed_confirmed", "meddra_term", "window")
    shown = [tuple(item[name] for name in names) for item in form["side_effects"]]
    assert shown == LISTED
    assert form["side_effects"] == [effect.as_dict() for effect in SIDE_EFFECTS.values()]
    watched = {item["meddra_term"] for item in form["side_effects"] if item["watch"]}
    assert watched == FLAGGED
    for name in ("code", "label"):
        assert len({item[name] for item in form["side_effects"]}) == len(LISTED)


def test_severity_is_told_in_plain_words(form: Any) -> None:
    assert form["severities"] == [
        {"value": 1, "label": "noticeable"},
        {"value": 2, "label": "gets in the way"},
        {"value": 3, "label": "cannot do usual things"},
        {"value": 4, "label": "needed help at once"},
    ]


def test_the_safety_item_is_not_shown_while_nobody_is_named_to_read_it(form: Any) -> None:
    assert form["suicidal_thoughts"] == {
        "shown": False,
        "prompt": "Today, thoughts that life is not worth living or of harming yourself?",
        "answers": ["none", "fleeting", "often", "most_of_the_time", "declined"],
        "choices": [
            {"value": "none", "label": "none"},
            {"value": "fleeting", "label": "fleeting"},
            {"value": "often", "label": "often"},
            {"value": "most_of_the_time", "label": "most of the time"},
            {"value": "declined", "label": "prefer not to say"},
        ],
    }


def test_whatever_is_listed_can_be_answered(home: Household, form: Any) -> None:
    highest = {item["key"]: item["maximum"] for item in form["measures"]}
    effects = [{"code": item["code"], "severity": 4} for item in form["side_effects"]]
    day = datetime.now(UTC).date()
    entry = {"recorded_at": datetime.now(UTC).isoformat(), "timezone": ZONE}
    body = {**highest, "side_effects": effects, **entry}
    answer = home.patient.put(f"/v1/me/checkins/{day}", body)
    assert answer.status_code == 201, answer.json
    assert {key: answer.json[key] for key in highest} == highest


def test_everybody_logged_in_may_read_it_and_holds_it_until_it_changes(home: Household) -> None:
    for person in (home.patient, home.clinician, home.front_desk, home.admin):
        held = {"If-None-Match": person.get("/v1/measures").headers["ETag"]}
        assert person.get("/v1/measures", headers=held).status_code == 304
    ends = {"low_end": "none", "high_end": "all", "direction": "neither"}
    pain = {"key": "pain", "prompt": "Pain", **ends}
    home.admin.patch("/v1/clinic", {"custom_measures": [pain]})
    changed = home.patient.get("/v1/measures", headers=held)
    assert changed.status_code == 200
    told = {"minimum": 0, "maximum": 10, "step": 1, "unit": None, "source": "set by the clinic"}
    assert changed.json["custom"] == [pain | told]


@pytest.mark.parametrize(("hour", "days_back"), [(3, 1), (5, 0)])
def test_today_is_told_by_the_day_boundary_in_ones_zone(
    home: Household, clock: Clock, hour: int, days_back: int
) -> None:
    now = datetime.now(UTC)
    zone = ZoneInfo("Pacific/Auckland")
    home.patient.patch("/v1/me", {"timezone": zone.key})
    day = now.astimezone(zone).date() + timedelta(days=1)
    clock.ahead = datetime.combine(day, time(hour), zone) - now
    assert home.patient.get("/v1/measures").json["date"] == str(day - timedelta(days=days_back))


def test_the_earliest_day_told_can_be_logged_and_the_one_before_it_not(home: Household) -> None:
    assert home.admin.patch("/v1/clinic", {"backfill_days": 3}).status_code == 200
    told = home.patient.get("/v1/measures").json
    earliest = date.fromisoformat(told["earliest_date"])
    assert earliest == date.fromisoformat(told["date"]) - timedelta(days=3)
    now = datetime.now(UTC).isoformat()
    for day, status in ((earliest, 201), (earliest - timedelta(days=1), 422)):
        entry = {"mood": 6, "recorded_at": now, "timezone": ZONE}
        assert home.patient.put(f"/v1/me/checkins/{day}", entry).status_code == status

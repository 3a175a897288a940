"""/v1/clinic: settings hold from the very next request; a custom measure never vanishes."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from tests.at_once import at_once, twin
from tests.people import ZONE, Household, Person, World

PAIN = {
    "key": "pain",
    "prompt": "Pain",
    "direction": "higher_is_worse",
    "low_end": "none at all",
    "high_end": "worst imaginable",
    "retired": False,
}
CALM = PAIN | {"key": "calm", "prompt": "Calm", "direction": "higher_is_better"}
BAD: dict[str, Any] = {
    "name": " ",
    "country": "Germany",
    "timezone": "CET/Nowhere",
    "holidays": [{"date": "2026-02-30", "name": "none"}],
    "custom_measures": [PAIN | {"key": "Pain!"}],
    "backfill_days": 367,
    "revision": 7,
    "id": "4b3b6f7e-0000-4000-8000-000000000000",
}


def changed(home: Household, **given: Any) -> Any:
    answer = home.admin.patch("/v1/clinic", given)
    assert answer.status_code == 200, answer.json
    return answer


def logged(person: Person, day: date, **answers: Any) -> Any:
    """The answer to one day's check-in, recorded now."""
    entry = {"recorded_at": datetime.now(UTC).isoformat(), "timezone": ZONE}
    return person.put(f"/v1/me/checkins/{day}", {"mood": 5, **answers, **entry})


def a_day_ago(days: int) -> date:
    # The middle of the UTC day before: the same day in the patient's zone at any hour.
    return datetime.now(UTC).date() - timedelta(days=days)


def asked_keys(person: Person) -> list[str]:
    return [measure["key"] for measure in person.get("/v1/measures").json["custom"]]


def test_staff_read_the_settings_and_the_admin_changes_them(home: Household) -> None:
    people = (home.admin, home.clinician, home.front_desk, home.patient)
    reading = [person.get("/v1/clinic").status_code for person in people]
    changing = [person.patch("/v1/clinic", {"name": "New"}).status_code for person in people]
    assert reading == [200, 200, 200, 403]
    assert changing == [200, 403, 403, 403]
    assert home.clinician.get("/v1/clinic").json["name"] == "New"
    assert home.stranger.get("/v1/clinic").json["name"] == "Clinic"


REVIEWS = (
    *("reviewer_id", "backup_reviewer_id", "review_hours", "escalation_minutes"),
    *("silent_days", "vitals_alarms", "screens", "crisis_lines"),
)


def test_a_clinic_begins_with_the_defaults(home: Household) -> None:
    assert home.admin.get("/v1/clinic").json == {
        "id": str(home.clinic_id),
        "name": "Clinic",
        "country": "DE",
        "timezone": ZONE,
        "holidays": [],
        "custom_measures": [],
        "backfill_days": 14,
        **dict.fromkeys(REVIEWS),
        "suicidal_thoughts": {"is_asked": False, "reason": "no_reviewer"},
        "revision": 1,
    }


def test_only_what_is_sent_is_changed(home: Household) -> None:
    before = home.admin.get("/v1/clinic").json
    holidays = [{"date": "2026-12-26", "name": "B"}, {"date": "2026-12-25", "name": "A"}]
    given = {"name": "Ü", "country": "AT", "timezone": "Europe/Vienna", "backfill_days": 0}
    after = changed(home, **given, holidays=holidays, custom_measures=[PAIN]).json
    told = {"holidays": holidays[::-1], "custom_measures": [PAIN], "revision": 2}
    assert after == before | given | told
    assert changed(home, name="Z").json == after | {"name": "Z", "revision": 3}
    assert changed(home).json == after | {"name": "Z", "revision": 3}


def test_every_bad_setting_is_named_at_once(home: Household) -> None:
    before = home.admin.get("/v1/clinic").json
    answer = home.admin.patch("/v1/clinic", BAD)
    named = {error["pointer"] for error in answer.json["errors"]}
    nested = {"/holidays/0/date", "/custom_measures/0/key"}
    assert answer.status_code == 422
    assert named == {f"/{name}" for name in BAD} - {"/holidays", "/custom_measures"} | nested
    assert home.admin.get("/v1/clinic").json == before


def test_a_held_state_is_not_sent_again_and_a_stale_one_changes_nothing(home: Household) -> None:
    held = home.admin.get("/v1/clinic").headers["ETag"]
    unchanged = home.admin.get("/v1/clinic", headers={"If-None-Match": held})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    fresh = home.admin.patch("/v1/clinic", {"name": "A"}, headers={"If-Match": held})
    stale = home.admin.patch("/v1/clinic", {"name": "B"}, headers={"If-Match": held})
    assert (fresh.status_code, stale.status_code) == (200, 412)
    now = home.admin.get("/v1/clinic", headers={"If-None-Match": held})
    assert (now.status_code, now.json["name"]) == (200, "A")
    assert now.headers["ETag"] == fresh.headers["ETag"]


def test_a_new_measure_is_asked_and_taken_at_once(home: Household) -> None:
    day = a_day_ago(1)
    early = logged(home.patient, day, custom={"pain": 3})
    assert early.status_code == 422
    assert [error["pointer"] for error in early.json["errors"]] == ["/custom/pain"]
    changed(home, custom_measures=[PAIN])
    assert asked_keys(home.patient) == ["pain"]
    stored = logged(home.patient, day, custom={"pain": 3})
    assert (stored.status_code, stored.json["custom"]) == (201, {"pain": 3})


def test_a_retired_measure_is_asked_no_more_and_its_days_stay(home: Household) -> None:
    changed(home, custom_measures=[PAIN, CALM])
    logged(home.patient, a_day_ago(2), custom={"pain": 3})
    changed(home, custom_measures=[PAIN | {"retired": True}, CALM])
    assert asked_keys(home.patient) == ["calm"]
    kept = home.patient.get(f"/v1/me/checkins/{a_day_ago(2)}").json
    assert kept["custom"] == {"pain": 3}
    # A phone that was offline when it was retired still has an answer to give.
    assert logged(home.patient, a_day_ago(1), custom={"pain": 4}).status_code == 201
    changed(home, custom_measures=[CALM, PAIN])
    assert asked_keys(home.patient) == ["calm", "pain"]


@pytest.mark.parametrize("left", [[], [CALM]])
def test_a_measure_is_never_removed(home: Household, left: list[Any]) -> None:
    before = changed(home, custom_measures=[PAIN]).json
    refused = home.admin.patch("/v1/clinic", {"custom_measures": left, "name": "New"})
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/conflict")
    assert home.admin.get("/v1/clinic").json == before


@pytest.mark.parametrize("keys", [["pain", "pain"], ["mood"], ["calm", "sleep_hours"]])
def test_a_key_names_one_measure(home: Household, keys: list[str]) -> None:
    measures = [PAIN | {"key": key} for key in keys]
    refused = home.admin.patch("/v1/clinic", {"custom_measures": measures})
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json["errors"]] == ["/custom_measures"]


def test_the_backfill_limit_holds_from_the_next_check_in(home: Household) -> None:
    day = a_day_ago(5)
    assert logged(home.patient, day).status_code == 201
    changed(home, backfill_days=2)
    late = logged(home.patient, day - timedelta(days=1))
    assert late.status_code == 422
    assert [error["pointer"] for error in late.json["errors"]] == ["/date"]
    assert logged(home.patient, day).status_code == 200  # stored before: nothing to decide
    changed(home, backfill_days=30)
    assert logged(home.patient, day - timedelta(days=1)).status_code == 201


def test_of_many_changes_of_one_state_one_is_made(home: Household, world: World) -> None:
    based_on = {"If-Match": home.admin.get("/v1/clinic").headers["ETag"]}
    tabs = [twin(world, home.admin) for _ in range(6)]
    answers = at_once(
        [
            partial(tab.patch, "/v1/clinic", {"name": str(number)}, headers=based_on)
            for number, tab in enumerate(tabs)
        ]
    )
    made = [answer.json for answer in answers if answer.status_code == 200]
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 5
    assert made == [home.admin.get("/v1/clinic").json]


def test_of_measures_added_at_once_none_vanishes(home: Household, world: World) -> None:
    lists = [[PAIN | {"key": f"m{number}"}] for number in range(6)]
    tabs = [twin(world, home.admin) for _ in lists]
    answers = at_once(
        [
            partial(tab.patch, "/v1/clinic", {"custom_measures": only})
            for tab, only in zip(tabs, lists, strict=True)
        ]
    )
    # Each knows of no other: after the first, every one of them would take it away.
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5


def test_settings_are_changed_upon_their_revision_whatever_is_derived(home: Household) -> None:
    """That the daily item falls silent is shown by the ETag, and no change of the settings."""
    first = home.admin.patch("/v1/clinic", {"name": "A"}, headers={"If-Match": '"r1.0123456789"'})
    assert first.status_code == 200
    again = home.admin.patch("/v1/clinic", {"name": "B"}, headers={"If-Match": '"r1.0123456789"'})
    assert again.status_code == 412

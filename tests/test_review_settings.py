"""What a clinic sets for its reviews: who looks, when, and which lines its patients are shown."""

from typing import Any

import pytest

from tests.entries import pointers
from tests.people import Household

HOURS = [{"weekdays": [5, 1, 2, 4, 3], "opens": "09:00", "closes": "12:30"}]
WORKDAYS = [1, 2, 3, 4, 5]
ALARMS = {
    "before_systolic_mmhg": 150,
    "before_diastolic_mmhg": 95,
    "amber_systolic_mmhg": 165,
    "amber_diastolic_mmhg": 100,
    "red_systolic_mmhg": 185,
    "red_diastolic_mmhg": 115,
    "red_heart_rate_bpm": 140,
    "red_spo2_percent": 90,
}
LINE = {"country": "DE", "kind": "call", "name": "Krisendienst", "number": "0800 655 3000"}


def changed(home: Household, **given: Any) -> Any:
    answer = home.admin.patch("/v1/clinic", given)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_an_admin_names_who_looks_and_when_and_the_item_goes_live(home: Household) -> None:
    reviewer = str(home.colleague.membership_id)
    told = changed(home, reviewer_id=reviewer, review_hours=HOURS, escalation_minutes=60)
    assert told["reviewer_id"] == reviewer
    assert told["review_hours"] == [{"weekdays": WORKDAYS, "opens": "09:00", "closes": "12:30"}]
    assert home.patient.get("/v1/measures").json["suicidal_thoughts"]["shown"] is True
    assert changed(home, reviewer_id=None)["review_hours"] == told["review_hours"]
    assert home.patient.get("/v1/measures").json["suicidal_thoughts"]["shown"] is False


def test_cadences_alarms_and_silence_are_kept_and_go_back_to_the_defaults(home: Household) -> None:
    silent = {"induction": 2, "maintenance": 10, "after_flag": 1}
    told = changed(home, silent_days=silent, vitals_alarms=ALARMS, screens={"bladder": None})
    assert (told["silent_days"], told["vitals_alarms"]) == (silent, ALARMS)
    assert told["screens"] == {"bladder": None}
    back = changed(home, silent_days=None, vitals_alarms=None, screens=None)
    assert {back[name] for name in ("silent_days", "vitals_alarms", "screens")} == {None}


def test_a_line_is_unconfirmed_until_an_admin_says_so_and_keeps_its_date(home: Household) -> None:
    first = changed(home, crisis_lines=[LINE])["crisis_lines"]
    assert first == [LINE | {"last_verified": None}]
    confirmed = changed(home, crisis_lines=[LINE | {"confirmed": True}])["crisis_lines"][0]
    assert confirmed["last_verified"] is not None
    other = LINE | {"number": "0800 1"}
    kept = changed(home, crisis_lines=[LINE, other])["crisis_lines"]
    assert [one["last_verified"] for one in kept] == [confirmed["last_verified"], None]
    card = home.patient.get("/v1/me/safety").json
    shown = [(one["number"], one["last_verified"]) for one in card["lines"]]
    assert shown == [
        ("112", None),  # the emergency number stays
        ("0800 655 3000", confirmed["last_verified"]),
        ("0800 1", None),
        ("findahelpline.com", None),
    ]
    assert "has not confirmed every number" in " ".join(card["notes"])


WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "closing first": (
        {"review_hours": [{"weekdays": [1], "opens": "12:00", "closes": "09:00"}]},
        ["/review_hours/0/closes"],
    ),
    "an eighth day": (
        {"review_hours": [{"weekdays": [8], "opens": "09:00", "closes": "12:00"}]},
        ["/review_hours/0/weekdays/0"],
    ),
    "no hours": ({"review_hours": []}, ["/review_hours"]),
    "a weekday on which nobody looks": (
        {"review_hours": [{"weekdays": [1, 2, 3, 5], "opens": "09:00", "closes": "12:00"}]},
        ["/review_hours"],
    ),
    "hours that overlap": (
        {
            "review_hours": [
                {"weekdays": WORKDAYS, "opens": "09:00", "closes": "12:00"},
                {"weekdays": [3], "opens": "11:59", "closes": "17:00"},
            ]
        },
        ["/review_hours"],
    ),
    "an unknown screen": ({"screens": {"liver": 30}}, ["/screens/liver"]),
    "half of the limits": (
        {"silent_days": {"induction": 0}},
        ["/silent_days/after_flag", "/silent_days/induction", "/silent_days/maintenance"],
    ),
}


@pytest.mark.parametrize("why", WRONG)
def test_a_setting_that_cannot_be_is_refused(home: Household, why: str) -> None:
    body, wanted = WRONG[why]
    assert pointers(home.admin.patch("/v1/clinic", body)) == wanted


def test_every_number_that_nobody_could_dial_is_named(home: Household) -> None:
    letters, short, both = "0800 CALL", "12", "call me on " + "1" * 20
    lines = [
        LINE | {"number": letters},
        LINE | {"number": short, "kind": "phone"},  # of no kind: only that is told
        LINE | {"number": short, "country": "Germany"},
        LINE | {"number": both},
        LINE | {"number": "+49 (0) 800-655 3000"},
        LINE | {"number": "0800 655 3000", "kind": "web"},
    ]
    answer = home.admin.patch("/v1/clinic", {"crisis_lines": lines})
    assert answer.status_code == 422
    told = sorted((error["pointer"], error["detail"]) for error in answer.json["errors"])
    digits, marks = "Must have from 3 to 15 digits.", "Takes digits, spaces, +, -, ( and ) alone."
    assert told == [
        ("/crisis_lines/0/number", marks),  # 4 digits are enough
        ("/crisis_lines/1/kind", "Must be one of: emergency, call, text, web."),
        ("/crisis_lines/2/country", "Must look like DE."),
        ("/crisis_lines/2/number", digits),
        ("/crisis_lines/3/number", "Must have at most 30 characters."),  # 11 + 20
        ("/crisis_lines/3/number", digits),  # 20 of them
        ("/crisis_lines/3/number", marks),
        ("/crisis_lines/5/number", "Must be an address such as findahelpline.com."),
    ]
    address = LINE | {"number": "https://findahelpline.com/de", "kind": "web"}
    kept = changed(home, crisis_lines=[lines[4], address])["crisis_lines"]
    assert [one["number"] for one in kept] == [lines[4]["number"], address["number"]]


def test_nobody_is_named_who_cannot_look(home: Household) -> None:
    for who in (home.front_desk, home.patient, home.stranger):
        body = {"reviewer_id": str(who.membership_id)}
        assert pointers(home.admin.patch("/v1/clinic", body)) == ["/reviewer_id"]
    same = str(home.clinician.membership_id)
    both = {"reviewer_id": same, "backup_reviewer_id": same}
    assert pointers(home.admin.patch("/v1/clinic", both)) == ["/backup_reviewer_id"]


def test_hours_may_meet_and_a_week_may_begin_on_a_sunday(home: Household) -> None:
    week = [
        {"weekdays": [1, 2, 3, 4, 7], "opens": "09:00", "closes": "12:00"},
        {"weekdays": [1, 2], "opens": "12:00", "closes": "17:00"},
    ]
    assert changed(home, review_hours=week)["review_hours"] == week


@pytest.mark.parametrize("names", [
    ("reviewer_id", "backup_reviewer_id"), ("backup_reviewer_id", "reviewer_id")
])  # fmt: skip
def test_nobody_stands_in_for_themself_though_they_are_named_one_by_one(
    home: Household, names: tuple[str, str]
) -> None:
    first, second = names
    same = str(home.clinician.membership_id)
    changed(home, **{first: same})
    assert pointers(home.admin.patch("/v1/clinic", {second: same})) == [f"/{second}"]
    swapped = {first: str(home.colleague.membership_id), second: same}
    assert changed(home, **swapped)[second] == same

"""Windows over HTTP: what sessions cut, which level, what a moved session and a new day change."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from care import window_results
from clinical.days import local_day
from clinical.measures import MEASURES
from clinical.window_methods import METHOD_VERSION, THRESHOLDS
from tests.entries import entry, own
from tests.people import ZONE, Household
from tests.trend_rows import DOSE, add_course, add_event, add_session, change_session, log_days

DOCUMENTS = ("windows", "response-curve", "control-chart")


@pytest.fixture
def today(home: Household) -> date:
    return local_day(home.world.now, ZONE, 240)


def read(home: Household, document: str = "windows", query: str = "?measure=mood") -> Any:
    answer = home.patient.get(f"/v1/me/{document}{query}")
    assert answer.status_code == 200, answer.json
    assert b"NaN" not in answer.data
    assert b"Infinity" not in answer.data
    return answer.json


def moods(home: Household, today: date, levels: dict[int, int | None], **more: Any) -> None:
    """A mood on each day so many days ago."""
    days = {today - timedelta(days=ago): {"mood": mood} | more for ago, mood in levels.items()}
    log_days(home, days)


def declining(ago: int, session: int) -> int:
    """Mood 8 for ten days after the session, 3 from then on; 3 before any."""
    return 8 if 0 < session - ago <= 10 else 3


def live(home: Household, today: date, sessions: tuple[int, ...], days: int = 120) -> list[str]:
    """Sessions so many days ago, oldest first, each with ten good days; their ids."""
    levels: dict[int, int | None] = {}
    for ago in range(days):
        last = min((each for each in sessions if each >= ago), default=days)
        levels[ago] = declining(ago, last)
    moods(home, today, levels)
    return [str(add_session(home, today - timedelta(days=ago))) for ago in sessions]


def test_every_document_states_how_it_was_made(home: Household, today: date) -> None:
    live(home, today, (90, 62, 34, 6))
    for document in DOCUMENTS:
        told = read(home, document)
        assert told["method_version"] == METHOD_VERSION
        assert told["thresholds"] == THRESHOLDS
        assert (told["today"], told["to"], told["timezone"]) == (str(today), str(today), ZONE)
        assert len(told["input_hash"]) == 64
        assert told["measure"] == {
            name: getattr(MEASURES["mood"], name)
            for name in (
                *("key", "prompt", "unit", "minimum", "maximum"),
                *("direction", "low_end", "high_end"),
            )
        }


def test_windows_are_told_newest_first_with_their_days(home: Household, today: date) -> None:
    ids = live(home, today, (90, 62, 34, 6))
    told = read(home)["windows"]
    assert [each["session_id"] for each in told] == ids[::-1]
    assert [each["number"] for each in told] == [4, 3, 2, 1]
    assert [each["days"] for each in told] == [6, 27, 27, 27]
    assert [each["interval_days"] for each in told] == [None, 28, 28, 28]
    assert [each["is_open"] for each in told] == [True, False, False, False]
    assert told[1]["from"] == str(today - timedelta(days=34))
    assert told[1]["to"] == str(today - timedelta(days=7))
    assert told[1]["coverage"]["value"] == 1
    assert (told[1]["route"], told[1]["doses"]) == ("intravenous", [DOSE | {"mg_per_kg": None}])
    assert (told[1]["wear_off"]["censored_by"], told[1]["wear_off"]["censored_on"]) == (
        "next_session",
        told[1]["to"],
    )


def test_gains_are_counted_from_the_level_before_the_course(home: Household, today: date) -> None:
    """Mood 3 before, y = 7; days 1 to 10 at mood 8, y = 2: a gain of 5; ten good days of 27."""
    live(home, today, (90, 62))
    told = read(home)
    assert told["reference"]["source"] == "course"
    assert told["reference"]["level"]["value"] == 3
    assert told["reference"]["from"] == str(today - timedelta(days=97))
    window = told["windows"][1]
    assert (window["peak_gain"]["value"], window["peak_day"]) == (5, 2)
    assert window["onset_day"]["value"] == 1
    assert window["good_days"]["value"] == round(10 / 27, 4)
    assert window["level_before"]["value"] == 3


def test_the_clinician_gets_the_same_bytes(home: Household, today: date) -> None:
    live(home, today, (34, 6))
    for document in DOCUMENTS:
        for ending in ("", ".svg"):
            mine = home.patient.get(f"/v1/me/{document}{ending}")
            theirs = home.clinician.get(f"/v1/patients/{home.patient_id}/{document}{ending}")
            assert mine.data == theirs.data
            assert mine.headers["ETag"] == theirs.headers["ETag"]
            again = home.patient.get(f"/v1/me/{document}{ending}")
            assert again.data == mine.data
            held = {"If-None-Match": mine.headers["ETag"]}
            unchanged = home.patient.get(f"/v1/me/{document}{ending}", headers=held)
            assert (unchanged.status_code, unchanged.data) == (304, b"")


def test_pictures_load_nothing(home: Household, today: date) -> None:
    live(home, today, (90, 62, 34, 6))
    for document in DOCUMENTS:
        drawn = home.patient.get(f"/v1/me/{document}.svg?measure=mood")
        assert drawn.content_type.startswith("image/svg+xml")
        assert drawn.data.startswith(b"<svg")
        assert "default-src 'none'" in drawn.headers["Content-Security-Policy"]


def test_moving_a_session_changes_every_document(home: Household, today: date) -> None:
    live(home, today, (90, 62))
    session = add_session(home, today - timedelta(days=20))
    before = {document: home.patient.get(f"/v1/me/{document}") for document in DOCUMENTS}
    change_session(home, session, local_date=today - timedelta(days=18))
    for document, old in before.items():
        new = home.patient.get(f"/v1/me/{document}")
        assert new.headers["ETag"] != old.headers["ETag"]
        assert new.json["input_hash"] != old.json["input_hash"]
    windows = read(home)["windows"]
    assert [each["days"] for each in windows] == [18, 43, 27]


def test_a_void_or_booked_session_cuts_nothing(home: Household, today: date) -> None:
    live(home, today, (62,))
    void = add_session(home, today - timedelta(days=20))
    assert len(read(home)["windows"]) == 2
    change_session(home, void, voided_at=home.world.now)
    later = datetime.combine(today + timedelta(days=5), time(10), UTC)
    add_session(
        home,
        today + timedelta(days=5),
        dose=None,
        status="booked",
        started_at=None,
        scheduled_at=later,
    )
    told = read(home)
    assert len(told["windows"]) == 1
    assert told["gap_risk"]["next_session"]["date"] == str(today + timedelta(days=5))
    assert told["gap_risk"]["interval_days"] == 67


def test_an_event_censors_its_window(home: Household, today: date) -> None:
    live(home, today, (62, 34))
    add_event(home, today - timedelta(days=50))
    _, older = read(home)["windows"]
    wear_off = older["wear_off"]
    assert wear_off["censored_by"] == "event"
    assert wear_off["censored_on"] == str(today - timedelta(days=51))
    assert older["good_days"]["n_expected"] == 11  # 62 to 51 days ago, day 0 left out


def test_induction_is_one_block(home: Household, today: date) -> None:
    live(home, today, (80, 78, 75, 73, 70, 68, 40))
    late, induction = read(home)["windows"]
    assert (induction["kind"], late["kind"]) == ("induction", "maintenance")
    assert [each["date"] for each in induction["sessions"]] == [
        str(today - timedelta(days=ago)) for ago in (80, 78, 75, 73, 70, 68)
    ]
    assert induction["date"] == str(today - timedelta(days=68))


def test_each_course_has_its_own_reference(home: Household, today: date) -> None:
    """Mood 2 before the first course, 5 before the second."""
    first, second = (add_course(home, today - timedelta(days=ago)) for ago in (200, 60))
    levels = {ago: 2 if ago >= 150 else 5 for ago in range(210)}
    moods(home, today, dict(levels))
    add_session(home, today - timedelta(days=190), course_id=first)
    add_session(home, today - timedelta(days=160), course_id=first)
    add_session(home, today - timedelta(days=60), course_id=second)
    told = read(home)
    assert told["reference"]["level"]["value"] == 5
    gains = [each["peak_gain"]["value"] for each in told["windows"]]
    assert gains == [0, 3, 0]  # the window from 160 days ago on: mood 5 for most of it, 2 before


def test_day_0_is_shown_and_marked_but_enters_nothing(home: Household, today: date) -> None:
    day = today - timedelta(days=4)
    session = datetime.combine(day, time(12), UTC)
    add_session(home, day, dose=None, started_at=session)
    morning = entry(day, mood=9) | {"recorded_at": f"{day}T08:00:00Z"}
    assert home.patient.put(own(day), morning).status_code == 201
    told = read(home, "response-curve")
    assert told["windows"][0]["points"] == [{"day_offset": 0, "value": 9, "pre_dose": True}]
    assert told["band"] == []
    assert read(home)["windows"][0]["coverage"]["n_observed"] == 0


def test_a_new_day_makes_its_own_window_anew_and_no_other(
    home: Household, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(home, today, (90, 62, 34, 6))
    made: list[int] = []
    make = window_results.make

    def counting(material: window_results.Material) -> window_results.Results:
        made.append(material.window.number)
        return make(material)

    monkeypatch.setattr(window_results, "make", counting)
    window_results.forget()
    whole = read(home)
    assert made == [1, 2, 3, 4]
    tomorrow = today - timedelta(days=3)
    put = home.patient.get(own(tomorrow)).headers["ETag"]
    body = entry(tomorrow, mood=5)
    assert home.patient.put(own(tomorrow), body, headers={"If-Match": put}).status_code == 200
    made.clear()
    after = read(home)
    assert made == [4]
    assert after["windows"][1:] == whole["windows"][1:]
    # Kept or made anew: the same bytes.
    kept = home.patient.get("/v1/me/windows?measure=mood").data
    window_results.forget()
    assert home.patient.get("/v1/me/windows?measure=mood").data == kept


def test_the_control_chart_tells_the_first_day_beyond(home: Household, today: date) -> None:
    """Mood 6 and 7 in turn on the 39 days between two sessions, then 2 on each day.

    (20 * 7 + 19 * 6) / 39 = 6.513.
    """
    sessions = (70, 30)
    levels: dict[int, int | None] = {ago: 6 + ago % 2 if ago > 30 else 2 for ago in range(70)}
    moods(home, today, levels)
    for ago in sessions:
        add_session(home, today - timedelta(days=ago))
    told = read(home, "control-chart")
    assert told["stable"]["reason"] is None
    assert (told["stable"]["mean"], told["stable"]["to"]) == (
        6.513,
        str(today - timedelta(days=31)),
    )
    beyond = [point["date"] for point in told["points"] if point["is_beyond"]]
    assert told["first_beyond"] == beyond[0]
    assert told["limit"] < 6.5
    assert str(today - timedelta(days=30)) not in [point["date"] for point in told["points"]]

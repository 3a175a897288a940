"""A check-in through HTTP: every field, what the server adds, when a day may be logged, lists."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from clinical.checkins import ANSWER_KEYS
from models.checkin import ANSWERS, RATINGS
from tests.conftest import Clock
from tests.entries import ITCH, PAIN, entry, match, of_patient, own, pointers, today, written
from tests.people import Household, World, household

DAY = date(2024, 5, 10)
FULL: dict[str, Any] = {
    "mood": 6,
    "interest": 5,
    "energy": 4,
    "anxiety": 3,
    "irritability": 2,
    "sleep_hours": 7.25,
    "sleep_quality": 4,
    "suicidal_thoughts": None,
    "side_effects": [{"code": "nausea", "severity": 1}],
    "custom": {"pain": 3},
    "note": "short walk",
    "recorded_at": "2024-05-10T20:14:09Z",
    "timezone": "Europe/Berlin",
}


def with_measures(world: World) -> Household:
    """A clinic that asks about pain, and asked about itch once."""
    return household(world, custom_measures=[PAIN, ITCH])


def logged(home: Household, day: date | str, **body: Any) -> Any:
    """The answer to a day sent as given, which must be taken."""
    response = home.patient.put(own(day), entry(day) | body)
    assert response.status_code == 201, response.json
    return response.json


def test_a_day_comes_back_as_it_was_sent_with_what_the_server_adds(world: World) -> None:
    home = with_measures(world)
    before = datetime.now(UTC)
    stored = home.patient.put(own(DAY), FULL)
    assert stored.status_code == 201
    received = datetime.fromisoformat(stored.json["received_at"])
    assert before <= received <= datetime.now(UTC)
    assert stored.json == FULL | {
        "date": "2024-05-10",
        "utc_offset_minutes": 120,  # 20:14 UTC is 22:14 in a Berlin summer
        "received_at": stored.json["received_at"],
        "entered_late": False,
        "entered_by": str(home.patient.membership_id),
        "source": "app",
        "clock_suspect": False,
        "revision": 1,
        "deleted": False,
        "session_id": None,
        "day_offset": None,
        "pre_dose": None,
    }
    assert home.patient.get(own(DAY)).json == stored.json
    assert home.patient.get("/v1/me/checkins").json == {"items": [stored.json], "next": None}
    assert home.clinician.get(of_patient(home.patient_id, DAY)).json == stored.json


def test_each_answer_has_its_column_and_no_more() -> None:
    assert ANSWER_KEYS == ANSWERS


def test_suicidal_thoughts_are_taken_from_nobody_where_nobody_reads_them(world: World) -> None:
    home = with_measures(world)
    for answer in ("none", "fleeting", "often", "most_of_the_time", "declined", "sometimes", 3):
        refused = home.patient.put(own(DAY), FULL | {"suicidal_thoughts": answer})
        assert refused.status_code == 422
        assert pointers(refused) == ["/suicidal_thoughts"]
    assert home.patient.get(own(DAY)).status_code == 404


def test_every_answer_may_stand_alone_and_the_others_are_null(world: World) -> None:
    home = with_measures(world)
    alone = {key: FULL[key] for key in ANSWERS if FULL[key] is not None} | {"side_effects": []}
    for days_ago, (key, value) in enumerate(alone.items()):
        day = DAY - timedelta(days=days_ago)
        when = {"recorded_at": FULL["recorded_at"], "timezone": FULL["timezone"]}
        response = home.patient.put(own(day), when | {key: value})
        assert response.status_code == 201
        answers = {name: response.json[name] for name in ANSWERS}
        assert answers == dict.fromkeys(ANSWERS) | {key: value}


def test_both_ends_of_every_range_are_taken(world: World) -> None:
    home = with_measures(world)
    lowest: dict[str, Any] = dict.fromkeys(RATINGS, 0) | {"sleep_hours": 0, "sleep_quality": 1}
    highest: dict[str, Any] = dict.fromkeys(RATINGS, 10) | {"sleep_hours": 24, "sleep_quality": 5}
    lowest |= {"custom": {"pain": 0}, "side_effects": [{"code": "nausea", "severity": 1}]}
    highest |= {"custom": {"pain": 10}, "side_effects": [{"code": "nausea", "severity": 4}]}
    for day, answers in (("2024-05-01", lowest), ("2024-05-02", highest)):
        stored = logged(home, day, **answers, note="n" * 4000)
        assert {key: stored[key] for key in answers} == answers
        assert len(stored["note"]) == 4000


def test_the_offset_is_that_of_the_zone_at_the_instant_of_entry(home: Household) -> None:
    cases = (
        ("2024-03-31", "2024-03-31T00:59:59Z", "Europe/Berlin", 60),
        ("2024-03-30", "2024-03-31T01:00:00Z", "Europe/Berlin", 120),  # 02:00 became 03:00
        ("2024-10-26", "2024-10-27T00:30:00Z", "Europe/Berlin", 120),  # 02:30, the first one
        ("2024-10-27", "2024-10-27T01:30:00Z", "Europe/Berlin", 60),  # 02:30 again
        ("2024-05-01", "2024-05-01T12:00:00+02:00", "Asia/Kathmandu", 5 * 60 + 45),
        ("2024-05-02", "2024-05-02T12:00:00Z", "Pacific/Kiritimati", 14 * 60),
        ("2024-05-03", "2024-05-03T12:00:00Z", "Pacific/Pago_Pago", -11 * 60),
    )
    for day, instant, zone, minutes in cases:
        stored = logged(home, day, recorded_at=instant, timezone=zone)
        assert stored["utc_offset_minutes"] == minutes, (instant, zone)


def test_an_instant_with_an_offset_is_kept_as_the_same_instant_in_utc(home: Household) -> None:
    stored = logged(home, DAY, recorded_at="2024-05-10T21:00:00.25+02:00")
    assert stored["recorded_at"] == "2024-05-10T19:00:00.250000Z"


def test_a_day_is_late_more_than_48_hours_after_its_end(home: Household) -> None:
    # 10 May in Berlin ends on the 11th at 04:00, 02:00 UTC; 48 h later it is the 13th, 02:00 UTC.
    assert logged(home, DAY, recorded_at="2024-05-13T02:00:00Z")["entered_late"] is False
    later = DAY - timedelta(days=1)
    assert logged(home, later, recorded_at="2024-05-12T02:00:01Z")["entered_late"] is True


def test_a_clock_of_1970_or_2099_is_flagged_and_its_day_kept(home: Household) -> None:
    for days_ago, instant in ((0, "1970-01-01T00:00:00Z"), (40, "2099-06-01T00:00:00Z")):
        day = today() - timedelta(days=days_ago)
        stored = logged(home, day, recorded_at=instant)
        assert (stored["clock_suspect"], stored["entered_late"]) == (True, None)
        assert stored["recorded_at"] == instant


def test_a_clock_is_suspect_from_48_hours_ahead_or_before_2020(home: Household) -> None:
    def suspect(days_ago: int, instant: datetime) -> bool:
        day = today() - timedelta(days=days_ago)
        flagged: bool = logged(home, day, recorded_at=instant.isoformat())["clock_suspect"]
        return flagged

    now = datetime.now(UTC)
    assert not suspect(0, now + timedelta(hours=47, minutes=50))
    assert suspect(1, now + timedelta(hours=48, minutes=10))
    assert suspect(2, datetime(2019, 12, 31, 23, 59, 59, tzinfo=UTC))


def test_a_day_may_be_logged_14_days_back_from_its_recording_whenever_it_arrives(
    home: Household,
) -> None:
    # Recorded on 20 June 2024, received years later: 20 - 14 = 6 June is the first day.
    recorded = {"recorded_at": "2024-06-20T10:00:00Z"}
    logged(home, "2024-06-06", **recorded)
    refused = home.patient.put(own("2024-06-05"), entry("2024-06-05") | recorded)
    assert pointers(refused) == ["/date"]
    assert "2024-06-06" in refused.json["errors"][0]["detail"]
    # 01:00 UTC is 03:00 in Berlin, before 04:00: still the 19th, so the 5th is 14 days back.
    logged(home, "2024-06-05", recorded_at="2024-06-20T01:00:00Z")


def test_the_backfill_limit_is_the_clinics(world: World) -> None:
    home = household(world, backfill_days=0)
    body = entry(DAY, mood=3) | {"recorded_at": "2024-05-11T03:00:00Z"}  # 05:00, the 11th
    refused = home.patient.put(own(DAY), body)
    assert pointers(refused) == ["/date"]
    assert home.patient.put(own("2024-05-11"), body).status_code == 201


def test_tomorrow_in_the_zone_of_entry_is_the_last_day_taken(home: Household, clock: Clock) -> None:
    now = datetime.now(UTC)
    evening = (now + timedelta(days=1)).replace(hour=20, minute=0)
    clock.ahead = evening - now
    # At 20:00 UTC it is 09:00 the same day in Pago Pago and 10:00 the next day in Kiritimati.
    for zone, last in (("Pacific/Pago_Pago", 1), ("Pacific/Kiritimati", 2)):
        where = {"timezone": zone, "recorded_at": evening.isoformat()}
        allowed = evening.date() + timedelta(days=last)
        logged(home, allowed, **where)
        beyond = allowed + timedelta(days=1)
        refused = home.patient.put(own(beyond), entry(beyond) | where)
        assert pointers(refused) == ["/date"]
        assert str(allowed) in refused.json["errors"][0]["detail"]


def test_no_day_before_2020_is_taken_and_the_answer_says_which_are(home: Household) -> None:
    for instant in ("2019-12-31T18:00:00Z", "2020-01-05T18:00:00Z", "1970-01-01T00:00:00Z"):
        body = entry("2019-12-31") | {"recorded_at": instant}
        refused = home.patient.put(own("2019-12-31"), body)
        assert (refused.status_code, pointers(refused)) == (422, ["/date"])
        assert "2020-01-01" in refused.json["errors"][0]["detail"]
        assert str(today().year) in refused.json["errors"][0]["detail"]
    logged(home, "2020-01-01", recorded_at="2020-01-05T18:00:00Z")


def test_a_retired_measure_still_takes_an_answer_and_an_unknown_one_never(world: World) -> None:
    home = with_measures(world)
    assert logged(home, DAY, custom={"itch": 2, "pain": None})["custom"] == {
        "itch": 2,
        "pain": None,
    }
    before = written(world)
    body = entry(DAY, mood=6, custom={"a/b~c": 1, "mood": 2, "pain": 11, "itch": 5})
    refused = home.patient.put(own("2024-05-09"), body)
    assert pointers(refused) == ["/custom/a~1b~0c", "/custom/mood", "/custom/pain"]
    assert written(world) == before


def test_a_page_goes_on_where_the_last_one_ended_whatever_was_logged_since(
    home: Household,
) -> None:
    days = [f"2024-05-{number:02}" for number in range(1, 11)]
    late, early = days.pop(7), days.pop(1)  # the 8th and the 2nd are logged between two pages
    for day in days:
        logged(home, day)
    first = home.patient.get("/v1/me/checkins?limit=4").json
    assert [item["date"] for item in first["items"]] == days[:4]
    for day in (late, early):
        logged(home, day)
    home.patient.delete(own(days[4]), headers={"If-Match": '"r1"'})
    rest: list[str] = []
    cursor = first["next"]
    while cursor is not None:
        page = home.patient.get(f"/v1/me/checkins?limit=4&cursor={cursor}").json
        rest += [item["date"] for item in page["items"]]
        cursor = page["next"]
    assert rest == sorted([*days[5:], late])


def test_a_list_holds_the_days_of_its_period_and_no_deleted_one(home: Household) -> None:
    for number in range(1, 6):
        logged(home, f"2024-05-0{number}")
    home.patient.delete(own("2024-05-03"), headers={"If-Match": '"r1"'})
    period = "?from=2024-05-02&to=2024-05-04"
    for who, base in (
        (home.patient, "/v1/me/checkins"),
        (home.clinician, of_patient(home.patient_id)),
    ):
        found = who.get(base + period).json
        assert [item["date"] for item in found["items"]] == ["2024-05-02", "2024-05-04"]
        assert found["next"] is None
        assert who.get(base + "?from=2024-05-05&to=2024-05-04").json["items"] == []


def test_a_day_the_client_has_is_not_sent_again(home: Household) -> None:
    stored = home.patient.put(own(DAY), entry(DAY))
    tag = stored.headers["ETag"]
    for sent in (tag, f"W/{tag}", "*", f'"other", {tag}'):
        answer = home.patient.get(own(DAY), headers={"If-None-Match": sent})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)
    changed = home.patient.put(own(DAY), entry(DAY, mood=1), headers=match(stored))
    assert changed.headers["ETag"] != tag
    answer = home.patient.get(own(DAY), headers={"If-None-Match": tag})
    assert (answer.status_code, answer.json) == (200, changed.json)

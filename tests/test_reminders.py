"""Reminders over the API and through the jobs: at one's own hour, while the day is not logged."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from care import reminders
from commands.jobs.delivery import deliver_for
from commands.jobs.rounds import Round, go
from models.account import Account
from models.checkin import Checkin
from models.patient import Patient
from tests.letters import stored
from tests.people import Household, World
from tests.post import BASE, office
from tests.test_delivery import Hands
from tests.test_enumeration import change, statements

PATH = "/v1/me/reminders"
EVENING = datetime(2026, 11, 25, 19, tzinfo=UTC)  # 20:00 in Berlin
ROUND = Round("reminders", reminders.put_due, reminders.are_due)


def wish(home: Household, **given: Any) -> None:
    """Set the patient's wishes straight in the table: tests have their own time."""
    values = {"reminder_at": time(20), "reminder_channel": "email"} | given
    with home.world.services.database.begin(write=True) as connection:
        own = (Patient.clinic_id == home.clinic_id, Patient.id == home.patient_id)
        connection.execute(update(Patient).where(*own).values(**values))
        connection.commit()


def log(home: Household, day: date, **given: Any) -> None:
    values = {
        "clinic_id": home.clinic_id,
        "patient_id": home.patient_id,
        "local_date": day,
        "revision": 1,
        "version": day.toordinal(),
        "deleted": False,
        "received_at": EVENING,
        "clock_suspect": False,
        "entered_late": False,
        "source": "app",
        "mood": 5,
    }
    with home.world.services.database.begin(write=True) as connection:
        connection.execute(insert(Checkin).values(**(values | given)))
        connection.commit()


def go_at(home: Household, now: datetime, hands: Hands | None = None) -> int:
    """Make the round and send; answers how many letters went out."""
    own = office(home.world, {"email": hands or Hands()}, lambda: now)
    go(own, ROUND, home.clinic_id)
    return deliver_for(own, home.clinic_id)


def test_at_their_hour_they_are_reminded_once(home: Household) -> None:
    wish(home)
    hands = Hands()
    sent = [go_at(home, EVENING + timedelta(seconds=after), hands) for after in (-1, 0, 15, 600)]
    assert sent == [0, 1, 0, 0]
    (letter,) = hands.taken
    assert letter.recipient == home.patient.email
    assert letter.text == f"Today's entry in Interlude is still open: {BASE}/"
    assert go_at(home, EVENING + timedelta(days=1)) == 1


def test_a_logged_day_is_not_asked_for_and_a_deleted_one_is(home: Household) -> None:
    wish(home)
    today = EVENING.date()
    log(home, today)
    assert (go_at(home, EVENING), stored(home.world, home.clinic_id)) == (0, [])
    gone = {"deleted": True, "mood": None}
    log(home, today + timedelta(days=1), **gone)
    assert go_at(home, EVENING + timedelta(days=1)) == 1


def test_a_day_logged_while_the_letter_waits_is_not_asked_for(home: Household) -> None:
    wish(home)
    hands = Hands()
    go(office(home.world, {}, lambda: EVENING), ROUND, home.clinic_id)
    log(home, EVENING.date())
    assert go_at(home, EVENING + timedelta(minutes=1), hands) == 0
    assert [row.fault for row in stored(home.world, home.clinic_id)] == ["obsolete"]


def test_a_phone_a_day_ahead_has_logged_the_day(home: Household) -> None:
    """In Kiritimati it is tomorrow already: whoever logged it there has been with us today."""
    wish(home)
    log(home, EVENING.date() + timedelta(days=1), timezone="Pacific/Kiritimati")
    assert go_at(home, EVENING) == 0


def test_the_hour_goes_with_the_zone_the_phone_tells(home: Household) -> None:
    wish(home)
    assert home.patient.patch("/v1/me", {"timezone": "Asia/Tokyo"}).status_code == 200
    eight_in_tokyo = datetime(2026, 11, 25, 11, tzinfo=UTC)
    assert go_at(home, eight_in_tokyo - timedelta(seconds=1)) == 0
    assert go_at(home, eight_in_tokyo) == 1
    assert go_at(home, EVENING) == 0


@pytest.mark.parametrize(
    ("night", "hour"),
    [
        (datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_in_a_night_of_changing_clocks_there_is_one(
    home: Household, night: datetime, hour: datetime
) -> None:
    """02:30 does not exist on the one and comes twice on the other."""
    wish(home, reminder_at=time(2, 30))
    hands = Hands()
    when = [night + timedelta(minutes=10 * step) for step in range(60)]
    sent = [now for now in when if go_at(home, now, hands)]
    assert sent == [hour]


def test_jobs_that_were_away_remind_late_but_not_in_the_night(home: Household) -> None:
    wish(home)
    assert go_at(home, EVENING + timedelta(hours=1, minutes=59)) == 1
    assert go_at(home, EVENING + timedelta(days=1, hours=2)) == 0


@pytest.mark.parametrize(
    "given",
    [
        {"reminder_channel": None},
        {"reminder_at": None},
        {"reminders_paused_until": EVENING.date()},
        {"reminders_snoozed_until": EVENING + timedelta(minutes=30)},
        {"quiet_from": time(19), "quiet_until": time(7)},
        {"reminder_channel": "webhook", "phone": None},
    ],
    ids=str,
)
def test_who_does_not_want_one_now_gets_none(home: Household, given: dict[str, Any]) -> None:
    wish(home, **given)
    assert go_at(home, EVENING) == 0


def test_a_text_goes_to_the_telephone(home: Household) -> None:
    wish(home, reminder_channel="webhook", phone="+49 30 5550123")
    go(office(home.world, {}, lambda: EVENING), ROUND, home.clinic_id)
    (row,) = stored(home.world, home.clinic_id)
    assert (row.channel, row.recipient, row.kind) == ("webhook", "+49 30 5550123", "reminder")


def test_who_is_shut_out_is_not_reminded(home: Household) -> None:
    wish(home)
    own = Account.id == home.patient.account_id
    change(home.world, Account, own, disabled_at=EVENING)
    assert go_at(home, EVENING) == 0


def test_put_off_it_comes_again_and_is_not_lost(home: Household) -> None:
    wish(home)
    assert go_at(home, EVENING) == 1
    until = EVENING + timedelta(minutes=45)
    wish(home, reminders_snoozed_until=until)
    assert go_at(home, until - timedelta(seconds=1)) == 0
    assert go_at(home, until) == 1
    assert go_at(home, until + timedelta(seconds=15)) == 0


def changed(home: Household, **given: Any) -> Any:
    return home.patient.patch(PATH, given)


def pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.json
    return sorted(fault["pointer"] for fault in answer.json["errors"])


def test_wishes_are_kept_and_shown(home: Household) -> None:
    first = home.patient.get(PATH)
    nothing = dict.fromkeys(first.json, None) | {"timezone": "Europe/Berlin"}
    assert first.json == nothing
    given = {
        "reminder_at": "20:00",
        "channel": "email",
        "quiet_from": "22:00",
        "quiet_until": "08:00",
    }
    answer = changed(home, **given)
    assert (answer.status_code, {name: answer.json[name] for name in given}) == (200, given)
    next_at = datetime.fromisoformat(answer.json["next_at"])
    assert next_at.astimezone(ZoneInfo("Europe/Berlin")).time() == time(20)
    assert timedelta() < next_at - datetime.now(UTC) <= timedelta(hours=25)
    assert home.patient.get("/v1/me").json["reminder_at"] == "20:00"
    assert home.patient.get(PATH).headers["ETag"] == answer.headers["ETag"]
    stale = home.patient.patch(PATH, {"channel": None}, headers={"If-Match": first.headers["ETag"]})
    assert stale.status_code == 412
    assert changed(home, channel=None).json["next_at"] is None


def test_what_does_not_fit_together_is_told_whole(home: Household) -> None:
    assert pointers(changed(home, quiet_from="22:00")) == ["/quiet_until"]
    assert pointers(changed(home, quiet_from="22:00", quiet_until="22:00")) == ["/quiet_until"]
    quiet = {"quiet_from": "19:00", "quiet_until": "21:00"}
    assert pointers(changed(home, reminder_at="20:00", channel="text", **quiet)) == [
        "/channel",
        "/reminder_at",
    ]
    assert pointers(changed(home, reminder_at="8pm", paused_until="soon", x=1)) == [
        "/paused_until",
        "/reminder_at",
        "/x",
    ]
    assert pointers(changed(home, paused_until="2026-01-01")) == ["/paused_until"]
    assert changed(home, quiet_from=None, quiet_until=None).status_code == 200


def test_a_pause_ends_by_itself_or_when_taken_back(home: Household) -> None:
    wish(home)
    until = datetime.now(UTC).date() + timedelta(days=10)
    paused = changed(home, paused_until=str(until)).json
    assert paused["paused_until"] == str(until)
    assert datetime.fromisoformat(paused["next_at"]).date() == until + timedelta(days=1)
    resumed = changed(home, paused_until=None).json
    assert resumed["paused_until"] is None
    assert datetime.fromisoformat(resumed["next_at"]) < datetime.now(UTC) + timedelta(days=2)


def test_snoozing_tells_when_it_comes_again(home: Household) -> None:
    refused = home.patient.post(f"{PATH}/snooze", {"minutes": 30})
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/conflict")
    wish(home)
    answer = home.patient.post(f"{PATH}/snooze", {"minutes": 30})
    assert answer.status_code == 200
    ahead = datetime.fromisoformat(answer.json["snoozed_until"]) - datetime.now(UTC)
    assert timedelta(minutes=29) < ahead <= timedelta(minutes=30)
    assert answer.json["next_at"] == answer.json["snoozed_until"]
    for minutes in (4, 721, 5.5, None):
        assert pointers(home.patient.post(f"{PATH}/snooze", {"minutes": minutes})) == ["/minutes"]


def test_many_patients_are_looked_at_in_two_questions(world: World, home: Household) -> None:
    def asked(look: Callable[[], object]) -> int:
        with statements(world) as seen:
            look()
        return len([one for one in seen if one.startswith("SELECT")])

    def look() -> None:
        with world.services.database.begin(write=False) as connection:
            list(reminders._due(connection, home.clinic_id, EVENING))

    wish(home)
    alone = asked(look)
    for _ in range(5):
        clinic = home.clinic_id
        world.person(
            clinic,
            "patient",
            world.patient(clinic, reminder_at=time(20), reminder_channel="email"),
        )
    assert asked(look) == alone == 2

"""What nobody acknowledges is told to the next; silence and drift are noticed, each once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, update

from care import alert_rounds, charted, safety
from care.principal import Chart, operator
from clinical.days import DayRules
from models.checkin import Checkin
from models.course import Course
from models.db import new_id
from models.patient_stream import PatientStream
from tests.entries import entry, own
from tests.filled_scales import filled, path, sent
from tests.people import Household
from tests.safety import alerts, ask_safety, events, evidence, letters, open_alerts

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = "2024-05-10"


def go(home: Household, work: Any, now: datetime) -> None:
    with home.world.services.database.begin(write=True) as connection:
        work(connection, home.clinic_id, now)
        connection.commit()


@pytest.fixture
def raised(home: Household) -> Household:
    """One alert of which the reviewer was told; a stand-in is named."""
    backup = home.colleague.membership_id
    ask_safety(home, home.clinician, backup_reviewer_id=backup, escalation_minutes=30)
    body = entry(DAY) | {"suicidal_thoughts": "often"}
    assert home.patient.put(own(DAY), body).status_code == 201
    return home


def test_after_its_time_the_stand_in_is_told_then_everybody_then_all_again(
    raised: Household,
) -> None:
    (alert,) = alerts(raised)
    assert alert.due_at - alert.opened_at <= timedelta(minutes=31)  # open at all hours but one
    go(raised, alert_rounds.escalate, alert.due_at - timedelta(seconds=1))
    assert letters(raised) == [raised.clinician.email]
    for stage in (1, 2, 2):
        due = alerts(raised)[0].due_at
        go(raised, alert_rounds.escalate, due)
        go(raised, alert_rounds.escalate, due)  # another process at the same moment
        assert alerts(raised)[0].escalation == stage
    told = letters(raised)
    assert told[:2] == [raised.clinician.email, raised.colleague.email]
    everybody = sorted([raised.clinician.email, raised.colleague.email, raised.admin.email])
    assert sorted(told[2:5]) == sorted(told[5:]) == everybody
    assert [event.kind for event in events(raised)] == ["raised", *["escalated"] * 3]
    # Told of it, the admin can see it.
    assert [one["id"] for one in raised.admin.get("/v1/alerts").json["items"]] == [str(alert.id)]


def test_an_admin_who_took_an_alert_on_keeps_it_until_somebody_else_reopens_it(
    raised: Household,
) -> None:
    """They are told when nobody acknowledges, and are in no care team."""
    who, path = raised.admin, f"/v1/alerts/{alerts(raised)[0].id}"
    for _ in range(2):
        go(raised, alert_rounds.escalate, alerts(raised)[0].due_at)
    assert who.post(f"{path}/acknowledge").status_code == 200
    again = entry("2024-05-11") | {"suicidal_thoughts": "often"}
    assert raised.patient.put(own("2024-05-11"), again).status_code == 201
    assert (alerts(raised)[0].escalation, alerts(raised)[0].acknowledged_by) == (0, None)
    assert len(who.get("/v1/alerts").json["items"]) == 1
    tried = {"result": "reached", "note": "Talked."}
    assert who.post(f"{path}/contact", tried).status_code == 200
    for person in (who, raised.clinician):
        assert person.post(f"{path}/acknowledge").status_code == 200
        assert person.post(f"{path}/resolve", {"outcome": "reached"}).status_code == 200
        assert who.get(path).json["is_open"] is False
        assert person.post(f"{path}/reopen", {"note": "Called back."}).status_code == 200
        assert who.get(path).status_code == (200 if person is who else 404)
    assert who.get("/v1/alerts").json["items"] == []


def test_an_admin_who_only_looked_waits_until_they_are_told_again(raised: Household) -> None:
    (alert,) = alerts(raised)
    for _ in range(2):
        go(raised, alert_rounds.escalate, alerts(raised)[0].due_at)
    assert raised.admin.post(f"/v1/alerts/{alert.id}/seen").status_code == 200
    assert raised.clinician.post(f"/v1/alerts/{alert.id}/acknowledge").status_code == 200
    again = entry("2024-05-11") | {"suicidal_thoughts": "often"}
    assert raised.patient.put(own("2024-05-11"), again).status_code == 201
    assert raised.admin.get(f"/v1/alerts/{alert.id}").status_code == 404


def test_what_was_acknowledged_is_told_to_nobody_else(raised: Household) -> None:
    (alert,) = alerts(raised)
    assert raised.clinician.post(f"/v1/alerts/{alert.id}/acknowledge").status_code == 200
    go(raised, alert_rounds.escalate, alert.due_at + timedelta(days=30))
    assert letters(raised) == [raised.clinician.email]


def days_logged(home: Household, ago: list[int], **answers: Any) -> None:
    """Days straight in the table; an answer may be a list, one for each day."""
    today = NOW.date()
    owner = {"clinic_id": home.clinic_id, "patient_id": home.patient_id}
    stamp = {"received_at": NOW, "clock_suspect": False, "source": "app"}
    given = {"mood": 5} | answers
    rows = [
        owner
        | stamp
        | {"local_date": today - timedelta(days=back), "revision": 1, "version": number + 1}
        | {"deleted": False}
        | {name: told[number] if isinstance(told, list) else told for name, told in given.items()}
        for number, back in enumerate(ago)
    ]
    with home.world.services.database.begin(write=True) as connection:
        connection.execute(insert(Checkin), rows)
        moved = update(PatientStream).where(PatientStream.patient_id == home.patient_id)
        connection.execute(moved.values(version=len(rows), inputs_version=len(rows)))
        connection.commit()


def in_course(home: Household, phase: str, started_on: date) -> None:
    row = {
        "clinic_id": home.clinic_id,
        "patient_id": home.patient_id,
        "id": new_id(),
        "indication": "trd",
        "route": "intravenous",
        "started_on": started_on,
        "phase": phase,
        "plan": {},
        "revision": 1,
        "created_at": NOW,
    }
    with home.world.services.database.begin(write=True) as connection:
        connection.execute(insert(Course).values(**row))
        connection.commit()


@pytest.mark.parametrize(("phase", "last", "is_silent"), [
    ("induction", 3, False),  # yesterday and the day before: 2 missed
    ("induction", 4, True),  # 3 missed
    ("maintenance", 7, False),
    ("maintenance", 8, True),
])  # fmt: skip
def test_too_long_a_silence_is_noticed_once(
    home: Household, phase: str, last: int, is_silent: bool
) -> None:
    in_course(home, phase, NOW.date() - timedelta(days=100))
    days_logged(home, [last + 1, last])
    go(home, alert_rounds.sweep, NOW)
    go(home, alert_rounds.sweep, NOW + timedelta(hours=2))
    assert open_alerts(home) == ([("C1", "low")] if is_silent else [])
    assert len(events(home)) == len(alerts(home))
    assert letters(home) == []  # it waits in the list


def test_after_a_safety_answer_two_missed_days_are_high(home: Household) -> None:
    ask_safety(home)
    today = NOW.date()
    body = {"suicidal_thoughts": "often", "recorded_at": NOW.isoformat(), "timezone": "UTC"}
    assert home.patient.put(own(today), body).status_code == 201
    go(home, alert_rounds.sweep, NOW + timedelta(days=2))
    assert open_alerts(home) == [("S2", "high")]
    go(home, alert_rounds.sweep, NOW + timedelta(days=3))
    assert open_alerts(home) == [("C1", "high"), ("S2", "high")]


def resolved(home: Household) -> None:
    for alert in alerts(home):
        if alert.is_open:
            home.clinician.post(f"/v1/alerts/{alert.id}/acknowledge")
            done = home.clinician.post(f"/v1/alerts/{alert.id}/resolve", {"outcome": "not_reached"})
            assert done.status_code == 200


def screened(home: Household) -> None:
    """Staff note a moderate screener: a safety rule fires and the patient has logged nothing."""
    sent(home.clinician, path(home), filled([1, 1, 1, 0, 0, 0], instrument="cssrs_screener"))
    assert ("S2", "high") in open_alerts(home)


def test_a_patient_who_never_logged_and_is_in_no_course_is_missed_after_a_safety_answer(
    home: Household,
) -> None:
    screened(home)
    resolved(home)
    go(home, alert_rounds.sweep, NOW + timedelta(days=2))
    assert open_alerts(home) == []
    go(home, alert_rounds.sweep, NOW + timedelta(days=3))
    assert open_alerts(home) == [("C1", "high")]
    assert evidence(home)[-1]["last_day"] is None


def test_a_silence_that_goes_on_is_another_a_week_after_its_alert_was_resolved(
    home: Household,
) -> None:
    in_course(home, "induction", NOW.date() - timedelta(days=100))
    days_logged(home, [5, 4])
    go(home, alert_rounds.sweep, NOW)
    resolved(home)
    go(home, alert_rounds.sweep, NOW + timedelta(days=6))
    assert open_alerts(home) == []
    for _ in range(2):
        go(home, alert_rounds.sweep, NOW + timedelta(days=7))
        assert open_alerts(home) == [("C1", "low")]
    assert len(alerts(home)) == 2


def test_a_silence_after_another_safety_answer_is_noticed_at_once(
    home: Household,
) -> None:
    def told_again(connection: Any, clinic_id: UUID, now: datetime) -> None:
        chart = Chart(clinic_id, home.patient_id, "UTC", DayRules(240, 14))
        answers = {"suicidal_thoughts": "often"}
        asked = safety.DayAsked(chart, now.date(), answers, "staff", "later", "refused")
        safety.ask_of_day(connection, operator(clinic_id), asked, now)

    screened(home)
    resolved(home)
    go(home, alert_rounds.sweep, NOW + timedelta(days=3))
    resolved(home)
    go(home, alert_rounds.sweep, NOW + timedelta(days=4))
    assert open_alerts(home) == []
    go(home, told_again, NOW + timedelta(days=4))
    resolved(home)
    go(home, alert_rounds.sweep, NOW + timedelta(days=7))  # 3 days after the first was noticed
    assert open_alerts(home) == [("C1", "high")]


def test_ratings_above_the_limit_on_two_days_running_are_noticed(home: Household) -> None:
    ago = list(range(60, 0, -1))
    # Six weeks of 6 and 7 by turns, then 1: a symptom of 9 where 3 or 4 is usual.
    moods = [6 + back % 2 if back > 17 else 1 for back in ago]
    days_logged(home, ago, mood=moods, interest=moods, energy=moods)
    go(home, alert_rounds.sweep, NOW)
    go(home, alert_rounds.sweep, NOW)
    assert open_alerts(home) == [("M1", "normal")]
    assert len(events(home)) == 1


def test_two_points_above_the_limit_are_needed() -> None:
    def points(*beyond: bool) -> list[dict[str, Any]]:
        return [
            {"date": date(2024, 5, number + 1), "is_beyond": one}
            for number, one in enumerate(beyond)
        ]

    assert charted.drifted(points(False, True)) is None
    assert charted.drifted(points(True)) is None
    assert charted.drifted(points(True, False, True, True)) == date(2024, 5, 4)


def test_a_round_looks_first_and_finds_nothing_to_do(home: Household) -> None:
    with home.world.services.database.begin(write=False) as connection:
        assert not alert_rounds.needs_escalation(connection, home.clinic_id, NOW)
    go(home, alert_rounds.sweep, NOW)
    with home.world.services.database.begin(write=False) as connection:
        assert not alert_rounds.needs_sweep(connection, home.clinic_id, NOW)
        assert alert_rounds.needs_sweep(connection, home.clinic_id, NOW + timedelta(hours=1))

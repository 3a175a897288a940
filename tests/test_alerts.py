"""Alerts: the list, what staff do about one, and how long it waited."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, text, update

from models.alert_event import AlertEvent
from tests.areas.safety import alert_row
from tests.at_once import at_once, twin
from tests.conftest import Clock
from tests.entries import entry, own, pointers
from tests.people import Household, Person
from tests.safety import alerts, ask_safety, events, letters, open_alerts

DAY = "2024-05-10"


@pytest.fixture
def raised(home: Household) -> Household:
    """A clinic whose colleague, who does not treat the patient, looks at alerts; one is open."""
    ask_safety(home, home.colleague)
    often(home)
    return home


def often(home: Household, day: str = DAY) -> None:
    body = entry(day) | {"suicidal_thoughts": "often"}
    assert home.patient.put(own(day), body).status_code == 201


def only(who: Person, query: str = "") -> Any:
    items = who.get(f"/v1/alerts{query}").json["items"]
    assert len(items) == 1
    return items[0]


def act(who: Person, alert: Any, verb: str, body: Any = None, **options: Any) -> Any:
    return who.post(f"/v1/alerts/{alert['id']}/{verb}", body, **options)


def kinds(home: Household) -> list[str]:
    return [event.kind for event in events(home)]


def test_an_alert_is_seen_by_who_treats_and_by_who_is_named_and_by_nobody_else(
    raised: Household,
) -> None:
    for who in (raised.clinician, raised.colleague):
        alert = only(who)
        assert (alert["rule"], alert["severity"]) == ("S2", "high")
        assert "PHQ-9 item 9" in alert["because"]["words"]
        shown = who.get(f"/v1/alerts/{alert['id']}")
        assert shown.json["events"][0]["evidence"]["answer"] == "often"
        assert shown.headers["ETag"] == '"r1"'
    for who in (raised.admin, raised.stranger):
        assert who.get("/v1/alerts").json["items"] == []
        assert who.get(f"/v1/alerts/{alert['id']}").status_code == 404
    listed = raised.clinician.get(f"/v1/patients/{raised.patient_id}/alerts").json["items"]
    assert [one["id"] for one in listed] == [alert["id"]]


def test_whoever_is_to_look_at_an_alert_can_reach_the_patient_and_nobody_else(
    raised: Household,
) -> None:
    path, patient = f"/v1/alerts/{only(raised.colleague)['id']}/reach", raised.patient_id
    contact = {"name": "Grace", "phone": "030 2", "relation": "sister"}
    known = {"phone": "030 1", "language": "de", "emergency_contact": contact}
    etag = raised.admin.get(f"/v1/patients/{patient}").headers["ETag"]
    changed = raised.admin.patch(f"/v1/patients/{patient}", known, headers={"If-Match": etag})
    assert changed.status_code == 200
    for who in (raised.clinician, raised.colleague):
        shown = who.get(path)
        assert shown.json == known | {"email": changed.json["email"]}
        assert who.get(path, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304
    assert raised.colleague.get(f"/v1/patients/{patient}").status_code == 404
    for who in (raised.admin, raised.stranger):
        assert who.get(path).status_code == 404
    assert raised.front_desk.get(path).status_code == 403
    audit = raised.patient.get("/v1/me/audit").json["items"]
    readers = {one["membership_id"] for one in audit if one["action"] == "patient.read"}
    assert str(raised.colleague.membership_id) in readers


def test_an_alert_goes_from_seen_to_resolved_and_every_step_stays(raised: Household) -> None:
    who, alert = raised.colleague, only(raised.colleague)
    assert act(who, alert, "seen").json["acknowledged_at"] is None
    assert act(who, alert, "resolve", {"outcome": "reached"}).status_code == 409
    taken = act(who, alert, "acknowledge")
    assert taken.json["acknowledged_by"] == str(who.membership_id)
    to = {"membership_id": str(raised.clinician.membership_id)}
    assert act(who, alert, "assign", to).json["assigned_to"] == to["membership_id"]
    tried = {"result": "not_reached", "note": "voicemail"}
    assert act(raised.clinician, alert, "contact", tried).status_code == 200
    done = act(raised.clinician, alert, "resolve", {"outcome": "safety_plan", "note": "made one"})
    assert (done.json["is_open"], done.json["outcome"]) == (False, "safety_plan")
    assert done.json["resolved_by"] == str(raised.clinician.membership_id)
    steps = ["raised", "seen", "acknowledged", "assigned", "contact_tried", "resolved"]
    assert [event["kind"] for event in done.json["events"]] == steps
    assert [event["note"] for event in done.json["events"][4:]] == ["voicemail", "made one"]
    assert letters(raised) == [raised.colleague.email, raised.clinician.email]
    assert raised.colleague.get("/v1/alerts").json["items"] == []
    assert only(raised.colleague, "?state=resolved")["id"] == alert["id"]


def test_looking_is_noted_once_until_there_is_news(raised: Household) -> None:
    alert = only(raised.colleague)
    first = act(raised.colleague, alert, "seen")
    again = act(raised.colleague, alert, "seen")
    assert again.headers["ETag"] == first.headers["ETag"]  # nothing has changed
    act(raised.clinician, alert, "seen")  # each for themself
    act(raised.colleague, alert, "acknowledge")
    act(raised.colleague, alert, "seen")  # their own act is no news
    assert kinds(raised) == ["raised", "seen", "seen", "acknowledged"]
    often(raised, "2024-05-11")
    for _ in range(2):
        act(raised.colleague, alert, "seen")
    assert kinds(raised)[4:] == ["appended", "seen"]
    act(raised.colleague, alert, "acknowledge")
    act(raised.colleague, alert, "resolve", {"outcome": "reached"})
    act(raised.colleague, alert, "seen")
    assert kinds(raised)[-2:] == ["acknowledged", "resolved"]
    act(raised.clinician, alert, "reopen", {"note": "Called back."})
    for _ in range(2):
        act(raised.colleague, alert, "seen")
    assert kinds(raised)[-2:] == ["reopened", "seen"]


def test_who_looks_in_two_tabs_at_once_has_looked_once(raised: Household) -> None:
    alert = only(raised.colleague)
    tabs = [twin(raised.world, raised.colleague) for _ in range(6)]
    answers = at_once([partial(act, who, alert, "seen") for who in tabs])
    assert {answer.status_code for answer in answers} == {200}
    assert kinds(raised) == ["raised", "seen"]


def test_of_two_who_acknowledge_the_second_is_told_and_the_first_may_repeat(
    raised: Household,
) -> None:
    alert = only(raised.colleague)
    assert act(raised.colleague, alert, "acknowledge").status_code == 200
    assert act(raised.clinician, alert, "acknowledge").status_code == 409
    assert act(raised.colleague, alert, "acknowledge").status_code == 200
    assert kinds(raised) == ["raised", "acknowledged"]


def test_an_answer_that_came_since_has_to_be_acknowledged_too(raised: Household) -> None:
    alert = only(raised.colleague)
    taken = act(raised.colleague, alert, "acknowledge")
    often(raised, "2024-05-11")
    stale = act(
        raised.colleague,
        alert,
        "resolve",
        {"outcome": "reached"},
        headers={"If-Match": taken.headers["ETag"]},
    )
    assert stale.status_code == 412
    assert act(raised.colleague, alert, "resolve", {"outcome": "reached"}).status_code == 409
    assert letters(raised) == [raised.colleague.email] * 2
    assert act(raised.clinician, alert, "acknowledge").status_code == 200
    assert act(raised.clinician, alert, "resolve", {"outcome": "reached"}).status_code == 200


def test_a_new_answer_after_an_alert_was_closed_opens_another(raised: Household) -> None:
    alert = only(raised.colleague)
    act(raised.colleague, alert, "acknowledge")
    act(raised.colleague, alert, "resolve", {"outcome": "reached"})
    often(raised, "2024-05-11")
    assert open_alerts(raised) == [("S2", "high")]
    assert len(alerts(raised)) == 2
    again = act(raised.colleague, alert, "reopen", {"note": "wrong one"})
    assert again.status_code == 409  # of one episode one is open


def test_a_closed_alert_can_be_opened_again_and_waits_anew(raised: Household) -> None:
    alert = only(raised.colleague)
    act(raised.colleague, alert, "acknowledge")
    act(raised.colleague, alert, "resolve", {"outcome": "not_reached"})
    for verb, body in (("acknowledge", None), ("contact", {"result": "reached"})):
        assert act(raised.colleague, alert, verb, body).status_code == 409
    again = act(raised.clinician, alert, "reopen", {"note": "not reached after all"})
    assert (again.json["is_open"], again.json["acknowledged_at"]) == (True, None)
    assert act(raised.clinician, alert, "reopen", {"note": "twice"}).status_code == 409


def test_an_alert_is_given_to_nobody_who_cannot_act(raised: Household) -> None:
    alert = only(raised.colleague)
    for who in (raised.front_desk, raised.patient, raised.stranger):
        to = {"membership_id": str(who.membership_id)}
        assert pointers(act(raised.colleague, alert, "assign", to)) == ["/membership_id"]
    assert kinds(raised) == ["raised"]


def test_a_contact_sent_again_is_noted_once(raised: Household) -> None:
    alert, key = only(raised.colleague), {"Idempotency-Key": "c1"}
    tried = {"result": "reached", "note": None}
    assert act(raised.colleague, alert, "contact", tried, headers=key).status_code == 200
    assert act(raised.colleague, alert, "contact", tried, headers=key).status_code == 200
    other = {"result": "message_left", "note": None}
    assert act(raised.colleague, alert, "contact", other, headers=key).status_code == 422
    assert kinds(raised) == ["raised", "contact_tried"]


def test_what_nobody_has_acknowledged_comes_first_the_oldest_first(
    home: Household,
) -> None:
    made = []
    for state in ("acknowledged", "waiting", "resolved", "waiting", "acknowledged"):
        home.world.now += timedelta(minutes=1)
        made.append(alert_row(home.world, home.clinic_id, home.patient_id, state))
    wanted = [made[1], made[3], made[0], made[4]]
    listed = [item["id"] for item in home.clinician.get("/v1/alerts").json["items"]]
    assert listed == wanted
    paged, cursor = [], ""
    while True:
        answer = home.clinician.get(f"/v1/alerts?limit=1{cursor}").json
        paged += [item["id"] for item in answer["items"]]
        if answer["next"] is None:
            break
        cursor = f"&cursor={answer['next']}"
    assert paged == wanted


def test_how_long_alerts_wait_is_measured(raised: Household, clock: Clock) -> None:
    told = raised.admin.get("/v1/alerts/latency").json
    assert (told["acknowledged"], told["waiting"]) == (0, 1)
    alert = only(raised.colleague)
    clock.ahead = timedelta(minutes=12)  # 12 minutes from raising to acknowledging
    act(raised.colleague, alert, "acknowledge")
    told = raised.admin.get("/v1/alerts/latency").json
    assert (told["acknowledged"], told["waiting"]) == (1, 0)
    assert 12 <= told["median_minutes"] == told["worst_minutes"] < 13


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_change_or_delete_an_event(raised: Household, verb: str) -> None:
    change: Any = update(AlertEvent).values(note="never happened")
    change = delete(AlertEvent) if verb == "delete" else change
    database = raised.world.services.database
    with (
        database.begin(write=True) as connection,
        pytest.raises(Exception, match="never changed"),
    ):
        connection.execute(change)
    assert kinds(raised) == ["raised"]


FORGETTING = {
    "sqlite": [
        "DELETE FROM alert",
        "INSERT OR REPLACE INTO alert SELECT * FROM alert",
        "INSERT OR REPLACE INTO alert_event SELECT * FROM alert_event",
        "INSERT OR REPLACE INTO alert_event (clinic_id, patient_id, alert_id, number, kind, at, "
        "sent_key) SELECT clinic_id, patient_id, alert_id, 9, kind, at, sent_key FROM alert_event",
        "INSERT OR REPLACE INTO alert_event (clinic_id, patient_id, alert_id, number, kind, at, "
        "dedupe_key) SELECT clinic_id, patient_id, alert_id, 9, kind, at, dedupe_key "
        "FROM alert_event",
    ],
    "postgresql": ["DELETE FROM alert", "TRUNCATE alert_event", "TRUNCATE alert CASCADE"],
}


def test_the_database_refuses_to_forget_an_alert_by_any_way(
    raised: Household, engine_name: str
) -> None:
    before = (alerts(raised), events(raised))
    for statement in FORGETTING[engine_name]:
        with (
            raised.world.services.database.begin(write=True) as connection,
            pytest.raises(Exception, match="is never"),
        ):
            connection.execute(text(statement))
    assert (alerts(raised), events(raised)) == before

"""Sessions over HTTP: booked, recorded, completed, shown to the team and to the patient."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from bench.counts import counted
from clinical.days import local_day
from models.clinic import Clinic
from models.patient import Patient
from tests.entries import today
from tests.lists import BAD_INSTANTS, BY_DATE, BY_ID, BY_INSTANT, FORGED, refused, walk
from tests.people import ZONE, Household
from tests.visits import (
    BEFORE,
    DOSE,
    DURING,
    actions,
    booking,
    completed,
    history,
    inputs_version,
    instant,
    made,
    sessions,
    tag,
)


def changed(home: Household, one: dict[str, Any], **given: Any) -> Any:
    return home.clinician.patch(sessions(home, one["id"]), given, headers=tag(one))


def of_berlin(moment: str) -> str:
    """The day that instant belongs to, of somebody whose day begins at 04:00 in Berlin."""
    return str(local_day(datetime.fromisoformat(moment), ZONE, 240))


def test_a_booking_is_a_session_in_which_all_else_is_null(home: Household) -> None:
    body = booking(7, scheduled_minutes=90)
    one = made(home, body)
    assert one["status"] == "booked"
    assert one["scheduled_at"] == body["scheduled_at"]
    assert one["date"] == of_berlin(body["scheduled_at"])
    assert (one["doses"], one["vitals"], one["addenda"]) == ([], [], [])
    assert (one["timezone"], one["revision"], one["source"]) == (ZONE, 1, "staff")
    assert one["created_by"] == str(home.clinician.membership_id)
    unsaid = ("started_at", "weight_kg", "planned", "given_by", "signed_at", "voided_at", "note")
    assert [one[name] for name in unsaid] == [None] * len(unsaid)


def test_one_that_has_happened_is_recorded_with_its_doses_and_readings_at_once(
    home: Household,
) -> None:
    planned = {key: DOSE[key] for key in ("drug", "route", "dose_mg")}
    one = made(home, completed(-1, planned=planned, note="calm"))
    (dose,) = one["doses"]
    assert {key: dose[key] for key in DOSE} == DOSE
    assert dose["mg_per_kg"] == one["planned"]["mg_per_kg"] == 0.5  # 35 mg / 70 kg
    assert dose["given_at"] == one["started_at"]  # for none was told
    assert [reading["minute"] for reading in one["vitals"]] == [-5, 40]
    assert one["vitals"][0]["systolic_mmhg"] == BEFORE["systolic_mmhg"]
    assert one["vitals"][0]["spo2_percent"] is None
    assert {reading["taken_by"] for reading in one["vitals"]} == {str(home.clinician.membership_id)}
    assert one["given_by"] == str(home.clinician.membership_id)  # whoever completes it
    assert home.clinician.get(sessions(home, one["id"])).json == one


def test_a_dose_without_a_weight_has_no_mg_per_kg(home: Household) -> None:
    assert made(home, completed(weight_kg=None))["doses"][0]["mg_per_kg"] is None


def test_a_booking_is_completed_and_keeps_when_it_was_booked_for(home: Household) -> None:
    one = made(home, booking(1))
    done = changed(home, one, **completed(-1))
    assert done.status_code == 200, done.json
    assert done.json["scheduled_at"] == one["scheduled_at"]
    assert done.json["date"] == of_berlin(done.json["started_at"])  # the day it was, not was to be
    assert (done.json["status"], done.json["revision"]) == ("completed", 2)


def test_the_patient_sees_the_record_the_team_sees(home: Household) -> None:
    one = made(home, completed(note="calm"))
    # Alerts and limits are the team's.
    assert home.patient.get(f"/v1/me/sessions/{one['id']}").json == one | {"marks": None}
    theirs = home.patient.get("/v1/me/sessions").json["items"]
    listed = home.clinician.get(sessions(home)).json["items"]
    assert theirs == [session | {"marks": None} for session in listed]
    assert listed == [one]


def test_another_patients_session_is_nobodys_here(home: Household) -> None:
    one = made(home, booking())
    another = home.world.patient(home.clinic_id)
    home.world.treats(home.clinician, another)
    path = f"/v1/patients/{another}/sessions/{one['id']}"
    assert home.clinician.get(path).status_code == 404
    assert home.clinician.patch(path, {"note": "x"}).status_code == 404
    for below in ("sign", "void", "addenda"):
        body = {"sign": None, "void": {"reason": "x"}, "addenda": {"text": "x"}}[below]
        assert home.clinician.post(f"{path}/{below}", body).status_code == 404
    assert home.clinician.get(sessions(home, uuid4())).status_code == 404


def test_the_day_is_the_patients_and_stays_when_their_boundary_moves(home: Household) -> None:
    # 01:30 in Berlin: before a boundary of 04:00 it is still the day before.
    night = datetime(2025, 1, 15, 0, 30, tzinfo=UTC)
    one = made(home, completed(started_at=night.isoformat(), stopped_at=None))
    assert one["date"] == "2025-01-14"
    with home.world.services.database.begin(write=True) as connection:
        own = update(Patient).where(Patient.id == home.patient_id)
        connection.execute(own.values(day_boundary_minutes=0))
        connection.commit()
    assert changed(home, one, note="x").json["date"] == "2025-01-14"
    moved = {"started_at": (night + timedelta(minutes=1)).isoformat(), "doses": [DOSE]}
    assert changed(home, one | {"revision": 2}, **moved).json["date"] == "2025-01-15"


def test_a_session_elsewhere_has_its_own_zone(home: Household) -> None:
    # 03:00 UTC is 22:00 of the day before in New York.
    there = {"started_at": "2025-01-15T03:00:00Z", "stopped_at": None}
    one = made(home, completed(timezone="America/New_York", **there))
    assert (one["timezone"], one["date"]) == ("America/New_York", "2025-01-14")


def test_the_zone_is_the_clinics_unless_another_is_given(home: Household) -> None:
    with home.world.services.database.begin(write=True) as connection:
        own = update(Clinic).where(Clinic.clinic_id == home.clinic_id)
        connection.execute(own.values(timezone="Asia/Tokyo"))
        connection.commit()
    assert made(home, booking())["timezone"] == "Asia/Tokyo"


def test_what_each_revision_said_is_kept_whole(home: Household) -> None:
    one = made(home, completed(note="calm"))
    changed(home, one, note="tired", doses=[DOSE, DOSE], confirmed=["/doses"])
    first, second = (kept.body for kept in history(home.world, one["id"]))
    assert (first["note"], len(first["doses"]), len(first["vitals"])) == ("calm", 1, 2)
    assert (second["note"], len(second["doses"]), second["confirmed"]) == ("tired", 2, ["/doses"])
    assert second["vitals"] == first["vitals"]
    assert first["doses"][0] in second["doses"]  # one that stays is the same one


def test_each_write_leaves_its_trace_and_renews_the_summaries(home: Household) -> None:
    before = inputs_version(home)
    one = made(home, completed())
    assert inputs_version(home) == before + 1
    assert changed(home, one, note="x").status_code == 200
    assert inputs_version(home) == before + 2
    assert actions(home.world, one["id"]) == ["session.record", "session.change"]


def test_what_is_refused_leaves_nothing(home: Household) -> None:
    before = inputs_version(home)
    assert home.clinician.post(sessions(home), completed(weight_kg=7)).status_code == 422
    assert home.clinician.post(sessions(home), completed(1)).status_code == 422
    assert home.clinician.get(sessions(home)).json["items"] == []
    assert inputs_version(home) == before


def test_sessions_are_listed_newest_first_page_by_page(home: Household) -> None:
    offsets = (-3, 5, -1, -40, -2.5, 0.5)
    made_of = {days: made(home, booking(days, confirmed=["/scheduled_at"])) for days in offsets}
    wanted = [made_of[days]["id"] for days in sorted(offsets, reverse=True)]
    for limit in (1, 2, 50):
        for person, path in ((home.clinician, sessions(home)), (home.patient, "/v1/me/sessions")):
            assert [one["id"] for one in walk(person, path, limit)] == wanted


def test_a_list_is_of_a_period_and_of_one_status(home: Household) -> None:
    past, coming = made(home, completed(-10)), made(home, booking(10))

    def listed(**query: object) -> list[str]:
        answer = home.clinician.get(sessions(home), query_string=query)
        return [one["id"] for one in answer.json["items"]]

    assert listed(to=today()) == listed(status="completed") == [past["id"]]
    assert listed(**{"from": today()}) == listed(status="booked") == [coming["id"]]
    assert listed(**{"from": past["date"], "to": coming["date"]}) == [coming["id"], past["id"]]
    assert listed(status="missed") == listed(to=date(2020, 1, 1)) == []


def test_a_forged_cursor_is_refused(home: Household) -> None:
    for cursor in (*FORGED, *BAD_INSTANTS, BY_ID, BY_DATE, BY_INSTANT):
        assert refused(home.patient, "/v1/me/sessions", cursor), cursor


@pytest.mark.parametrize("many", [2, 12])
def test_a_list_costs_as_many_statements_however_long_it_is(home: Household, many: int) -> None:
    for days in range(many):
        made(home, completed(-days - 2))
    home.patient.get("/v1/me/sessions")
    with counted(home.world.services.database) as counts:
        assert len(home.patient.get("/v1/me/sessions").json["items"]) == many
    # Who asks, the sessions, their doses, their readings, their addenda.
    assert counts.statements <= 7, counts.seen


def test_a_tag_names_the_state_and_304_follows(home: Household) -> None:
    one = made(home, completed())
    path = sessions(home, one["id"])
    held = home.clinician.get(path).headers["ETag"]
    assert held.startswith('"r1.')
    assert home.clinician.get(path, headers={"If-None-Match": held}).status_code == 304
    moved = changed(home, one, note="x").headers["ETag"]
    assert moved.startswith('"r2.')
    assert home.clinician.get(path, headers={"If-None-Match": held}).headers["ETag"] == moved


def test_a_key_sent_again_records_nothing_and_is_answered_the_same(home: Household) -> None:
    key, body = {"Idempotency-Key": "visit-1"}, completed()
    first, again = (home.clinician.post(sessions(home), body, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    other = home.clinician.post(sessions(home), completed(-3), headers=key)
    assert (other.status_code, other.json["type"]) == (422, "/problems/key-reused")
    assert len(history(home.world, first.json["id"])) == 1


def test_effects_not_asked_are_null_and_none_are_empty(home: Household) -> None:
    nausea = {"code": "nausea", "severity": 2, "onset_minute": 20, "offset_minute": 50}
    given = {"drug": "ondansetron", "dose_mg": 4, "given_at": instant(-1, hours=1)}
    one = made(home, completed(adverse_effects=[nausea], rescue_medications=[given]))
    assert one["adverse_effects"] == [nausea | {"note": None}]
    assert one["rescue_medications"] == [given | {"note": None}]
    bare = made(home, completed(-5, adverse_effects=[]))
    assert (bare["adverse_effects"], bare["rescue_medications"]) == ([], None)
    again = home.clinician.patch(
        sessions(home, one["id"]),
        {"adverse_effects": [nausea], "rescue_medications": [given], "vitals": [DURING]},
    )
    assert (again.status_code, again.json["revision"]) == (200, 1)  # the same, said again

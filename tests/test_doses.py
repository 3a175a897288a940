"""Doses: all of a patient's, and those taken at home, which belong to no session."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from models.dose_revision import DoseRevision
from tests.lists import BAD_INSTANTS, BY_DATE, BY_ID, FORGED, refused, walk
from tests.people import Household
from tests.visits import (
    DOSE,
    actions,
    booking,
    completed,
    doses,
    home_dose,
    inputs_version,
    instant,
    made,
    tag,
    told,
)


def taken(home: Household, days: float = -1, /, **given: Any) -> dict[str, Any]:
    answer = home.clinician.post(doses(home), home_dose(days, **given))
    assert answer.status_code == 201, answer.json
    dose: dict[str, Any] = answer.json
    return dose


def changed(home: Household, one: dict[str, Any], body: dict[str, Any], **headers: str) -> Any:
    return home.clinician.patch(doses(home, one["id"]), body, headers=headers)


def void(home: Household, one: dict[str, Any]) -> Any:
    return home.clinician.post(doses(home, one["id"], "void"), {"reason": "not taken"})


def history(home: Household, dose_id: str) -> list[Any]:
    own = select(DoseRevision).where(DoseRevision.dose_id == UUID(dose_id))
    return [row.body for row in home.world.rows(own.order_by(DoseRevision.revision))]


def test_a_home_dose_belongs_to_no_session(home: Household) -> None:
    one = taken(home, weight_kg=80, note="after supper")
    assert (one["place"], one["session_id"], one["source"]) == ("home", None, "staff")
    assert one["mg_per_kg"] == 1.25  # 100 mg / 80 kg
    assert (one["timezone"], one["revision"], one["formulation"]) == (
        "Europe/Berlin", 1, "lozenge",
    )  # fmt: skip
    assert home.patient.get("/v1/me/sessions").json["items"] == []
    assert actions(home.world, one["id"]) == ["dose.record"]


def test_all_doses_are_listed_newest_first_for_team_and_patient(home: Household) -> None:
    visit = made(home, completed(-2, weight_kg=70))
    late, early = taken(home, -1), taken(home, -3)
    for person, path in ((home.clinician, doses(home)), (home.patient, "/v1/me/doses")):
        for limit in (1, 2, 50):
            found = walk(person, path, limit)
            assert [dose["id"] for dose in found] == [
                late["id"], visit["doses"][0]["id"], early["id"],
            ]  # fmt: skip
    given = found[1]
    assert (given["place"], given["session_id"]) == ("clinic", visit["id"])
    assert (given["weight_kg"], given["mg_per_kg"]) == (70, 0.5)  # the session's; 35 mg / 70 kg
    assert found[0] == late


def test_doses_are_listed_by_place_and_period(home: Household) -> None:
    made(home, completed(-9))
    one = taken(home, -2)

    def listed(**query: str) -> list[str]:
        answer = home.patient.get("/v1/me/doses", query_string=query)
        return [dose["place"] for dose in answer.json["items"]]

    assert listed(place="home") == listed(**{"from": one["date"]}) == ["home"]
    assert listed(place="clinic") == ["clinic"]
    assert listed(to=one["date"]) == ["home", "clinic"]


def test_what_is_impossible_or_unlikely_at_home_is_named(home: Household) -> None:
    impossible: tuple[tuple[dict[str, Any], list[str]], ...] = (
        ({"dose_mg": 0.1}, ["/dose_mg"]),
        ({"dose_mg": 50_000}, ["/dose_mg"]),
        ({"given_at": instant(0.1)}, ["/given_at"]),
        ({"given_at": "1979-12-31T09:00:00Z"}, ["/given_at"]),
        ({"weight_kg": 10, "drug": "x"}, ["/drug", "/weight_kg"]),
    )
    for body, pointers in impossible:
        answer = home.clinician.post(doses(home), home_dose(**body, confirmed=pointers))
        assert told(answer, "invalid") == pointers, body
    unlikely: tuple[tuple[dict[str, Any], list[str]], ...] = (
        ({"dose_mg": 1000}, ["/dose_mg"]),
        ({"dose_mg": 10}, ["/dose_mg"]),
        ({"formulation": "nasal_spray"}, ["/formulation"]),
        ({"drug": "arketamine"}, ["/route"]),
        ({"weight_kg": 30}, ["/weight_kg"]),
    )
    for body, pointers in unlikely:
        answer = home.clinician.post(doses(home), home_dose(**body))
        assert told(answer, "questions") == pointers, body
        one = taken(home, **body, confirmed=pointers)
        assert changed(home, one, {"lot": "A1"}).status_code == 200  # not asked again
    assert len(home.patient.get("/v1/me/doses").json["items"]) == len(unlikely)


def test_correcting_a_value_needs_the_revision_it_was_seen_at(home: Household) -> None:
    one = taken(home)
    missing = changed(home, one, {"dose_mg": 150})
    assert told(missing, "precondition-required") == []
    assert missing.headers["ETag"].startswith('"r1.')
    stale = changed(home, one, {"dose_mg": 150}, **{"If-Match": '"r2"'})
    assert told(stale, "precondition-failed") == []
    assert changed(home, one, {"dose_mg": 100, "route": "sublingual"}).json == one
    after = changed(home, one, {"dose_mg": 150}, **tag(one)).json
    assert (after["dose_mg"], after["revision"]) == (150, 2)
    assert changed(home, one, {"note": "added"}).json["revision"] == 3  # nothing was there
    told_of = [(body["dose_mg"], body["note"]) for body in history(home, one["id"])]
    assert told_of == [(100, None), (150, None), (150, "added")]


def test_its_day_moves_with_its_time(home: Household) -> None:
    # 02:30 in Berlin belongs to the day before, 04:30 does not.
    one = taken(home, given_at="2026-01-15T01:30:00Z")
    assert one["date"] == "2026-01-14"
    moved = changed(home, one, {"given_at": "2026-01-15T03:30:00Z"}, **tag(one)).json
    assert moved["date"] == "2026-01-15"


def test_a_void_dose_is_listed_no_more(home: Household) -> None:
    one, before = taken(home), inputs_version(home)
    gone = void(home, one)
    assert (gone.status_code, gone.json["void_reason"]) == (200, "not taken")
    assert inputs_version(home) == before + 1
    assert home.patient.get("/v1/me/doses").json["items"] == []
    assert told(void(home, one), "conflict") == []
    assert told(changed(home, one, {"lot": "A1"}), "conflict") == []
    assert [body["void_reason"] for body in history(home, one["id"])] == [None, "not taken"]


def test_whoever_takes_back_a_dose_they_have_not_seen_is_told(home: Household) -> None:
    one = taken(home)
    changed(home, one, {"lot": "A1"})
    path = doses(home, one["id"], "void")
    stale = home.clinician.post(path, {"reason": "x"}, headers=tag(one))
    assert told(stale, "precondition-failed") == []
    assert stale.headers["ETag"].startswith('"r2.')
    (left,) = home.patient.get("/v1/me/doses").json["items"]
    assert left["id"] == one["id"]
    answer = home.clinician.post(path, {"reason": "x"}, headers={"If-Match": '"r2"'})
    assert answer.status_code == 200


def test_a_sessions_dose_is_changed_with_its_session(home: Household) -> None:
    (dose,) = made(home, completed(doses=[DOSE]))["doses"]
    assert told(changed(home, dose, {"lot": "A1"}), "conflict") == []
    assert told(void(home, dose), "conflict") == []


def test_another_patients_dose_is_nobodys_here(home: Household) -> None:
    one = taken(home)
    another = home.world.patient(home.clinic_id)
    home.world.treats(home.clinician, another)
    for dose_id in (one["id"], str(uuid4())):
        path = f"/v1/patients/{another}/doses/{dose_id}"
        assert home.clinician.patch(path, {"lot": "A1"}).status_code == 404
        assert home.clinician.post(f"{path}/void", {"reason": "x"}).status_code == 404


def test_a_home_dose_counts_as_no_session_on_the_clinics_day(home: Household) -> None:
    taken(home, -1)
    day = made(home, booking(3))["date"]
    (item,) = home.clinician.get(f"/v1/sessions?date={day}").json["items"]
    assert item["clinical"]["days_since_last_session"] is None
    assert item["clinical"]["last_dose"] is None


def test_a_forged_cursor_is_refused(home: Household) -> None:
    for cursor in (*FORGED, *BAD_INSTANTS, BY_ID, BY_DATE):
        assert refused(home.patient, "/v1/me/doses", cursor), cursor

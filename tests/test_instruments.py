"""/v1/instruments and a clinic's own: what a form needs is there; no answer changes its meaning."""

from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from care import instruments
from clinical.instruments import INSTRUMENTS, SHIPPED_FILES
from models.audit_event import AuditEvent
from models.clinic_instrument import ClinicInstrument
from models.db import new_id
from tests.at_once import at_once, twin
from tests.entries import pointers
from tests.people import Household, Person
from tests.scales import KEY, OTHER_WORDS, SCALE, put

OWN = f"/v1/clinic/instruments/{KEY}"


def shown(person: Person, key: str = KEY) -> Any:
    answer = person.get(f"/v1/instruments/{key}")
    assert answer.status_code == 200, answer.json
    return answer.json


def keys(person: Person) -> list[str]:
    return [one["key"] for one in person.get("/v1/instruments").json["items"]]


def faults(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.json
    assert {fault["pointer"] for fault in answer.json["errors"]} == {"/toml"}
    return [fault["detail"] for fault in answer.json["errors"]]


def revisions(home: Household) -> list[tuple[int, str, bool]]:
    mine = select(ClinicInstrument).where(ClinicInstrument.clinic_id == home.clinic_id)
    rows = home.world.rows(mine.order_by(ClinicInstrument.revision))
    return [(row.revision, row.text, row.retired) for row in rows]


def test_everybody_gets_every_scale_with_all_a_form_needs(home: Household) -> None:
    for person in (home.patient, home.front_desk, home.clinician, home.admin):
        assert keys(person) == sorted(INSTRUMENTS)
    phq9 = shown(home.patient, "phq9")
    assert phq9["stem"].startswith("Over the last 2 weeks")
    assert phq9["notice"].startswith("Developed by Drs.")
    assert phq9["items"][8]["text"].startswith("Thoughts that you would be better off dead")
    assert phq9["items"][8]["never_imputed"] is True
    assert phq9["items"][0]["answers"][3] == "Nearly every day"
    assert phq9["extra"][0]["key"] == "difficulty"
    assert (phq9["safety"]["item"], phq9["remission_at_most"]) == (9, 4)
    assert (phq9["own"], phq9["revision"], phq9["retired"]) == (False, None, False)


def test_the_screener_says_which_question_hangs_on_which(home: Household) -> None:
    screener = shown(home.clinician, "cssrs_screener")
    gates = [None if one["gate"] is None else one["gate"]["item"] for one in screener["items"]]
    assert gates == [None, None, 2, 2, 2, None]
    assert screener["extra"][0]["gate"] == {"item": 6, "at_least": 1}
    assert (screener["total_minimum"], screener["total_maximum"]) == (None, None)


def test_what_a_client_has_already_is_not_sent_again(home: Household) -> None:
    for path in ("/v1/instruments", "/v1/instruments/phq9", "/v1/clinic/instruments/phq9"):
        etag = home.clinician.get(path).headers["ETag"]
        again = home.clinician.get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.data) == (304, b""), path


def test_a_scale_of_the_clinics_own_is_offered_in_that_clinic_alone(home: Household) -> None:
    added = put(home.admin)
    assert (added.status_code, added.headers["ETag"]) == (201, '"r1"')
    assert KEY in keys(home.patient)
    own = shown(home.patient)
    assert (own["own"], own["revision"], own["items"][2]["text"]) == (True, 1, "in a car")
    assert own["bands"][1] == {"minimum": 4, "maximum": 9, "label": "sleepy"}
    assert KEY not in keys(home.stranger)
    assert home.stranger.get(f"/v1/instruments/{KEY}").status_code == 404
    assert home.stranger.get(OWN).status_code == 404
    assert home.clinician.get(OWN).json["toml"] == SCALE
    listed = home.front_desk.get("/v1/clinic/instruments").json["items"]
    assert listed == [{"key": KEY, "name": "Sleepiness", "revision": 1, "retired": False}]
    assert home.stranger.get("/v1/clinic/instruments").json["items"] == []


def test_only_an_admin_adds_and_retires_and_leaves_a_trace(home: Household) -> None:
    for person in (home.patient, home.front_desk, home.clinician):
        assert put(person).status_code == 403
        assert person.post(f"{OWN}/retire").status_code == 403
    assert put(home.admin).status_code == 201
    assert home.admin.post(f"{OWN}/retire").status_code == 200
    mine = select(AuditEvent).where(
        AuditEvent.clinic_id == home.clinic_id, AuditEvent.object_type == "clinic_instrument"
    )
    told = [(row.action, row.object_id) for row in home.world.rows(mine.order_by(AuditEvent.at))]
    assert told == [("instrument.change", KEY), ("instrument.retire", KEY)]


def test_every_revision_is_kept_and_the_same_text_again_is_none(home: Household) -> None:
    put(home.admin)
    assert put(home.admin).status_code == 200  # the same: nothing is asked, nothing written
    changed = put(home.admin, OTHER_WORDS, headers={"If-Match": '"r1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"r2"')
    assert revisions(home) == [(1, SCALE, False), (2, OTHER_WORDS, False)]
    assert shown(home.patient)["items"][0]["text"] == "with a book"


def test_whoever_replaces_a_file_names_the_one_they_saw(home: Household) -> None:
    assert put(home.admin, headers={"If-Match": '"r7"'}).status_code == 412  # there is none
    put(home.admin)
    blind = put(home.admin, OTHER_WORDS)
    assert (blind.status_code, blind.headers["ETag"]) == (428, '"r1"')
    stale = put(home.admin, OTHER_WORDS, headers={"If-Match": '"r2"'})
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"r1"')
    absent = put(home.admin, OTHER_WORDS, headers={"If-None-Match": "*"})
    assert absent.status_code == 412
    assert revisions(home) == [(1, SCALE, False)]


def test_of_two_who_change_a_file_at_once_one_is_told(home: Household) -> None:
    put(home.admin)
    texts = (OTHER_WORDS, SCALE.replace("in a car", "in a bus"))
    tabs = (home.admin, twin(home.world, home.admin))
    answers = at_once(
        [
            partial(put, tab, text, headers={"If-Match": '"r1"'})
            for tab, text in zip(tabs, texts, strict=True)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert [revision for revision, _, _ in revisions(home)] == [1, 2]


def test_a_retired_scale_is_offered_no_more_and_still_read(home: Household) -> None:
    put(home.admin)
    stale = home.admin.post(f"{OWN}/retire", headers={"If-Match": '"r3"'})
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"r1"')
    retired = home.admin.post(f"{OWN}/retire", headers={"If-Match": '"r1"'})
    assert (retired.status_code, retired.json["retired"]) == (200, True)
    assert home.admin.post(f"{OWN}/retire").headers["ETag"] == '"r2"'  # again, nothing changes
    assert KEY not in keys(home.patient)
    assert shown(home.patient)["retired"] is True
    back = put(home.admin, headers={"If-Match": '"r2"'})
    assert (back.status_code, back.headers["ETag"], KEY in keys(home.patient)) == (
        200,
        '"r3"',
        True,
    )


def test_what_is_not_there_cannot_be_retired(home: Household) -> None:
    for key in ("phq9", "nothing", "Not A Key", "a" * 41):
        assert home.admin.post(f"/v1/clinic/instruments/{key}/retire").status_code == 404, key
        expected = 200 if key == "phq9" else 404
        assert home.admin.get(f"/v1/clinic/instruments/{key}").status_code == expected, key


def test_a_clinic_words_one_of_ours_beginning_with_our_file(home: Household) -> None:
    ours = home.admin.get("/v1/clinic/instruments/who5")
    assert (ours.json["own"], ours.json["toml"]) == (False, SHIPPED_FILES["who5"])
    words = ", ".join(f'"Frage {number}"' for number in range(1, 6))
    worded = ours.json["toml"] + f'\n[wording]\nlanguage = "de"\nitems = [{words}]\n'
    answer = put(home.admin, worded, "who5", headers={"If-Match": ours.headers["ETag"]})
    assert answer.status_code == 201, answer.json
    who5 = shown(home.patient, "who5")
    assert (who5["language"], who5["items"][4]["text"]) == ("de", "Frage 5")
    assert (who5["total_maximum"], who5["own"]) == (100, True)
    assert shown(home.stranger, "who5")["own"] is False
    home.admin.post("/v1/clinic/instruments/who5/retire")
    assert shown(home.patient, "who5")["own"] is False  # ours again, and offered
    assert "who5" in keys(home.patient)


def test_a_clinics_cut_off_may_differ_from_ours_but_not_its_scoring(home: Household) -> None:
    twelve = SHIPPED_FILES["madrs"].replace("remission_at_most = 10", "remission_at_most = 12")
    assert put(home.admin, twelve, "madrs").status_code == 201
    assert shown(home.patient, "madrs")["remission_at_most"] == 12
    imputed = SHIPPED_FILES["phq9"].replace("never_imputed = [9]", "never_imputed = [1]")
    told = faults(put(home.admin, imputed, "phq9"))
    assert len(told) == 1
    assert told[0].endswith(": items")


def test_a_revision_that_would_score_stored_answers_otherwise_is_refused(home: Household) -> None:
    put(home.admin)
    other = SCALE.replace("total_maximum = 9", "total_maximum = 36").replace(
        '"sum"', '"four_times_sum"'
    )
    other = other.replace("maximum = 9,", "maximum = 36,")
    refused = put(home.admin, other, headers={"If-Match": '"r1"'})
    assert refused.status_code == 409
    assert "scoring, total_maximum" in refused.json["detail"]
    assert revisions(home) == [(1, SCALE, False)]


BAD: dict[str, tuple[str, str]] = {
    "no TOML": (
        "items = ]",
        "not TOML: what stands behind the = is no value; a text stands in quotes: line 1, column 9",
    ),
    "another key": (SCALE.replace(KEY, "other"), "key is not the file's name"),
    "a hidden control character": (
        SCALE.replace("at a table", "at\\u0000a table"),
        "wording.items has a line break or another control character: its number 2",
    ),
    "no number": (
        SCALE.replace("remission_at_most = 2", "remission_at_most = nan"),
        "change.remission_at_most is no number",
    ),
    "a number beyond reason": (
        SCALE.replace("item_maximum = 3", f"item_maximum = {10**30}"),
        "item_maximum is not from -1000 to 1000",
    ),
    "cut off": ("items = [1", "not TOML: a list has no closing bracket: end of document"),
    "nested without end": ("key = " + "[" * 20_000, "not TOML"),
    "dotted without end": ("a." * 29_000 + "b = 1", "a line has more than 100 dots"),
    "a name that is none": ('"<script>" = 1\n' + SCALE, "a name is not known"),
    "words for other answers": (
        SCALE.replace('"seldom", ', ""),
        "item 1 has not one word for each answer",
    ),
    "a band left out": (
        SCALE.replace("minimum = 4", "minimum = 5"),
        "a band does not begin 1 after the one before it",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_fault(home: Household, name: str) -> None:
    text, fault = BAD[name]
    told = faults(put(home.admin, text))
    assert any(one.startswith(fault) for one in told), told
    assert revisions(home) == []


def test_every_fault_of_a_file_is_named_in_one_answer(home: Household) -> None:
    wrong = SCALE.replace('"self"', '"robot"').replace('"sum"', '"product"').replace(KEY, "other")
    told = " ".join(faults(put(home.admin, wrong)))
    for named in ("rater", "scoring", "key"):
        assert named in told


def test_a_file_too_long_is_refused_unread(home: Household) -> None:
    answer = put(home.admin, SCALE + "#" * 60_000)
    assert (answer.status_code, pointers(answer)) == (422, ["/toml"])


def test_a_clinic_has_so_many_scales_of_its_own_and_no_more(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instruments, "MOST_OWN", 1)
    assert put(home.admin).status_code == 201
    second = SCALE.replace(KEY, "drowsiness")
    assert put(home.admin, second, "drowsiness").status_code == 409
    assert put(home.admin, OTHER_WORDS, headers={"If-Match": '"r1"'}).status_code == 200


def test_an_answer_is_read_by_the_file_it_was_given_to(home: Household) -> None:
    put(home.admin)
    kinder = SCALE.replace("remission_at_most = 2", "remission_at_most = 3")
    put(home.admin, kinder, headers={"If-Match": '"r1"'})
    home.admin.post(f"{OWN}/retire")
    told = [(KEY, 1), (KEY, 2), (KEY, 3), ("phq9", None)]
    rows = [SimpleNamespace(id=new_id(), instrument=key, instrument_revision=n) for key, n in told]
    with home.world.services.database.begin(write=False) as connection:
        forms = instruments.forms_of(connection, home.clinic_id, rows)
        alone = instruments.form_of(connection, home.clinic_id, rows[0])
    assert [forms[row.id].remission_at_most for row in rows] == [2, 3, 3, 4]
    assert alone == forms[rows[0].id]


def test_what_was_filled_in_keeps_its_meaning_when_the_file_changes(home: Household) -> None:
    put(home.admin)
    told = {"instrument": KEY, "date": "2024-05-10", "items": [1, 1, 1]}
    filled = home.patient.post("/v1/me/assessments", told)
    assert filled.status_code == 201, filled.json
    assert (filled.json["total"], filled.json["band"]) == (3, "awake")
    assert filled.json["meaning"]["remitted"] is False  # at most 2
    kinder = SCALE.replace("remission_at_most = 2", "remission_at_most = 3")
    put(home.admin, kinder, headers={"If-Match": '"r1"'})
    home.admin.post(f"{OWN}/retire")
    path = f"/v1/me/assessments/{filled.json['id']}"
    assert home.patient.get(path).json["meaning"]["remitted"] is False
    refused = home.patient.post("/v1/me/assessments", told | {"date": "2024-05-11"})
    assert (refused.status_code, pointers(refused)) == (422, ["/instrument"])

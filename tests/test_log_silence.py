"""Nothing a client sends is in the log, nor in an error beyond the pointer to its own fault."""

import io
import json
import logging
import sqlite3
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy.exc

from api import checkins, logs
from care import access
from models.db import new_id
from tests.entries import ITCH, PAIN, entry, match, of_patient, own
from tests.operations import properties
from tests.people import Household, Person, World, household

CANARY = "zebra-7f3a9"
DAY = "2024-05-10"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that is logged at the most talkative level, by us and by every other logger."""
    stream = io.StringIO()
    other = logging.StreamHandler(stream)
    logging.getLogger().addHandler(other)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", stream)
        logs.configure("debug")
        yield stream
    logging.getLogger().removeHandler(other)
    logs.configure("error")


@pytest.fixture
def asked(world: World) -> Household:
    """A clinic with measures of its own, where the patient has logged the day."""
    home = household(world, custom_measures=[PAIN, ITCH])
    assert home.patient.put(own(DAY), entry(DAY)).status_code == 201
    return home


def assert_silent(log: io.StringIO, answers: list[Any]) -> None:
    """One line was logged of each answer, none with the canary, and no error sings it either."""
    text = log.getvalue()
    told = [json.loads(line) for line in text.splitlines()]
    requests = [line for line in told if line["event"] == "request"]
    assert [line["status"] for line in requests] == [answer.status_code for answer in answers]
    assert all(line["route"] is None or CANARY not in line["route"] for line in requests)
    assert CANARY not in text.casefold()
    for answer in answers:
        if answer.status_code >= 400:
            shown = answer.json
            for fault in shown.get("errors", ()):
                del fault["pointer"]  # it names a key as the client has sent it
            assert CANARY not in (json.dumps(shown) + str(answer.headers)).casefold(), shown


def test_a_good_request_leaves_no_word_of_it(asked: Household, log: io.StringIO) -> None:
    body = entry("2024-05-11", note=CANARY, mood=6)
    headers = {"Idempotency-Key": CANARY, "User-Agent": CANARY, "X-Request-Id": CANARY}
    headers |= {"X-Forwarded-For": CANARY, "Referer": CANARY, "Cookie": f"a={CANARY}"}
    stored = asked.patient.put(own("2024-05-11"), body, headers=headers)
    assert (stored.status_code, stored.json["note"]) == (201, CANARY)
    read = asked.clinician.get(of_patient(asked.patient_id), headers=headers)
    assert CANARY in read.text
    renamed = asked.admin.patch("/v1/clinic", {"name": CANARY})
    assert_silent(log, [stored, read, renamed])


def test_a_bad_body_leaves_no_word_of_it(asked: Household, log: io.StringIO) -> None:
    send = asked.patient.put
    path = own(DAY)
    everywhere = dict.fromkeys(properties("CheckinIn"), CANARY)
    bodies: list[Any] = [
        everywhere | {CANARY: CANARY},
        entry(DAY, custom={CANARY: 3, "pain": CANARY}),
        entry(DAY, side_effects=[{"code": CANARY, "severity": CANARY, CANARY: CANARY}]),
        entry(DAY, note=CANARY * 1000),
        [CANARY],
        CANARY,
    ]
    answers = [send(path, body) for body in bodies]
    for data in (f'{{"note": "{CANARY}', f'{{"{CANARY}": 1, "{CANARY}": 2}}', f"{CANARY}\0"):
        options = {"data": data.encode(), "content_type": "application/json"}
        answers.append(asked.patient.send("PUT", path, **options))
    answers.append(asked.patient.send("PUT", path, data=CANARY, content_type=f"text/{CANARY}"))
    assert {answer.status_code for answer in answers} == {400, 415, 422}
    assert_silent(log, answers)


def test_a_losing_edit_leaves_no_word_of_it(asked: Household, log: io.StringIO) -> None:
    body = entry(DAY, note=CANARY)
    key = {"Idempotency-Key": CANARY}
    stale = {"If-Match": f'"{CANARY}"', "If-None-Match": CANARY}
    answers = [
        asked.patient.put(own(DAY), body),
        asked.patient.put(own(DAY), body, headers=key | stale),
        asked.patient.put(own(DAY), entry(DAY, note="else"), headers=key),
        asked.clinician.put(of_patient(asked.patient_id, DAY), body),
        asked.patient.put(own("2024-01-01"), entry(DAY, note=CANARY)),
        asked.patient.put(own(DAY), body, headers={"Idempotency-Key": f"{CANARY} "}),
    ]
    assert [answer.status_code for answer in answers] == [428, 412, 422, 409, 422, 422]
    assert_silent(log, answers)


def test_a_path_a_query_and_a_header_leave_no_word_of_them(
    asked: Household, log: io.StringIO
) -> None:
    patient = asked.patient
    paths = [f"/{CANARY}", f"/v1/me/checkins/{CANARY}", f"/v1/patients/{CANARY}/checkins"]
    paths += [f"/problems/{CANARY}", f"/docs/{CANARY}", f"/v1/invitations/{CANARY}"]
    paths += [f"/v1/me/checkins?{key}={CANARY}" for key in ("limit", "cursor", "from", CANARY)]
    answers = [patient.get(path) for path in paths]
    answers.append(patient.get("/v1/me", headers={"Authorization": f"Bearer {CANARY}"}))
    answers.append(patient.get("/v1/me", headers={"Authorization": CANARY}))
    answers.append(patient.send(CANARY.upper(), "/v1/me"))
    sign_in = {"email": f"{CANARY}@example.org", "password": CANARY, "device_id": CANARY}
    answers.append(patient.post("/v1/auth/login", sign_in))
    answers.append(patient.post("/v1/auth/refresh", {"refresh_token": CANARY}))
    assert {answer.status_code for answer in answers} == {401, 404, 405, 422}
    assert_silent(log, answers)


def test_a_failure_tells_its_kind_and_place_and_none_of_its_words(
    asked: Household, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = (f"INSERT {CANARY}", {"note": CANARY}, Exception(CANARY))
    failures: list[tuple[Exception, int]] = [
        (ValueError(CANARY), 500),
        (KeyError(CANARY), 500),
        (UnicodeEncodeError("utf-8", CANARY, 0, 1, CANARY), 500),
        (sqlalchemy.exc.DataError(*statement), 500),
        (sqlalchemy.exc.OperationalError(*statement), 503),
        (psycopg.OperationalError(CANARY), 503),
        (sqlite3.OperationalError(CANARY), 503),
    ]
    answers = [failing(asked.patient, error, monkeypatch) for error, _ in failures]
    assert [answer.status_code for answer in answers] == [status for _, status in failures]
    assert '"error": "ValueError"' in log.getvalue()
    assert ":put_checkin" in log.getvalue()
    assert_silent(log, answers)


def failing(who: Person, error: Exception, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The answer to a good request in the middle of which the error comes up."""

    def fail(*_: Any, **__: Any) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(checkins, "carry_out", fail)
        return who.put(own(DAY), entry(DAY, note=CANARY))


def test_a_failure_before_anybody_is_known_says_no_more(
    asked: Household, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(access, "authenticate", fail)
    answer = asked.patient.get(f"/v1/patients/{new_id()}/checkins?cursor={CANARY}")
    assert answer.status_code == 500
    assert_silent(log, [answer])


def test_a_failed_write_is_undone_and_the_next_one_is_taken(
    asked: Household, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = asked.patient.get(own(DAY))
    failed = failing(asked.patient, ValueError(CANARY), monkeypatch)
    changed = asked.patient.put(own(DAY), entry(DAY, note=CANARY), headers=match(stored))
    assert (changed.status_code, changed.json["revision"]) == (200, 2)
    assert_silent(log, [stored, failed, changed])

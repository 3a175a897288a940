"""A body made to take long is refused before it does; nobody waits for a slow sender's body."""

import json
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from api.bodies import parse
from tests.people import ZONE, Household

MARKS = "\u0301\u0316"


def _refused(raw: bytes) -> str:
    with pytest.raises(ValueError, match=r".") as caught:
        parse(raw)
    return str(caught.value)


def test_a_pile_of_combining_marks_is_refused_before_it_is_normalized() -> None:
    piled = json.dumps({"note": "a" + MARKS * 250_000}, ensure_ascii=False).encode()
    assert "combining" in _refused(piled)
    assert "combining" in _refused(json.dumps({"a" + MARKS * 16: 1}).encode())
    assert parse(json.dumps("Ầ ệ " * 20).encode()) == "Ầ ệ " * 20


def test_a_body_of_very_many_values_is_refused() -> None:
    assert "values" in _refused(b"[" + b"0," * 60_000 + b"0]")
    assert parse(b"[" + b"0," * 40_000 + b"0]") == [0] * 40_001


def test_a_list_too_long_has_one_fault_and_faults_are_told_to_a_hundred(home: Household) -> None:
    path = f"/v1/me/checkins/{datetime.now(UTC).date()}"
    told = {"recorded_at": datetime.now(UTC).isoformat(), "timezone": ZONE}
    long = home.patient.put(path, told | {"side_effects": [{}] * 9_000})
    assert [fault["pointer"] for fault in long.json["errors"]] == ["/side_effects"]
    many = home.patient.put(path, told | {f"x{number}": 1 for number in range(900)})
    assert (many.status_code, len(many.json["errors"])) == (422, 100)


class Trickle:
    """A body of which one byte has come, and the rest comes when it is let."""

    def __init__(self, body: bytes) -> None:
        self.body, self.sent = body, 0
        self.waiting, self.go_on = threading.Event(), threading.Event()

    def read(self, size: int = -1) -> bytes:
        if self.sent and not self.go_on.is_set():
            self.waiting.set()
            self.go_on.wait(timeout=20)
        piece = self.body[self.sent : self.sent + (1 if not self.sent else len(self.body))]
        self.sent += len(piece)
        return piece

    readline = read


def test_a_slow_sender_holds_nothing_others_wait_for(home: Household) -> None:
    today = datetime.now(UTC).date()
    told = {"mood": 5, "recorded_at": datetime.now(UTC).isoformat(), "timezone": ZONE}
    slow = Trickle(json.dumps(told).encode())
    answers: list[Any] = []

    def send() -> None:
        sent = {"wsgi.input": slow, "CONTENT_LENGTH": str(len(slow.body))}
        answers.append(
            home.patient.send(
                "PUT",
                f"/v1/me/checkins/{today}",
                content_type="application/json",
                environ_overrides=sent,
            )
        )

    sender = threading.Thread(target=send)
    sender.start()
    assert slow.waiting.wait(timeout=10)
    new = {"email": "slow@example.org", "role": "clinician"}
    assert home.admin.post("/v1/staff", new).status_code == 201
    slow.go_on.set()
    sender.join()
    assert answers[0].status_code == 201

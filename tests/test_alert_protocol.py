"""Whatever is sent again, out of order, at once or cut off: one open alert that says the most."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from api import checkins
from models.alert import Alert
from models.alert_event import AlertEvent
from models.message import Message
from models.prepared import Prepared
from tests.at_once import at_once, twin
from tests.entries import SEARCH, entry, own
from tests.people import Household, Person
from tests.safety import ask_safety

ANSWERS = ("none", "fleeting", "often", "most_of_the_time", "declined")
DAYS = [f"2024-05-{day:02}" for day in range(10, 15)]


def patient_of(home: Household) -> Person:
    """Another patient of the clinic, with a login."""
    return home.world.person(home.clinic_id, "patient", home.world.patient(home.clinic_id))


def body(day: str, answer: str) -> dict[str, Any]:
    return entry(day) | {"suicidal_thoughts": answer}


def alerts_of(home: Household, who: Person) -> list[Any]:
    return home.world.rows(select(Alert).where(Alert.patient_id == who.patient_id))


def events_of(home: Household, who: Person) -> list[Any]:
    return home.world.rows(select(AlertEvent).where(AlertEvent.patient_id == who.patient_id))


def letters_of(home: Household, alert: Any) -> list[Any]:
    about = Message.dedupe_key.startswith(f"alert:{alert.id}:")
    return home.world.rows(select(Message.recipient).where(about))


def wanted(answers: set[str]) -> str | None:
    """The severity these answers come to, in whatever order they were sent.

    The first `fleeting` by date follows nothing but "none", so it is news whenever it comes.
    """
    if answers & {"often", "most_of_the_time"}:
        return "high"
    return "normal" if "fleeting" in answers else None


SENT = st.lists(
    st.tuples(st.sampled_from(DAYS), st.sampled_from(ANSWERS)), min_size=1, max_size=6, unique=True
)


def test_replays_and_any_order_leave_one_open_alert_with_the_highest_severity(
    home: Household,
) -> None:
    ask_safety(home)

    @settings(SEARCH, max_examples=15)
    @given(data=st.data())
    def search(data: st.DataObject) -> None:
        who, sent = patient_of(home), data.draw(SENT)
        again = data.draw(st.permutations(sent + data.draw(st.lists(st.sampled_from(sent)))))
        for day, answer in [*again, *sent]:
            assert who.put(own(day), body(day, answer)).status_code in (200, 201, 428)
        found = alerts_of(home, who)
        severity = wanted({answer for _, answer in sent})
        assert [(one.is_open, one.severity) for one in found] == (
            [] if severity is None else [(True, severity)]
        )
        told = events_of(home, who)
        assert Counter(one.kind for one in told)["raised"] == len(found)
        said = [(one.evidence["date"], one.evidence["answer"]) for one in told]
        assert len(said) == len(set(said))  # each answer once, however often it was sent
        assert {pair for pair in sent if pair[1] in ("often", "most_of_the_time")} <= set(said)
        assert all(letters_of(home, one) for one in found)

    search()


@contextmanager
def killed_at(home: Household, place: int) -> Iterator[None]:
    """The process dies at the n-th statement, or commit, of the block: nothing after it is done."""
    count = 0

    def one_more(*_: Any, **__: Any) -> None:
        nonlocal count
        count += 1
        if count >= place:
            raise KeyboardInterrupt

    engine, bind = home.world.services.database.engine, Prepared.bind

    def bound(step: Prepared, values: Any) -> Any:
        one_more()
        return bind(step, values)

    event.listen(engine, "before_cursor_execute", one_more)
    event.listen(engine, "commit", one_more)
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Prepared, "bind", bound)
            yield
    finally:
        event.remove(engine, "before_cursor_execute", one_more)
        event.remove(engine, "commit", one_more)


def put_killed(home: Household, who: Person, place: int) -> bool:
    """Whether the answer was sent before the process came to this step; else it died there."""
    database = home.world.services.database
    try:
        with killed_at(home, place):
            assert who.put(own(DAYS[0]), body(DAYS[0], "often")).status_code == 201
    except KeyboardInterrupt:
        database.engine.dispose()  # its connections end with a process
        return False
    return True


def test_a_kill_at_every_statement_leaves_all_or_nothing_and_a_retry_leaves_one(
    home: Household,
) -> None:
    ask_safety(home)
    place, survived = 0, False
    while not survived:
        place, who = place + 1, patient_of(home)
        survived = put_killed(home, who, place)
        if not survived:
            assert (alerts_of(home, who), events_of(home, who)) == ([], []), place
            assert who.get(own(DAYS[0])).status_code == 404
            assert who.put(own(DAYS[0]), body(DAYS[0], "often")).status_code == 201
        (alert,) = alerts_of(home, who)
        assert (alert.is_open, alert.severity) == (True, "high")
        assert len(events_of(home, who)) == len(letters_of(home, alert)) == 1
    assert place > 15  # the day's own statements, and each of raising


def test_of_many_who_acknowledge_at_once_one_does(home: Household) -> None:
    ask_safety(home)
    home.patient.put(own(DAYS[0]), body(DAYS[0], "often"))
    (alert,) = alerts_of(home, home.patient)
    other = home.world.person(home.clinic_id, "clinician")
    home.world.treats(other, home.patient_id)
    staff = [twin(home.world, home.clinician), twin(home.world, other)] * 4
    answers = at_once([partial(who.post, f"/v1/alerts/{alert.id}/acknowledge") for who in staff])
    counted = Counter(answer.status_code for answer in answers)
    assert counted == {200: 4, 409: 4}  # who has it may say so again
    kinds = Counter(one.kind for one in events_of(home, home.patient))
    assert kinds == {"raised": 1, "acknowledged": 1}


def test_many_answers_at_once_are_one_open_alert(home: Household) -> None:
    ask_safety(home)
    phones = [twin(home.world, home.patient) for _ in DAYS]
    answers = at_once(
        [
            partial(who.put, own(day), body(day, "often"))
            for who, day in zip(phones, DAYS, strict=True)
        ]
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len(alerts_of(home, home.patient)) == 1
    told = sorted(one.evidence["date"] for one in events_of(home, home.patient))
    assert told == DAYS


def test_an_answer_that_comes_as_an_alert_is_opened_again_is_taken(home: Household) -> None:
    ask_safety(home)
    home.patient.put(own(DAYS[0]), body(DAYS[0], "often"))
    (alert,) = alerts_of(home, home.patient)
    for day in DAYS[1:4]:
        for one in alerts_of(home, home.patient):
            if one.is_open:
                home.clinician.post(f"/v1/alerts/{one.id}/acknowledge")
                home.clinician.post(f"/v1/alerts/{one.id}/resolve", {"outcome": "reached"})
        again = partial(
            twin(home.world, home.clinician).post, f"/v1/alerts/{alert.id}/reopen", {"note": "x"}
        )
        put = partial(twin(home.world, home.patient).put, own(day), body(day, "often"))
        reopened, taken = at_once([again, put])
        assert taken.status_code == 201
        assert reopened.status_code in (200, 409)  # which of the two was first
        assert [one.is_open for one in alerts_of(home, home.patient)].count(True) == 1


def test_a_put_is_an_alert_in_the_clinicians_list_at_once(home: Household) -> None:
    """Under 5 s are asked for: it is there when the answer is, for it is the same transaction."""
    ask_safety(home)
    assert home.patient.put(own(DAYS[0]), body(DAYS[0], "often")).status_code == 201
    (alert,) = home.clinician.get("/v1/alerts").json["items"]
    assert (alert["patient_id"], alert["rule"]) == (str(home.patient_id), "S2")


def test_an_answer_is_heard_where_storing_the_day_fails_by_our_own_fault(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_safety(home)

    def broken(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(checkins, "carry_out", broken)
        failed = home.patient.put(own(DAYS[0]), body(DAYS[0], "often"))
    assert failed.status_code == 500
    assert failed.json["safety_card"] is not None
    assert len(alerts_of(home, home.patient)) == 1
    assert home.patient.put(own(DAYS[0]), body(DAYS[0], "often")).status_code == 201
    assert len(events_of(home, home.patient)) == 1

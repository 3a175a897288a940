"""Sixteen at once, on one patient and on sixteen: each write is done once or honestly refused."""

from collections import Counter
from datetime import date, timedelta
from functools import partial
from typing import Any

from tests.at_once import at_once, twin
from tests.entries import check_invariants, entry, own, someone
from tests.people import Household, Person

DAY = date(2024, 5, 10)
TOGETHER = 16


def twins(home: Household) -> list[Person]:
    return [twin(home.world, home.patient) for _ in range(TOGETHER)]


def noted(number: int) -> dict[str, Any]:
    return entry(DAY, note=f"from {number}")


def test_of_sixteen_first_entries_one_is_stored_and_the_others_are_asked(home: Household) -> None:
    answers = at_once(
        [partial(who.put, own(DAY), noted(number)) for number, who in enumerate(twins(home))]
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 428: TOGETHER - 1}
    (stored,) = (answer.json for answer in answers if answer.status_code == 201)
    assert home.patient.get(own(DAY)).json == stored
    assert check_invariants(home.world, home.patient_id).version == 1


def test_one_request_sent_sixteen_times_at_once_is_done_once(home: Household) -> None:
    key = {"Idempotency-Key": "tapped-often"}
    answers = at_once([partial(who.put, own(DAY), noted(0), headers=key) for who in twins(home)])
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert check_invariants(home.world, home.patient_id).version == 1


def test_a_key_used_for_sixteen_requests_at_once_belongs_to_one(home: Household) -> None:
    key = {"Idempotency-Key": "the-same"}
    answers = at_once(
        [
            partial(who.put, own(DAY), noted(number), headers=key)
            for number, who in enumerate(twins(home))
        ]
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 422: TOGETHER - 1}
    assert check_invariants(home.world, home.patient_id).version == 1


def insist(who: Person, number: int) -> list[tuple[str, int]]:
    """Send one edit until it is stored, each time on top of what was refused for; (key, status)."""
    told: list[tuple[str, int]] = []
    headers: dict[str, str] = {}
    while not told or told[-1][1] >= 400:
        key = f"{number}-{len(told)}"
        answer = who.put(own(DAY), noted(number), headers={"Idempotency-Key": key, **headers})
        told.append((key, answer.status_code))
        headers = {"If-Match": answer.headers["ETag"]}
    return told


def test_sixteen_who_insist_each_get_one_revision_and_every_lost_edit_is_kept(
    home: Household,
) -> None:
    everybody = at_once([partial(insist, who, number) for number, who in enumerate(twins(home))])
    told: list[tuple[str, int]] = [one for person in everybody for one in person]
    rows = check_invariants(home.world, home.patient_id)
    assert Counter(status for _, status in told)[201] == 1
    stored = {key for key, status in told if status in (200, 201)}
    assert {row.op_id for row in rows.applied} == stored
    assert sorted(row.revision for row in rows.applied) == list(range(1, TOGETHER + 1))
    assert {row.body["note"] for row in rows.applied} == {
        f"from {number}" for number in range(TOGETHER)
    }
    assert {row.op_id for row in rows.conflicts} == {key for key, status in told if status == 412}


def test_entries_and_deletions_at_once_leave_one_exact_history(home: Household) -> None:
    first = home.patient.put(own(DAY), noted(-1))
    base = {"If-Match": first.headers["ETag"]}
    answers = at_once(
        [
            partial(who.delete, own(DAY), headers=base)
            if number % 2
            else partial(who.put, own(DAY), noted(number), headers=base)
            for number, who in enumerate(twins(home))
        ]
    )
    rows = check_invariants(home.world, home.patient_id)
    statuses = Counter(answer.status_code for answer in answers)
    assert (rows.version, rows.days[DAY].revision) == (2, 2)
    if rows.days[DAY].deleted:  # the first deletion was done, the others found it done
        assert statuses == {204: TOGETHER // 2, 412: TOGETHER // 2}
    else:
        assert statuses == {200: 1, 412: TOGETHER - 1}
    assert len(rows.conflicts) == statuses[412]


def a_week(who: Person) -> list[int]:
    """Seven days, each sent twice with its key."""
    days = [DAY + timedelta(days=number) for number in range(7)]
    return [
        who.put(own(day), entry(day), headers={"Idempotency-Key": str(day)}).status_code
        for day in days
        for _ in range(2)
    ]


def test_sixteen_patients_at_once_do_not_touch_each_other(home: Household) -> None:
    people = [someone(home.world, home.clinic_id) for _ in range(TOGETHER)]
    assert at_once([partial(a_week, who) for who in people]) == [[201] * 14] * TOGETHER
    for who in people:
        rows = check_invariants(home.world, who.patient_id)
        assert sorted(row.version for row in rows.days.values()) == [1, 2, 3, 4, 5, 6, 7]


def test_one_patient_on_sixteen_phones_gets_every_day_in_one_order(home: Household) -> None:
    days = [DAY + timedelta(days=number) for number in range(TOGETHER)]
    answers = at_once(
        [partial(who.put, own(day), entry(day)) for who, day in zip(twins(home), days, strict=True)]
    )
    assert {answer.status_code for answer in answers} == {201}
    rows = check_invariants(home.world, home.patient_id)
    assert sorted(row.version for row in rows.days.values()) == list(range(1, TOGETHER + 1))

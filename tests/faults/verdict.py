"""Judges what phones were told by what is there: pure, values in, faults of the server out."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from clinical.checkins import NO_ANSWERS, normalized, weight
from clinical.safety import SEVERITIES
from tests.faults.evidence import Evidence, Patient, Row, Seen
from tests.faults.history import Event, root_of

# What the newest word decides alone; the others are merged by rules of their own.
PLAIN = ("mood", "energy", "sleep_hours", "note")
# An answer fires at least this, when it is news or not (clinical/safety.py).
SEVERITY_OF = {"often": "high", "most_of_the_time": "high"}


@dataclass
class Verdict:
    """Each list names what is wrong, one line each."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[str]:
        return self.lost + self.twice + self.errors + self.other


def judge(evidence: Evidence) -> Verdict:
    verdict = Verdict(other=list(evidence.trouble))
    for name, phone in evidence.phones.items():
        patient = evidence.patients[phone.patient]
        verdict.lost += [f"{name}: {told}" for told in _lost(phone, patient, evidence)]
        verdict.twice += [f"{name}: {told}" for told in _answered_twice(phone)]
        verdict.other += [f"{name}: {told}" for told in _failed_but_applied(phone, patient)]
        verdict.errors += [f"{name}: {told}" for told in _wrong_responses(phone)]
        verdict.other += [f"{name}: {told}" for told in _of_phone(phone, patient, evidence)]
    for at, (key, patient) in enumerate(evidence.patients.items()):
        phones = {n: one for n, one in evidence.phones.items() if one.patient == key}
        verdict.other += [f"patient {at}: {told}" for told in _of_patient(patient, phones)]
        verdict.lost += [f"patient {at}: {told}" for told in _unheard_words(patient, phones)]
        if not evidence.restored:
            verdict.twice += [f"patient {at}: {told}" for told in _applied_twice(patient)]
    if evidence.patients[evidence.bystander].rows:
        verdict.other.append("a patient nobody wrote about has rows")
    return verdict


def _events(phone: Seen, *kinds: str) -> Iterator[Event]:
    return (event for event in phone.events if event["what"] in kinds)


def _sent(phone: Seen) -> dict[str, Any]:
    """What each operation said, as it was last sent."""
    return {event["op"]: event["item"] for event in _events(phone, "invoke")}


def _said(item: Mapping[str, Any]) -> Any:
    return None if item.get("delete") else normalized(item)


# Acknowledged is there


def _lost(phone: Seen, patient: Patient, evidence: Evidence) -> Iterator[str]:
    """Acknowledged and not there; of an earlier history, not offered again."""
    sent = _sent(phone)
    by_name = {row.op_id: row for row in patient.rows}
    by_revision = {(row.date, row.revision): row for row in patient.rows if row.is_applied}
    offered = _last_offers(phone, evidence.epoch)
    for event in _events(phone, "ok"):
        said = _said(sent[event["op"]])
        own = by_name.get(event["op"])
        if own is not None and own.is_applied and own.answers == said:
            continue
        equal = by_revision.get((event["date"], event["revision"]))
        is_equal = equal is not None and equal.answers == said
        if event["epoch"] == evidence.epoch and not (event["status"] == "duplicate" and is_equal):
            yield f"{event['op']} of {event['date']} was {event['status']}, and is not there"
        later = offered.get(event["date"])
        if event["epoch"] != evidence.epoch and (later is None or later < root_of(event["op"])):
            yield f"{event['op']} of {event['date']} was acknowledged before, and not offered again"


def _last_offers(phone: Seen, epoch: str) -> dict[str, str]:
    """The newest edit of each day that was answered in this history, or given up by its patient."""
    newest: dict[str, str] = {}
    for event in _events(phone, "ok", "fail", "answer"):
        if event["what"] == "answer" or event["epoch"] == epoch:
            day, root = event["date"], root_of(event["op"])
            newest[day] = max(root, newest.get(day, root))
    return newest


def _unheard_words(patient: Patient, phones: Mapping[str, Seen]) -> Iterator[str]:
    """Of a day nobody ever deleted, each answer is what was said last of it."""
    words = [word for phone in phones.values() for word in _words(phone)]
    newest: dict[tuple[str, str], _Word] = {}
    for word in words:
        place = (word.date, word.key)
        newest[place] = max(word, newest.get(place, word), key=lambda one: (one.when, one.root))
    # Who says what stands already moves nothing: such a word may lose to one said in between.
    said = Counter((word.date, word.key, word.value) for word in words)
    deleted = {row.date for row in patient.rows if row.answers is None}
    deleted |= {word.date for word in words if word.key == "deleted"}
    for (day, key), word in sorted(newest.items()):
        now = (patient.days.get(day) or {}).get(key)
        is_certain = word.is_certain and said[day, key, word.value] == 1
        if day not in deleted and is_certain and now != word.value:
            yield f"the newest word on {key} of {day}, {word.root}, does not stand"


@dataclass(frozen=True, slots=True)
class _Word:
    """What an edit changed. Uncertain: it was not acknowledged under its own name, or an edit of
    the day before it was not, whose changes it then says again."""

    date: str
    key: str
    value: Any
    when: str
    root: str
    is_certain: bool


def _words(phone: Seen) -> Iterator[_Word]:
    acknowledged = {root_of(event["op"]) for event in _events(phone, "ok")}
    carried: dict[str, set[str]] = {}
    for event in _events(phone, "edit"):
        day, root, answers = event["date"], event["op"], event["answers"]
        told = _touched(event) if answers is not None else {"deleted": True}
        before = carried.setdefault(day, set())
        for key in sorted({*told, *before}):
            is_certain = root in acknowledged and key not in before
            yield _Word(day, key, told.get(key), event["when"], root, is_certain)
        if root not in acknowledged:
            before |= set(told)


def _touched(event: Event) -> dict[str, Any]:
    before = event["base"] or NO_ANSWERS
    return {key: event["answers"][key] for key in PLAIN if event["answers"][key] != before[key]}


# Once is once


def _answered_twice(phone: Seen) -> Iterator[str]:
    """An operation is applied once in a history; every further time it is a duplicate."""
    counts = Counter(
        (event["op"], event["epoch"])
        for event in _events(phone, "ok", "unread")
        if event["status"] == "applied"
    )
    return (f"{op} was applied {count} times" for (op, _), count in counts.items() if count > 1)


def _applied_twice(patient: Patient) -> Iterator[str]:
    counts = Counter(root_of(row.op_id) for row in patient.rows if row.is_applied)
    return (f"{root} made {count} revisions" for root, count in counts.items() if count > 1)


def _failed_but_applied(phone: Seen, patient: Patient) -> Iterator[str]:
    applied = {row.op_id for row in patient.rows if row.is_applied}
    last = {event["op"]: event for event in _events(phone, "ok", "fail")}
    for op, event in last.items():
        if event["what"] == "fail" and op in applied:
            yield f"{op} was answered {event['status']}, and is there"


# Answers of the server


def _wrong_responses(phone: Seen) -> Iterator[str]:
    for event in _events(phone, "http"):
        status = event["status"]
        if status == 503 and event["Retry-After"] is None:
            yield "503 without Retry-After"
        elif status >= 500 and status != 503:
            yield f"a response of {status}"
        elif status not in (200, 400, 410, 503):
            yield f"a response of {status} to what was asked rightly"
        if event["Epoch"] is None and status != 503:  # without a database nobody knows it
            yield f"a response of {status} without an epoch"


def _of_phone(phone: Seen, patient: Patient, evidence: Evidence) -> Iterator[str]:
    epochs = {event["Epoch"] for event in _events(phone, "http") if event["Epoch"]}
    if not evidence.restored and epochs - {evidence.epoch}:
        yield "the epoch changed though nothing was restored"
    wrong = [one for one in _events(phone, "answer") if one["problem"] is not None]
    yield from (f"{one['op']} was {one['reason']}, though rightly made" for one in wrong)
    stored = {day: patient.days.get(day) for day in phone.shown}
    yield from (
        f"{day} is shown otherwise than it is stored"
        for day in sorted(stored)
        if phone.shown[day] != stored[day]
    )


# One patient's rows


def _of_patient(patient: Patient, phones: Mapping[str, Seen]) -> Iterator[str]:
    yield from patient.broken
    if patient.told != patient.days:
        yield "a pull from the start tells other days than are stored"
    roots = {event["op"] for one in phones.values() for event in _events(one, "edit")}
    for row in patient.rows:
        if root_of(row.op_id) not in roots:
            yield f"{row.op_id} was made by no phone of this patient"
    sent = {name: item for one in phones.values() for name, item in _sent(one).items()}
    for row in patient.rows:
        if row.op_id in sent and _said(sent[row.op_id]) != row.answers:
            yield f"{row.op_id} is stored otherwise than it was sent"
    yield from _wrong_alerts(patient, phones)


def _wrong_alerts(patient: Patient, phones: Mapping[str, Seen]) -> Iterator[str]:
    """What was answered reached the clinic: exactly one open alert, as severe as the worst."""
    heard = {event["op"] for one in phones.values() for event in _events(one, "ok", "fail")}
    told = [
        item.get("suicidal_thoughts")
        for one in phones.values()
        for name, item in _sent(one).items()
        if name in heard
    ]
    worst = max(told, key=weight, default=None)
    wanted = SEVERITY_OF.get(str(worst))
    if wanted is None:
        return
    if len(patient.open_alerts) != 1:
        yield f"{len(patient.open_alerts)} alerts are open where there must be one"
    elif SEVERITIES.index(patient.open_alerts[0]) < SEVERITIES.index(wanted):
        yield f"the open alert is {patient.open_alerts[0]}, not {wanted}"


__all__ = ["Evidence", "Patient", "Row", "Seen", "Verdict", "judge"]

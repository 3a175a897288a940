"""What the charts of the demo hold: trials, diagnoses, medications, events, decisions."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from care import facts
from care.fact_kinds import CONTRAINDICATION, DECISION, DIAGNOSIS, EVENT, MEDICATION, TRIAL, Kind
from care.facts import Fact
from commands.demo.life import Act, Life
from commands.demo.people import instant
from models.db import new_id

CHARTED_AT, DECIDED_AT, HEARD_AT = time(11, 30), time(17, 0), time(12, 0)
# Common antidepressants at a dose in the middle of what is usual: for looks.
ANTIDEPRESSANTS = (
    ("sertraline", 150),
    ("escitalopram", 20),
    ("venlafaxine", 225),
    ("mirtazapine", 45),
    ("bupropion", 300),
    ("duloxetine", 90),
)
# The first two failed, so that all have been through what the courses are for.
OUTCOMES = ("no_response", "partial_response", "intolerance")
# Also taken, and also diagnosed, by these shares of patients: our assumptions.
BESIDE = (
    ("mood_stabilizer", "lamotrigine", "200 mg a day", 0.15),
    ("benzodiazepine", "lorazepam", "0.5 mg when needed", 0.12),
    ("stimulant", "methylphenidate", "20 mg a day", 0.08),
    ("other", "candesartan", "8 mg a day", 0.15),
)
ALSO = (("anxiety", 0.3), ("ptsd", 0.1), ("chronic_pain", 0.1))
RULED_OUT = ("uncontrolled_hypertension", "psychosis", "bladder_disease")
# (kind, label, days): half of the drawn patients have one. Scripted ones have none: their curve is
# to be their story's alone.
EVENTS = (
    ("life_event", "Moved house", 1),
    ("life_event", "Death in the family", 1),
    ("illness", "Influenza", 6),
    ("illness", "Migraine", 2),
    ("medication_change", "Dose of the antidepressant raised", 1),
    ("other_treatment", "Group therapy", 14),
)
SHARE_WITH_EVENT = 0.5
DECIDED_SESSIONS = 3
LEAST_GAIN = 1.0

Told = Iterator[tuple[Kind, dict[str, Any]]]


def charted(life: Life, course_id: UUID) -> Iterator[Act]:
    """Facts told when the patient was taken on; then events, and decisions after sessions."""
    begins = life.on(life.person.treated.first_day - 1)
    told = [*_trials(life, begins), *_diagnoses(life, begins), *_medications(life, begins)]
    for minute, (kind, given) in enumerate(told):
        yield _fact(life, (kind, given), instant(begins, CHARTED_AT) + timedelta(minutes=minute))
    if not life.person.is_scripted and life.random.random() < SHARE_WITH_EVENT:
        yield from _event(life)
    yield from _decisions(life, course_id)


def _fact(life: Life, told: tuple[Kind, dict[str, Any]], at: datetime) -> Act:
    kind, given = told
    fact = Fact(kind, life.chart, new_id(), given)
    return at, partial(facts.add, life.connection, life.clinician, fact)


def _trials(life: Life, begins: date) -> Told:
    """Two or three antidepressants of the years before, the latest first."""
    tried = life.random.permutation(len(ANTIDEPRESSANTS))[: life.random.integers(2, 4)].tolist()
    for number, which in enumerate(tried):
        drug, dose_mg = ANTIDEPRESSANTS[which]
        weeks = int(life.random.integers(6, 20))
        started_on = begins - timedelta(days=200 + 330 * number + 7 * weeks)
        trial = {"drug": drug, "dose_mg": float(dose_mg), "weeks": weeks}
        yield TRIAL, trial | {"outcome": OUTCOMES[number], "started_on": started_on}


def _diagnoses(life: Life, begins: date) -> Told:
    since = begins - timedelta(days=int(life.random.integers(3 * 365, 12 * 365)))
    yield DIAGNOSIS, {"code": "mdd", "icd_code": "F33.2", "since_date": since}
    yield DIAGNOSIS, {"code": "trd", "since_date": begins - timedelta(days=180)}
    for code, share in ALSO:
        if life.random.random() < share:
            yield DIAGNOSIS, {"code": code, "since_date": since}
    for code in RULED_OUT:
        yield CONTRAINDICATION, {"code": code, "present": False, "assessed_on": begins}


def _medications(life: Life, begins: date) -> Told:
    since = begins - timedelta(days=int(life.random.integers(60, 400)))
    drug, dose_mg = ANTIDEPRESSANTS[int(life.random.integers(len(ANTIDEPRESSANTS)))]
    beside = [one for one in BESIDE if life.random.random() < one[3]]
    for drug_class, name, dose, _ in (("antidepressant", drug, f"{dose_mg} mg a day", 1), *beside):
        medication = {"drug": name, "drug_class": drug_class, "dose_text": dose}
        yield MEDICATION, medication | {"started_on": since}


def _event(life: Life) -> Iterator[Act]:
    kind, label, days = EVENTS[int(life.random.integers(len(EVENTS)))]
    earliest, latest = life.person.treated.first_day, -days  # over by yesterday
    if latest < earliest:
        return
    first = life.on(int(life.random.integers(earliest, latest + 1)))
    event = {"kind": kind, "label": label, "started_on": first, "is_ongoing": False}
    last = first + timedelta(days=days - 1)
    told = (EVENT, event | {"ended_on": last if days > 1 else None})
    yield _fact(life, told, instant(last, HEARD_AT))


def _decisions(life: Life, course_id: UUID) -> Iterator[Act]:
    """When to come next, decided after each of the last maintenance sessions."""
    course = life.person.treated
    story = course.story
    for day in course.visits.maintenance[-DECIDED_SESSIONS:]:
        reasons = ["plan", "response_held"]
        if story.gain < LEAST_GAIN:
            reasons = ["no_response"]
        elif story.half_life_days < (course.days_apart or 0) / 2:
            reasons = ["wearing_off", "travel"]
        decision = {"course_id": course_id, "decided_on": life.on(day), "reasons": reasons}
        told = (DECISION, decision | {"next_in_days": course.days_apart})
        yield _fact(life, told, instant(life.on(day), DECIDED_AT))

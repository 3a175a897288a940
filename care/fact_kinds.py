"""The kinds of facts a chart holds: their tables, and what must be true of a row of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, or_, select

from care.principal import Chart
from care.refusals import Fault
from care.rows import of_chart
from clinical.chart import FAILED_OUTCOMES, LEAST_FAILED_TRIALS
from models.contraindication import Contraindication
from models.course import Course
from models.decision import Decision
from models.diagnosis import Diagnosis
from models.event import Event
from models.medication import Medication
from models.observation import Observation
from models.trial import Trial

Row = Mapping[str, Any]
Rule = Callable[[Connection, Chart, Row], list[Fault]]


def _nothing(_connection: Connection, _chart: Chart, _row: Row) -> list[Fault]:
    return []


def _named_diagnosis(_connection: Connection, _chart: Chart, row: Row) -> list[Fault]:
    if row["code"] == "other" and row["label"] is None:
        return [Fault("/label", "Say which diagnosis it is.")]
    return []


def _named_contraindication(_connection: Connection, _chart: Chart, row: Row) -> list[Fault]:
    if row["code"] == "other" and row["note"] is None:
        return [Fault("/note", "Say what speaks against the treatment.")]
    return []


def _told_value(_connection: Connection, _chart: Chart, row: Row) -> list[Fault]:
    if row["value"] is None and row["value_text"] is None:
        return [Fault("/value", "Give a value, or a text in `value_text`.")]
    return []


def _over_or_going_on(_connection: Connection, _chart: Chart, row: Row) -> list[Fault]:
    if row["is_ongoing"] and row["ended_on"] is not None:
        return [Fault("/ended_on", "What is still going on has not ended: one of the two.")]
    return []


def _own_course(connection: Connection, chart: Chart, row: Row) -> list[Fault]:
    if row["course_id"] is None:
        return []
    mine = select(Course.id).where(*of_chart(Course, chart), Course.id == row["course_id"])
    if connection.execute(mine).first() is None:
        return [Fault("/course_id", "The patient has no such course.")]
    return []


def _failed_trials(connection: Connection, chart: Chart, row: Row) -> list[Fault]:
    if row["code"] != "trd":
        return []
    failed = select(func.count()).where(
        *of_chart(Trial, chart), Trial.voided_at.is_(None), Trial.outcome.in_(FAILED_OUTCOMES)
    )
    if connection.execute(failed).scalar_one() >= LEAST_FAILED_TRIALS:
        return []
    return [Fault("/code", "Fewer than two failed trials are recorded: is it so?")]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact.

    `days` are the dates the patient must have lived; `span` is (from, until), where it has both.
    `faults` are refused, `questions` asked, about the row as it would stand. `current` is the
    condition of what holds today, where that can be told. `moves_summaries`: a summary reads it.
    """

    table: Any
    days: tuple[str, ...]
    span: tuple[str, str] | None = None
    faults: Rule = _nothing
    questions: Rule = _nothing
    current: Callable[[date], Any] | None = None
    moves_summaries: bool = False

    @property
    def columns(self) -> Sequence[str]:
        """What a sender gives: all columns but those that every fact has."""
        named = [column.name for column in self.table.__table__.columns]
        return [name for name in named if name not in _BOOKKEEPING]


_BOOKKEEPING = frozenset(
    {
        *("clinic_id", "patient_id", "id", "source", "revision", "created_at", "created_by"),
        *("voided_at", "voided_by", "void_reason"),
    }
)


def _happening(today: date) -> Any:
    """An event without an end is one day long, unless it is going on."""
    last_day = func.coalesce(Event.ended_on, Event.started_on)
    return or_(Event.is_ongoing, last_day >= today)


DIAGNOSIS = Kind(
    Diagnosis,
    ("since_date", "until_date"),
    ("since_date", "until_date"),
    _named_diagnosis,
    _failed_trials,
    lambda _: Diagnosis.until_date.is_(None),
)
TRIAL = Kind(Trial, ("started_on",))
MEDICATION = Kind(
    Medication,
    ("started_on", "stopped_on"),
    ("started_on", "stopped_on"),
    current=lambda _: Medication.stopped_on.is_(None),
)
CONTRAINDICATION = Kind(Contraindication, ("assessed_on",), faults=_named_contraindication)
EVENT = Kind(
    Event,
    ("started_on", "ended_on"),
    ("started_on", "ended_on"),
    _over_or_going_on,
    current=_happening,
    moves_summaries=True,  # windows are censored by what else happened
)
OBSERVATION = Kind(Observation, ("observed_at",), faults=_told_value)
DECISION = Kind(Decision, ("decided_on",), faults=_own_course)

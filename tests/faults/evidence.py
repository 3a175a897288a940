"""What is there when all is quiet: the phones' histories, and the rows, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from clinical.checkins import ANSWER_KEYS, normalized
from models.alert import Alert
from tests.entries import Rows, check_invariants, rows_of
from tests.faults.cast import Cast, app_on
from tests.faults.history import Event
from tests.faults.network import read_json
from tests.people import World

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a patient's history; `answers` None is a deletion."""

    op_id: str
    date: str
    revision: int
    is_applied: bool
    answers: Answers | None


@dataclass(frozen=True, slots=True)
class Patient:
    """What the server has of one patient. `days` is what stands of each day, None where deleted;
    `told` the same as it is told over HTTP; `broken` names what is not true of the rows."""

    rows: Sequence[Row]
    days: Mapping[str, Answers | None]
    told: Mapping[str, Answers | None]
    open_alerts: Sequence[str]
    broken: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """One phone: its history, and the days it shows."""

    patient: str
    events: Sequence[Event]
    shown: Mapping[str, Answers | None]


@dataclass(frozen=True, slots=True)
class Evidence:
    """`restored` tells that the server was put back to an earlier state on purpose."""

    patients: Mapping[str, Patient]
    phones: Mapping[str, Seen]
    bystander: str
    epoch: str
    restored: bool = False
    trouble: Sequence[str] = field(default_factory=tuple)  # what went wrong on the way


def gather(cast: Cast, url: str, port: int, *, restored: bool, trouble: Sequence[str]) -> Evidence:
    """Reads the tables, the server's own words, and the phones."""
    app = app_on(url)
    world = World(app)
    try:
        patients = {
            str(one): _patient(world, one, (port, cast.tickets[one]())) for one in cast.tickets
        }
        epoch = world.client().get("/health").headers["Epoch"]
    finally:
        app.extensions["services"].database.close()
    phones = {
        phone.name: Seen(
            phone.patient,
            cast.histories[phone.name].read(),
            {day: phone.client.shown(day) for day in phone.days},
        )
        for phone in cast.phones
    }
    bystander = str(cast.bystander.patient_id)
    return Evidence(patients, phones, bystander, epoch, restored, trouble)


def _patient(world: World, patient: Any, asked: tuple[int, str]) -> Patient:
    rows = rows_of(world, patient)
    alerts = world.rows(select(Alert.severity).where(Alert.patient_id == patient, Alert.is_open))
    return Patient(
        [_row(one, is_applied=True) for one in rows.applied]
        + [_row(one, is_applied=False) for one in rows.conflicts],
        {str(day): _stored(row) for day, row in rows.days.items()},
        _told(*asked),
        [one.severity for one in alerts],
        _broken(world, patient, rows),
    )


def _row(row: Any, *, is_applied: bool) -> Row:
    answers = None if row.body["deleted"] else _answers(row.body)
    return Row(row.op_id, str(row.local_date), row.revision, is_applied, answers)


def _stored(row: Any) -> Answers | None:
    return None if row.deleted else normalized({key: getattr(row, key) for key in ANSWER_KEYS})


def _answers(body: Mapping[str, Any]) -> Answers:
    return normalized({key: body[key] for key in ANSWER_KEYS})


def _told(port: int, token: str) -> dict[str, Answers | None]:
    """All days page after page, and that it comes to an end."""
    told: dict[str, Answers | None] = {}
    cursor = ""
    for _ in range(1000):
        status, page = read_json(port, f"/v1/me/changes?limit=3{cursor}", token)
        assert status == 200, page
        for day in page["items"]:
            told[day["date"]] = None if day["deleted"] else _answers(day)
        if not page["more"]:
            return told
        cursor = f"&cursor={page['next']}"
    raise AssertionError("A pull does not come to an end.")


def _broken(world: World, patient: Any, rows: Rows) -> list[str]:
    try:
        check_invariants(world, patient)
    except AssertionError as broken:
        told = " ".join(str(broken).split())[:300] or "see tests/entries.py"
        counts = f"version {rows.version}, {len(rows.applied)} applied"
        return [f"the rows of one patient contradict each other ({counts}): {told}"]
    return []

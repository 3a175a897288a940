"""A clinic of the real app for one run: its patients, its clock, its faults and its old backups."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask
from sqlalchemy import bindparam, delete, insert, select, text, update

from api import attempts
from api.app import create_app
from api.settings import Settings
from care import tombstones
from models.alert import Alert
from models.alert_event import AlertEvent
from models.audit_event import AuditEvent
from models.checkin import Checkin
from models.checkin_revision import CheckinRevision
from models.clinic import Clinic
from models.epoch import new_epoch
from models.patient_stream import PatientStream
from tests.entries import PAIN, Rows
from tests.people import Person, World
from tests.safety import ALWAYS_OPEN
from tests.sync.device import Fate
from tests.sync.wire import Reply

# Everything that a write of a check-in writes, in an order in which it can be put back.
BACKED_UP: tuple[Any, ...] = (Checkin, CheckinRevision, Alert, AlertEvent, AuditEvent)
Backup = dict[Any, list[dict[str, Any]]]
RETENTION = tombstones.KEPT_FOR + timedelta(days=30)


def _of_patient(model: Any) -> tuple[Any, Any]:
    return model.clinic_id == bindparam("clinic"), model.patient_id == bindparam("patient")


# Made once: a run asks thousands of times.
VERSION_OF = select(PatientStream.version).where(*_of_patient(PatientStream))
DAYS_OF = select(Checkin.__table__).where(*_of_patient(Checkin))
HISTORY_OF = select(CheckinRevision.__table__).where(*_of_patient(CheckinRevision))
NAMES_OF = select(CheckinRevision.local_date, CheckinRevision.op_id).where(
    *_of_patient(CheckinRevision), CheckinRevision.kind == "applied"
)
ACTIONS_OF = select(AuditEvent.action).where(
    *_of_patient(AuditEvent), AuditEvent.action.like("checkin.%")
)


class Time:
    """The server's clock: it stands still unless it is moved."""

    def __init__(self) -> None:
        self.start = datetime.now(UTC).replace(microsecond=0)
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return self.start + self.ahead


class Scene:
    """One clinic, with a reviewer; `time` is the clock the app was made with."""

    def __init__(self, app: Flask, time: Time) -> None:
        self.time = time
        time.ahead = timedelta()
        self.world = World(app)
        self.database = self.world.services.database
        self.clinic_id = self.world.clinic(custom_measures=[PAIN])
        self.clinician = self.world.person(self.clinic_id, "clinician")
        reviewed = {"reviewer_id": self.clinician.membership_id, "review_hours": ALWAYS_OPEN}
        of_clinic = Clinic.clinic_id == self.clinic_id
        with self.writing() as connection:
            connection.execute(update(Clinic).where(of_clinic).values(**reviewed))

    def patient(self) -> Person:
        patient_id = self.world.patient(self.clinic_id)
        self.world.treats(self.clinician, patient_id)
        return self.world.person(self.clinic_id, "patient", patient_id)

    @contextmanager
    def writing(self) -> Iterator[Any]:
        with self.database.begin(write=True) as connection:
            yield connection
            connection.commit()

    def ask(self, who: Person, request: tuple[str, str, Any, Any], fate: Fate) -> Reply:
        """What the server answers. It fails only where it was made to, and says so with a 503."""
        method, path, query, body = request
        with self.failing(fate) as failed:
            answer = who.send(method, path, body, query_string=query)
        allowed = (200, 400, 410, 503) if failed() else (200, 400, 410)
        assert answer.status_code in allowed, f"{answer.status_code}: {answer.json}"
        date = {"Date": format_datetime(self.time())}
        return Reply(answer.status_code, {**answer.headers, **date}, answer.json)

    @contextmanager
    def failing(self, fate: Fate) -> Iterator[Any]:
        """The database breaks at the request's commit, before or after it was done, and takes no
        other until the request is answered; a hiccup it recovers from at once."""
        dialect: Any = self.database.engine.dialect
        commit, pause = dialect.do_commit, attempts._PAUSE_SECONDS
        failures: list[str] = []

        def broken(connection: Any) -> None:
            is_done = fate != "before commit" and not failures
            if is_done or fate == "hiccup":
                commit(connection)
            if failures and fate == "hiccup":
                return
            if not is_done:
                dialect.do_rollback(connection)
            failures.append(fate)
            raise _broken(is_passing=fate == "hiccup", is_sqlite=self.database.is_sqlite)

        if fate in ("before commit", "after commit", "hiccup"):
            dialect.do_commit, attempts._PAUSE_SECONDS = broken, 0
        try:
            yield lambda: bool(failures)
        finally:
            dialect.do_commit, attempts._PAUSE_SECONDS = commit, pause

    def epoch(self) -> str:
        return self.database.epoch()

    def back_up(self) -> Backup:
        """The rows of this clinic's check-ins as they are."""
        return {model: self._rows(model) for model in (PatientStream, *BACKED_UP)}

    def restore(self, backup: Backup) -> None:
        """The clinic as it was; the history is another one from now on."""
        with self.writing() as connection:
            for model in reversed(BACKED_UP):
                connection.execute(delete(model).where(model.clinic_id == self.clinic_id))
            for row in backup[PatientStream]:
                this = PatientStream.patient_id == row["patient_id"]
                connection.execute(update(PatientStream).where(this).values(**row))
            for model in BACKED_UP:
                if backup[model]:
                    connection.execute(insert(model), backup[model])
            new_epoch(connection)
        self.database.epoch.forget()

    def _rows(self, model: Any) -> list[dict[str, Any]]:
        found = self.world.rows(select(model.__table__).where(model.clinic_id == self.clinic_id))
        return [dict(row._mapping) for row in found]

    def collect(self) -> None:
        """The jobs' round, a season later: every tombstone is old by then."""
        with self.writing() as connection:
            tombstones.collect(connection, self.clinic_id, self.time() + RETENTION)

    def stored(self, patient_id: UUID | None) -> dict[str, Any]:
        """The patient's days by date, tombstones too."""
        return {str(row.local_date): row for row in self._read(patient_id, DAYS_OF)[0]}

    def applied_names(self, patient_id: UUID | None) -> dict[str, list[str]]:
        """The names of the applied operations, by day."""
        found: dict[str, list[str]] = {}
        for row in self._read(patient_id, NAMES_OF)[0]:
            found.setdefault(str(row.local_date), []).append(row.op_id)
        return found

    def rows(self, patient_id: UUID | None) -> Rows:
        """All there is of a patient's days, of one moment."""
        found = self._read(patient_id, VERSION_OF, DAYS_OF, HISTORY_OF, ACTIONS_OF)
        version, days, history, actions = found
        return Rows(
            version[0].version,
            {row.local_date: row for row in days},
            [row for row in history if row.kind == "applied"],
            [row for row in history if row.kind == "conflict"],
            [row.action for row in actions],
        )

    def _read(self, patient_id: UUID | None, *statements: Any) -> list[Any]:
        of_patient = {"clinic": self.clinic_id, "patient": patient_id}
        with self.database.begin(write=False) as connection:
            return [connection.execute(one, of_patient).all() for one in statements]


def _broken(*, is_passing: bool, is_sqlite: bool) -> Exception:
    """What a driver says when a commit fails; what passes is tried again by the server itself."""
    if not is_sqlite:
        return psycopg.errors.AdminShutdown() if is_passing else psycopg.errors.QueryCanceled()
    error = sqlite3.OperationalError("the disk is gone")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY if is_passing else sqlite3.SQLITE_IOERR
    return error


@contextmanager
def stage(database_url: str, time: Time) -> Iterator[Flask]:
    """An app apart, for runs that stop the clock and put old rows back."""
    app = create_app(
        Settings(
            database_url=database_url,
            secret_key="runs-of-the-sync-0123456789-abcdefghij",
            environment="test",
            log_level="error",
        ),
        clock=time,
    )
    let_rows_go(Scene(app, time))
    yield app
    app.extensions["services"].database.close()


def let_rows_go(scene: Scene) -> None:
    """A restore puts rows back that nobody may delete: in this database of a test's own it may."""
    if scene.database.is_sqlite:
        named = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    else:
        named = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    with scene.writing() as connection:
        for name, table in connection.execute(text(named)).all():
            on = "" if scene.database.is_sqlite else f" ON {table}"
            connection.execute(text(f"DROP TRIGGER {name}{on}"))

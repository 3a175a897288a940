"""The demo in full, made once: its stories, and the clinician who looks at its patients."""

import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import fmean
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from clinical.days import DEFAULT_DAY_BOUNDARY_MINUTES, local_day
from commands.demo.cast import STORIES
from models.treatment_session import TreatmentSession
from tests import served
from tests.apps import app_on
from tests.conftest import folder_in_memory, folder_of_all_workers
from tests.contract import ContractClient
from tests.people import ZONE, World
from tests.visitors import Visitor

TOLD = {story["key"]: story for story in tomllib.loads(STORIES.read_text())["story"]}
KEYS = [key for key in TOLD if key != "patient"]
MAINTAINED = [key for key in KEYS if key != "first_course"]


@dataclass(frozen=True)
class Clinic:
    """The demo as made, the clinician who looks at it, and the day it was made on."""

    world: World
    clinician: Visitor
    patients: dict[str, Any]
    today: date
    read: dict[str, dict[date, Any]] = field(default_factory=dict)

    def sessions(self, mrn: str) -> list[Any]:
        mine = TreatmentSession.patient_id == UUID(self.patients[mrn]["id"])
        statement = select(TreatmentSession).where(mine).order_by(TreatmentSession.local_date)
        return list(self.world.rows(statement))

    def completed(self, mrn: str) -> list[date]:
        return [row.local_date for row in self.sessions(mrn) if row.status == "completed"]

    def open_alerts(self, mrn: str, state: str = "open") -> list[Any]:
        path = f"/v1/patients/{self.patients[mrn]['id']}/alerts?state={state}"
        alerts: list[Any] = self.clinician.get(path).json["items"]
        return alerts

    def days(self, mrn: str) -> dict[date, Any]:
        """All logged days, as the clinician reads them."""
        if mrn not in self.read:
            path = f"/v1/patients/{self.patients[mrn]['id']}/checkins"
            days = self.clinician.pages(path)
            self.read[mrn] = {date.fromisoformat(day["date"]): day for day in days}
        return self.read[mrn]

    def y(self, mrn: str, first: int, last: int) -> float:
        """Mean symptom (10 - mood) on days `first` to `last` after a maintenance session."""
        days, starts = self.days(mrn), self.completed(mrn)[-TOLD[mrn[6:]]["sessions"] :]
        wanted = {day + timedelta(days=n) for day in starts for n in range(first, last + 1)}
        return fmean(10 - days[day]["mood"] for day in wanted & days.keys())

    def y_before(self, mrn: str) -> float:
        """Mean symptom on the days before the first dose."""
        first = self.completed(mrn)[0]
        return fmean(10 - told["mood"] for day, told in self.days(mrn).items() if day < first)


@pytest.fixture(scope="module", name="clinic")
def demo_clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    made = served.made_once(folder_of_all_workers(tmp_path_factory), "full")
    folder = folder_in_memory(tmp_path_factory)
    with app_on(served.copied(made, folder)) as app:
        app.test_client_class = ContractClient
        world = World(app)
        clinician = Visitor(world, "clinician@demo.example")
        patients = {patient["mrn"]: patient for patient in clinician.pages("/v1/patients")}
        made_at = datetime.fromtimestamp((made / "told.txt").stat().st_mtime, UTC)
        today = local_day(made_at, ZONE, DEFAULT_DAY_BOUNDARY_MINUTES)
        yield Clinic(world, clinician, patients, today)
    shutil.rmtree(folder)

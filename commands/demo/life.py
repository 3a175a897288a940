"""One life in the demo: whose it is, who writes it down, and what an act in it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy import Connection

from care.principal import Chart, Principal
from clinical.days import local_day
from commands.demo.cast import Person
from commands.demo.people import ZONE

# An act is done at its instant, which is the `now` of its verb.
Act = tuple[datetime, Callable[[datetime], object]]


@dataclass(frozen=True, slots=True)
class Life:
    """One patient's, and who writes it down."""

    connection: Connection
    clinician: Principal
    patient: Principal
    person: Person
    now: datetime
    random: np.random.Generator

    @property
    def chart(self) -> Chart:
        assert self.patient.patient is not None  # it is a patient's place
        return self.patient.patient

    @property
    def today(self) -> date:
        return local_day(self.now, ZONE, self.chart.days.day_boundary_minutes)

    def on(self, day: int) -> date:
        """The date of a day counted from today."""
        return self.today + timedelta(days=day)

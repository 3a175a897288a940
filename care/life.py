"""The days a chart can speak of: from the patient's birth to tomorrow, by their own calendar."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from care.principal import Chart
from care.refusals import Fault
from clinical.days import local_day
from models.patient import Patient

# As for check-ins: somebody east of the patient may be a day ahead of them.
_TOLERANCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Life:
    """`today` is the patient's local day."""

    born: date
    today: date

    def faults(self, pointer: str, day: date | None) -> list[Fault]:
        """The fault of a day nobody can have lived by now; none of a day nobody gave."""
        if day is None or self.born <= day <= self.today + _TOLERANCE:
            return []
        return [Fault(pointer, "Must be from the patient's birth to tomorrow.")]


def life(connection: Connection, chart: Chart, now: datetime) -> Life:
    """The patient's, as of now."""
    own = (Patient.clinic_id == chart.clinic_id, Patient.id == chart.patient_id)
    born = connection.scalars(select(Patient.birth_date).where(*own)).one()
    return Life(born, local_day(now, chart.timezone, chart.days.day_boundary_minutes))

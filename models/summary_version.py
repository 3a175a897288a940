"""What moves whenever a summary of a patient may: their own rows', and what the clinic has set."""

from sqlalchemy import Text, bindparam, cast, func, select

from models.clinic import Clinic
from models.clinic_instrument import ClinicInstrument
from models.patient_stream import PatientStream

# Every change of a scale of the clinic's own adds a revision, so that their number tells of it.
_OWN_SCALES = (
    select(func.count())
    .select_from(ClinicInstrument)
    .where(ClinicInstrument.clinic_id == PatientStream.clinic_id)
    .correlate(PatientStream)
    .scalar_subquery()
)
_SCREENS = (
    select(cast(Clinic.screens, Text))
    .where(Clinic.clinic_id == PatientStream.clinic_id)
    .correlate(PatientStream)
    .scalar_subquery()
)

SELECT_SUMMARY_VERSION = select(
    PatientStream.inputs_version, _OWN_SCALES.label("own_scales"), _SCREENS.label("screens")
).where(
    PatientStream.clinic_id == bindparam("clinic_id"),
    PatientStream.patient_id == bindparam("patient_id"),
)

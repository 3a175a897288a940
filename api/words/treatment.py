"""What the names about sessions, bookings, doses and the clinic's day mean."""

from collections.abc import Iterator, Mapping, Sequence

_SESSIONS = ("SessionIn", "SessionChange", "Session")
_BOOKINGS = ("BookingIn", "BookingChange", "Booking", "DaySession")
_AMOUNTS = ("DoseAmount", "PlannedDose")
_GIVEN = ("SessionDose", "ShownDose")
_HOME = ("HomeDoseIn", "HomeDoseChange", "DoseOut")
_READINGS = ("Reading", "ShownReading")

# Of which schemas, by name: what it means there.
_FAMILIES: Sequence[tuple[Sequence[str], Mapping[str, str]]] = (
    (
        (*_SESSIONS, *_BOOKINGS),
        {
            "course_id": "The course it belongs to; null for none.",
            "scheduled_at": "For when it is booked; null for one that was never booked.",
            "scheduled_minutes": "Minutes it is booked for; null: what its route usually takes.",
            "driver_confirmed": "Whether somebody takes the patient home; null: not asked.",
        },
    ),
    (
        (*_SESSIONS, "Booking", "BookingChange", "DaySession"),
        {
            "status": "`booked` (planned or under way), `completed`, `aborted` (begun, stopped "
            "early), `cancelled` or `missed`.",
            "status_reason": "Why it was aborted, cancelled or missed; null otherwise.",
        },
    ),
    (
        _SESSIONS,
        {
            "status_note": "The reason in other words.",
            "started_at": "When it began; minutes of readings are counted from here.",
            "stopped_at": "When it was over; null while it is not, or when nobody wrote it down.",
            "planned": "The dose that was planned.",
            "weight_kg": "Body weight in kg that day.",
            "last_food_at": "When the patient last ate.",
            "last_drink_at": "When the patient last drank.",
            "pregnancy_status": "What is known of it.",
            "rescue_medications": "Medicines against them; null = not asked, [] = none.",
            "ready_to_leave_at": "When the patient was fit to go.",
            "given_by": "The membership that gave the treatment; whoever completes it, if null.",
            "note": "Free text.",
        },
    ),
    (
        (*_AMOUNTS, *_GIVEN, *_HOME),
        {
            "drug": "Which drug.",
            "formulation": "In which form; null when nobody wrote it down.",
            "route": "By which route.",
            "dose_mg": "How much, in milligrams.",
            "duration_minutes": "Over how many minutes; null for at once, or not written down.",
        },
    ),
    (
        (*_GIVEN, *_HOME),
        {"lot": "The lot on the package.", "note": "Free text."},
    ),
    (
        ("PlannedDose", "ShownDose", "DoseOut"),
        {"mg_per_kg": "The dose by body weight, to 4 digits; null without a weight."},
    ),
    (
        _HOME,
        {"given_at": "When it was taken.", "weight_kg": "The body weight in kg it was meant for."},
    ),
    (
        _READINGS,
        {
            "minute": "Minutes since the session began; negative before.",
            "systolic_mmhg": "Systolic blood pressure in mmHg.",
            "diastolic_mmhg": "Diastolic blood pressure in mmHg.",
            "heart_rate_bpm": "Heart rate, beats a minute.",
            "spo2_percent": "Oxygen saturation in percent.",
            "cadss": "CADSS total, 0-92.",
            "cadss_6": "CADSS-6 total, 0-24.",
            "moaas": "MOAA/S, 5 = alert.",
        },
    ),
    (
        (
            "SessionIn",
            "SessionChange",
            "BookingIn",
            "BookingChange",
            "HomeDoseIn",
            "HomeDoseChange",
        ),
        {"confirmed": "JSON pointers of unlikely values that you stand by."},
    ),
    (
        ("Session", "DoseOut"),
        {
            "source": "Who says so: `staff`, `app` (the patient) or `import` (another system).",
            "created_by": "The membership that entered it.",
            "voided_at": "When it was taken back; null while it counts.",
            "voided_by": "Who took it back.",
            "void_reason": "Why it was taken back.",
        },
    ),
    (
        ("Session", "Booking", "DaySession", "DoseOut"),
        {
            "date": "The patient's local day it belongs to, fixed when it was written.",
            "revision": "How often it was written; its ETag begins with it.",
        },
    ),
)


def _spread() -> Iterator[tuple[str, str]]:
    for schemas, words in _FAMILIES:
        for schema in schemas:
            yield from ((f"{schema}.{name}", told) for name, told in words.items())


WORDS: Mapping[str, str] = dict(_spread()) | {
    "Session.doses": "What was given, oldest first.",
    "Session.vitals": "The readings, by minute.",
    "addenda": "What was added after signing, oldest first.",
    "signed_at": "When it was signed; null while it can be changed.",
    "signed_by": "Who signed it.",
    "taken_by": "The membership that entered the reading.",
    "AdverseEffect.code": "The effect's code, as in a check-in.",
    "onset_minute": "The minute it began.",
    "offset_minute": "The minute it was over.",
    "AdverseEffect.note": "Free text.",
    "RescueMedication.drug": "What was given.",
    "RescueMedication.dose_mg": "How much, in milligrams.",
    "RescueMedication.given_at": "When.",
    "RescueMedication.note": "Free text.",
    "Addendum.text": "What was added.",
    "AddendumIn.text": "What is to be added.",
    "written_at": "When it was added.",
    "written_by": "Who added it.",
    "DoseOut.session_id": "The session it was given in; null for one taken at home.",
    "session_id": "One treatment session.",
    "dose_id": "One dose.",
    "place": "`clinic` or `home`.",
    "patient": "Who comes.",
    "clinical": "What a clinician looks at first; null for the front desk.",
    "last_blood_pressure": "The last one on record up to that day; null without one.",
    "days_since_last_session": "Days since the last completed session; null without one.",
    "last_dose": "What was given in that session; null without one.",
    "ClinicalBrief.note": "The session's note.",
    "LastPressure.systolic_mmhg": "Systolic, in mmHg.",
    "LastPressure.diastolic_mmhg": "Diastolic, in mmHg.",
    "LastPressure.session_id": "The session it was taken in.",
    "LastPressure.date": "That session's local day.",
    "LastDose.drug": "Which drug.",
    "LastDose.route": "By which route.",
    "LastDose.dose_mg": "How much of it in all, in milligrams.",
}

EXAMPLES: Mapping[str, str] = {
    "SessionIn.status": "booked",
    "SessionIn.scheduled_at": "2026-12-01T09:00:00Z",
    "BookingIn.scheduled_at": "2026-12-01T09:00:00Z",
    "HomeDoseIn.given_at": "2026-11-23T20:00:00Z",
    "AddendumIn.text": "The patient called the next morning and was well.",
    "lot": "A1234",
}

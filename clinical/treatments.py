"""The words of a treatment: drugs, routes, formulations, states of a visit, codes for reasons."""

DRUGS = ("ketamine", "esketamine", "arketamine")
ROUTES = (
    "intravenous",
    "intranasal",
    "intramuscular",
    "subcutaneous",
    "oral",
    "sublingual",
)
FORMULATIONS = ("solution", "nasal_spray", "tablet", "lozenge", "capsule", "syrup", "other")

# booked: planned or under way; aborted: begun and stopped early; the last four are final.
STATUSES = ("booked", "completed", "aborted", "cancelled", "missed")
HAPPENED = ("completed", "aborted")

STATUS_REASONS = (
    "patient_unwell",
    "patient_declined",
    "no_driver",
    "not_fasting",
    "blood_pressure",
    "adverse_effect",
    "access_failed",
    "cost",
    "travel",
    "clinic",
    "no_contact",
    "other",
)
# Why a booking comes to nothing, in words that tell nothing clinical.
DESK_REASONS = tuple(
    reason
    for reason in STATUS_REASONS
    if reason not in ("blood_pressure", "adverse_effect", "access_failed")
)

INDICATIONS = (
    "trd",
    "mdd",
    "bipolar_depression",
    "suicidal_crisis",
    "ptsd",
    "anxiety",
    "ocd",
    "chronic_pain",
    "other",
)
PHASES = ("induction", "maintenance", "ended")
PLACES = ("clinic", "home")
PREGNANCY_STATUSES = ("not_applicable", "not_pregnant", "pregnant", "unknown")

DECISION_REASONS = (
    "plan",
    "response_held",
    "wearing_off",
    "no_response",
    "remission",
    "side_effects",
    "blood_pressure",
    "bladder",
    "cognition",
    "misuse",
    "sleep",
    "safety",
    "life_event",
    "medication_change",
    "patient_preference",
    "cost",
    "travel",
    "other",
)

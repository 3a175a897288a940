"""What the names about a chart: plans, courses, decisions, diagnoses, trials, events mean."""

from collections.abc import Mapping

# Of a row as it is sent, changed and shown: one name, one meaning.
_ROWS: Mapping[str, Mapping[str, str]] = {
    "Diagnosis": {
        "code": "Which diagnosis, in our short list.",
        "label": "The clinician's own words; needed where the code is `other`.",
        "icd_code": "The clinician's own ICD code; we look nothing up.",
        "since_date": "Since when; null when nobody knows.",
        "until_date": "Until when; null while it holds.",
    },
    "Trial": {
        "drug": "What was tried, by its substance.",
        "dose_mg": "The highest daily dose in mg that was kept up.",
        "weeks": "For how many weeks.",
        "outcome": "What came of it; `intolerance`: stopped for its side effects.",
        "started_on": "When it began; null when nobody knows.",
    },
    "Medication": {
        "drug": "What is taken, by its substance.",
        "drug_class": "Benzodiazepines, MAO inhibitors and stimulants bear on a session.",
        "dose_text": "The dose as written: 20 mg in the morning.",
        "started_on": "Since when; null when nobody knows.",
        "stopped_on": "Until when; null while it is taken.",
    },
    "Contraindication": {
        "code": "What was asked about.",
        "present": "Whether it is there; null: asked, and not known.",
        "assessed_on": "When it was asked.",
    },
    "Event": {
        "kind": "What kind of thing happened.",
        "label": "What happened, in whoever's words enters it.",
        "started_on": "The first day.",
        "ended_on": "The last day; null: one day, or still going on.",
        "is_ongoing": "Whether it is still going on.",
    },
    "Observation": {
        "label": "What was observed.",
        "code_system": "The system of its code: `http://loinc.org`, say.",
        "code": "Its code in that system.",
        "value": "The number that was reported; null for a text.",
        "unit": "Its unit, as reported.",
        "value_text": "The text that was reported; null for a number.",
        "observed_at": "When it was observed.",
    },
}
_FORMS = ("In", "Change", "Out")

WORDS: Mapping[str, str] = {
    f"{row}{form}.{name}": told
    for row, names in _ROWS.items()
    for form in _FORMS
    for name, told in names.items()
} | {
    "MedicationOut.bears_on_session": "Whether its class is one to know of before a session.",
    "diagnosis_id": "One diagnosis.",
    "trial_id": "One trial of an antidepressant.",
    "medication_id": "One medication.",
    "contraindication_id": "One contraindication.",
    "event_id": "One event.",
    "observation_id": "One observation.",
    # Plans
    "steps": "What comes first, and next.",
    "sessions": "How many sessions this step has.",
    "days_apart": "Days from one session to the next, in turn: 2, 2, 3 is thrice a week.",
    "maintenance_days_apart": "Days between sessions after the steps; null: the plan ends there.",
    "session_minutes": "Minutes from arriving to leaving.",
    "open_weekdays": "The days of the week with sessions; 1 is Monday.",
    "TemplateOut.route": "The route it is for.",
    "TemplateOut.plan": "The plan.",
    "ProposedDate.number": "Which session of the course it is, from 1.",
    "ProposedDate.date": "The day proposed.",
    "ProposedDate.due_on": "The day the plan says.",
    "ProposedDate.reason": "Why the two differ; null when they do not.",
    # Courses
    "indication": "What it is meant to treat.",
    "phase": "`induction`, `maintenance` or `ended`; only a person changes it.",
    "CourseIn.route": "How the drug is mostly given.",
    "CourseOut.route": "How the drug is mostly given.",
    "CourseIn.started_on": "The day of the first session; it may be to come.",
    "CourseOut.started_on": "The day of the first session; it may be to come.",
    "CourseChange.started_on": "The day of the first session; it may be to come.",
    "CourseIn.ended_on": "When it ended, for one that is over.",
    "CourseOut.ended_on": "When it ended; null while it is open.",
    "CourseChange.ended_on": "When it ended; null, with another phase, opens it again.",
    "CourseOut.plan": "Its own plan; dates come of it, never bookings.",
    "CourseChange.plan": "The plan from now on, whole.",
    "CourseOut.note": "Free text; why it ended, once it has.",
    "course_id": "One course of treatment.",
    # Decisions
    "DecisionIn.course_id": "The course it is about; null for none.",
    "DecisionOut.course_id": "The course it is about; null for none.",
    "DecisionOut.decided_on": "The day it was decided.",
    "next_in_days": "The next session so many days after the decision; null: none is planned.",
    "reasons": "Because of what.",
    "next_on": "The day that comes to; null without a number of days.",
    "decision_id": "One decision.",
}

_NOTE = "as the referring doctor told us"

EXAMPLES: Mapping[str, str] = {
    "DiagnosisIn.label": "since the birth of the second child",
    "DiagnosisIn.since_date": "2021-03-01",
    "DiagnosisIn.note": _NOTE,
    "TrialIn.drug": "sertraline",
    "TrialIn.started_on": "2024-02-01",
    "TrialIn.note": _NOTE,
    "MedicationIn.drug": "lorazepam",
    "MedicationIn.dose_text": "0.5 mg when needed",
    "MedicationIn.started_on": "2025-06-01",
    "MedicationIn.note": _NOTE,
    "ContraindicationIn.assessed_on": "2026-01-02",
    "ContraindicationIn.note": _NOTE,
    "EventIn.label": "flu",
    "EventIn.started_on": "2026-01-05",
    "EventIn.note": "in bed for a week",
    "ObservationIn.label": "TSH",
    "ObservationIn.code_system": "http://loinc.org",
    "ObservationIn.code": "3016-3",
    "ObservationIn.unit": "mU/L",
    "ObservationIn.note": _NOTE,
    "CourseIn.started_on": "2026-01-05",
    "CourseIn.note": _NOTE,
    "DecisionIn.note": "mood holds until the fourth week",
    "VoidIn.reason": "another patient's",
}

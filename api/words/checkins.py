"""What the names about measures and check-ins mean."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    # Measures
    "MeasureOut.key": "The name of the measure in a check-in (in `custom` for the clinic's own).",
    "CustomMeasure.key": "Its name in a check-in's `custom`; never changed once used.",
    "prompt": "What to ask.",
    "minimum": "The lowest value.",
    "maximum": "The highest value.",
    "step": "The smallest difference that can be given.",
    "direction": "Which way is better; `neither` for a plain quantity.",
    "low_end": "The lowest value in words.",
    "high_end": "The highest value in words.",
    "unit": "The unit; null for a plain rating.",
    "source": "Where the item comes from.",
    "retired": "No longer asked; its days are kept.",
    "form": "Which form to show today.",
    "measures": "What everybody is asked.",
    "custom": "What this clinic asks besides.",
    "MeasuresOut.side_effects": "What can be ticked.",
    "severities": "The steps of severity.",
    "code": "The side effect's code.",
    "label": "In the patient's words.",
    "window": "When it is expected: on the dosing day, between sessions, or both.",
    "meddra_term": "MedDRA preferred term, by name.",
    "snomed_code": "SNOMED CT code; null where none is pinned.",
    "snomed_confirmed": "Whether that code was confirmed against its source.",
    "watch": "Whether a clinician should see it at any severity.",
    "SeverityOut.value": "The number that is sent.",
    "severity": "1 noticeable, 2 gets in the way, 3 cannot do usual things, 4 needed help at once.",
    "shown": "Whether to ask it.",
    "answers": "The answers there are, from least to most; `declined` has no place in the order.",
    "MeasuresOut.suicidal_thoughts": "The suicidal-thoughts item.",
    # Check-ins
    "Checkin.date": "The patient's local day, which identifies the check-in.",
    "date": "The patient's local day, YYYY-MM-DD.",
    "recorded_at": "When it was entered, by the device's clock; null in an import.",
    "utc_offset_minutes": "Minutes local time was ahead of UTC then.",
    "received_at": "When the server took it.",
    "entered_by": "The membership that entered it.",
    "Checkin.source": "`app`: the patient; `staff`: by phone call; `import`: another system.",
    "clock_suspect": "Whether the device's clock cannot have been right.",
    "revision": "How often this day was written; its ETag begins with it.",
    "ClinicOut.revision": "How often the settings were changed.",
    "deleted": "True only in a tombstone, which holds no answers.",
    "Checkin.session_id": "The treatment session whose window the day is in; null without one.",
    "day_offset": "Local days since that session; null without one.",
    "pre_dose": "Whether it was entered before that day's dose; null without a session.",
}

EXAMPLES: Mapping[str, str] = {}

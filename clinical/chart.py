"""The vocabulary of a chart's facts: diagnoses, trials, medications, contraindications, events."""

SOURCES = ("staff", "patient", "import")

DIAGNOSES = (
    "mdd",
    "persistent_depressive",
    "bipolar",
    "trd",
    "anxiety",
    "ptsd",
    "ocd",
    "chronic_pain",
    "other",
)

# What an antidepressant tried long enough came to; "intolerance": stopped for its side effects.
TRIAL_OUTCOMES = ("no_response", "partial_response", "response", "remission", "intolerance")

# Treatment-resistant: at least two trials, taken long enough, did not help enough. A partial
# response counts as failed, a trial stopped for its side effects does not (u).
FAILED_OUTCOMES = ("no_response", "partial_response")
LEAST_FAILED_TRIALS = 2

# Marked because they bear on a session: benzodiazepines and stimulants by blunting or raising
# its effects, MAO inhibitors by blood pressure.
MEDICATION_CLASSES = (
    "benzodiazepine",
    "maoi",
    "stimulant",
    "antidepressant",
    "mood_stabilizer",
    "antipsychotic",
    "other",
)
BEARING_ON_SESSION = ("benzodiazepine", "maoi", "stimulant")

CONTRAINDICATIONS = (
    "aneurysmal_vascular_disease",
    "arteriovenous_malformation",
    "intracerebral_haemorrhage",
    "hypersensitivity",
    "uncontrolled_hypertension",
    "cardiovascular_disease",
    "psychosis",
    "mania",
    "substance_use",
    "pregnancy",
    "breastfeeding",
    "liver_disease",
    "bladder_disease",
    "other",
)

EVENTS = ("medication_change", "illness", "life_event", "other_treatment", "other")

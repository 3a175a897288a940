"""What each rule that raises an alert says, in words for a clinician, and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """`words` say what fired; `source` where the rule comes from."""

    words: str
    source: str


_DEFAULT = "this system's default for a clinician's signature (docs/sign-off.md)"
_COLUMBIA = "Columbia screener triage (Posner et al. 2011; cssrs.columbia.edu)"
_ITEM_NINE = "PHQ-9 item 9: Simon et al. 2013, Louzon et al. 2016"

# Of each threshold in its order; a default is named as one.
RULES: Mapping[str, Rule] = {
    "S1": Rule(
        "C-SSRS screener: thoughts with intent or a plan in the past month, or behaviour in the "
        "past 3 months.",
        f"{_COLUMBIA}.",
    ),
    "S2": Rule(
        "Suicidal thoughts often or most of the time, PHQ-9 item 9 at 2 or 3, or C-SSRS moderate.",
        f"{_ITEM_NINE}. {_COLUMBIA}. The daily item: Nock et al. 2021. The cuts of other scales: "
        f"{_DEFAULT}.",
    ),
    "S3": Rule(
        "Suicidal thoughts that are new or come up again, PHQ-9 item 9 at 1, or a question about "
        "them that was left out or declined.",
        f"{_ITEM_NINE}. The daily item: Nock et al. 2021; what counts as new, and a low C-SSRS "
        f"level: {_DEFAULT}.",
    ),
    "M1": Rule(
        "Daily ratings above the control limit on two answered days running.",
        "Control chart (EWMA): Smit and Snippe 2022, Schat et al. 2021. Two days running: "
        f"{_DEFAULT}.",
    ),
    "M2": Rule(
        "PHQ-9 at least 5 points above the best one of the last year.",
        f"The 5 points and the year: {_DEFAULT}. From 6 points on it is a reliable worsening by "
        "the manual of the NHS talking therapies.",
    ),
    "E1": Rule(
        "A severe side effect, seeing or hearing things, feeling threatened, or an unusually high "
        "mood with under 4 hours of sleep on two nights.",
        f"Severity after the grades of CTCAE v5. Which of them, and the nights: {_DEFAULT}.",
    ),
    "E2": Rule(
        "Pain or blood on passing water, or two urinary symptoms for two weeks.",
        "Urinary symptoms under treatment: the one-year study SUSTAIN-2. Which, and how long: "
        f"{_DEFAULT}.",
    ),
    "C1": Rule(
        "No entries for longer than the clinic's limit.",
        f"The clinic's own setting, or else {_DEFAULT}.",
    ),
    "U1": Rule(
        "More doses than the plan has, or strong craving twice. For the clinician to look at.",
        "Compounded ketamine at home: warning of the FDA, October 2023. The days, counts and "
        f"strengths: {_DEFAULT}.",
    ),
}

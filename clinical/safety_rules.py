"""What each rule that raises an alert says, in words for a clinician, and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """`words` say what fired; `source` where the rule comes from."""

    words: str
    source: str


_TABLE = "4-clinical 5d"

RULES: Mapping[str, Rule] = {
    "S1": Rule(
        "C-SSRS screener: thoughts with intent or a plan in the past month, or behaviour in the "
        "past 3 months.",
        f"{_TABLE}; C-SSRS triage, cssrs.columbia.edu",
    ),
    "S2": Rule(
        "Suicidal thoughts often or most of the time, PHQ-9 item 9 at 2 or 3, or C-SSRS moderate.",
        f"{_TABLE}; Simon et al. 2013, Louzon et al. 2016",
    ),
    "S3": Rule(
        "Suicidal thoughts that are new or come up again, PHQ-9 item 9 at 1, or a question about "
        "them that was left out or declined.",
        f"{_TABLE}; Nock et al. 2021",
    ),
    "M1": Rule("Daily ratings above the control limit on two answered days running.", _TABLE),
    "M2": Rule("PHQ-9 at least 5 points above the best one so far.", _TABLE),
    "E1": Rule(
        "A severe side effect, seeing or hearing things, feeling threatened, or an unusually high "
        "mood with under 4 hours of sleep on two nights.",
        _TABLE,
    ),
    "E2": Rule("Pain or blood on passing water, or two urinary symptoms for two weeks.", _TABLE),
    "C1": Rule("No entries for longer than the clinic's limit.", _TABLE),
    "U1": Rule("Extra doses, or strong craving twice. For the clinician to look at.", _TABLE),
}

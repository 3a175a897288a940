"""What the names about rating scales that were filled in mean."""

from collections.abc import Mapping

_BASELINE = "the last complete score at most 14 days before the course's first dose"
_PRORATED = (
    "The mean of what was answered, for all items: never a score, in no label and no band; null "
    "where the scale allows none, or has its total."
)
# Said of an assessment as it is read and as it was just written.
_OF_AN_ASSESSMENT: Mapping[str, str] = {
    "instrument_revision": "Of a scale of the clinic's own, which revision of it.",
    "name": "The scale's own name.",
    "items": "The answers in the scale's order, null = none; null: only a total.",
    "session_id": "The session it was filled in at.",
    "status": "`complete`: nothing is left open; `partial`: to be completed.",
    "total": "The scale's total; null unless every item it needs is answered.",
    "prorated_total": "The mean of what was answered, for all items: never a score, in no label "
    "and no alert; null where the scale allows none.",
    "band": "What the scale calls such a total.",
    "level": "Of a scale with levels; `unknown` while a question that decides is open.",
    "least_level": "What the answers prove already, whatever is still open.",
    "subscores": "The parts of the scale, by name; null where one is not answered.",
    "needs_review": "What nobody may pass over and has no answer: numbers of items, keys of extra "
    "questions. It is never filled in.",
    "safety": "What it says about suicide, in words; null of a scale that does not ask.",
    "meaning": "The score against the baseline of its course.",
    "source": "`app`: the patient; `staff`: at the clinic; `import`: another system.",
    "date": "The local day it was completed.",
    "note": "Free text, for whoever reads the chart.",
}

WORDS: Mapping[str, str] = {
    **{f"AssessmentOut.{name}": told for name, told in _OF_AN_ASSESSMENT.items()},
    **{f"AssessmentWritten.{name}": told for name, told in _OF_AN_ASSESSMENT.items()},
    "instrument": "The rating scale, by its key.",
    "completed_at": "The instant it was completed; null where only the day is known.",
    "extra": "Answers beside the items, by key, that no total counts.",
    "not_answered": "Why an item has no answer, by its number from 1 on.",
    "minute": "Minutes from the session's start; negative before it.",
    "total_minimum": "The lowest total there is; null for a scale without one.",
    "total_maximum": "The highest total there is; null for a scale without one.",
    "recall_spans_session": "Whether a session lies within those days, so that the score is about "
    "days before and after it; null for a scale that asks about now.",
    "ScaleSafety.level": "Of the C-SSRS screener; `unknown` while a question that decides is open.",
    "level_words": "What that level rests on; of an unknown one, what is proved at least.",
    "ScaleSafety.item": "The number of the item about suicide; null of a scale with levels.",
    "answer": "Its answer; null where it was left out or only a total is known.",
    "answer_words": "The answer in the scale's own words, or why there is none.",
    "ScaleSafety.needs_review": "Whether a question nobody may pass over was left out.",
    "review_reason": "Which question was left out, and why where that was told.",
    "ScoreMeaning.baseline": f"The baseline: {_BASELINE}.",
    "ScoreMeaning.reason": "Why it is held against no baseline; null where it is.",
    "BaselineScore.date": "The local day it was completed.",
    "BaselineScore.total": "The baseline's total.",
    "assessment_id": "The assessment the score is of.",
    "ScoreMeaning.change": "The total less the baseline's.",
    "LastScore.change": "The total less the baseline's.",
    "share_of_baseline": "That change as a share of the baseline.",
    "responded": "Whether the score has bettered by half of the baseline or more, or by what the "
    "scale names; null where it names nothing.",
    "remitted": "Whether the score is at or beyond the scale's cut for remission.",
    "reliably_better": "Better than the baseline by more than the scale's own error.",
    "reliably_worse": "Worse than the baseline by more than the scale's own error.",
    "meaningfully_better": "Better by what the scale's source calls a change that matters.",
    "DueOut.key": "The scale or screen.",
    "DueOut.name": "Its own name.",
    "DueOut.reason": "What it is wanted for.",
    "opens_on": "The local day from which on it may be filled in.",
    "due_on": "The local day it is wanted.",
    "DueOut.state": "`upcoming`: not open yet; `due`: open; `overdue`: its day is past.",
    "last_on": "The local day it was last completed; null: never.",
    "DueList.today": "The patient's local day.",
    "DueList.timezone": "The patient's IANA time zone.",
    "DueOut.rater": "Who fills it in: the patient (`self`), a `clinician`, or `either`.",
    "Trend.scales": "Rating scales with a score in the period.",
    "overdue_screens": "Periodic screens that are overdue today.",
    "ScaleTrend.key": "The scale's key.",
    "ScaleTrend.name": "The scale's own name.",
    "ScaleTrend.bands": "What totals are called.",
    "ScaleTrend.baseline": f"The baseline of the latest course: {_BASELINE}.",
    "ScaleTrend.reason": "Why there is no baseline; null where there is one.",
    "ScaleTrend.points": "Its scores in the period, oldest first.",
    "ScaleTrend.last": "The last complete one; null where all are prorated.",
    "ScoreBand.minimum": "The lowest total called so.",
    "ScoreBand.maximum": "The highest total called so.",
    "ScoreBand.label": "What it is called.",
    "ScorePoint.date": "The local day it was completed.",
    "ScorePoint.total": "The total; null where `is_prorated`.",
    "ScorePoint.prorated_total": _PRORATED,
    "is_prorated": "Whether an answer is missing, so that there is only the mean of the rest.",
    "ScorePoint.band": "What the scale calls such a total.",
    "LastScore.date": "The local day it was completed.",
    "LastScore.total": "The total.",
    "WindowOut.scales": "Rating scales before and in the window.",
    "WindowScales.key": "The scale's key.",
    "WindowScales.name": "The scale's own name.",
    "WindowScales.before": "The last complete score at most 14 days before the session.",
    "WindowScales.inside": "The scores after the session up to the window's end, oldest first.",
    "WindowScore.date": "The local day it was completed.",
    "WindowScore.total": "The total; null where `is_prorated`.",
    "WindowScore.prorated_total": _PRORATED,
    "WindowScore.band": "What the scale calls such a total.",
    "WindowScore.day_offset": "Days after the session; negative before it.",
    "OverdueScreen.key": "The screen.",
    "recall_days": "How many days the scale looks back on; null: it asks about now.",
}

EXAMPLES: Mapping[str, str] = {"instrument": "phq9"}

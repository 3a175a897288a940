"""What the names about completed rating scales mean."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "instrument": "The rating scale, by its key.",
    "AssessmentOut.name": "The scale's own name.",
    "AssessmentOut.date": "The local day it was completed.",
    "completed_at": "The instant it was completed; null where only the day is known.",
    "AssessmentOut.items": "The answers in the scale's order, null = none; null: only a total.",
    "total": "The scale's total; null where it could not be scored.",
    "total_minimum": "The lowest total there is.",
    "total_maximum": "The highest total there is.",
    "AssessmentOut.source": "`app`: the patient; `staff`: at the clinic; `import`: another system.",
}

EXAMPLES: Mapping[str, str] = {"instrument": "phq9"}

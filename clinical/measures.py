"""The daily measures: range, direction, unit, and the ends of each scale in words."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Direction = Literal["higher_is_better", "higher_is_worse", "neither"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One quantity rated once a day; `step` is the smallest difference that can be given."""

    key: str
    prompt: str
    minimum: float
    maximum: float
    step: float
    direction: Direction
    low_end: str
    high_end: str
    unit: str | None
    source: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


_EMA = "single-item daily rating, 0-10, own wording"
_DIARY = "Consensus Sleep Diary (Carney et al. 2012)"

MEASURES: Mapping[str, Measure] = {
    measure.key: measure
    for measure in (
        Measure(
            "mood", "Mood over the past 24 hours", 0, 10, 1,
            "higher_is_better", "worst", "best", None, _EMA,
        ),
        Measure(
            "interest", "Interest or enjoyment", 0, 10, 1,
            "higher_is_better", "none at all", "very much", None, _EMA,
        ),
        Measure(
            "energy", "Energy", 0, 10, 1,
            "higher_is_better", "no energy", "full of energy", None, _EMA,
        ),
        Measure(
            "anxiety", "Anxiety", 0, 10, 1,
            "higher_is_worse", "none at all", "worst imaginable", None, _EMA,
        ),
        Measure(
            "irritability", "Irritability", 0, 10, 1,
            "higher_is_worse", "none at all", "worst imaginable", None, _EMA,
        ),
        Measure(
            "sleep_hours", "Hours slept, the night that ended today", 0, 24, 0.25,
            "neither", "no sleep", "24 hours", "h", _DIARY,
        ),
        Measure(
            "sleep_quality", "How was your sleep, the night that ended today?", 1, 5, 1,
            "higher_is_better", "very poor", "very good", None, _DIARY,
        ),
    )
}  # fmt: skip

# What one session does is asked of three measures at once: their mean, on days with all three.
COMPOSITE_KEYS = ("mood", "interest", "energy")
COMPOSITE = Measure(
    "composite", "Mood, interest and energy together", 0, 10, 1 / 3,
    "higher_is_better", "worst", "best", None, "the mean of three daily ratings",
)  # fmt: skip

# From least to most; "declined" is an answer, but has no place in the order.
SUICIDAL_THOUGHTS_ORDER = ("none", "fleeting", "often", "most_of_the_time")
SUICIDAL_THOUGHTS = (*SUICIDAL_THOUGHTS_ORDER, "declined")
# 4-clinical 3c; the wording is for a clinician's signature.
SUICIDAL_THOUGHTS_PROMPT = "Today, thoughts that life is not worth living or of harming yourself?"
SUICIDAL_THOUGHTS_LABELS: Mapping[str, str] = {
    "none": "none",
    "fleeting": "fleeting",
    "often": "often",
    "most_of_the_time": "most of the time",
    "declined": "prefer not to say",
}

CUSTOM_MINIMUM, CUSTOM_MAXIMUM = 0, 10


@dataclass(frozen=True, slots=True)
class CustomMeasure:
    """A clinic's own daily item, rated 0-10; a retired one is no longer asked, its days stay."""

    key: str
    prompt: str
    direction: Direction
    low_end: str
    high_end: str
    retired: bool = False


def custom_measures(stored: Iterable[Mapping[str, Any]]) -> dict[str, CustomMeasure]:
    """The clinic's own measures by key, in the clinic's order."""
    return {item["key"]: CustomMeasure(**item) for item in stored}

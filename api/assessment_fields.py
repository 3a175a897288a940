"""A rating scale as it is sent and shown: the schemas of an assessment."""

from marshmallow import Schema, fields, validate

from api.chart_rows import Marked, note_field
from api.fields import (
    ByKey,
    Code,
    Day,
    Instant,
    Limited,
    Matching,
    Number,
    PageQuery,
    QueryFlag,
    Timezone,
    Whole,
    optional,
)
from api.safety_card import SafetyCardOut
from clinical.assessment_answers import MOST_ITEMS, NOT_ANSWERED, STATUSES
from clinical.instruments import DIRECTIONS, LEVELS
from clinical.vitals import EARLIEST_MINUTE, LATEST_MINUTE

# Wider than any scale: what an item of a scale takes is told by the scale itself.
_LEAST, _MOST = -1000, 1000
_ITS_OWN = "Must be a whole number within the item's own range (GET /v1/instruments), or null."
INSTRUMENT_KEY = "[a-z][a-z0-9_]{0,39}"
_EXTRA_KEY = "[a-z][a-z0-9_]{0,39}"
_MOST_EXTRA = 20
SOURCES = ("app", "staff", "import")


def instrument_key(**kwargs: object) -> Matching:
    return Matching(INSTRUMENT_KEY, "phq9", **kwargs)


class Answers(Schema):
    """What was answered when: of a change, only what is sent is changed."""

    date = Day()
    completed_at = Instant(allow_none=True)
    timezone = Timezone(
        allow_none=True, metadata={"description": "IANA time zone where it was filled in."}
    )
    items = Limited(
        Whole(_LEAST, _MOST, told=_ITS_OWN, allow_none=True),
        MOST_ITEMS,
        allow_none=True,
        metadata={"description": "One for each item of the scale, in its order; null: no answer."},
    )
    total = Number(
        _LEAST,
        _MOST,
        told="Must be a number within the scale's own range (GET /v1/instruments).",
        allow_none=True,
        metadata={"description": "Of a scale of score entry, without its items."},
    )
    extra = ByKey(
        keys=Matching(_EXTRA_KEY, "difficulty"),
        values=Whole(_LEAST, _MOST, told=_ITS_OWN, allow_none=True),
        allow_none=True,
        validate=validate.Length(max=_MOST_EXTRA),
    )
    not_answered = ByKey(
        keys=Matching("[1-9][0-9]?", "9"),
        values=Code(NOT_ANSWERED),
        allow_none=True,
        validate=validate.Length(max=MOST_ITEMS),
    )
    session_id = fields.UUID(allow_none=True)
    minute = Whole(EARLIEST_MINUTE, LATEST_MINUTE, allow_none=True)
    note = note_field(allow_none=True)


class AssessmentChange(Answers):
    """Only what is sent is changed; items are sent whole."""


class AssessmentIn(Answers):
    """A scale filled in, wholly or in part."""

    instrument = instrument_key(required=True)
    date = Day(required=True)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[object]) -> None:
        """What is left out is null."""
        if field_name not in ("instrument", "date"):
            optional(field_obj)


class BaselineScore(Schema):
    """The score that others are held against."""

    assessment_id = fields.UUID(required=True)
    date = Day(required=True)
    total = fields.Float(required=True)


class ScoreMeant(Schema):
    """What a score means against the baseline of its course; null where nothing can be said."""

    change = fields.Float(required=True, allow_none=True)
    share_of_baseline = fields.Float(required=True, allow_none=True)
    responded = fields.Boolean(required=True, allow_none=True)
    remitted = fields.Boolean(required=True, allow_none=True)
    reliably_better = fields.Boolean(required=True, allow_none=True)
    reliably_worse = fields.Boolean(required=True, allow_none=True)
    meaningfully_better = fields.Boolean(required=True, allow_none=True)


class ScoreMeaning(ScoreMeant):
    """The same, with the baseline or why there is none."""

    baseline = fields.Nested(BaselineScore, required=True, allow_none=True)
    reason = Code(("no_score", "no_session", "no_baseline"), required=True, allow_none=True)


class ScaleSafety(Schema):
    """What a scale says about suicide, in words; no answer in it proves safety."""

    level = Code(LEVELS, required=True, allow_none=True)
    level_words = fields.String(required=True, allow_none=True)
    item = fields.Integer(required=True, allow_none=True)
    answer = fields.Integer(required=True, allow_none=True)
    answer_words = fields.String(required=True, allow_none=True)
    needs_review = fields.Boolean(required=True)
    review_reason = fields.String(required=True, allow_none=True)


class AssessmentOut(Marked):
    """One filled-in scale with what follows from it; the ends of its total, so it can be drawn."""

    instrument = fields.String()
    instrument_revision = fields.Integer(allow_none=True)
    name = fields.String()
    date = Day()
    completed_at = Instant(allow_none=True)
    timezone = fields.String(allow_none=True)
    status = Code(STATUSES)
    items = fields.List(fields.Integer(allow_none=True), allow_none=True)
    extra = fields.Dict(fields.String(), fields.Integer(allow_none=True), allow_none=True)
    not_answered = fields.Dict(fields.String(), Code(NOT_ANSWERED), allow_none=True)
    total = fields.Float(allow_none=True)
    prorated_total = fields.Float(allow_none=True)
    total_minimum = fields.Float(allow_none=True)
    total_maximum = fields.Float(allow_none=True)
    direction = Code(DIRECTIONS)
    band = fields.String(allow_none=True)
    level = Code(LEVELS, allow_none=True)
    least_level = Code(LEVELS, allow_none=True)
    subscores = fields.Dict(fields.String(), fields.Float(allow_none=True))
    needs_review = fields.List(fields.String())
    safety = fields.Nested(ScaleSafety, allow_none=True)
    recall_days = fields.Integer(allow_none=True)
    recall_spans_session = fields.Boolean(allow_none=True)
    meaning = fields.Nested(ScoreMeaning)
    session_id = fields.UUID(allow_none=True)
    minute = fields.Integer(allow_none=True)
    note = fields.String(allow_none=True)
    source = Code(SOURCES)


class AssessmentWritten(AssessmentOut):
    """The same as it was just written, with what the patient is shown after a safety answer."""

    safety_card = fields.Nested(SafetyCardOut, allow_none=True)


class AssessmentPage(Schema):
    """A page of filled-in scales, newest first."""

    items = fields.List(fields.Nested(AssessmentOut), required=True)
    next = fields.String(required=True, allow_none=True)


class AssessmentQuery(PageQuery):
    """Of one scale alone, where one is named; what is void only where it is asked for."""

    instrument = instrument_key(load_default=None)
    void = QueryFlag(
        load_default=False, metadata={"description": "Also what was entered in error."}
    )

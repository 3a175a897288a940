"""A period of days in a query, as every summary takes it."""

from marshmallow import Schema

from api.fields import Day
from clinical.periods import DEFAULT_PERIOD_DAYS, LONGEST_PERIOD_DAYS


class PeriodQuery(Schema):
    """Local days from `from` to `to`, both included (care.trends.asked_period fills in)."""

    first = Day(
        data_key="from",
        load_default=None,
        metadata={
            "description": f"The first local day, included; by default {DEFAULT_PERIOD_DAYS - 1} "
            f"days before `to`. A period has at most {LONGEST_PERIOD_DAYS} days."
        },
    )
    last = Day(
        data_key="to",
        load_default=None,
        metadata={
            "description": "The last local day, included; by default the patient's day today, at "
            "most the day after it."
        },
    )

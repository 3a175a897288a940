"""/v1/me/trends.svg and /v1/patients/{id}/trends.svg: one measure of a period as a picture."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields

from api.auth import connection, now, principal
from api.periods import PeriodQuery
from api.pictures import picture
from api.preconditions import IF_NONE_MATCH
from api.replies import ETAG_HEADER, content_tag, unchanged
from api.routes import Routes
from care import access, trends
from care.principal import Chart
from care.refusals import Fault, Invalid
from clinical.measures import MEASURES
from formats import chart as charts

blp = Routes("trend charts", "A period of days as a picture.")


class TrendChartQuery(PeriodQuery):
    """Which measure, of which period."""

    measure = fields.String(
        load_default="mood",
        metadata={"description": "The measure's key, of `GET /v1/measures`.", "example": "mood"},
    )


@blp.serve("GET", "/v1/me/trends.svg", "own_trends.read", parameters=[IF_NONE_MATCH])
@blp.serve(
    "GET",
    "/v1/patients/<uuid:patient_id>/trends.svg",
    "trends.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.arguments(TrendChartQuery, location="query")
@blp.response(200, {"type": "string"}, content_type="image/svg+xml", headers=ETAG_HEADER)
def get_trend_chart(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
    """One measure's days with their gaps, the middle half of them, and the sessions.

    The points and words are those of the trends' JSON; a day that was not logged breaks the line.
    """
    chart = _chart(patient_id)
    period = trends.asked_period(query["first"], query["last"], chart, now())
    _refuse_unknown(query["measure"])
    version = trends.tag(connection(), principal(), chart, period, now())
    etag = content_tag([version, query["measure"], charts.VERSION])
    answer = unchanged(etag)
    if answer is None:
        trend = trends.read(connection(), principal(), chart, period, now())
        answer = _drawn(trend, query["measure"], etag)
    connection().commit()
    return answer


def _chart(patient_id: UUID | None) -> Chart:
    if patient_id is None:
        return access.own_chart(principal())
    return access.chart(connection(), principal(), patient_id, now())


def _refuse_unknown(measure: str) -> None:
    if measure not in MEASURES and measure not in principal().clinic.measures:
        raise Invalid([Fault("/measure", "No such measure in this clinic.")])


def _drawn(trend: Mapping[str, Any], key: str, etag: str) -> Response:
    measure = next((each for each in trend["measures"] if each["key"] == key), None)
    if measure is None:  # a retired one, of which the period has no day
        raise Invalid([Fault("/measure", "Retired, and not logged in this period.")])
    return picture(charts.draw(_series(trend, measure)), etag)


def _series(trend: Mapping[str, Any], measure: Mapping[str, Any]) -> charts.Series:
    low, high = (measure["period"][f"{which}_quartile"]["value"] for which in ("lower", "upper"))
    return charts.Series(
        title=measure["prompt"],
        first=trend["from"],
        last=trend["to"],
        minimum=measure["minimum"],
        maximum=measure["maximum"],
        low_end=measure["low_end"],
        high_end=measure["high_end"],
        unit=measure["unit"],
        points=[(point["date"], point["value"]) for point in measure["points"]],
        visits=[charts.Visit(visit["date"], _called(visit)) for visit in trend["sessions"]],
        levels=[] if low is None else [charts.Level(low, high, "middle half of days")],
    )


def _called(visit: Mapping[str, Any]) -> str:
    doses = [f"{dose['dose_mg']:g} mg" for dose in visit["doses"]]
    return " + ".join(doses) or "session"

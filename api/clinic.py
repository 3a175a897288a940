"""/v1/clinic: the clinic's own settings, and the daily measures it has added."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import Schema, ValidationError, fields, validates_schema
from sqlalchemy import select

from api.auth import connection, now, principal
from api.fields import (
    MEASURE_KEY,
    Code,
    Day,
    Limited,
    Matching,
    Text,
    Timezone,
    Whole,
    YesNo,
    country,
)
from api.preconditions import IF_MATCH, IF_NONE_MATCH, precondition_holds, sent_base
from api.problems import Problem
from api.replies import ETAG_HEADER, content_tag, reply
from api.review_settings import AskedOut, ReviewChange, ReviewSettings, as_stored
from api.routes import Routes
from care import clinics, review_settings
from clinical.measures import COMPOSITE, MEASURES
from models.clinic import Clinic
from models.reviewers import ASKS_SAFETY

blp = Routes("clinic", "The clinic's settings.")

_MAXIMUM_MEASURES = 30
_MAXIMUM_HOLIDAYS = 400


class Holiday(Schema):
    """A day the clinic is closed."""

    date = Day(required=True)
    name = Text(100, required=True)


class CustomMeasureSchema(Schema):
    """A daily item of the clinic's own, rated 0-10. A retired one is asked no more."""

    key = Matching(MEASURE_KEY, "pain", required=True)
    prompt = Text(200, required=True)
    direction = Code(("higher_is_better", "higher_is_worse", "neither"), required=True)
    low_end = Text(60, required=True)
    high_end = Text(60, required=True)
    retired = YesNo(load_default=False)


class ClinicOut(ReviewSettings):
    """The settings; `revision` counts their changes."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    country = fields.String(required=True)
    timezone = fields.String(required=True)
    holidays = fields.List(fields.Nested(Holiday), required=True)
    custom_measures = fields.List(fields.Nested(CustomMeasureSchema), required=True)
    backfill_days = fields.Integer(required=True)
    suicidal_thoughts = fields.Nested(AskedOut, required=True)
    revision = fields.Integer(required=True)


class ClinicChange(ReviewChange):
    """Only what is sent is changed; a list is replaced whole, so send all of it."""

    name = Text(200)
    country = country()
    timezone = Timezone()
    holidays = Limited(fields.Nested(Holiday), _MAXIMUM_HOLIDAYS)
    custom_measures = Limited(fields.Nested(CustomMeasureSchema), _MAXIMUM_MEASURES)
    backfill_days = Whole(
        0, 366, metadata={"description": "How far back a day may be logged, by day of recording."}
    )

    @validates_schema(skip_on_field_errors=False)
    def keys_once(self, body: Any, **_: Any) -> None:
        listed = [measure for measure in body.get("custom_measures", ()) if "key" in measure]
        keys = [measure["key"] for measure in listed]
        if len(keys) != len(set(keys)) or set(keys) & {*MEASURES, COMPOSITE.key}:
            raise ValidationError(
                "A key is used twice, or is a measure we have.", "custom_measures"
            )


@blp.serve("GET", "/v1/clinic", "clinic.read", parameters=[IF_NONE_MATCH])
@blp.response(200, ClinicOut, headers=ETAG_HEADER)
def get_clinic() -> Response:
    """The clinic you are logged in to."""
    body = _shown()
    return reply(body, etag=_tag(body))


@blp.serve(
    "PATCH",
    "/v1/clinic",
    "clinic.write",
    problems=("conflict", "precondition-failed"),
    parameters=[IF_MATCH],
)
@blp.arguments(ClinicChange)
@blp.response(200, ClinicOut, headers=ETAG_HEADER)
def change_clinic(body: dict[str, Any]) -> Response:
    """Change settings. A custom measure is never removed, only retired: its days are kept."""
    stored = _shown(lock=True)
    # By the revision alone: that the item has fallen silent since is no change of the settings.
    if not precondition_holds(_tag(stored)) and sent_base() != stored["revision"]:
        raise Problem("precondition-failed", "The settings have changed meanwhile.")
    if "holidays" in body:
        body["holidays"] = [
            {"date": holiday["date"].isoformat(), "name": holiday["name"]}
            for holiday in sorted(body["holidays"], key=lambda holiday: holiday["date"])
        ]
    if body:
        body = review_settings.judged(connection(), principal(), as_stored(body), now())
        clinics.change(connection(), principal(), body, now())
    answer = _shown()
    connection().commit()
    return reply(answer, etag=_tag(answer))


def _shown(*, lock: bool = False) -> dict[str, Any]:
    asked = select(Clinic, ASKS_SAFETY.label("is_asked"))
    own = asked.where(Clinic.clinic_id == principal().clinic_id)
    row: Any = connection().execute(own.with_for_update(of=Clinic) if lock else own).one()
    names = ClinicOut().fields.keys() - {"id", "suicidal_thoughts"}
    reason = review_settings.why_not_asked(row)
    thoughts = {"is_asked": reason is None, "reason": reason}
    stored = {name: getattr(row, name) for name in names}
    return {"id": row.clinic_id, "suicidal_thoughts": thoughts, **stored}


def _tag(body: Mapping[str, Any]) -> str:
    """By the content, too: the item falls silent without a change of the settings."""
    return f"r{body['revision']}.{content_tag(body)}"

"""/health and /ready: whether the process lives, and whether it can be sent work."""

import psycopg
import sqlalchemy.exc
from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy import text

from api.auth import now, services
from api.fields import Instant
from api.problems import Problem
from api.replies import reply
from api.routes import Routes
from care import jobs, outbox, review_settings
from care.access import PUBLIC
from models.server_meta import SCHEMA_REVISION

blp = Routes("health", "Whether the server lives and can work.")


class HealthOut(Schema):
    """One word."""

    status = fields.String(required=True)


class ReadyOut(Schema):
    """Whether the server can work, and whether its jobs do: without them no letter leaves."""

    status = fields.String(required=True)
    jobs = fields.String(required=True, validate=validate.OneOf(("running", "late", "never")))
    jobs_beat_at = Instant(required=True, allow_none=True)
    letters_waiting_since = Instant(required=True, allow_none=True)
    clinics_without_reviewer = fields.Integer(required=True)


@blp.serve("GET", "/health", PUBLIC)
@blp.response(200, HealthOut)
def health() -> Response:
    """The process answers; nothing else is asked."""
    return reply({"status": "ok"})


@blp.serve("GET", "/ready", PUBLIC, problems=("unavailable",))
@blp.response(200, ReadyOut)
def ready() -> Response:
    """The database answers and has this code's tables; when the jobs last went round.

    Jobs that are late do not make it unready: the API works without them.
    """
    try:
        with services().database.begin(write=False) as own:
            revision = own.scalar(text("SELECT version_num FROM alembic_version"))
            if revision != SCHEMA_REVISION:
                raise _not_ready("The database's tables are not this code's: migrate.")
            beat_at, waiting = jobs.last_beat(own), outbox.waiting_since(own, now())
            left = review_settings.clinics_left(own)
    except sqlalchemy.exc.ProgrammingError:
        raise _not_ready("The database has no tables: migrate.") from None
    except (sqlalchemy.exc.SQLAlchemyError, psycopg.Error):
        raise _not_ready("The database does not answer, or has no tables yet.") from None
    state = jobs.state(beat_at, now())
    told = {"jobs": state, "jobs_beat_at": beat_at, "letters_waiting_since": waiting}
    return reply({"status": "ready", **told, "clinics_without_reviewer": left})


def _not_ready(detail: str) -> Problem:
    return Problem("unavailable", detail).with_headers(Retry_After="1")

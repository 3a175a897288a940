"""create_app: settings in, one Flask application out; refuses to start with an open door."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import orjson
import structlog
from flask import Flask
from flask.json.provider import JSONProvider
from flask_smorest import Api
from werkzeug.exceptions import NotFound
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from api import (
    alerts,
    assessments,
    assessments_due,
    audit,
    auth,
    batch,
    bookings,
    calendar,
    care_teams,
    changes,
    checkins,
    clinic,
    clinic_day,
    contract,
    contraindications,
    control_chart,
    courses,
    decisions,
    diagnoses,
    documents,
    doses,
    events,
    headers,
    health,
    instruments,
    invitations,
    logins,
    logs,
    me,
    measures,
    medications,
    observations,
    pages,
    patients,
    problems,
    reminders,
    resets,
    response_curve,
    safety,
    safety_net,
    session_banner,
    session_guides,
    sessions,
    staff,
    tokens,
    trend_charts,
    trends,
    trials,
    window_charts,
    windows,
)
from api.auth import Services
from api.bodies import MAXIMUM_BYTES
from api.queries import refuse_repeated_names
from api.routes import Routes
from api.settings import BadSettings, Settings
from care.keys import Keys
from models.engine import Database
from models.epoch import Epoch
from models.marks import EpochUnkept

NOUNS: tuple[Routes, ...] = (
    logins.blp,
    resets.blp,
    invitations.blp,
    me.blp,
    reminders.blp,
    calendar.blp,
    measures.blp,
    checkins.blp,
    batch.blp,
    changes.blp,
    trends.blp,
    trend_charts.blp,
    windows.blp,
    response_curve.blp,
    control_chart.blp,
    window_charts.blp,
    patients.blp,
    courses.blp,
    decisions.blp,
    diagnoses.blp,
    trials.blp,
    medications.blp,
    contraindications.blp,
    events.blp,
    observations.blp,
    assessments.blp,
    instruments.blp,
    assessments_due.blp,
    sessions.blp,
    session_guides.blp,
    bookings.blp,
    clinic_day.blp,
    doses.blp,
    audit.blp,
    clinic.blp,
    staff.blp,
    care_teams.blp,
    health.blp,
    documents.blp,
    pages.blp,
    alerts.blp,
    safety.blp,
    session_banner.blp,
)


class OpenDoor(Exception):
    """A route without a declared permission: the app does not start."""


class OrjsonProvider(JSONProvider):
    """JSON as orjson writes it: fast, and never NaN."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return orjson.dumps(obj, option=orjson.OPT_UTC_Z).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)


class DateConverter(BaseConverter):
    """A calendar date in a path; one that does not exist is no page of ours (404)."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> Any:
        try:
            return date.fromisoformat(value)
        except ValueError:
            # Not ValidationError: the router would answer 405 wherever another method exists.
            raise NotFound from None

    def to_url(self, value: Any) -> str:
        return str(value)


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Flask:
    """The whole API. `clock` tells the instant of each request; only tests give another."""
    logs.configure(settings.log_level)
    app = Flask("interlude", static_folder=None)
    app.json = OrjsonProvider(app)
    app.url_map.converters["date"] = DateConverter
    app.url_map.merge_slashes = False  # one address for each thing; never a redirect
    app.config.update(
        MAX_CONTENT_LENGTH=MAXIMUM_BYTES,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        PROPAGATE_EXCEPTIONS=False,
        DEBUG=settings.debug,
        **contract.CONFIGURATION,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    keys = Keys(settings.secret_key)
    database = Database(
        settings.database_url, pool_size=settings.database_pool, prepare=settings.database_prepare
    )
    app.extensions["settings"] = settings
    _start_epoch(database.epoch, clock())
    logs.register(app)
    tokens.configure(app, keys)
    app.before_request(auth.authenticate)
    app.before_request(refuse_repeated_names)
    app.teardown_request(auth.end_of_request)
    problems.register(app)
    headers.register(app, _telling(database.epoch))
    safety_net.register(app)
    app.after_request(auth.note_denial)  # the last named runs first: what it answers is completed
    permissions = _register_nouns(app)
    app.extensions["services"] = Services(database, keys, clock, permissions)
    structlog.get_logger().info(
        "ready", environment=settings.environment, database=database.engine.dialect.name
    )
    return app


def _start_epoch(epoch: Epoch, now: datetime) -> None:
    try:
        epoch.start(now)
    except EpochUnkept as error:
        raise BadSettings([str(error)]) from None


def _telling(epoch: Epoch) -> Callable[[], str]:
    def tell() -> str:
        if not epoch.is_known():
            auth.release_connection()  # or asking could wait for what this request still holds
        return epoch()

    return tell


def _register_nouns(app: Flask) -> dict[str, str]:
    api: Api = contract.ProblemApi(app)
    contract.describe(api, DateConverter)
    permissions: dict[str, str] = {}
    for noun in NOUNS:
        api.register_blueprint(noun)
        permissions |= noun.permissions
    app.extensions["openapi"] = api.spec
    refuse_open_doors(app, permissions)
    return permissions


def refuse_open_doors(app: Flask, permissions: dict[str, str]) -> None:
    """OpenDoor names every route of the app that declares no permission."""
    undeclared = [
        str(rule) for rule in app.url_map.iter_rules() if rule.endpoint not in permissions
    ]
    if undeclared:
        raise OpenDoor("no permission declared for " + ", ".join(sorted(undeclared)))

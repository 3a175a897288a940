"""What was refused at the door is heard too: an answer sent to a wrong address, or too large.

Handlers hear what they refuse themselves (api/checkins.py, api/assessments_refused.py). Before any
of them there are the router, the limit of a body's size and the form of a query.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Flask, Response, current_app, g, json, request

from api.auth import SAFE_METHODS, attempts_at, connection, identify, now, release_connection
from api.bodies import raw_of
from api.overheard import found_in
from api.preconditions import readable_key
from api.safety_card import shown_card
from care import access, assessments_refused, safety
from care.assessments_refused import Refused
from care.principal import Chart, Principal
from care.refusals import Refusal
from clinical.checkins import readable
from clinical.days import local_day
from clinical.safety_card import SafetyCard

_ADDRESSED = re.compile(
    r"/v1/(?:me|patients/(?P<patient>[0-9a-f-]{36}))/(?P<what>checkins|assessments)(?:/|$)"
)


def register(app: Flask) -> None:
    app.after_request(_hear)


def _hear(response: Response) -> Response:
    """The refusal, once its body has been asked about; it carries the card then."""
    addressed = _ADDRESSED.match(request.path)
    if response.status_code < 400 or addressed is None or not _was_at_the_door():
        return response
    raw = raw_of(request)
    told = found_in(raw)
    if not told:
        return response
    try:
        digest = hashlib.sha256(raw).hexdigest()
        attempts = attempts_at(is_repeatable=False)
        card = attempts.run(lambda: _ask(addressed, told, digest))
    except Refusal:
        return response  # nobody we know, or nobody they may tell of
    except Exception as error:  # noqa: BLE001 (after the handlers have run, nobody else would)
        return current_app.make_response(current_app.handle_user_exception(error))
    return response if card is None else _with_card(response, card)


def _was_at_the_door() -> bool:
    """Whether no handler was reached that would have heard it."""
    if request.method in SAFE_METHODS:
        return False
    return request.url_rule is None or "principal" not in g or "refused_query" in g


def _ask(addressed: re.Match[str], told: Mapping[str, Any], digest: str) -> SafetyCard | None:
    release_connection()
    who = identify()
    chart = _chart(who, addressed["patient"])
    if addressed["what"] == "checkins":
        today = local_day(now(), chart.timezone, chart.days.day_boundary_minutes)
        source = "app" if addressed["patient"] is None else "staff"
        answers = readable(told)
        asked = safety.DayAsked(chart, today, answers, source, f"door|{digest}", "refused")
        card = safety.ask_of_day(connection(), who, asked, now())
    else:
        refused = Refused(chart, None, told, f"door|{digest}", readable_key())
        card = assessments_refused.ask(connection(), who, refused, now())
    connection().commit()
    return card


def _chart(who: Principal, patient_id: str | None) -> Chart:
    if patient_id is None:
        return access.own_chart(who)
    access.permit(who, "checkins.write")
    return access.chart(connection(), who, UUID(patient_id), now())


def _with_card(response: Response, card: SafetyCard) -> Response:
    body = {**json.loads(response.get_data()), "safety_card": shown_card(card)}
    response.set_data(json.dumps(body))
    return response

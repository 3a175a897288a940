"""From token to Principal, on every request, before anything else is looked at."""

import ipaddress
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from flask import Response, current_app, g, request
from flask_jwt_extended import get_jwt_request_location
from sqlalchemy import Connection

from api.attempts import Attempts
from api.bodies import buffer
from api.tokens import token_claims
from care import access, audit
from care.access import PUBLIC
from care.keys import Keys
from care.principal import Origin, Principal
from care.refusals import Denied
from models.engine import Database

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_VERIFIED_AT_MOST = 4096
_BEARER = re.compile(r"Bearer [A-Za-z0-9_.\-]{1,2000}")


@dataclass(frozen=True, slots=True)
class Services:
    """What one app holds for all its requests."""

    database: Database
    keys: Keys
    clock: Callable[[], datetime]
    permissions: dict[str, str]
    verified: dict[str, dict[str, Any]] = field(default_factory=dict)


def services() -> Services:
    held: Services = current_app.extensions["services"]
    return held


def now() -> datetime:
    """The instant of this request: one for all it does."""
    if "now" not in g:
        g.now = services().clock()
    instant: datetime = g.now
    return instant


def principal() -> Principal:
    who: Principal = g.principal
    return who


def connection() -> Connection:
    """This request's connection, its transaction begun; the handler commits it once."""
    if "connection" not in g:
        g.connection = services().database.begin(write=request.method not in SAFE_METHODS)
    held: Connection = g.connection
    return held


def release_connection() -> None:
    """Give the connection back early; the next `connection()` begins a new transaction."""
    held: Connection | None = g.pop("connection", None)
    if held is not None:
        held.close()


def origin() -> Origin:
    return Origin(shortened(request.remote_addr), g.request_id)


def shortened(address: str | None) -> str | None:
    """An address without its last part: enough to tell networks apart, not households."""
    if address is None:
        return None
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    kept = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((int(parsed), kept), strict=False).network_address)


def authenticate() -> None:
    """Runs before every request: nobody passes a route without its declared permission."""
    if request.url_rule is None:
        return  # no such route: the router's own 404 or 405 follows
    permission = services().permissions[str(request.endpoint)]
    if permission == PUBLIC:
        return
    login_id = UUID(_access_claims()["sid"])
    if request.method not in SAFE_METHODS:
        # Before the database: a slow sender must not hold the place others queue for.
        buffer(request)
    attempts_at(is_repeatable=True).run(lambda: _let_in(login_id, permission))
    structlog.contextvars.bind_contextvars(login_id=str(login_id), role=g.principal.role)


def _let_in(login_id: UUID, permission: str) -> None:
    g.principal = access.authenticate(connection(), login_id, now(), origin())
    services().database.epoch.notice(g.principal.epoch)
    access.permit(g.principal, permission)


def let_in_again() -> None:
    """Before a view runs once more, in a new transaction: the login may have ended meanwhile."""
    g.pop("safety_card", None)
    if "principal" in g:
        login_id = principal().login_id
        assert login_id is not None  # whoever sends requests has logged in
        _let_in(login_id, services().permissions[str(request.endpoint)])


def attempts_at(*, is_repeatable: bool) -> Attempts:
    """The attempts at something in transactions of its own, or in this request's."""
    database = services().database
    return Attempts(database, undo=release_connection, is_repeatable=is_repeatable)


def identify() -> Principal:
    """Who sends this request, whatever it asks for; Unauthenticated if nobody we know."""
    login_id = UUID(_access_claims()["sid"])
    return access.authenticate(connection(), login_id, now(), origin())


def _access_claims() -> dict[str, Any]:
    """The claims of this request's access token.

    A bearer token verified before is known by its very text: its signature cannot have changed,
    only its time can have run out. Whether its login still lives is asked of the database, always.
    """
    header = request.headers.get("Authorization", "")
    verified = services().verified
    known = verified.get(header)
    if known is not None and known["exp"] > time.time():
        return known
    claims = token_claims(refresh=False)
    # A cookie's claims are no header's, and a header with more in it than one token is not kept.
    if get_jwt_request_location() == "headers" and _BEARER.fullmatch(header):
        if len(verified) >= _VERIFIED_AT_MOST:
            verified.clear()
        verified[header] = claims
    return claims


def end_of_request(_error: BaseException | None) -> None:
    """Give the connection back: uncommitted work is undone."""
    release_connection()


def note_denial(response: Response) -> Response:
    """The answer, once what it refuses is in the audit trail; else the problem that befell that."""
    denied: Denied | None = g.pop("denied", None)
    if denied is None or "principal" not in g:
        return response
    release_connection()  # the refused work is undone first: the trail has a transaction of its own
    try:
        attempts_at(is_repeatable=False).run(lambda: _audit_denial(denied))
    except Exception as error:  # noqa: BLE001 (after the handlers have run, nobody else would)
        return current_app.make_response(current_app.handle_user_exception(error))
    return response


# What an id in a path is the id of.
_NAMED = {
    "patient_id": "patient",
    "membership_id": "membership",
    "member_id": "care_team",
    "login_id": "login",
    "course_id": "course",
    "decision_id": "decision",
    "diagnosis_id": "diagnosis",
    "trial_id": "trial",
    "medication_id": "medication",
    "contraindication_id": "contraindication",
    "event_id": "event",
    "observation_id": "observation",
    "session_id": "treatment_session",
    "dose_id": "dose",
    "alert_id": "alert",
    "assessment_id": "assessment",
}


def _audit_denial(denied: Denied) -> None:
    subject = denied.subject or _named_by_path() or ("clinic", principal().clinic_id)
    patient_id = subject[1] if subject[0] == "patient" else None
    event = audit.event_values(
        principal(),
        denied.action,
        now(),
        subject=subject,
        patient_id=patient_id,
        outcome="denied",
    )
    with services().database.begin(write=True) as own:
        audit.write(own, event)
        own.commit()


def _named_by_path() -> tuple[str, UUID] | None:
    """What was asked for where the role alone was refused, before any door was tried."""
    named = request.view_args or {}
    return next(((_NAMED[name], named[name]) for name in _NAMED if name in named), None)

"""From token to Principal, on every request, before anything else is looked at."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from flask import Flask, Response, current_app, g, request
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    decode_token,
    get_jwt_request_location,
    set_access_cookies,
    set_refresh_cookies,
    unset_jwt_cookies,
    verify_jwt_in_request,
)
from flask_jwt_extended.exceptions import CSRFError, NoAuthorizationError
from sqlalchemy import Connection

from api.problems import Problem, respond
from care import access, audit
from care.access import PUBLIC
from care.keys import Keys
from care.logins import ACCESS_LIFETIME, Grant
from care.principal import Origin, Principal
from care.refusals import Denied
from models.engine import Database

ISSUER = AUDIENCE = "interlude"
ALGORITHM = "HS256"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_VERIFIED_AT_MOST = 4096
_SIGN_IN = "Send a valid access token: Authorization: Bearer <token>, or log in."


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
    if ":" in address:
        return ":".join(address.split(":")[:3]) + "::"
    return ".".join(address.split(".")[:3]) + ".0"


def configure(app: Flask, keys: Keys) -> None:
    """Fix every choice the token library leaves open, and make it speak problem documents."""
    app.config.update(
        JWT_ALGORITHM=ALGORITHM,
        JWT_DECODE_ALGORITHMS=[ALGORITHM],
        JWT_SECRET_KEY=keys.jwt,
        JWT_ENCODE_ISSUER=ISSUER,
        JWT_DECODE_ISSUER=ISSUER,
        JWT_ENCODE_AUDIENCE=AUDIENCE,
        JWT_DECODE_AUDIENCE=AUDIENCE,
        JWT_ACCESS_TOKEN_EXPIRES=ACCESS_LIFETIME,
        JWT_TOKEN_LOCATION=["headers", "cookies"],
        JWT_COOKIE_SECURE=True,
        JWT_COOKIE_SAMESITE="Strict",
        JWT_COOKIE_CSRF_PROTECT=True,
        # __Host-: only over TLS (or localhost), for this host alone, whatever a neighbour sets.
        JWT_ACCESS_COOKIE_NAME="__Host-access",
        JWT_REFRESH_COOKIE_NAME="__Host-refresh",
        JWT_ACCESS_CSRF_COOKIE_NAME="__Host-csrf",
        JWT_REFRESH_CSRF_COOKIE_NAME="__Host-csrf-refresh",
    )
    manager = JWTManager(app)
    manager.additional_headers_loader(lambda _identity: {"kid": keys.jwt_kid})
    manager.decode_key_loader(lambda headers, claims: _key_for(headers, claims, keys))
    manager.token_verification_loader(lambda _headers, claims: _claims_complete(claims))
    _answer_with_problems(manager)


def _key_for(headers: dict[str, Any], claims: dict[str, Any], keys: Keys) -> bytes:
    if headers.get("kid") != keys.jwt_kid:
        raise NoAuthorizationError("unknown key")  # never a fallback key
    if "type" not in claims:  # only here: before we see it again the library calls it access
        raise NoAuthorizationError("no type")
    return keys.jwt


def _claims_complete(claims: dict[str, Any]) -> bool:
    """The library takes a token without an end or a kind (and calls it access): we do not."""
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or not isinstance(expires, int):
        return False
    if claims.get("type") not in ("access", "refresh") or not _is_uuid(claims.get("sid")):
        return False
    if claims.get("aud") != AUDIENCE:  # the library takes a list with us somewhere in it
        return False
    too_long = expires - issued > ACCESS_LIFETIME.total_seconds()
    return _is_uuid(claims.get("jti")) and not (claims["type"] == "access" and too_long)


def _is_uuid(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False


def _answer_with_problems(manager: JWTManager) -> None:
    def refuse(*_: Any) -> Response:
        return respond("unauthenticated", _SIGN_IN, headers={"WWW-Authenticate": "Bearer"})

    for loader in (
        manager.unauthorized_loader,
        manager.invalid_token_loader,
        manager.expired_token_loader,
        manager.revoked_token_loader,
        manager.needs_fresh_token_loader,
        manager.user_lookup_error_loader,
        manager.token_verification_failed_loader,
    ):
        loader(refuse)


def authenticate() -> None:
    """Runs before every request: nobody passes a route without its declared permission."""
    if request.url_rule is None:
        return  # no such route: the router's own 404 or 405 follows
    permission = services().permissions[str(request.endpoint)]
    if permission == PUBLIC:
        return
    login_id = UUID(_access_claims()["sid"])
    g.principal = access.authenticate(connection(), login_id, now(), origin())
    access.permit(g.principal, permission)
    structlog.contextvars.bind_contextvars(login_id=str(login_id), role=g.principal.role)


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
    if get_jwt_request_location() == "headers":  # a cookie's claims are no header's
        if len(verified) >= _VERIFIED_AT_MOST:
            verified.clear()
        verified[header] = claims
    return claims


def token_claims(*, refresh: bool, sent: str | None = None) -> dict[str, Any]:
    """The verified claims of this request's token, or of one `sent` in its body; else 401."""
    if sent is not None:
        claims: dict[str, Any] = decode_token(sent)
        kind = "refresh" if refresh else "access"
        if not _claims_complete(claims) or claims["type"] != kind:
            raise Problem("unauthenticated", _SIGN_IN)
        return claims
    if not request.headers.get("X-CSRF-TOKEN", "").isascii():
        raise Problem("csrf", "X-CSRF-TOKEN is not the CSRF cookie.")  # the library would fail
    try:
        verified = verify_jwt_in_request(refresh=refresh)
    except CSRFError:
        raise Problem("csrf", "Repeat the CSRF cookie in X-CSRF-TOKEN.") from None
    assert verified is not None  # only an optional token can be absent
    return verified[1]


def tokens(grant: Grant) -> tuple[str, str]:
    """The access and the refresh token of a grant."""
    sid = {"sid": str(grant.login_id)}
    identity = str(grant.account_id)
    access_token = create_access_token(
        identity,
        additional_claims=sid,
        expires_delta=min(ACCESS_LIFETIME, grant.login_expires_at - now()),
    )
    refresh_token = create_refresh_token(
        identity,
        additional_claims=sid | {"jti": grant.refresh_jti},
        expires_delta=grant.refresh_expires_at - now(),
    )
    return access_token, refresh_token


def set_cookies(response: Response, access_token: str, refresh_token: str) -> None:
    set_access_cookies(response, access_token)
    set_refresh_cookies(response, refresh_token)


def clear_cookies(response: Response) -> None:
    unset_jwt_cookies(response)


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
        _audit_denial(denied)
    except Exception as error:  # noqa: BLE001 (after the handlers have run, nobody else would)
        return current_app.make_response(current_app.handle_user_exception(error))
    return response


def _audit_denial(denied: Denied) -> None:
    # Named by the path where the role alone was refused, before any door was tried.
    patient_id = denied.patient_id or (request.view_args or {}).get("patient_id")
    event = audit.event_values(
        principal(),
        denied.action,
        now(),
        subject=("patient", patient_id),
        patient_id=patient_id,
        outcome="denied",
    )
    with services().database.begin(write=True) as own:
        audit.write(own, event)
        own.commit()

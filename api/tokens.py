"""The token library's every open choice made: how tokens are made, read and refused."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask, Response, request
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    decode_token,
    verify_jwt_in_request,
)
from flask_jwt_extended.exceptions import CSRFError, NoAuthorizationError

from api.problems import Problem, respond
from care.keys import Keys
from care.logins import ACCESS_LIFETIME, Grant

ISSUER = AUDIENCE = "interlude"
ALGORITHM = "HS256"
_SIGN_IN = "Send a valid access token: Authorization: Bearer <token>, or log in."


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


def tokens(grant: Grant, now: datetime) -> tuple[str, str]:
    """The access and the refresh token of a grant, from now on."""
    sid = {"sid": str(grant.login_id)}
    identity = str(grant.account_id)
    access_token = create_access_token(
        identity,
        additional_claims=sid,
        expires_delta=min(ACCESS_LIFETIME, grant.login_expires_at - now),
    )
    refresh_token = create_refresh_token(
        identity,
        additional_claims=sid | {"jti": grant.refresh_jti},
        expires_delta=grant.refresh_expires_at - now,
    )
    return access_token, refresh_token

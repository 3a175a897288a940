"""/v1/auth and /v1/me/logins: log in, stay in, log out, see and end what is open."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request
from flask_jwt_extended import get_jwt_request_location, unset_jwt_cookies
from marshmallow import Schema, fields
from sqlalchemy import and_, select, update

from api import auth
from api.auth import connection, now, principal
from api.bodies import has_body, read_json
from api.fields import Email, Instant, PageQuery, Text, YesNo, optional
from api.problems import Problem
from api.replies import after, cursor_instant, cursor_of, page
from api.routes import Routes, load
from api.sign_in import TokensOut, check_password, signed_in, this_device
from api.tokens import token_claims
from care import access, audit, logins, passwords, resets
from care.access import PUBLIC
from care.refusals import Fault, Invalid, NotFound, NotYours, Unauthenticated
from models.account import Account
from models.login import Login

blp = Routes("logins", "Logging in, staying logged in, logging out.")

_WRONG = "E-mail or password is wrong."


class LoginIn(Schema):
    """Who, and on what device. `cookies` asks for HttpOnly cookies instead of tokens."""

    email = Email(required=True, metadata={"example": "patient@demo.example"})
    password = Text(passwords.MAXIMUM_LENGTH, required=True, metadata={"example": "demo-interlude"})
    membership_id = optional(
        fields.UUID(metadata={"description": "Which place, for an account with several."})
    )
    device_id = optional(Text(64, metadata={"description": "The client's own name for itself."}))
    cookies = YesNo(load_default=False)


class RefreshIn(Schema):
    """The refresh token, where it is not sent as bearer or cookie."""

    refresh_token = optional(Text(2000))
    device_id = optional(Text(64))


class PasswordIn(Schema):
    """The present password and the one to have from now on."""

    current_password = Text(passwords.MAXIMUM_LENGTH, required=True)
    new_password = Text(passwords.MAXIMUM_LENGTH, required=True)


class LoginOut(Schema):
    """One open login: a device and when it was last used."""

    id = fields.UUID(required=True)
    device_id = fields.String(required=True, allow_none=True)
    user_agent = fields.String(required=True, allow_none=True)
    created_at = Instant(required=True)
    refreshed_at = Instant(required=True)
    expires_at = Instant(required=True)
    current = fields.Boolean(required=True)


class LoginPage(Schema):
    """A page of logins."""

    items = fields.List(fields.Nested(LoginOut), required=True)
    next = fields.String(required=True, allow_none=True)


@blp.serve(
    "POST",
    "/v1/auth/login",
    PUBLIC,
    problems=("wrong-credentials", "choose-membership", "too-many-attempts"),
)
@blp.arguments(LoginIn)
@blp.response(200, TokensOut)
def log_in(body: dict[str, Any]) -> Response:
    """Log in with e-mail and password.

    Unknown e-mail and wrong password get the same answer in the same time.
    """
    device = this_device(body["device_id"])
    account = check_password(body["email"], body["password"])
    if account is None:
        raise Problem("wrong-credentials", _WRONG)
    rehashed = _hash_of_today(account, body["password"])
    if not _still_its_password(account):
        raise Problem("wrong-credentials", _WRONG)
    membership = _chosen(account.id, body["membership_id"])
    if rehashed is not None:
        own = update(Account).where(Account.id == account.id)
        connection().execute(own.values(password_hash=rehashed))
    grant = logins.begin(connection(), membership, device, now())
    connection().commit()
    return signed_in(grant, cookies=body["cookies"])


def _hash_of_today(account: Any, password: str) -> str | None:
    """The password hashed anew, None where the stored hash was made with today's settings."""
    stale = passwords.needs_rehash(account.password_hash)
    return passwords.hash_password(password) if stale else None


def _still_its_password(account: Any) -> bool:
    """Whether the password looked at is the account's still, which it stays until we commit: a
    change made meanwhile ends the logins it finds, and must find this one or none."""
    own = select(Account.password_hash).where(Account.id == account.id).with_for_update()
    unchanged: bool = connection().scalar(own) == account.password_hash
    return unchanged


def _chosen(account_id: UUID, membership_id: UUID | None) -> Any:
    places = logins.memberships(connection(), account_id)
    if membership_id is not None:
        places = [place for place in places if place.id == membership_id]
    if not places:
        raise Problem("wrong-credentials", _WRONG)
    if len(places) > 1:
        choices = [
            {
                "membership_id": str(place.id),
                "clinic_name": place.clinic_name,
                "role": place.role,
            }
            for place in places
        ]
        raise Problem("choose-membership", "Say which with membership_id.", memberships=choices)
    return places[0]


@blp.serve(
    "POST",
    "/v1/auth/refresh",
    PUBLIC,
    problems=("unauthenticated", "csrf", "invalid", "unreadable", "unsupported-media-type"),
    requestBody={"required": False, "content": {"application/json": {"schema": RefreshIn}}},
)
@blp.response(200, TokensOut)
def refresh() -> Response:
    """Exchange a refresh token (bearer, body or cookie) for new tokens; each is good once.

    A token used twice ends its login, for then two hold it; only within a minute, on the same
    device, and while the answer's token is unused, is it taken for a lost answer.
    """
    body = load(RefreshIn(), read_json(request)) if has_body(request) else {}
    sent = body.get("refresh_token")
    claims = token_claims(refresh=True, sent=sent)
    device = this_device(body.get("device_id"))
    grant = logins.rotate(connection(), claims["jti"], device, now())
    connection().commit()
    if grant is None:
        raise Unauthenticated("This refresh token was used before. Log in again.")
    by_cookie = sent is None and get_jwt_request_location() == "cookies"
    return signed_in(grant, cookies=by_cookie)


@blp.serve("POST", "/v1/auth/logout", "self.write")
@blp.response(204)
def log_out() -> Response:
    """End this login: its tokens are worth nothing from now on."""
    _end_login(principal().login_id, "logout")  # ended meanwhile by another is ended as well
    connection().commit()
    answer = Response(status=204)
    unset_jwt_cookies(answer)
    return answer


def _end_login(login_id: UUID | None, reason: str) -> bool:
    """Whether this ended it: False when it had ended already."""
    if login_id is None or not logins.end(connection(), [login_id], reason, now()):
        return False
    event = audit.event_values(principal(), "login.end", now(), subject=("login", login_id))
    audit.write(connection(), event)
    return True


@blp.serve(
    "POST",
    "/v1/auth/password",
    "self.write",
    problems=("invalid", "unreadable", "unsupported-media-type", "too-many-attempts"),
    requestBody={"required": True, "content": {"application/json": {"schema": PasswordIn}}},
)
@blp.response(204)
def change_password() -> Response:
    """Change the password; every other login of the account ends, and its reset links close."""
    raw = read_json(request)
    account = _own_account()
    auth.release_connection()  # checking takes long: nobody should queue behind it
    body = load(PasswordIn(), raw, _password_faults(account, raw))
    hashed = passwords.hash_password(body["new_password"])
    # While that took its time the password may have been changed, and this login ended by it.
    if not _still_its_password(account):
        raise Invalid([Fault("/current_password", "Is not the present password.")])
    access.authenticate(connection(), _own_login_id(), now(), auth.origin())
    this_account = update(Account).where(Account.id == account.id)
    connection().execute(this_account.values(password_hash=hashed))
    logins.end_all_of_account(connection(), account.id, principal().login_id, now())
    resets.close_all(connection(), account.id, now())
    subject = ("account", account.id)
    event = audit.event_values(principal(), "password.change", now(), subject=subject)
    audit.write(connection(), event)
    connection().commit()
    return Response(status=204)


def _own_login_id() -> UUID:
    login_id = principal().login_id
    assert login_id is not None  # whoever sends requests has logged in
    return login_id


def _password_faults(account: Any, raw: Any) -> list[Fault]:
    faults = []
    # A guess is counted, so it is one only in a body that says what it should.
    is_a_guess = not PasswordIn().validate(raw)
    if is_a_guess and check_password(account.email, raw["current_password"]) is None:
        faults.append(Fault("/current_password", "Is not the present password."))
    new = raw.get("new_password") if isinstance(raw, Mapping) else None
    personal = (account.display_name, account.email.partition("@")[0])
    if isinstance(new, str) and (weakness := passwords.weakness(new, personal)):
        faults.append(Fault("/new_password", weakness))
    return faults


def _own_account() -> Any:
    return connection().execute(select(Account).where(Account.id == principal().account_id)).one()


@blp.serve("GET", "/v1/me/logins", "self.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, LoginPage)
def list_logins(query: dict[str, Any]) -> Response:
    """Your open logins at this clinic, newest first."""
    statement = (
        select(Login)
        .where(*_own_logins(), Login.ended_at.is_(None), Login.expires_at > now())
        .where(Login.refreshed_at > now() - logins.lifetime(principal().role).idle)
        .order_by(Login.created_at.desc(), Login.id)
    )
    position = after(query["cursor"])
    if position is not None:
        at, last_id = cursor_instant(position)
        same = and_(Login.created_at == at, Login.id > last_id)
        statement = statement.where((Login.created_at < at) | same)
    rows = connection().execute(statement.limit(query["limit"] + 1)).all()
    connection().commit()
    items = [_as_shown(row) for row in rows[: query["limit"]]]
    following = None
    if len(rows) > query["limit"]:
        following = cursor_of(f"{items[-1]['created_at'].isoformat()}\n{items[-1]['id']}")
    return page(items, following)


def _as_shown(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "device_id": row.device_id,
        "user_agent": row.user_agent,
        "created_at": row.created_at,
        "refreshed_at": row.refreshed_at,
        "expires_at": row.expires_at,
        "current": row.id == principal().login_id,
    }


@blp.serve("DELETE", "/v1/me/logins/<uuid:login_id>", "self.write", problems=("not-found",))
@blp.response(204)
def end_login(login_id: UUID) -> Response:
    """End one of your logins, as after losing a phone."""
    own = select(Login.id).where(*_own_logins(), Login.id == login_id)
    if connection().execute(own).first() is None:
        raise NotYours("No such login.", "self.write", ("login", login_id))
    if not _end_login(login_id, "ended by its owner"):
        raise NotFound("No such login.")
    connection().commit()
    return Response(status=204)


def _own_logins() -> tuple[Any, ...]:
    who = principal()
    return (Login.clinic_id == who.clinic_id, Login.membership_id == who.membership_id)

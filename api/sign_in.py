"""Signing in, by whatever way: the password looked at, the tokens handed out."""

from typing import Any
from uuid import UUID

from flask import Response, g, request
from flask_jwt_extended import set_access_cookies, set_refresh_cookies
from marshmallow import Schema, fields, validate

from api import auth
from api.auth import connection, now, services
from api.replies import reply
from api.tokens import tokens
from care import audit, logins, passwords, throttles
from care.logins import Device, Grant


class UserOut(Schema):
    """Who is logged in; `id` is the membership's."""

    id = fields.UUID(required=True)
    role = fields.String(
        required=True, validate=validate.OneOf(["patient", "clinician", "front_desk", "admin"])
    )
    display_name = fields.String(required=True)
    clinic_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True, allow_none=True)


class TokensOut(Schema):
    """Both tokens are null where cookies were asked for."""

    access_token = fields.String(required=True, allow_none=True)
    refresh_token = fields.String(required=True, allow_none=True)
    user = fields.Nested(UserOut, required=True)


def check_password(email: str, password: str) -> Any | None:
    """The account whose password this is, None if there is none; the attempt is counted first.

    Commits on its own, whatever the caller does next: what was guessed was guessed.
    """
    keys, address = services().keys, request.remote_addr
    with services().database.begin(write=True) as own:
        familiar = logins.is_familiar(own, email, throttles.network_hash(keys, address), now())
        attempt = throttles.attempt_keys(keys, email, address, familiar=familiar)
        throttles.book(own, attempt, now())
        own.commit()
    with services().database.begin(write=False) as own:
        account = logins.find_account(own, email)
    stored = None if account is None or account.disabled_at else account.password_hash
    if passwords.verify(stored, password):
        with services().database.begin(write=True) as own:
            throttles.take_back(own, attempt)
            own.commit()
        return account
    _note_failure(None if account is None else account.id)
    connection().commit()
    return None


def _note_failure(account_id: UUID | None) -> None:
    """One row whoever it was; somebody known was changing their own password."""
    if "principal" not in g:
        audit.write_login_failure(connection(), account_id, now(), origin=auth.origin())
        return
    subject, outcome = ("account", account_id), "failed"
    event = audit.event_values(
        auth.principal(), "password.change", now(), subject=subject, outcome=outcome
    )
    audit.write(connection(), event)


def this_device(device_id: str | None) -> Device:
    """What is known of the device this request comes from."""
    agent = request.user_agent.string[:200]
    printable = "".join(character for character in agent if character.isprintable())
    network_hash = throttles.network_hash(services().keys, request.remote_addr)
    return Device(device_id, printable or None, auth.origin(), network_hash)


def signed_in(grant: Grant, *, cookies: bool, status: int = 200) -> Response:
    """The answer to a login, an accepted invitation and a refresh alike."""
    access_token, refresh_token = tokens(grant, now())
    user = {
        "id": grant.membership_id,
        "role": grant.role,
        "display_name": grant.display_name,
        "clinic_id": grant.clinic_id,
        "patient_id": grant.patient_id,
    }
    shown = (None, None) if cookies else (access_token, refresh_token)
    answer = reply({"access_token": shown[0], "refresh_token": shown[1], "user": user}, status)
    if cookies:
        set_access_cookies(answer, access_token)
        set_refresh_cookies(answer, refresh_token)
    return answer

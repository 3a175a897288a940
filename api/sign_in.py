"""Signing in, by whatever way: the password looked at, the tokens handed out."""

from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, validate

from api import auth
from api.auth import connection, now, services
from api.replies import reply
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
    attempt = throttles.attempt_keys(services().keys, email, request.remote_addr)
    with services().database.begin(write=True) as own:
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
    address = auth.shortened(request.remote_addr)
    account_id = None if account is None else account.id
    audit.write_login_failure(connection(), account_id, now(), address=address)
    connection().commit()
    return None


def this_device(device_id: str | None) -> Device:
    """What is known of the device this request comes from."""
    agent = request.user_agent.string[:200]
    printable = "".join(character for character in agent if character.isprintable())
    return Device(device_id, printable or None, auth.origin())


def signed_in(grant: Grant, *, cookies: bool, status: int = 200) -> Response:
    """The answer to a login, an accepted invitation and a refresh alike."""
    access_token, refresh_token = auth.tokens(grant)
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
        auth.set_cookies(answer, access_token, refresh_token)
    return answer

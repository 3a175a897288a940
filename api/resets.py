"""/v1/auth/reset: the way back in for who has forgotten their password."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from marshmallow import Schema

from api import auth
from api.auth import connection, now, services
from api.bodies import read_json
from api.fields import Email, Text
from api.routes import Routes, load
from care import passwords, resets, throttles
from care.access import PUBLIC
from care.refusals import Fault

blp = Routes("resets", "A new password, by e-mail.")


class ResetIn(Schema):
    """Who wants to set a new password."""

    email = Email(required=True)


class NewPasswordIn(Schema):
    """The password to have from now on."""

    new_password = Text(passwords.MAXIMUM_LENGTH, required=True)


@blp.serve("POST", "/v1/auth/reset", PUBLIC, problems=("too-many-attempts",))
@blp.arguments(ResetIn)
@blp.response(204)
def ask_for_reset(body: dict[str, Any]) -> Response:
    """Ask for a letter with a link that sets a new password.

    The same answer in the same time, whether the address has an account or none.
    """
    attempt = throttles.reset_keys(services().keys, body["email"], request.remote_addr)
    throttles.book(connection(), attempt, now())
    resets.ask(connection(), body["email"], now())
    connection().commit()
    return Response(status=204)


@blp.serve(
    "POST",
    "/v1/auth/reset/<token>",
    PUBLIC,
    problems=("not-found", "gone", "invalid", "unreadable", "unsupported-media-type"),
    requestBody={"required": True, "content": {"application/json": {"schema": NewPasswordIn}}},
)
@blp.response(204)
def reset_password(token: str) -> Response:
    """Set a new password: once, within the hour. Every login of the account ends."""
    raw = read_json(request)
    reset_id = services().keys.reset_id(token)
    with services().database.begin(write=False) as own:
        reset = resets.find(own, reset_id)
    body = load(NewPasswordIn(), raw, _weaknesses(reset, raw))
    resets.refuse_unless_open(reset, now())
    hashed = passwords.hash_password(body["new_password"])
    reset = resets.find(connection(), reset_id)  # locked: of two at once, one sets the password
    resets.refuse_unless_open(reset, now())
    resets.carry_out(connection(), reset, hashed, now(), origin=auth.origin())
    connection().commit()
    return Response(status=204)


def _weaknesses(reset: Any, raw: Any) -> list[Fault]:
    """What this reset, while it is open, asks of the password."""
    new = raw.get("new_password") if isinstance(raw, Mapping) else None
    if not isinstance(new, str) or not resets.is_open(reset, now()):
        return []
    weakness = passwords.weakness(new, (reset.display_name, reset.email.partition("@")[0]))
    return [Fault("/new_password", weakness)] if weakness else []

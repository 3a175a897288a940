"""Password resets asked for as anybody would, and the token their letter carries."""

from typing import Any

from sqlalchemy import select

from models.password_reset import PasswordReset
from tests.people import Person, World, fresh_address

NEW = "seven-green-lanterns"


def ask(world: World, email: str, address: str | None = None) -> Any:
    """The answer to somebody without a token."""
    environ = {"REMOTE_ADDR": address or fresh_address()}
    return world.client().post("/v1/auth/reset", json={"email": email}, environ_base=environ)


def token_of(world: World, person: Person) -> str:
    """The token of a reset this person has just asked for."""
    assert ask(world, person.email).status_code == 204
    theirs = select(PasswordReset.id).where(PasswordReset.account_id == person.account_id)
    newest = world.rows(theirs.order_by(PasswordReset.created_at.desc()))[0].id
    return world.services.keys.reset_token(newest)


def use(world: World, token: str, password: str = NEW) -> Any:
    """The answer to a new password for that token."""
    body = {"new_password": password}
    environ = {"REMOTE_ADDR": fresh_address()}
    return world.client().post(f"/v1/auth/reset/{token}", json=body, environ_base=environ)

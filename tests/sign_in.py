"""Signing in and staying signed in as a client does it, from an address nobody else has."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

from sqlalchemy import insert

from models.membership import Membership
from tests.conftest import Clock
from tests.people import PASSWORD, ZONE, Person, World, fresh_address

OTHER_PASSWORD = "wrong-horse-battery"


class Still:
    """Time that passes only when told to."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def pass_by(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@contextmanager
def stopped() -> Iterator[Still]:
    """The app's clock, standing still at the present; tokens' own `exp` keeps real time."""
    still = Still()
    with mock.patch.object(Clock, "__call__", lambda _clock: still.now):
        yield still


def log_in(world: World, email: str, password: str = PASSWORD, **more: Any) -> Any:
    """The answer to a login; `address` and `headers` say where from, the rest is the body's."""
    environ = {"REMOTE_ADDR": more.pop("address", None) or fresh_address()}
    headers = more.pop("headers", {})
    body = {"email": email, "password": password, **more}
    return world.client().post("/v1/auth/login", json=body, headers=headers, environ_base=environ)


def refresh(world: World, token: str, **more: Any) -> Any:
    """The answer to a refresh token sent in the body."""
    return world.client().post("/v1/auth/refresh", json={"refresh_token": token, **more})


def is_open(world: World, token: str) -> bool:
    """Whether an access token is still good for anything."""
    answer = world.client().get("/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in (200, 401), answer.json
    return bool(answer.status_code == 200)


def second_place(world: World, person: Person, role: str = "clinician", **given: Any) -> Any:
    """Another clinic where the person's account has a place; answers the membership's id."""
    row = {
        "clinic_id": world.clinic(**given),
        "id": person.account_id,  # free there: ids are unique within their clinic
        "account_id": person.account_id,
        "role": role,
        "timezone": ZONE,
        "language": "en",
        "created_at": world.now,
    }
    with world.services.database.begin(write=True) as connection:
        connection.execute(insert(Membership).values(**row))
        connection.commit()
    return row["id"]

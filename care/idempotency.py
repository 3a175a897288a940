"""Sending a creating request again creates nothing: the key is claimed with what it created."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from care.principal import Principal
from care.refusals import KeyReused
from models.db import new_id
from models.idempotency_key import IdempotencyKey


def claim(
    connection: Connection, principal: Principal, sent: tuple[str | None, str], now: datetime
) -> tuple[UUID, bool]:
    """(object id, True) when it is to be created, (its id, False) when it was already.

    `sent` is the Idempotency-Key, or None, and the request's digest. KeyReused when the same key
    came with another request. Two requests at once with one key: the second waits for the first.
    """
    key, digest = sent
    object_id = new_id()
    if key is None:
        return object_id, True
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    claimed = connection.execute(
        dialect.insert(IdempotencyKey).on_conflict_do_nothing().returning(IdempotencyKey.key),
        {
            "clinic_id": principal.clinic_id,
            "membership_id": principal.membership_id,
            "key": key,
            "request_hash": digest,
            "object_id": object_id,
            "created_at": now,
        },
    )
    if claimed.first() is not None:
        return object_id, True
    earlier = connection.execute(
        select(IdempotencyKey.request_hash, IdempotencyKey.object_id).where(
            IdempotencyKey.clinic_id == principal.clinic_id,
            IdempotencyKey.membership_id == principal.membership_id,
            IdempotencyKey.key == key,
        )
    ).one()
    if earlier.request_hash != digest:
        raise KeyReused("This Idempotency-Key was sent before with another request.")
    return earlier.object_id, False

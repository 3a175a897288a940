"""The rating scales a clinic has: those we ship and its own, each revision of them kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, select

from care import audit
from care.principal import Principal
from care.refusals import BaseMissing, Conflict, Fault, Invalid, NotFound, Stale
from clinical.instruments import (
    INSTRUMENTS,
    SHIPPED_FILES,
    BadInstrument,
    Instrument,
    differences,
    read,
)
from models.clinic import Clinic
from models.clinic_instrument import ClinicInstrument

# Scales of its own that a clinic may have, retired ones with them: each list of scales has all.
MOST_OWN = 50
_MOST_FAULTS = 100  # more would help nobody


def own(connection: Connection, clinic_id: UUID) -> dict[str, Instrument]:
    """Every scale of the clinic by its key: ours, and its own by the newest revision.

    A retired one of its own stays, marked, for what was filled in; one that has the key of ours
    gives way to ours.
    """
    newest = _newest(clinic_id)
    found = connection.execute(select(ClinicInstrument).where(*_in(clinic_id), newest))
    scales = dict(INSTRUMENTS)
    for row in found:
        if not row.retired or row.key not in INSTRUMENTS:
            scales[row.key] = _of_row(row)
    return scales


def form_of(connection: Connection, clinic_id: UUID, stored: Any) -> Instrument:
    """The scale as it was when this assessment was filled in."""
    return forms_of(connection, clinic_id, [stored])[stored.id]


def forms_of(
    connection: Connection, clinic_id: UUID, stored: Sequence[Any]
) -> dict[UUID, Instrument]:
    """The scale of each of these assessments as it was when it was filled in, by their ids."""
    wanted = {(one.instrument, one.instrument_revision) for one in stored}
    keys = {key for key, revision in wanted if revision is not None}
    scales: dict[tuple[str, int | None], Instrument] = {
        (key, None): scale for key, scale in INSTRUMENTS.items()
    }
    if keys:
        mine = select(ClinicInstrument).where(*_in(clinic_id), ClinicInstrument.key.in_(keys))
        for row in connection.execute(mine):
            scales[row.key, row.revision] = _of_row(row)
    return {one.id: scales[one.instrument, one.instrument_revision] for one in stored}


@dataclass(frozen=True, slots=True)
class Stored:
    """A clinic's own file as it is stored; `revision` counts its changes."""

    key: str
    revision: int
    text: str
    retired: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class File:
    """The file behind a scale; of ours, `revision` and `created_at` are None."""

    key: str
    own: bool
    revision: int | None
    retired: bool
    created_at: datetime | None
    text: str
    scale: Instrument


def every_own(connection: Connection, clinic_id: UUID) -> list[Instrument]:
    """The clinic's own scales by key, retired ones too."""
    newest = select(ClinicInstrument).where(*_in(clinic_id), _newest(clinic_id))
    return [_of_row(row) for row in connection.execute(newest.order_by(ClinicInstrument.key))]


def file_of(connection: Connection, clinic_id: UUID, key: str) -> File | None:
    """The clinic's own file, retired or not, or else ours; None where there is neither."""
    row = stored(connection, clinic_id, key)
    if row is not None:
        scale = _of_row(row)
        return File(key, True, row.revision, row.retired, row.created_at, row.text, scale)
    if key in SHIPPED_FILES:
        return File(key, False, None, False, None, SHIPPED_FILES[key], INSTRUMENTS[key])
    return None


def stored(connection: Connection, clinic_id: UUID, key: str) -> Stored | None:
    """The newest revision of the clinic's own file; None where it has none of this key."""
    mine = select(ClinicInstrument).where(*_in(clinic_id), ClinicInstrument.key == key)
    newest = mine.order_by(ClinicInstrument.revision.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    if row is None:
        return None
    return Stored(row.key, row.revision, row.text, row.retired, row.created_at)


def put(
    connection: Connection,
    principal: Principal,
    file: tuple[str, str],
    base: int | None,
    now: datetime,
) -> Stored:
    """The file (its key and its text) as the clinic's own, in a new revision.

    Invalid names every fault. Conflict where answers stored under this key would be scored in
    another way: such a scale needs a key of its own. The same text again changes nothing.
    """
    key, text = file
    scale = _checked(key, text)
    before = _locked(connection, principal, key)
    if before is not None and before.text == text and not before.retired:
        return before
    _refuse_unseen(before, base)
    _refuse_another_meaning(scale, before)
    if before is None:
        _refuse_too_many(connection, principal)
    return _write(connection, principal, (before, key, text, False), now)


def retire(
    connection: Connection, principal: Principal, key: str, base: int | None, now: datetime
) -> Stored:
    """The clinic's own scale is offered no more; what was filled in stays as it was."""
    before = _locked(connection, principal, key)
    if before is None:
        raise NotFound("The clinic has no scale of its own by this key.")
    if before.retired:
        return before
    if base is not None and base != before.revision:
        raise Stale(before.revision)
    return _write(connection, principal, (before, key, before.text, True), now)


def _in(clinic_id: UUID) -> tuple[Any, ...]:
    return (ClinicInstrument.clinic_id == clinic_id,)


def _newest(clinic_id: UUID) -> Any:
    inner = ClinicInstrument.__table__.alias("revisions")
    last = select(func.max(inner.c.revision)).where(
        inner.c.clinic_id == clinic_id, inner.c.key == ClinicInstrument.key
    )
    return ClinicInstrument.revision == last.correlate(ClinicInstrument).scalar_subquery()


@lru_cache(maxsize=256)
def _read(text: str, key: str) -> Instrument:
    return read(text, key)  # a file that was checked once is read again at every request


def _of_row(row: Any) -> Instrument:
    scale = _read(row.text, row.key)
    return replace(scale, own=True, revision=row.revision, retired=row.retired)


def _checked(key: str, text: str) -> Instrument:
    try:
        scale = read(text, key)
    except BadInstrument as refused:
        faults = refused.faults[:_MOST_FAULTS]
        raise Invalid([Fault("/toml", fault) for fault in faults]) from None
    shipped = INSTRUMENTS.get(key)
    differing = [] if shipped is None else differences(scale, shipped)
    if differing:
        told = "scores otherwise than ours of this key; use another key, or leave as they are: "
        raise Invalid([Fault("/toml", told + ", ".join(differing))])
    return scale


def _locked(connection: Connection, principal: Principal, key: str) -> Stored | None:
    """The newest revision, with nobody else writing one of this clinic's meanwhile."""
    clinic = select(Clinic.clinic_id).where(Clinic.clinic_id == principal.clinic_id)
    connection.execute(clinic.with_for_update(key_share=True))
    return stored(connection, principal.clinic_id, key)


def _refuse_unseen(before: Stored | None, base: int | None) -> None:
    if before is None:
        if base:
            raise Stale(0)
        return
    if base is None:
        raise BaseMissing(before.revision)
    if base != before.revision:
        raise Stale(before.revision)


def _refuse_another_meaning(scale: Instrument, before: Stored | None) -> None:
    differing = [] if before is None else differences(scale, _read(before.text, scale.key))
    if differing:
        told = "Answers stored under this key would be scored otherwise. Use another key, or leave "
        raise Conflict(told + "as they are: " + ", ".join(differing) + ".")


def _refuse_too_many(connection: Connection, principal: Principal) -> None:
    keys = select(func.count(ClinicInstrument.key.distinct())).where(*_in(principal.clinic_id))
    if connection.scalars(keys).one() >= MOST_OWN:
        raise Conflict(f"A clinic has at most {MOST_OWN} scales of its own.")


def _write(
    connection: Connection,
    principal: Principal,
    told: tuple[Stored | None, str, str, bool],
    now: datetime,
) -> Stored:
    before, key, text, retired = told
    new = Stored(key, 1 if before is None else before.revision + 1, text, retired, now)
    columns: Mapping[str, Any] = {
        "key": key,
        "revision": new.revision,
        "text": text,
        "retired": retired,
        "created_at": now,
        "created_by": principal.membership_id,
    }
    statement = insert(ClinicInstrument).values(clinic_id=principal.clinic_id, **columns)
    connection.execute(statement)
    action = "instrument.retire" if retired else "instrument.change"
    event = audit.event_values(principal, action, now, subject=("clinic_instrument", key))
    audit.write(connection, event)
    return new

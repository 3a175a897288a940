"""/v1/instruments: rating scales with all a form needs; /v1/clinic/instruments: the own files."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, validate

from api.auth import connection, now, principal
from api.chart_rows import preconditions
from api.fields import Instant, Text
from api.preconditions import IF_MATCH, IF_NONE_MATCH, sent_base
from api.replies import ETAG_HEADER, page, reply, resource
from api.routes import Routes
from care import instruments
from care.refusals import NotFound
from clinical.instruments import (
    DIRECTIONS,
    ENTRIES,
    KEY,
    LONGEST_FILE,
    RATERS,
    SCORINGS,
    Instrument,
)

blp = Routes("instruments", "Rating scales.")


def _code(codes: tuple[str, ...]) -> fields.String:
    return fields.String(validate=validate.OneOf(codes))


class _Shown(Schema):
    """Every key is always there; what a scale does not have is null."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = True


class GateOut(_Shown):
    """Asked unless `item` was answered below `at_least`."""

    item = fields.Integer()
    at_least = fields.Integer()


class _Question(_Shown):
    minimum = fields.Integer()
    maximum = fields.Integer()
    text = fields.String(allow_none=True)
    label = fields.String(allow_none=True)
    answers = fields.List(fields.String())
    loinc = fields.String(allow_none=True)
    gate = fields.Nested(GateOut, allow_none=True)


class InstrumentItem(_Question):
    """One question of a scale."""

    number = fields.Integer()
    low_end = fields.String(allow_none=True)
    high_end = fields.String(allow_none=True)
    never_imputed = fields.Boolean()
    is_reversed = fields.Boolean()


class InstrumentExtra(_Question):
    """A question beside the items, which no total counts."""

    key = fields.String()
    is_needed = fields.Boolean()


class BandOut(_Shown):
    """What totals from the lowest to the highest of these are called."""

    minimum = fields.Float()
    maximum = fields.Float()
    label = fields.String()


class DomainOut(_Shown):
    """Items that belong together."""

    name = fields.String()
    items = fields.List(fields.Integer())


class SafetyItemOfScale(_Shown):
    """The item about suicide."""

    item = fields.Integer()
    task_from = fields.Integer()
    urgent_from = fields.Integer(allow_none=True)


class InstrumentOut(_Shown):
    """One rating scale: its questions, how they are scored, and what its totals mean."""

    key = fields.String()
    name = fields.String()
    rater = _code(RATERS)
    recall_days = fields.Integer(allow_none=True)
    entry = _code(ENTRIES)
    entry_note = fields.String(allow_none=True)
    language = fields.String(allow_none=True)
    stem = fields.String(allow_none=True)
    items = fields.List(fields.Nested(InstrumentItem))
    extra = fields.List(fields.Nested(InstrumentExtra))
    notice = fields.String(allow_none=True)
    scoring = _code(SCORINGS)
    scored_items = fields.List(fields.Integer())
    domains = fields.List(fields.Nested(DomainOut))
    t_table = fields.List(fields.Float())
    prorate_from = fields.Integer(allow_none=True)
    total_minimum = fields.Float(allow_none=True)
    total_maximum = fields.Float(allow_none=True)
    direction = _code(DIRECTIONS)
    bands = fields.List(fields.Nested(BandOut))
    remission_at_most = fields.Float(allow_none=True)
    remission_at_least = fields.Float(allow_none=True)
    response_share = fields.Float(allow_none=True)
    reliable_change = fields.Float(allow_none=True)
    meaningful_change = fields.Float(allow_none=True)
    worsening = fields.Float(allow_none=True)
    caseness = fields.Float(allow_none=True)
    change_source = fields.String(allow_none=True)
    safety = fields.Nested(SafetyItemOfScale, allow_none=True)
    loinc_panel = fields.String(allow_none=True)
    loinc_total = fields.String(allow_none=True)
    loinc_level = fields.String(allow_none=True)
    loinc_answers = fields.List(fields.String())
    licence = fields.String()
    source = fields.String()
    unconfirmed = fields.List(fields.String())
    own = fields.Boolean()
    revision = fields.Integer(allow_none=True)
    retired = fields.Boolean()


class InstrumentList(Schema):
    """Every scale that is offered, by key: all of them on one page."""

    items = fields.List(fields.Nested(InstrumentOut), required=True)
    next = fields.String(required=True, allow_none=True)


class InstrumentFile(Schema):
    """A scale as a file, of the same format as those we ship."""

    toml = Text(LONGEST_FILE, required=True)


class OwnInstrumentOut(_Shown):
    """The file behind a scale: the clinic's own, or ours to begin with."""

    key = fields.String()
    own = fields.Boolean()
    revision = fields.Integer(allow_none=True)
    retired = fields.Boolean()
    created_at = Instant(allow_none=True)
    toml = fields.String()
    instrument = fields.Nested(InstrumentOut)


class OwnInstrumentEntry(_Shown):
    """One scale of the clinic's own."""

    key = fields.String()
    name = fields.String()
    revision = fields.Integer()
    retired = fields.Boolean()


class OwnInstrumentList(Schema):
    """The clinic's own scales, by key: all of them on one page."""

    items = fields.List(fields.Nested(OwnInstrumentEntry), required=True)
    next = fields.String(required=True, allow_none=True)


_OWN = "/v1/clinic/instruments"
_TAG_OF_OURS = "r0"


@blp.serve("GET", "/v1/instruments", "instruments.read", parameters=[IF_NONE_MATCH])
@blp.response(200, InstrumentList, headers=ETAG_HEADER)
def list_instruments() -> Response:
    """The rating scales this clinic offers, with all that is needed to draw and score them."""
    scales = _all()
    offered = [asdict(scales[key]) for key in sorted(scales) if not scales[key].retired]
    return resource({"items": offered, "next": None})


@blp.serve(
    "GET",
    "/v1/instruments/<key>",
    "instruments.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.response(200, InstrumentOut, headers=ETAG_HEADER)
def get_instrument(key: str) -> Response:
    """One rating scale, offered or retired."""
    scale = _all().get(key)
    if scale is None:
        raise NotFound("No such scale in this clinic.")
    return resource(asdict(scale))


@blp.serve("GET", _OWN, "clinic.read")
@blp.response(200, OwnInstrumentList)
def list_own_instruments() -> Response:
    """The scales the clinic has added, or worded for itself; retired ones too."""
    found = instruments.every_own(connection(), principal().clinic_id)
    connection().commit()
    names = tuple(OwnInstrumentEntry().fields)
    return page([{name: getattr(one, name) for name in names} for one in found], None)


@blp.serve(
    "GET",
    f"{_OWN}/<key>",
    "clinic.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.response(200, OwnInstrumentOut, headers=ETAG_HEADER)
def get_own_instrument(key: str) -> Response:
    """The file behind a scale: the clinic's own, or ours to copy and change."""
    return _shown(_named(key), 200)


@blp.serve(
    "PUT",
    f"{_OWN}/<key>",
    "instruments.write",
    problems=("not-found", "conflict", "precondition-failed", "precondition-required"),
    parameters=[IF_MATCH],
)
@blp.arguments(InstrumentFile)
@blp.response(200, OwnInstrumentOut, headers=ETAG_HEADER, description="Changed, or the same.")
@blp.alt_response(201, schema=OwnInstrumentOut, headers=ETAG_HEADER, description="Added.")
def put_own_instrument(body: dict[str, Any], key: str) -> Response:
    """Add a scale, or word one of ours; every revision is kept, and old answers keep theirs.

    The file is checked whole, and every fault named. One that would score stored answers in another
    way is refused: it needs a key of its own.
    """
    file = (_named(key), body["toml"])
    with preconditions():
        stored = instruments.put(connection(), principal(), file, _base(), now())
    return _shown(key, 201 if stored.created_at == now() and stored.revision == 1 else 200)


@blp.serve(
    "POST",
    f"{_OWN}/<key>/retire",
    "instruments.write",
    problems=("not-found", "precondition-failed"),
    parameters=[IF_MATCH],
)
@blp.response(200, OwnInstrumentOut, headers=ETAG_HEADER)
def retire_own_instrument(key: str) -> Response:
    """Offer it no more; what was filled in stays. One of ours is as we ship it again."""
    with preconditions():
        instruments.retire(connection(), principal(), _named(key), sent_base(), now())
    return _shown(key, 200)


def _all() -> Mapping[str, Instrument]:
    scales = instruments.own(connection(), principal().clinic_id)
    connection().commit()
    return scales


def _named(key: str) -> str:
    """The key, where it can be one at all."""
    if re.fullmatch(KEY, key) is None:
        raise NotFound("No such scale in this clinic.")
    return key


def _base() -> int | None:
    """The revision seen: 0 for whoever saw ours, before there was one of the clinic's."""
    if_match = request.headers.get("If-Match", "").strip()
    return 0 if if_match == f'"{_TAG_OF_OURS}"' else sent_base()


def _shown(key: str, status: int) -> Response:
    file = instruments.file_of(connection(), principal().clinic_id, key)
    connection().commit()
    if file is None:
        raise NotFound("No such scale in this clinic.")
    shown = {name: getattr(file, name) for name in ("key", "own", "revision", "retired")}
    shown |= {"created_at": file.created_at, "toml": file.text, "instrument": asdict(file.scale)}
    return reply(shown, status, etag=f"r{file.revision}" if file.own else _TAG_OF_OURS)

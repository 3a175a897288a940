"""What all rows of a chart share: their common fields, pages, keys, preconditions."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, missing
from sqlalchemy import and_, or_, select

from api.auth import connection, now, principal
from api.fields import Instant, Limited, Text
from api.preconditions import request_digest, sent_key
from api.problems import Problem
from api.replies import after, cursor_instant, cursor_of
from care import access, idempotency, rows
from care.principal import Chart
from care.refusals import BaseMissing, Stale
from clinical.chart import SOURCES

_MOST_CONFIRMED = 20


def confirmed() -> Limited:
    """The field in which a sender stands by what was asked about."""
    words = "The pointers of unlikely values you stand by, after `/problems/questions`."
    return Limited(Text(200), _MOST_CONFIRMED, load_default=list, metadata={"description": words})


def note_field(**kwargs: Any) -> Text:
    """Free text for whoever reads the chart."""
    words = "Free text, for whoever reads the chart."
    return Text(4000, metadata={"description": words}, **kwargs)


class Written(Schema):
    """What is known of every row: which it is, and who wrote it when."""

    id = fields.UUID()
    revision = fields.Integer(metadata={"description": "How often it was written; its ETag."})
    created_at = Instant()
    created_by = fields.UUID(
        metadata={"description": "The membership that entered it; null for the server itself."}
    )

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Every key is always there; a value nobody gave is null."""
        field_obj.required = True
        if field_name in ("voided_at", "voided_by", "void_reason", "created_by"):
            field_obj.allow_none = True


class Marked(Written):
    """The same of a row that can be void, and who took it back."""

    voided_at = Instant(metadata={"description": "When it was voided; null while it counts."})
    voided_by = fields.UUID(metadata={"description": "The membership that voided it."})
    void_reason = fields.String(metadata={"description": "Why it was entered in error."})


class Stored(Marked):
    """A fact, with where it comes from."""

    source = fields.String(
        metadata={
            "description": "Who says so: `staff`, the `patient`, or an `import`.",
            "enum": list(SOURCES),
        }
    )


def changes(sent: type[Schema], name: str) -> type[Schema]:
    """The schema of a change: of the fields of a new one, only what is sent is changed."""
    partial = {}
    for key, declared in sent._declared_fields.items():
        partial[key] = deepcopy(declared)
        partial[key].required, partial[key].load_default = False, missing
    schema: type[Schema] = Schema.from_dict(partial, name=name)
    schema.__doc__ = "Only what is sent is changed."
    return schema


def entered(patient_id: UUID | None) -> Chart:
    """The patient's own chart, or one that staff have been let in to."""
    if patient_id is None:
        return access.own_chart(principal())
    return access.chart(connection(), principal(), patient_id, now())


def claimed(body: Mapping[str, Any]) -> tuple[UUID, bool]:
    """The id of what this request creates, and whether it is to be created still."""
    return idempotency.claim(connection(), principal(), (sent_key(), request_digest(body)), now())


def revision_tag(row: Any) -> str:
    return f"r{row.revision}"


@contextmanager
def preconditions() -> Iterator[None]:
    """In it, the refusal of a change carries the tag of the present state."""
    try:
        yield
    except (Stale, BaseMissing) as refusal:
        etag = f'"r{refusal.revision}"'
        raise Problem(refusal.slug, refusal.detail).with_headers(ETag=etag) from None


def newest_first(
    table: Any, chart: Chart, query: Mapping[str, Any], *conditions: Any
) -> tuple[Sequence[Any], str | None]:
    """A page of the patient's rows, the last entered first, and the cursor of the next."""
    statement = select(table).where(*rows.of_chart(table, chart), *conditions)
    position = after(query["cursor"])
    if position is not None:
        at, last_id = cursor_instant(position)
        same = and_(table.created_at == at, table.id < last_id)
        statement = statement.where(or_(table.created_at < at, same))
    statement = statement.order_by(table.created_at.desc(), table.id.desc())
    found = connection().execute(statement.limit(query["limit"] + 1)).all()
    kept = found[: query["limit"]]
    if len(found) == len(kept):
        return kept, None
    return kept, cursor_of(f"{kept[-1].created_at.isoformat()}\n{kept[-1].id}")

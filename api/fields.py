"""Field types that take what they say and nothing that merely resembles it."""

import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

from marshmallow import Schema, ValidationError, fields, validate

from clinical.days import timezones

_INSTANT = re.compile(
    r"(19|20|21)\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-][01]\d:[0-5]\d)",
    re.ASCII,
)
# A clinic's own measure is named by one of these (an ECMA regular expression without anchors).
MEASURE_KEY = "[a-z][a-z0-9_]{0,31}"
_DIGITS = re.compile(r"[0-9]{1,9}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
# What api/bodies.py refuses in any text, said in the contract's words.
_CONTROLS = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
_SAYS_SOMETHING = rf"^[^{_CONTROLS}]*[^\s{_CONTROLS}][^{_CONTROLS}]*$"
_ANY_TEXT = rf"^[^{_CONTROLS}]*$"


def optional(field: fields.Field[Any]) -> fields.Field[Any]:
    """The field where a value nobody gave is null, whether sent as null or left out."""
    field.required, field.allow_none, field.load_default = False, True, None
    return field


_Judged = TypeVar("_Judged", bound=fields.Field[Any])
_left_below: ContextVar[bool] = ContextVar("left_below", default=False)


class _JudgedRange(validate.Range):
    def __call__(self, value: Any) -> Any:
        return value if _left_below.get() else super().__call__(value)


def judged(field: _Judged) -> _Judged:
    """The number whose bounds the floors below hold too, in a schema that is `JudgedBelow`."""
    field.validators = [
        _JudgedRange(one.min, one.max, error=one.error) if isinstance(one, validate.Range) else one
        for one in field.validators
    ]
    return field


class JudgedBelow(Schema):
    """A body in which, where nothing but `judged` bounds is broken, the floors below name that
    beside all else that is wrong with the record: one answer has every fault."""

    def load(self, data: Any, **kwargs: Any) -> Any:
        try:
            return super().load(data, **kwargs)
        except ValidationError as error:
            token = _left_below.set(True)
            try:
                return super().load(data, **kwargs)
            except ValidationError:
                raise error from None
            finally:
                _left_below.reset(token)


class Whole(fields.Integer):
    """A JSON integer from `low` to `high`: not 5.0, "5" or true. `told` says so in other words."""

    def __init__(self, low: int, high: int, *, told: str | None = None, **kwargs: Any) -> None:
        self.range_text = told or f"Must be a whole number from {low} to {high}."
        within = validate.Range(low, high, error=self.range_text)
        super().__init__(strict=True, validate=within, **kwargs)

    def _validated(self, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError(self.range_text)
        return value


class QueryWhole(fields.Integer):
    """A whole number in a query, in plain digits: not "1_0", "+5" or another script's."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(low, high), **kwargs)

    def _validated(self, value: Any) -> int:
        if not isinstance(value, str) or not _DIGITS.fullmatch(value):
            raise ValidationError("Must be a whole number.")
        return int(value)


class Quarters(fields.Float):
    """A JSON number of hours in quarter hours, from 0 to 24."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(0, 24), **kwargs)
        self.metadata = {**self.metadata, "multipleOf": 0.25}

    def _validated(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError("Must be a number.")
        if float(value) * 4 % 1:  # true for the infinity that four times 1e308 is, too
            raise ValidationError("Must be in quarter hours.")
        return float(value)


class Number(fields.Float):
    """A JSON number from `low` to `high`: not "5" or true."""

    def __init__(self, low: float, high: float, *, told: str | None = None, **kwargs: Any) -> None:
        self._told = told or "Must be a number."
        super().__init__(validate=validate.Range(low, high, error=told), **kwargs)

    def _validated(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError(self._told)
        return float(value)


class QueryFlag(fields.Boolean):
    """`true` or `false` in a query, and nothing that merely resembles them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if value not in ("true", "false"):
            raise ValidationError("Must be true or false.")
        return bool(value == "true")


class YesNo(fields.Boolean):
    """JSON true or false; not 1, which a set of truths would take for true."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Must be true or false.")
        return value


class Limited(fields.List[Any]):
    """A list of at most `longest` items, counted before any is looked at."""

    def __init__(self, item: Any, longest: int, *rules: Any, **kwargs: Any) -> None:
        super().__init__(item, validate=[validate.Length(max=longest), *rules], **kwargs)
        self.longest = longest

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, list) and len(value) > self.longest:
            raise ValidationError(f"May have at most {self.longest} items.")
        return super()._deserialize(value, *args, **kwargs)


def each_once(items: list[Any]) -> None:
    """The rule of a list that is a set: name it with `uniqueItems` in the metadata."""
    if len(items) != len(set(items)):
        raise ValidationError("Something is listed twice.")


class ByKey(fields.Dict):
    """Values by key; the fault of a value is told at its key, where a JSON pointer finds it."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, *args, **kwargs)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            by_key = {key: list(kinds.values()) for key, kinds in error.messages.items()}
            raise ValidationError(by_key) from None


class Text(fields.String):
    """Text of at most `longest` characters; one that must say something is never blank."""

    def __init__(self, longest: int, *, shortest: int = 1, **kwargs: Any) -> None:
        rules: list[Any] = [validate.Length(shortest, longest)]
        if shortest:
            rules.append(validate.Regexp(r"[\s\S]*\S", error="Must not be blank."))
        super().__init__(validate=rules, **kwargs)
        pattern = _SAYS_SOMETHING if shortest else _ANY_TEXT
        self.metadata = {**self.metadata, "pattern": pattern}


class Code(fields.String):
    """One of a fixed set of codes."""

    def __init__(self, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(validate=validate.OneOf(list(codes)), **kwargs)


class Matching(fields.String):
    """Text of one documented pattern (an ECMA regular expression without anchors)."""

    def __init__(self, pattern: str, example: str, **kwargs: Any) -> None:
        rule = validate.Regexp(rf"^(?:{pattern})\Z", error=f"Must look like {example}.")
        super().__init__(validate=rule, **kwargs)
        self.metadata = {**self.metadata, "pattern": f"^(?:{pattern})$", "example": example}


class Instant(fields.Field[datetime]):
    """An RFC 3339 instant with its offset, to microseconds."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        problem = "Must be an RFC 3339 instant like 2026-11-23T20:14:09Z."
        if not isinstance(value, str) or not _INSTANT.fullmatch(value):
            raise ValidationError(problem)
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except ValueError:
            raise ValidationError(problem) from None


class Day(fields.Field[date]):
    """A calendar date, written YYYY-MM-DD and in no other way."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise ValidationError("Must be a date like 2026-11-23.")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError("There is no such date.") from None


class WallTime(fields.Field[time]):
    """A time on the wall clock, written HH:MM."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.metadata = {"pattern": f"^(?:{_TIME.pattern})$", **self.metadata}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> time:
        if not isinstance(value, str) or not _TIME.fullmatch(value):
            raise ValidationError("Must be a time like 04:00.")
        return time.fromisoformat(value)


class Timezone(fields.String):
    """An IANA zone name."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or value not in timezones():
            raise ValidationError("Must be an IANA time zone like Europe/Berlin.")
        return value


class Email(fields.Email):
    """An e-mail address, lower-cased."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(max=254), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        loaded = super()._deserialize(value, *args, **kwargs)
        return loaded.lower()


def country(**kwargs: Any) -> Matching:
    return Matching("[A-Z]{2}", "DE", **kwargs)


def language(**kwargs: Any) -> Matching:
    # Language, script, region, variant: 30 characters at most, of the 35 that are kept.
    return Matching("[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", "de", **kwargs)


class PageQuery(Schema):
    """How much of a list, and from where on."""

    limit = QueryWhole(
        1, 200, load_default=50, metadata={"description": "How many items at most.", "default": 50}
    )
    cursor = fields.String(
        load_default=None,
        validate=validate.Length(max=2000),  # an instant and an id, at most, need far less
        metadata={"description": "The `next` of the page before; opaque."},
    )


OPENAPI_TYPES: Mapping[type[fields.Field[Any]], tuple[str, str | None]] = {
    Instant: ("string", "date-time"),
    Day: ("string", "date"),
    WallTime: ("string", None),
    Timezone: ("string", "timezone"),
}

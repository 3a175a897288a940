"""Visits as plain values: what says the same, loses something, overlaps, and is asked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from clinical.visit_doubts import doubts, unsettled
from clinical.visits import COLUMNS, Around, Visit, faults, loses, overlap, same
from clinical.vitals import READINGS

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
AROUND = Around(NOON + timedelta(days=1), date(1980, 1, 1), datetime(2020, 1, 1, tzinfo=UTC))
DOSE = {
    "drug": "ketamine",
    "formulation": None,
    "route": "intravenous",
    "dose_mg": 35.0,
    "given_at": NOON,
    "duration_minutes": 40,
    "lot": None,
    "note": None,
}


def visit(*doses: dict[str, Any], readings: Any = None, **columns: Any) -> Visit:
    """A completed visit at noon, of two hours, unless something else is said."""
    said = {
        "status": "completed",
        "timezone": "UTC",
        "local_date": NOON.date(),
        "started_at": NOON,
        "stopped_at": NOON + timedelta(hours=2),
    }
    blank = dict.fromkeys((*COLUMNS, "local_date"))
    return Visit(blank | said | columns, doses or (DOSE,), readings or {})


def from_hours(start: float, long: float) -> Visit:
    began = NOON + timedelta(hours=start)
    return visit(started_at=began, stopped_at=began + timedelta(hours=long))


def reading(**values: int) -> dict[str, Any]:
    return dict.fromkeys(READINGS) | values


def test_the_order_of_doses_does_not_count() -> None:
    other = DOSE | {"dose_mg": 20.0}
    assert same(visit(DOSE, other), visit(other, DOSE))
    assert not same(visit(DOSE), visit(DOSE, DOSE))
    assert not same(visit(DOSE), visit(other))


def test_adding_loses_nothing_and_all_else_loses_something() -> None:
    bare = visit(readings={0: reading(moaas=5)})
    added = replace(bare, columns={**bare.columns, "note": "x"})
    more = replace(bare, vitals={0: reading(moaas=5), 40: reading(moaas=4)})
    assert not any(loses(bare, one) for one in (bare, added, more))
    assert all(loses(one, bare) for one in (added, more))
    assert loses(bare, replace(bare, vitals={0: reading(moaas=5, cadss=3)}))
    assert loses(bare, replace(bare, doses=()))
    assert not loses(replace(bare, doses=()), bare)
    moved = replace(bare, columns={**bare.columns, "local_date": date(2026, 1, 6)})
    assert not loses(bare, moved)  # the day follows from what was said


HOURS = st.integers(-40, 40).map(lambda quarters: quarters / 4)
LONG = st.integers(0, 20).map(lambda quarters: quarters / 4)


@given(HOURS, LONG, HOURS, LONG)
def test_two_visits_overlap_exactly_when_they_share_a_minute(
    one: float, long: float, other: float, longer: float
) -> None:
    a, b = from_hours(one, long), from_hours(other, longer)
    assert overlap(a, b) is overlap(b, a)

    def minutes(start: float, hours: float) -> set[int]:
        return set(range(int(start * 60), int(start * 60) + max(int(hours * 60), 1)))

    assert overlap(a, b) is bool(minutes(one, long) & minutes(other, longer))


def test_a_visit_without_an_end_takes_what_it_is_booked_for_or_what_its_route_does() -> None:
    open_ended = visit(stopped_at=None)
    assert open_ended.ends == NOON + timedelta(minutes=120)
    booked = visit(started_at=None, stopped_at=None, scheduled_at=NOON, scheduled_minutes=45)
    assert booked.ends == NOON + timedelta(minutes=45)
    spray = visit(DOSE | {"route": "intranasal"}, stopped_at=None)
    assert spray.ends == NOON + timedelta(minutes=150)  # two hours of observation, and before
    unsaid = replace(booked, doses=(), columns={**booked.columns, "scheduled_minutes": None})
    assert unsaid.ends == NOON + timedelta(minutes=120)
    planned = replace(unsaid, columns={**unsaid.columns, "planned": {"route": "intranasal"}})
    assert planned.ends == NOON + timedelta(minutes=150)


def test_an_ordinary_visit_has_no_fault_and_raises_no_doubt() -> None:
    one = visit(readings={0: reading(systolic_mmhg=130, diastolic_mmhg=80)}, weight_kg=70.0)
    assert faults(one, AROUND) == []
    assert doubts(one, AROUND) == []


def test_who_stood_by_a_value_is_asked_about_another_and_not_about_it() -> None:
    stored = visit(DOSE | {"dose_mg": 350.0}, weight_kg=70.0)
    assert [doubt.pointer for doubt in doubts(stored, AROUND)] == ["/doses/0/dose_mg"]
    shifted = visit(DOSE, DOSE | {"dose_mg": 350.0}, weight_kg=70.0)  # the same, further down
    assert unsettled(shifted, stored, AROUND) == []
    heavier = replace(stored, columns={**stored.columns, "weight_kg": 71.0})  # not the same dose
    assert [doubt.pointer for doubt in unsettled(heavier, stored, AROUND)] == ["/doses/0/dose_mg"]
    assert unsettled(stored, None, AROUND) == doubts(stored, AROUND)


def test_a_course_is_kept_by_the_calendar_whenever_the_patients_day_begins() -> None:
    # Begun at noon; for a patient whose day begins later it is still the day before.
    one = visit(local_date=NOON.date() - timedelta(days=1))
    first = replace(AROUND, course=(NOON.date(), None))
    assert faults(one, first) == []
    next_day = replace(AROUND, course=(NOON.date() + timedelta(days=1), None))
    assert [fault.pointer for fault in faults(one, next_day)] == ["/course_id"]
    over = replace(AROUND, course=(date(2026, 1, 1), NOON.date() - timedelta(days=1)))
    assert [doubt.pointer for doubt in doubts(one, over)] == ["/course_id"]


def test_an_effect_does_not_end_before_it_begins_nor_a_medicine_come_from_the_future() -> None:
    ends = {"code": "nausea", "severity": 1, "onset_minute": 20}
    right = visit(
        adverse_effects=[ends | {"offset_minute": 20}, ends],
        rescue_medications=[{"drug": "ondansetron", "given_at": "2026-01-05T12:30:00Z"}],
    )
    assert faults(right, AROUND) == []
    wrong = visit(
        adverse_effects=[ends, ends | {"offset_minute": 19}],
        rescue_medications=[{"drug": "ondansetron", "given_at": "2026-01-06T12:06:00Z"}],
    )
    assert [fault.pointer for fault in faults(wrong, AROUND)] == [
        "/adverse_effects/1/offset_minute",
        "/rescue_medications/0/given_at",  # a minute past what is allowed a device's clock
    ]


def test_a_holiday_is_a_date_on_the_wall_of_the_clinic() -> None:
    around = replace(AROUND, holidays=frozenset({date(2026, 2, 1)}))

    def asked(hour: int, timezone: str) -> bool:
        at = datetime(2026, 1, 31, tzinfo=UTC) + timedelta(hours=hour)
        booked = visit(
            status="booked", started_at=None, stopped_at=None, scheduled_at=at, timezone=timezone
        )
        return bool(doubts(replace(booked, doses=()), around))

    # Midnight of the 1st is 24:00 UTC in UTC, 23:00 in Berlin, 29:00 in New York.
    zones = {"UTC": 24, "Europe/Berlin": 23, "America/New_York": 29}
    for timezone, hour in zones.items():
        assert [asked(hour - 1, timezone), asked(hour, timezone)] == [False, True]
        assert [asked(hour + 23, timezone), asked(hour + 24, timezone)] == [True, False]

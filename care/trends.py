"""A patient's trend summary: which period is asked for, its tag, and the document itself."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection

from care import instruments, trend_inputs
from care.principal import Chart, Principal
from care.refusals import Fault, Invalid
from care.trend_document import Asked, compose
from care.trend_scales import overdue_screens, scales
from clinical.days import local_day
from clinical.periods import DEFAULT_PERIOD_DAYS, EARLIEST_DATE, LONGEST_PERIOD_DAYS, Period
from clinical.trends import METHOD_VERSION

_DEFAULT = timedelta(days=DEFAULT_PERIOD_DAYS - 1)


def asked_period(first: date | None, last: date | None, chart: Chart, now: datetime) -> Period:
    """The period meant: by default 28 days up to the patient's day; Invalid names every fault."""
    today = local_day(now, chart.timezone, chart.days.day_boundary_minutes)
    latest = today + timedelta(days=1)  # as with check-ins: a day of tolerance for travellers
    told = (("/from", first), ("/to", last))
    faults = [
        Fault(pointer, f"Must be from {EARLIEST_DATE} to {latest}.")
        for pointer, day in told
        if day is not None and not EARLIEST_DATE <= day <= latest
    ]
    last = last or today
    if first is None:
        first = max(min(last, latest), EARLIEST_DATE + _DEFAULT) - _DEFAULT
    elif first > last:
        faults.append(Fault("/from", "Must not be after `to`."))
    elif Period(first, last).days > LONGEST_PERIOD_DAYS:
        faults.append(Fault("/from", f"A period has at most {LONGEST_PERIOD_DAYS} days."))
    if faults:
        raise Invalid(faults)
    return Period(first, last)


def tag(
    connection: Connection, principal: Principal, chart: Chart, period: Period, now: datetime
) -> str:
    """What moves whenever the document may: known without reading a single day."""
    asked = _asked(principal, chart, period, now)
    version = trend_inputs.version(connection, chart)
    told = [METHOD_VERSION, str(chart.patient_id), version, *_told(asked)]
    return _digest(told)[:16]


def read(
    connection: Connection, principal: Principal, chart: Chart, period: Period, now: datetime
) -> dict[str, Any]:
    """The trend document of the period, as plain values."""
    asked = _asked(principal, chart, period, now)
    inputs = trend_inputs.read(connection, chart, period, asked.today)
    known = instruments.own(connection, chart.clinic_id)
    used = [known[key] for key in inputs.scales.keys if key in known]
    told = _digest([METHOD_VERSION, *_told(asked), *inputs.told(), used])
    return compose(inputs, asked, told) | {
        "scales": scales(inputs.scales, period, known),
        "overdue_screens": overdue_screens(inputs.scales),
    }


def _asked(principal: Principal, chart: Chart, period: Period, now: datetime) -> Asked:
    today = local_day(now, chart.timezone, chart.days.day_boundary_minutes)
    return Asked(period, today, chart.timezone, tuple(principal.clinic.measures.values()))


def _told(asked: Asked) -> list[Any]:
    """What is asked, as it goes into a hash: the clinic's measures with all their words."""
    return [asked.period, asked.today, asked.timezone, asked.custom]


def _digest(told: list[Any]) -> str:
    return hashlib.sha256(orjson.dumps(told)).hexdigest()

"""What about a visit is possible but unlikely, so that whoever sends it is asked."""

from collections.abc import Iterator
from datetime import timedelta

from clinical.doses import dose_doubts, total_doubts
from clinical.remarks import Remark
from clinical.visits import Around, Visit
from clinical.vitals import reading_doubts, weight_doubts

# Bookings and records further off than these are usually a wrong year (u).
FURTHEST_BOOKING = timedelta(days=400)
LONGEST_BEFORE_REGISTRATION = timedelta(days=365.25 * 20)
# Longer than any visit described in 4-clinical 2b (u).
UNUSUALLY_LONG = timedelta(hours=8)


def doubts(visit: Visit, around: Around) -> list[Remark]:
    """Everything unlikely about a visit in which nothing is impossible."""
    weight = visit["weight_kg"]
    found = [
        *_of_booking(visit, around),
        *_of_record(visit, around),
        *weight_doubts(weight, around.last_weight_kg),
        *total_doubts(visit.doses, weight),
    ]
    for number, dose in enumerate(visit.doses):
        found += dose_doubts(dose, weight, f"/doses/{number}")
    for minute, reading in visit.readings.items():
        found += reading_doubts(minute, reading, visit.where(minute))
    return found


def unsettled(visit: Visit, stored: Visit | None, around: Around) -> list[Remark]:
    """The doubts a stored visit did not raise: whoever stood by a value is not asked again."""
    found = doubts(visit, around)
    if stored is None:
        return found
    settled = {(doubt.detail, doubt.about) for doubt in doubts(stored, around)}
    return [doubt for doubt in found if (doubt.detail, doubt.about) not in settled]


def _of_booking(visit: Visit, around: Around) -> Iterator[Remark]:
    at = visit["scheduled_at"]
    if visit["status"] != "booked" or at is None:
        return
    if at - around.now > FURTHEST_BOOKING:
        yield Remark("/scheduled_at", f"More than {FURTHEST_BOOKING.days} days ahead.", at)
    if at < around.now and visit["started_at"] is None:
        yield Remark("/scheduled_at", "In the past.", at)
    if visit.calendar_day in around.holidays:
        yield Remark("/scheduled_at", "The clinic is closed on that day.", at)


def _of_record(visit: Visit, around: Around) -> Iterator[Remark]:
    begins, day = visit.begins, visit.calendar_day
    if begins is not None and around.registered_at - begins > LONGEST_BEFORE_REGISTRATION:
        detail = "More than 20 years before the patient was registered here."
        yield Remark(visit.when, detail, begins)
    ended = None if around.course is None else around.course[1]
    if day is not None and ended is not None and day > ended:
        yield Remark("/course_id", "This course had ended.", (day, ended))
    if visit["status"] == "completed" and not visit.doses:
        yield Remark("/doses", "Completed without a dose.", visit["status"])
    started, stopped = visit["started_at"], visit["stopped_at"]
    if started is not None and stopped is not None and stopped - started > UNUSUALLY_LONG:
        hours = UNUSUALLY_LONG.seconds // 3600
        yield Remark("/stopped_at", f"Longer than {hours} hours.", (started, stopped))

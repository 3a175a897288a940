"""Written forms of dates and times: what is stated is read, and nothing else."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.dates import form

FORMS = ("YYYY-MM-DD", "DD.MM.YYYY", "MM/DD/YYYY", "D/M/YYYY", "M/D/YYYY", "YYYYMMDD")


def written(day: date, text: str) -> str:
    """The date in that form, by plain replacement."""
    parts = (
        ("YYYY", f"{day.year:04}"), ("MM", f"{day.month:02}"), ("DD", f"{day.day:02}"),
        ("M", str(day.month)), ("D", str(day.day)),
    )  # fmt: skip
    for token, value in parts:
        text = text.replace(token, value)
    return text


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(FORMS))
def test_a_date_written_in_a_form_is_read_back(day: date, text: str) -> None:
    assert form(text, "date").date(written(day, text)) == day


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("DD.MM.YYYY", "1.2.2024"),
        ("DD.MM.YYYY", "31.02.2024"),
        ("DD.MM.YYYY", "12/31/2024"),
        ("MM/DD/YYYY", "31/12/2024"),
        ("YYYY-MM-DD", "24-01-02"),
        ("YYYY-MM-DD", "2024-01-02T00:00"),
        ("YYYY-MM-DD", " 2024-01-02"),
        ("YYYY-MM-DD", "２０２４-01-02"),
        ("YYYY-MM-DD", "0000-01-02"),
        ("YYYY-MM-DD", "45291"),
    ],
)
def test_a_cell_of_another_form_is_no_date(text: str, cell: str) -> None:
    assert form(text, "date").date(cell) is None


@pytest.mark.parametrize(
    ("text", "cell", "expected"),
    [
        ("HH:mm", "09:05", time(9, 5)),
        ("HH:mm:ss", "23:59:58", time(23, 59, 58)),
        ("H:mm", "9:05", time(9, 5)),
        ("h:mm A", "12:05 AM", time(0, 5)),
        ("h:mm A", "12:05 p.m.", time(12, 5)),
        ("h:mm A", "1:05 PM", time(13, 5)),
        ("h:mm A", "13:05 PM", None),
        ("HH:mm", "24:00", None),
        ("HH:mm", "9:05", None),
    ],
)
def test_a_time_of_day_is_read(text: str, cell: str, expected: time | None) -> None:
    assert form(text, "time").time(cell) == expected


@pytest.mark.parametrize(
    ("text", "cell", "expected"),
    [
        ("YYYY-MM-DD HH:mm", "2024-01-02 03:04", datetime(2024, 1, 2, 3, 4)),  # noqa: DTZ001
        ("YYYY-MM-DDTHH:mm:ssZ", "2024-01-02T03:04:05Z", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (
            "YYYY-MM-DD HH:mmZ",
            "2024-01-02 03:04-0530",
            datetime(2024, 1, 2, 3, 4, tzinfo=timezone(-timedelta(hours=5, minutes=30))),
        ),
        ("YYYY-MM-DD HH:mmZ", "2024-01-02 03:04", None),
        ("YYYY-MM-DD HH:mmZ", "2024-01-02 03:04+15:00", None),
        ("YYYY-MM-DD HH:mm", "2024-02-30 03:04", None),
    ],
)
def test_an_instant_is_read_with_its_offset(
    text: str, cell: str, expected: datetime | None
) -> None:
    assert form(text, "instant").instant(cell) == expected


@pytest.mark.parametrize(
    ("text", "kind", "named"),
    [
        ("DD.MM.YY", "date", "YY is none of"),  # which century would be a guess
        ("dd/mm/yyyy", "date", "dd is none of"),
        ("MM/YYYY", "date", "does not say all of a date"),
        ("", "date", "does not say all of a date"),
        ("DD.DD.YYYY", "date", "names a part twice"),
        ("YYYY-MM-DD HH:mm", "date", "does not say all of a date"),
        ("HH", "time", "does not say all of a time"),
        ("h:mm", "time", "does not say all of a time"),  # morning or afternoon?
        ("DD.MM.YYYY HH", "instant", "does not say all of an instant"),
    ],
)
def test_a_form_that_leaves_room_for_a_guess_is_refused(text: str, kind: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        form(text, kind)


@given(st.text(max_size=30), st.sampled_from(["date", "time", "instant"]))
def test_no_form_ever_breaks(text: str, kind: str) -> None:
    try:
        read = form(text, kind)
    except ValueError:
        return
    for cell in ("", text, "2024-01-02", "99:99"):
        getattr(read, kind)(cell)

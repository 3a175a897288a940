"""A CSV file under its mapping: rows, faults, encodings; nothing is dropped or guessed."""

import csv
import io
import time
import tracemalloc
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.csv_in import LARGEST_BYTES, Unreadable
from formats.mapping import IntakeMapping, read_mapping
from formats.tables import Table

MAPPING = """
kind = "checkins"
missing = ["NA"]
ignore = ["beeps"]
[columns.id]
field = "mrn"
[columns.date]
field = "date"
[columns.mood]
field = "mood"
[columns.note]
field = "note"
[columns.nausea]
field = "side_effects.nausea"
[columns.headache]
field = "side_effects.headache"
"""
HEADER = "id,date,mood,note,nausea,headache,beeps\n"
NOBODY: dict[str, Any] = {"custom": None}


def mapping(**instead: str) -> IntakeMapping:
    text = "".join(f'{key} = "{value}"\n' for key, value in instead.items())
    return read_mapping((text + MAPPING).encode(), "checkins")


def rows(text: str) -> list[Any]:
    return list(Table((HEADER + text).encode(), mapping()))


def refusal(raw: bytes, **instead: str) -> str:
    with pytest.raises(Unreadable) as refused:
        list(Table(raw, mapping(**instead)))
    return str(refused.value)


def test_a_row_becomes_the_body_of_a_check_in() -> None:
    (row,) = rows("M-1,2024-05-10,6,short walk,1,0,9\n")
    assert (row.number, row.faults) == (2, ())
    assert row.values == {
        "mrn": "M-1",
        "date": date(2024, 5, 10),
        "mood": 6,
        "note": "short walk",
        "custom": None,
        "side_effects": [{"code": "nausea", "severity": 1}],  # headache 0: asked, and not there
    }


@pytest.mark.parametrize(
    ("nausea", "headache", "expected"),
    [
        ("", "NA", None),  # nobody asked
        ("0", "", []),  # asked of one, and there was none
        ("0", "2", [{"code": "headache", "severity": 2}]),
    ],
)
def test_side_effects_nobody_was_asked_about_are_not_none(
    nausea: str, headache: str, expected: Any
) -> None:
    (row,) = rows(f"M-1,2024-05-10,,,{nausea},{headache},\n")
    assert row.values["side_effects"] == expected


def test_every_fault_of_a_row_is_named_with_its_column() -> None:
    (row,) = rows("M-1,10.05.2024,eleven,,5,0,\n")
    assert [column for column, _ in row.faults] == ["date", "mood", "nausea"]
    assert row.values == {}


def test_mixed_forms_of_dates_are_the_faults_of_their_rows() -> None:
    told = rows("M-1,2024-05-10,1,,,,\nM-1,11.05.2024,1,,,,\nM-1,05/12/2024,1,,,,\n")
    assert [bool(row.faults) for row in told] == [False, True, True]


def test_who_and_when_are_never_missing() -> None:
    (row,) = rows(",NA,6,,,,\n")
    assert row.faults == (("id", "Is missing."), ("date", "Is missing."))


@pytest.mark.parametrize("cells", ["M-1,2024-05-10,6,,,", "M-1,2024-05-10,6,,,,,"])
def test_a_row_of_another_length_is_named(cells: str) -> None:
    (row,) = rows(f"{cells}\n")
    assert row.faults[0][1].endswith("cells where the header has 7.")


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    told = rows('M-1,2024-05-10,6,"two\nlines",,,\n\nM-1,2024-05-11,6,,,,\n')
    assert [row.number for row in told] == [2, 4]
    assert told[0].values["note"] == "two\nlines"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1", "iso-8859-15", "windows-1252"])
def test_a_file_is_read_in_the_encoding_stated(encoding: str) -> None:
    raw = (HEADER + "M-ü,2024-05-10,6,für,,,\n").encode(encoding)
    (row,) = Table(raw, mapping(encoding=encoding))
    assert (row.values["mrn"], row.values["note"]) == ("M-ü", "für")


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    raw = (HEADER + "M-1,2024-05-10,6,,,,\n").encode("utf-8-sig")
    assert len(list(Table(raw, mapping()))) == 1


@pytest.mark.parametrize("encoding", ["latin-1", "iso-8859-15", "windows-1252"])
def test_utf_8_under_an_encoding_of_one_byte_is_refused(encoding: str) -> None:
    text = HEADER + "M-ü,2024-05-10,6,für,,,\n"
    for mark, offset in (("", len(HEADER) + 2), ("\ufeff", 0)):
        with pytest.raises(Unreadable) as refusal:
            Table((mark + text).encode("utf-8"), mapping(encoding=encoding))
        (told,) = refusal.value.faults
        assert told.startswith(f"The file is valid UTF-8, not {encoding}"), told
        assert f"offset {offset}." in told
        assert 'encoding = "utf-8"' in told
    plain = text.replace("ü", "u").encode("utf-8")  # ASCII is the same in all of them
    assert [row.values["mrn"] for row in Table(plain, mapping(encoding=encoding))] == ["M-u"]


def test_another_encoding_is_named_with_the_first_byte_that_shows_it() -> None:
    raw = (HEADER + "M-ü").encode("latin-1")
    told = refusal(raw)
    assert told == f"The file is not utf-8: see the byte at offset {len(HEADER) + 2}."
    marked = b"\xef\xbb\xbf" + raw
    assert f"offset {len(HEADER) + 5}." in refusal(marked)


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (b"", "The file is empty."),
        (b" \r\n\n", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (HEADER.encode() + b"M-1,2024-05-10,6,a\0b,,,\n", "Line 2 holds a NUL character"),
        (HEADER.encode() + b'M-1,2024-05-10,6,"a"b,,,\n', "Row 2: a quotation mark"),
        (HEADER.encode() + b'M-1,2024-05-10,6,"never closed,,,\n', "Row 2: a quotation mark"),
        (HEADER.encode() + b"M-1,2024-05-10,6," + b"x" * 200_000 + b",,,\n", "Row 2"),
        (b"id,date,mood,note,nausea\n", 'Mapped, but not in the header: "headache"'),
        (b"id,date,mood,note,nausea,headache\n", 'not in the header: "beeps"'),
        (HEADER.replace("beeps", "beeps,food").encode(), 'nor listed under `ignore`: "food"'),
        (HEADER.replace("beeps", "beeps,mood").encode(), 'names a column twice: "mood"'),
        (HEADER.replace(",", ";").encode(), "Mapped, but not in the header"),
        (b"x" * (LARGEST_BYTES + 1), "larger than 64 MB"),
    ],
)
def test_a_file_that_is_not_what_its_mapping_says_is_refused_whole(raw: bytes, named: str) -> None:
    assert named in refusal(raw)


def test_a_header_with_several_faults_is_told_all_of_them() -> None:
    with pytest.raises(Unreadable) as refused:
        Table(b"id,date,note,nausea,headache,food,food\n", mapping())
    assert len(refused.value.faults) == 4  # food twice, no mood, no beeps, food unknown


SAFE = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), whitelist_characters="\n"), min_size=1
).filter(lambda text: text.strip() not in ("", "NA") and "\x7f" not in text)


@given(st.lists(st.tuples(SAFE, st.integers(0, 10)), min_size=1, max_size=20))
def test_what_a_csv_writer_wrote_is_read_back(written: list[tuple[str, int]]) -> None:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEADER.strip().split(","))
    for number, (note, mood) in enumerate(written):
        day = date(2024, 1, 1) + timedelta(days=number)
        writer.writerow(["M-1", day, mood, note, "", "", ""])
    told = list(Table(file.getvalue().encode(), mapping()))
    assert [row.faults for row in told] == [()] * len(written)
    # A lone carriage return inside a cell is kept; blanks around it are not.
    expected = [(note.strip(), mood) for note, mood in written]
    assert [(row.values["note"], row.values["mood"]) for row in told] == expected


@given(st.binary(max_size=400))
def test_no_bytes_ever_break_the_reading_of_a_file(raw: bytes) -> None:
    try:
        list(Table(HEADER.encode() + raw, mapping()))
    except Unreadable as refused:
        assert refused.faults


def test_a_hundred_thousand_rows_are_read_within_seconds_and_little_memory() -> None:
    lines = (
        f"M-{person},{date(2020, 1, 1) + timedelta(days=day)},{day % 11},note {day},1,0,5\n"
        for person in range(100)
        for day in range(1000)
    )
    raw = (HEADER + "".join(lines)).encode()
    began = time.process_time()
    assert sum(not row.faults for row in Table(raw, mapping())) == 100_000
    assert time.process_time() - began < 10  # one second where nobody else works
    tracemalloc.start()
    rows = iter(Table(raw[: len(raw) // 10].rpartition(b"\n")[0], mapping()))
    next(rows)
    _, before = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    for _ in rows:
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - before < 2_000_000  # the rows are not kept

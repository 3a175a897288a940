"""The mapping: every fault named at once, and each conversion comes out as stated."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.side_effects import SIDE_EFFECTS
from formats.cells import BadCell
from formats.csv_in import Unreadable
from formats.mapping import IntakeMapping, read_mapping
from formats.targets import FIELDS, target

HEAD = 'kind = "checkins"\n[constants]\nmrn = "M-1"\n[columns.date]\nfield = "date"\n'


def mapped(column: str, head: str = HEAD) -> IntakeMapping:
    return read_mapping(f"{head}[columns.x]\n{column}\n".encode(), head.split('"')[1])


def value(column: str, cell: str) -> Any:
    """What a cell becomes; the words of its fault where it is refused."""
    last = mapped(column).columns[-1]
    try:
        return last.read(cell)
    except BadCell as bad:
        return str(bad)


def faults(text: str, kind: str = "checkins") -> list[str]:
    with pytest.raises(Unreadable) as refused:
        read_mapping(text.encode(), kind)
    return refused.value.faults


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ('field = "mood"', "6", 6),
        ('field = "mood"', "6.0", 6),
        ('field = "mood"\nround = "half_up"', "6.333", 6),
        ('field = "mood"\nround = "half_up"', "6.5", 7),
        ('field = "mood"\nround = "half_even"', "6.5", 6),
        ('field = "mood"\nround = "half_up"', "2.4999999999999999", 2),  # exact: floats say 2.5
        # 1-7 to 1-5: 1 + (x - 1) * 4 / 6
        ('field = "sleep_quality"\nfrom = [1, 7]\nto = [1, 5]\nround = "half_up"', "1", 1),
        ('field = "sleep_quality"\nfrom = [1, 7]\nto = [1, 5]\nround = "half_up"', "4", 3),
        (
            'field = "sleep_quality"\nfrom = [1, 7]\nto = [1, 5]\nround = "half_up"',
            "3.25",
            3,
        ),  # 2.5
        ('field = "sleep_quality"\nfrom = [1, 7]\nto = [1, 5]\nround = "half_even"', "3.25", 2),
        ('field = "sleep_quality"\nfrom = [1, 7]\nto = [1, 5]\nround = "half_up"', "6", 4),  # 4.33
        # a scale that runs the other way: 10 + (x - 0) * (0 - 10) / 100
        ('field = "mood"\nfrom = [0, 100]\nto = [10, 0]\nround = "half_up"', "20", 8),
        ('field = "sleep_hours"\nunit = "minutes"\nround = "quarter"', "432", 7.25),  # 7.2
        ('field = "sleep_hours"\nunit = "minutes"', "435", 7.25),
        ('field = "custom.pain"', "10", 10),
        ('field = "side_effects.nausea"', "0", 0),
        ('field = "side_effects.nausea"\nvalues = { "no" = "absent", "yes" = 1 }', "no", 0),
        ('field = "side_effects.nausea"\nranges = { "1" = "absent", "2-3" = 1 }', "1.0", 0),
        ('field = "side_effects.nausea"\nranges = { "1" = "absent", "2-3" = 1 }', "2.5", 1),
        ('field = "suicidal_thoughts"\nvalues = { "0" = "none" }', "0", "none"),
        ('field = "note"', "=1+1", "=1+1"),
    ],
)
def test_a_cell_becomes_what_the_mapping_says(column: str, cell: str, expected: Any) -> None:
    assert value(column, cell) == expected


def test_pounds_and_grams_become_ours_exactly() -> None:
    head = (
        'kind = "sessions"\n[constants]\nmrn = "M-1"\n[columns.s]\nfield = "started_at"\n'
        'format = "YYYY-MM-DD HH:mm"\n'
    )
    pounds = mapped('field = "weight_kg"\nunit = "lb"', head).columns[-1]
    assert pounds.read("154.3") == float(Fraction("154.3") * Fraction("0.45359237"))
    assert mapped('field = "doses.1.dose_mg"\nunit = "g"', head).columns[-1].read("0.035") == 35
    hours = mapped('field = "doses.1.duration_minutes"\nunit = "hours"', head).columns[-1]
    assert hours.read("0.5") == 30


@pytest.mark.parametrize(
    ("column", "cell", "named"),
    [
        ('field = "mood"', "11", "Must be from 0 to 10."),
        ('field = "mood"', "-1", "Must be from 0 to 10."),
        ('field = "mood"', "6.5", "state `round`"),
        ('field = "mood"', "6,5", "plain number with a decimal point"),
        ('field = "mood"', "1e1", "plain number"),
        ('field = "mood"', "1_0", "plain number"),
        ('field = "mood"', "٣", "plain number"),
        ('field = "mood"', "NaN", "plain number"),
        ('field = "mood"', "9" * 400, "plain number"),
        ('field = "mood"\nround = "half_up"', "10.6", "Must be from 0 to 10."),
        ('field = "sleep_quality"\nfrom = [1, 7]\nto = [1, 5]\nround = "half_up"', "8", "1 to 7"),
        ('field = "sleep_hours"', "7.3", "state `round`"),
        ('field = "side_effects.nausea"\nranges = { "1" = "absent", "3" = 1 }', "2", "`ranges`"),
        ('field = "side_effects.nausea"\nvalues = { "no" = "absent" }', "No", "`values`"),
        ('field = "suicidal_thoughts"', "never", "known words: none, fleeting"),
        ('field = "note"', "x" * 4001, "at most 4000"),
        ('field = "note"', "a\x85b", "is the encoding right?"),
    ],
)
def test_a_cell_that_does_not_fit_is_refused_without_being_repeated(
    column: str, cell: str, named: str
) -> None:
    told = value(column, cell)
    assert named in told
    assert cell not in told.split() or len(cell) < 3


@given(st.integers(0, 1000), st.sampled_from([(1, 7), (0, 100), (0, 4)]))
def test_a_scale_keeps_its_ends_and_its_order(thousandth: int, ends: tuple[int, int]) -> None:
    low, high = ends
    column = f'field = "mood"\nfrom = [{low}, {high}]\nto = [0, 10]\nround = "half_up"'
    read = mapped(column).columns[-1].read
    here = low + (high - low) * thousandth / 1000
    exact = (Fraction(f"{here:.6f}") - low) * 10 / (high - low)
    assert abs(read(f"{here:.6f}") - exact) <= Fraction(1, 2)
    assert (read(str(low)), read(str(high))) == (0, 10)


@pytest.mark.parametrize(
    ("column", "named"),
    [
        ('field = "weather"', "checkins have no field `weather`"),
        ('field = "custom"', "no field `custom`"),
        ('field = "custom.*"', "no field"),
        ('field = "custom.Pain!"', "no field"),
        ('field = "side_effects.itch"', "no field"),
        ("round = 3", "names its `field`"),
        ('field = "mood"\nscale = 3', "`scale` is no setting of a column"),
        ('field = "mood"\nround = "down"', "`round`: must be one of half_up"),
        ('field = "note"\nround = "half_up"', "only numbers are rounded"),
        ('field = "mood"\nunit = "kg"', "`unit`: it has none"),
        ('field = "sleep_hours"\nunit = "days"', "must be one of hours, minutes"),
        ('field = "mood"\nformat = "YYYY"', "only dates and times have one"),
        ('field = "mood"\nfrom = [1, 7]', "`from` and `to` belong together"),
        ('field = "mood"\nfrom = [7, 1]\nto = [0, 10]', "`from` begins with the lower"),
        ('field = "mood"\nfrom = [1, 7]\nto = [0, 11]', "does not reach to both ends"),
        ('field = "mood"\nfrom = [1, nan]\nto = [0, 10]', "two numbers each"),
        ('field = "mood"\nfrom = "1-7"\nto = [0, 10]', "two numbers each"),
        ('field = "note"\nfrom = [1, 7]\nto = [0, 10]', "only numbers have a scale"),
        ('field = "mood"\nvalues = { "good" = 12 }', "does not fit: Must be from 0 to 10"),
        ('field = "mood"\nvalues = { "good" = true }', "does not fit: Must be a number"),
        ('field = "mood"\nvalues = { "good" = 1e400 }', "within reason"),
        ('field = "mood"\nvalues = {}', "must be a table"),
        ('field = "mood"\nvalues = { "a" = 1 }\nround = "half_up"', "stands alone"),
        ('field = "mood"\nvalues = { "a" = 1 }\nranges = { "1" = 1 }', "stands alone"),
        ('field = "mood"\nranges = { "1-3" = 1, "3-4" = 2 }', "overlap"),
        ('field = "mood"\nranges = { "3-1" = 1 }', "written like"),
        ('field = "mood"\nranges = { "few" = 1 }', "written like"),
        ('field = "date"', "`date` gets its value twice"),
        ('field = "mrn"', "`mrn` gets its value twice"),
    ],
)
def test_a_wrong_column_is_named(column: str, named: str) -> None:
    told = faults(f"{HEAD}[columns.x]\n{column}\n")
    assert any(named in fault for fault in told), told


@pytest.mark.parametrize(
    ("text", "kind", "named"),
    [
        ("kind = ", "checkins", "not TOML: see its end"),
        ("kind = 1 2", "checkins", "not TOML: see line 1, column 10"),
        (HEAD, "sessions", 'must say kind = "sessions"'),
        (
            HEAD.replace("[constants]", "sheet = 1\n[constants]"),
            "checkins",
            "`sheet` is no setting",
        ),
        (f"ignore = 3\n{HEAD}", "checkins", "`ignore` must be a list"),
        (f"ignore = [3]\n{HEAD}", "checkins", "`ignore` must be a list of texts"),
        (f'encoding = "ebcdic"\n{HEAD}', "checkins", "`encoding` must be one of"),
        (f'delimiter = "x"\n{HEAD}', "checkins", "`delimiter` must be one of"),
        (f'decimal = ";"\n{HEAD}', "checkins", "`decimal` must be one of"),
        (f'timezone = "Mars/Base"\n{HEAD}', "checkins", "`timezone` must be an IANA"),
        (f'timezone = "UTC"\n{HEAD}', "checkins", "belong to sessions"),
        (f'ignore = ["date"]\n{HEAD}', "checkins", "both mapped and ignored"),
        ('kind = "checkins"', "checkins", "`mrn` comes from no column"),
        ('kind = "checkins"', "checkins", "`columns` names no column"),
        ('kind = "checkins"\n[columns]\nx = 3', "checkins", "names its `field`"),
        ('kind = "checkins"\n[constants]\nmood = 12', "checkins", "Constant `mood`: Must be from"),
        ('kind = "checkins"\n[constants]\nsky = 1', "checkins", "have no such field"),
        ('kind = "sessions"\n[constants]\nmrn = "x"', "sessions", "A session needs either"),
        (
            'kind = "sessions"\n[constants]\nmrn = "x"\n[columns.d]\nfield = "date"',
            "sessions",
            "needs a `default_time`",
        ),
    ],
)
def test_a_wrong_mapping_is_named(text: str, kind: str, named: str) -> None:
    told = faults(text, kind)
    assert any(named in fault for fault in told), told


def test_all_faults_are_named_at_once() -> None:
    told = faults(
        'kind = "checkins"\n[columns.a]\nfield = "weather"\n[columns.b]\nfield = "mood"\n'
        'round = "down"\nunit = "kg"\n'
    )
    assert len(told) == 5  # the two columns' three, and no mrn and no date
    assert sum("`mrn`" in fault or "`date`" in fault for fault in told) == 2


def test_a_mapping_in_another_encoding_is_named() -> None:
    with pytest.raises(Unreadable, match="not UTF-8"):
        read_mapping("name = 'ü'".encode("latin-1"), "checkins")


def test_every_field_there_is_has_a_target() -> None:
    stars = {
        "custom.*": "custom.pain",
        "side_effects.*": f"side_effects.{next(iter(SIDE_EFFECTS))}",
    }
    for kind, fields in FIELDS.items():
        for name in fields:
            shown = stars.get(name, name.replace("*", "1"))
            assert target(kind, shown) is fields[name], name


@given(st.binary(max_size=300))
def test_no_bytes_ever_break_the_reading_of_a_mapping(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read_mapping(raw, "checkins")

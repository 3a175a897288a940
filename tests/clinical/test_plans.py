"""What a plan proposes: hand-worked calendars, and what is true of every plan there can be."""

from datetime import date, timedelta
from itertools import islice, pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.plans import (
    TEMPLATE_SOURCES,
    TEMPLATES,
    Proposal,
    SoFar,
    days_apart,
    proposed_dates,
    template,
)
from clinical.treatments import ROUTES

MONDAY = date(2026, 11, 2)
EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]


def asked(plan: Any, so_far: SoFar, holidays: Any = None, limit: int = 20) -> list[Proposal]:
    return proposed_dates(plan, so_far, holidays or {}, limit=limit)


def days(proposals: list[Proposal]) -> list[str]:
    return [proposal.on.strftime("%a %d %b") for proposal in proposals]


def test_every_route_has_a_template_and_says_where_it_comes_from() -> None:
    assert set(TEMPLATES) == set(TEMPLATE_SOURCES) == set(ROUTES)
    assert TEMPLATES["intramuscular"] == TEMPLATES["subcutaneous"] == TEMPLATES["intravenous"]


def test_a_template_that_is_edited_stays_as_it_is_for_others() -> None:
    mine = template("intranasal")
    mine["steps"][0]["days_apart"].append(9)
    mine["open_weekdays"].append(6)
    assert template("intranasal")["steps"][0] == {"sessions": 8, "days_apart": [3, 4]}
    assert template("intravenous")["open_weekdays"] == [1, 2, 3, 4, 5]


def test_infusions_fall_on_two_weeks_then_every_28_days() -> None:
    found = asked(template("intravenous"), SoFar(MONDAY, [], MONDAY), limit=8)
    assert days(found) == [
        # 2 days on, 2 days on, 3 days over the weekend, and again
        *("Mon 02 Nov", "Wed 04 Nov", "Fri 06 Nov", "Mon 09 Nov", "Wed 11 Nov", "Fri 13 Nov"),
        *("Fri 11 Dec", "Fri 08 Jan"),  # 13 Nov + 28, + 28
    ]
    assert [proposal.number for proposal in found] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert {proposal.reason for proposal in found} == {None}


def test_esketamine_falls_twice_weekly_weekly_then_every_two_weeks() -> None:
    found = asked(template("intranasal"), SoFar(MONDAY, [], MONDAY), limit=14)
    assert days(found) == [
        *("Mon 02 Nov", "Thu 05 Nov", "Mon 09 Nov", "Thu 12 Nov"),  # weeks 1 and 2
        *("Mon 16 Nov", "Thu 19 Nov", "Mon 23 Nov", "Thu 26 Nov"),  # weeks 3 and 4
        *("Thu 03 Dec", "Thu 10 Dec", "Thu 17 Dec", "Thu 24 Dec"),  # weeks 5 to 8
        *("Thu 07 Jan", "Thu 21 Jan"),
    ]


def test_what_is_swallowed_ends_after_three_months() -> None:
    found = asked(template("oral"), SoFar(MONDAY, [], MONDAY), limit=100)
    assert len(found) == 24  # 12 weeks of two
    # 23 gaps: 12 of three days and 11 of four are 80 days after Monday, a Thursday
    assert found[-1].on == MONDAY + timedelta(days=12 * 3 + 11 * 4)


def test_a_holiday_gives_way_to_the_nearest_open_day_and_says_so() -> None:
    holidays = {date(2026, 12, 24): "Christmas Eve", date(2026, 12, 25): "Christmas"}
    held = [MONDAY + timedelta(days=day) for day in (0, 3, 7, 10, 14, 17, 21, 24, 31, 38, 45)]
    found = asked(
        template("intranasal"), SoFar(MONDAY, held, date(2026, 12, 18)), holidays, limit=2
    )
    # 17 Dec + 7 = Thu 24, closed; Wed 23 is one day off, Mon 28 four. Then 23 Dec + 14.
    assert found == [
        Proposal(12, date(2026, 12, 23), date(2026, 12, 24), "holiday: Christmas Eve"),
        Proposal(13, date(2027, 1, 6), date(2027, 1, 6), None),
    ]


def test_of_two_days_as_near_the_earlier_is_taken() -> None:
    closed = {date(2026, 11, 11): "Armistice Day"}
    held = [MONDAY + timedelta(days=day) for day in (0, 2, 4, 7)]
    found = asked(template("intravenous"), SoFar(MONDAY, held, MONDAY), closed, limit=3)
    # Mon 9 + 2 = Wed 11, closed: Tue 10; + 2 = Thu 12; + 28
    assert days(found) == ["Tue 10 Nov", "Thu 12 Nov", "Thu 10 Dec"]
    assert found[0].reason == "holiday: Armistice Day"


def test_a_saturday_falls_on_friday_and_a_sunday_on_monday() -> None:
    weekly = template("intravenous") | {"steps": [{"sessions": 3, "days_apart": [5, 6]}]}
    found = asked(weekly, SoFar(MONDAY, [], MONDAY), limit=3)
    # Mon 2 + 5 = Sat 7: Fri 6; + 6 = Thu 12
    assert days(found) == ["Mon 02 Nov", "Fri 06 Nov", "Thu 12 Nov"]
    assert [proposal.reason for proposal in found] == [None, "closed: Saturday", None]
    sunday = asked(weekly, SoFar(MONDAY + timedelta(days=6), [], MONDAY), limit=1)
    assert (days(sunday), sunday[0].reason) == (["Mon 09 Nov"], "closed: Sunday")


def test_what_is_overdue_is_due_today() -> None:
    held, today = [MONDAY], date(2026, 11, 17)
    found = asked(template("intravenous"), SoFar(MONDAY, held, today), limit=3)
    # 2 Nov + 2 is long past: today, Tue 17; + 2 = Thu 19; the gap of three: Sun 22, so Mon 23
    assert found[0] == Proposal(2, today, date(2026, 11, 4), "overdue")
    assert days(found[1:]) == ["Thu 19 Nov", "Mon 23 Nov"]


def test_a_plan_that_is_over_proposes_nothing() -> None:
    plan = {**template("oral"), "steps": [{"sessions": 1, "days_apart": [1]}]}
    assert asked(plan, SoFar(MONDAY, [MONDAY], MONDAY)) == []
    more = [MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)]
    assert asked(plan, SoFar(MONDAY, more, MONDAY)) == []


steps = st.fixed_dictionaries(
    {"sessions": st.integers(1, 8), "days_apart": st.lists(st.integers(1, 30), min_size=1)}
)
plans = st.fixed_dictionaries(
    {
        "steps": st.lists(steps, min_size=1, max_size=3),
        "maintenance_days_apart": st.none() | st.integers(1, 60),
        "session_minutes": st.just(120),
        "open_weekdays": st.lists(st.sampled_from(EVERY_DAY), min_size=1, unique=True),
    }
)
near = st.integers(-20, 60).map(lambda day: MONDAY + timedelta(days=day))
standings = st.builds(SoFar, near, st.lists(near, max_size=12).map(tuple), near)
closures = st.dictionaries(near, st.just("closed"), max_size=40)


def is_open(plan: Any, day: date, holidays: Any) -> bool:
    return day.isoweekday() in plan["open_weekdays"] and day not in holidays


@settings(max_examples=200, deadline=None)
@given(plan=plans, so_far=standings, holidays=closures, limit=st.integers(1, 15))
def test_proposals_are_open_days_in_order_and_as_many_as_the_plan_has(
    plan: Any, so_far: SoFar, holidays: Any, limit: int
) -> None:
    found = asked(plan, so_far, holidays, limit)
    on = [proposal.on for proposal in found]
    assert all(is_open(plan, day, holidays) for day in on)
    assert all(one < next_one for one, next_one in pairwise(on))
    held = set(so_far.session_dates)
    assert all(day >= so_far.today and all(day > earlier for earlier in held) for day in on)
    planned = sum(step["sessions"] for step in plan["steps"])
    left = limit if plan["maintenance_days_apart"] else max(planned - len(held), 0)
    assert len(found) == min(limit, left)
    assert [proposal.number for proposal in found] == [
        len(held) + 1 + place for place in range(len(found))
    ]


@settings(max_examples=200, deadline=None)
@given(plan=plans, so_far=standings, holidays=closures)
def test_no_open_day_is_nearer_and_a_day_that_is_moved_has_a_reason(
    plan: Any, so_far: SoFar, holidays: Any
) -> None:
    after = [day + timedelta(days=1) for day in so_far.session_dates]
    earliest = max([so_far.today, so_far.started_on, *after])
    for proposal in asked(plan, so_far, holidays, 6):
        assert (proposal.reason is None) == (proposal.on == proposal.due_on)
        wanted = max(proposal.due_on, earliest)
        distance = abs((proposal.on - wanted).days)
        nearer = [wanted + timedelta(days=off) for off in range(1 - distance, distance)]
        assert not [day for day in nearer if day >= earliest and is_open(plan, day, holidays)]
        earliest = proposal.on + timedelta(days=1)


@settings(max_examples=200, deadline=None)
@given(plan=plans, so_far=standings, holidays=closures)
def test_holding_a_session_as_proposed_changes_none_of_the_later_ones(
    plan: Any, so_far: SoFar, holidays: Any
) -> None:
    found = asked(plan, so_far, holidays, 6)
    for held in range(1, len(found)):
        dates = (*so_far.session_dates, *(proposal.on for proposal in found[:held]))
        later = asked(plan, SoFar(so_far.started_on, dates, so_far.today), holidays, 6 - held)
        assert later == found[held:]


@given(plan=plans)
def test_there_is_one_gap_less_than_sessions_until_maintenance_begins(plan: Any) -> None:
    planned = sum(step["sessions"] for step in plan["steps"])
    gaps = list(islice(days_apart(plan), planned + 1))
    after = plan["maintenance_days_apart"]
    assert gaps[planned - 1 :] == ([] if after is None else [after, after])
    assert len(gaps[: planned - 1]) == planned - 1

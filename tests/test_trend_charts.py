"""The chart of a measure over HTTP: the JSON's points and words, drawn; nothing else in it."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from formats.axes import BOTTOM, LEFT, RIGHT, TOP
from formats.svg import STYLE_SOURCE
from tests.entries import ITCH, PAIN, entry, match, own, today
from tests.people import Household

SVG = "{http://www.w3.org/2000/svg}"
FIRST = today() - timedelta(days=6)
PERIOD = f"from={FIRST}&to={today()}"


def log(home: Household, *moods: int | None, **more: Any) -> None:
    """One mood a day from FIRST on; None for a day not logged."""
    for number, mood in enumerate(moods):
        day = FIRST + timedelta(days=number)
        if mood is not None:
            assert home.patient.put(own(day), entry(day, mood=mood, **more)).status_code == 201


def chart(home: Household, query: str = f"measure=mood&{PERIOD}", **options: Any) -> Any:
    return home.patient.get(f"/v1/me/trends.svg?{query}", **options)


def drawn(answer: Any) -> ElementTree.Element:
    assert answer.status_code == 200, answer.json
    return ElementTree.fromstring(answer.text)  # noqa: S314 (our own bytes)


def of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [node for node in root.iter() if node.get("class") == name]


def test_the_chart_has_the_points_of_the_json_where_they_belong(home: Household) -> None:
    log(home, 0, 10, None, 5)
    told = home.patient.get(f"/v1/me/trends?{PERIOD}").json["measures"][0]
    points = [point["value"] for point in told["points"]]
    assert points == [0, 10, 5]
    spots = of_class(drawn(chart(home)), "point")
    across = (RIGHT - LEFT) / 6  # seven days are six steps
    assert [float(spot.get("cx", "")) for spot in spots] == [
        round(LEFT + step * across, 1) for step in (0, 1, 3)
    ]
    assert [float(spot.get("cy", "")) for spot in spots] == [BOTTOM, TOP, (TOP + BOTTOM) / 2]


def test_the_clinician_gets_the_same_bytes_as_the_patient(home: Household) -> None:
    log(home, 4, 5)
    path = f"/v1/patients/{home.patient_id}/trends.svg?measure=mood&{PERIOD}"
    assert home.clinician.get(path).data == chart(home).data


def test_words_and_range_are_the_measures_own(home: Household) -> None:
    log(home, 4, sleep_hours=7.25)
    written = [node.text for node in drawn(chart(home)).iter(f"{SVG}text")]
    assert {"10 = best", "0 = worst"} <= set(written)
    slept = drawn(chart(home, f"measure=sleep_hours&{PERIOD}"))
    assert "12 h" in [node.text for node in slept.iter(f"{SVG}text")]
    assert [spot.findtext(f"{SVG}title", "")[-6:] for spot in of_class(slept, "point")] == [
        "7.25 h"
    ]


def test_the_middle_half_is_drawn_where_the_json_tells_it(home: Household) -> None:
    log(home, 3, 4, 5, 6)
    (band,) = of_class(drawn(chart(home)), "band")
    figures = home.patient.get(f"/v1/me/trends?{PERIOD}").json["measures"][0]["period"]
    unit = (BOTTOM - TOP) / 10
    high, low = figures["upper_quartile"]["value"], figures["lower_quartile"]["value"]
    assert float(band.get("y", "")) == pytest.approx(BOTTOM - high * unit, abs=0.05)
    assert float(band.get("height", "")) == pytest.approx((high - low) * unit, abs=0.05)


def test_a_session_is_a_rule_on_its_day(home: Household) -> None:
    day = FIRST + timedelta(days=3)
    visit = {
        "status": "completed",
        "timezone": "Europe/Berlin",
        "started_at": f"{day}T09:00:00Z",
        "stopped_at": f"{day}T10:00:00Z",
        "doses": [{"drug": "esketamine", "route": "intranasal", "dose_mg": 56}],
    }
    made = home.clinician.post(f"/v1/patients/{home.patient_id}/sessions", visit)
    assert made.status_code == 201, made.json
    (rule,) = of_class(drawn(chart(home)), "visit")
    assert float(rule.get("x1", "")) == (LEFT + RIGHT) / 2  # the fourth of seven days
    assert [label.text for label in of_class(drawn(chart(home)), "called")] == ["56 mg"]


def test_a_chart_is_tagged_by_what_it_is_made_of(home: Household) -> None:
    log(home, 4)
    first = chart(home)
    held = {"If-None-Match": first.headers["ETag"]}
    assert (chart(home, headers=held).status_code, chart(home, headers=held).data) == (304, b"")
    assert chart(home, f"measure=anxiety&{PERIOD}", headers=held).status_code == 200
    assert chart(home, "measure=mood", headers=held).status_code == 200  # another period
    stored = home.patient.get(own(FIRST))
    changed = home.patient.put(own(FIRST), entry(FIRST, mood=9), headers=match(stored))
    assert changed.status_code == 200
    assert chart(home, headers=held).status_code == 200


def test_a_chart_opened_on_its_own_runs_nothing(home: Household) -> None:
    answer = chart(home)
    assert answer.content_type == "image/svg+xml; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == (
        f"default-src 'none'; style-src {STYLE_SOURCE}; frame-ancestors 'none'; sandbox"
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_clinics_own_measure_is_drawn_with_its_words_as_text(home: Household) -> None:
    named = '<script>alert("1")</script>'
    own_measure = PAIN | {"prompt": named, "low_end": named, "high_end": named}
    changed = home.admin.patch("/v1/clinic", {"custom_measures": [own_measure]})
    assert changed.status_code == 200, changed.json
    log(home, 4, custom={"pain": 3})
    root = drawn(chart(home, f"measure=pain&{PERIOD}"))
    assert root.findtext(f"{SVG}title") == named
    assert {node.tag for node in root.iter()}.isdisjoint({f"{SVG}script", "script"})


@pytest.mark.parametrize("measure", ["nothing", "MOOD", "note", "", "%3Cscript%3E", "itch"])
def test_an_unknown_measure_is_named_as_the_fault(home: Household, measure: str) -> None:
    retired = home.admin.patch("/v1/clinic", {"custom_measures": [ITCH]})
    assert retired.status_code == 200, retired.json
    answer = chart(home, f"measure={measure}")
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json["errors"]] == ["/measure"]


def test_every_fault_of_a_query_is_named(home: Household) -> None:
    answer = chart(home, "from=2026-02-30&to=x&colour=red")
    assert {fault["pointer"] for fault in answer.json["errors"]} == {"/from", "/to", "/colour"}

"""Before a session: readings outside the limits, and alerts that have to be acknowledged."""

from typing import Any

from bench.counts import counted
from tests.entries import entry, own
from tests.people import Household
from tests.safety import alerts, ask_safety
from tests.visits import completed, made, sessions

READ = [
    {"minute": -5, "systolic_mmhg": 141, "diastolic_mmhg": 90},  # above 140 before: amber
    {"minute": 40, "systolic_mmhg": 180, "diastolic_mmhg": 100},  # 180: red, 100: amber
    {"minute": 60, "systolic_mmhg": 159, "diastolic_mmhg": 99, "heart_rate_bpm": 130},
    {"minute": 90, "spo2_percent": 91},  # under 92
]


def banner(home: Household, session: Any) -> Any:
    path = f"{sessions(home, session['id'])}/banner"
    return home.clinician.get(path).json


def test_readings_outside_the_limits_are_marked_by_minute(home: Household) -> None:
    session = made(home, completed(vitals=READ))
    found = [
        (one["minute"], one["reading"], one["limit"], one["level"])
        for one in banner(home, session)["alarms"]
    ]
    assert found == [
        (-5, "systolic_mmhg", 140, "amber"),
        (40, "systolic_mmhg", 180, "red"),
        (40, "diastolic_mmhg", 100, "amber"),
        (60, "heart_rate_bpm", 130, "red"),
        (90, "spo2_percent", 92, "red"),
    ]


def test_a_high_alert_asks_to_be_acknowledged_and_blocks_nothing(home: Household) -> None:
    ask_safety(home)
    session = made(home, completed())
    assert banner(home, session) | {"alarms": []} == {
        "alarms": [],
        "alerts": [],
        "must_acknowledge": False,
    }
    home.patient.put(own("2024-05-10"), entry("2024-05-10") | {"suicidal_thoughts": "often"})
    shown = banner(home, session)
    assert [one["rule"] for one in shown["alerts"]] == ["S2"]
    assert shown["must_acknowledge"] is True
    home.clinician.post(f"/v1/alerts/{alerts(home)[0].id}/acknowledge")
    assert banner(home, session)["must_acknowledge"] is False


def test_a_session_is_marked_where_it_is_read_and_its_tag_moves_with_the_marks(
    home: Household,
) -> None:
    ask_safety(home)
    session = made(home, completed(vitals=READ))
    assert [one["level"] for one in session["marks"]["alarms"]] == [
        "amber",
        "red",
        "amber",
        "red",
        "red",
    ]
    assert session["marks"]["open_alerts"] == {"count": 0, "highest": None}
    path = sessions(home, session["id"])
    tag = home.clinician.get(path).headers["ETag"]
    home.patient.put(own("2024-05-10"), entry("2024-05-10") | {"suicidal_thoughts": "often"})
    again = home.clinician.get(path, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again.json["marks"]["open_alerts"] == {"count": 1, "highest": "high"}
    listed = home.clinician.get(sessions(home)).json["items"]
    assert [one["marks"] for one in listed] == [again.json["marks"]]
    # The revision is as it was: whoever saw the session before the alert may still change it.
    sent = {"headers": {"If-Match": tag}}
    assert home.clinician.patch(path, {"note": "calm"}, **sent).status_code == 200


def test_a_patient_is_shown_no_marks(home: Household) -> None:
    ask_safety(home)
    session = made(home, completed(vitals=READ))
    home.patient.put(own("2024-05-10"), entry("2024-05-10") | {"suicidal_thoughts": "often"})
    for path in ("/v1/me/sessions", f"/v1/me/sessions/{session['id']}"):
        told = home.patient.get(path)
        items = told.json.get("items", [told.json])
        assert [one["marks"] for one in items] == [None]


def test_marks_cost_the_same_for_one_session_and_for_many(home: Household) -> None:
    costs = []
    for day in range(1, 4):
        made(home, completed(-day, vitals=READ))
        with counted(home.world.services.database) as counts:
            assert len(home.clinician.get(sessions(home)).json["items"]) == day
        costs.append(counts.statements)
    assert len(set(costs[1:])) == 1, counts.seen

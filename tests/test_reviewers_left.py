"""Who alone looks at safety answers is not shut out silently, and a clinic that has lost them says
so wherever somebody looks."""

from functools import partial
from uuid import UUID

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import update

import commands
from models.membership import Membership
from tests.apps import nobody
from tests.at_once import at_once, twin
from tests.people import Household
from tests.safety import ask_safety


def shut_out(home: Household, membership_id: UUID | None) -> int:
    answer = home.admin.patch(f"/v1/staff/{membership_id}", {"disabled": True})
    if answer.status_code == 409:
        assert answer.json["type"] == "/problems/conflict"
        assert "review settings" in answer.json["detail"]
        assert "reviewer_id" in answer.json["detail"]
    status: int = answer.status_code
    return status


def is_shown(home: Household) -> bool:
    shown: bool = home.patient.get("/v1/measures").json["suicidal_thoughts"]["shown"]
    return shown


def lose_reviewers(home: Household) -> None:
    """As a clinic was left by a release that shut out its only reviewer without a word."""
    with home.world.services.database.begin(write=True) as connection:
        gone = update(Membership).where(Membership.id == home.clinician.membership_id)
        connection.execute(gone.values(disabled_at=home.world.now))
        connection.commit()


def test_the_only_reviewer_is_shut_out_once_another_is_named(home: Household) -> None:
    ask_safety(home)
    assert shut_out(home, home.clinician.membership_id) == 409
    assert home.clinician.get("/v1/me").status_code == 200
    assert is_shown(home)
    other = {"reviewer_id": str(home.colleague.membership_id)}
    assert home.admin.patch("/v1/clinic", other).status_code == 200
    assert shut_out(home, home.clinician.membership_id) == 200
    assert is_shown(home)


def test_one_of_two_may_go_and_the_other_is_kept(home: Household) -> None:
    ask_safety(home, backup_reviewer_id=home.colleague.membership_id)
    assert shut_out(home, home.clinician.membership_id) == 200
    assert is_shown(home)
    assert shut_out(home, home.colleague.membership_id) == 409
    assert is_shown(home)


def test_two_admins_who_shut_out_both_at_once_leave_one(home: Household) -> None:
    ask_safety(home, backup_reviewer_id=home.colleague.membership_id)
    admins = [home.admin, home.world.person(home.clinic_id, "admin")]
    both = (home.clinician.membership_id, home.colleague.membership_id)
    answers = at_once(
        [
            partial(twin(home.world, who).patch, f"/v1/staff/{one}", {"disabled": True})
            for who, one in zip(admins, both, strict=True)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert is_shown(home)


def test_who_looks_at_nothing_or_where_nothing_is_asked_is_shut_out_as_ever(
    home: Household,
) -> None:
    ask_safety(home)
    assert shut_out(home, home.colleague.membership_id) == 200
    ask_safety(home, review_hours=None)
    assert shut_out(home, home.clinician.membership_id) == 200


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({}, None),
        ({"reviewer_id": None}, "no_reviewer"),
        ({"review_hours": None}, "no_hours"),
    ],
)
def test_the_settings_say_whether_the_item_is_asked_and_why_not(
    home: Household, settings: dict[str, None], reason: str | None
) -> None:
    ask_safety(home, **settings)
    told = home.admin.get("/v1/clinic").json["suicidal_thoughts"]
    assert told == {"is_asked": reason is None, "reason": reason}


def test_a_clinic_whose_reviewers_have_left_says_so_and_is_counted(home: Household) -> None:
    ask_safety(home)
    before = nobody(home.world.app).get("/ready").json["clinics_without_reviewer"]
    held = home.admin.get("/v1/clinic").headers["ETag"]
    lose_reviewers(home)
    now = home.admin.get("/v1/clinic", headers={"If-None-Match": held})
    assert now.status_code == 200  # no 304: the settings are as they were, and the item is silent
    assert now.json["suicidal_thoughts"] == {"is_asked": False, "reason": "reviewers_left"}
    assert not is_shown(home)
    assert nobody(home.world.app).get("/ready").json["clinics_without_reviewer"] == before + 1
    named = home.admin.patch("/v1/clinic", {"reviewer_id": str(home.colleague.membership_id)})
    assert named.json["suicidal_thoughts"] == {"is_asked": True, "reason": None}
    assert nobody(home.world.app).get("/ready").json["clinics_without_reviewer"] == before


def test_the_command_asks_before_it_shuts_out_the_last(home: Household, app: Flask) -> None:
    ask_safety(home)
    commands.register(app)

    def run(*words: str) -> Result:
        told = ["clinic", "disable", str(home.clinic_id), "--email", home.clinician.email, *words]
        return app.test_cli_runner().invoke(args=told)

    refused = run()
    assert (refused.exit_code, "--even-last-reviewer" in refused.output) == (2, True)
    assert home.clinician.get("/v1/me").status_code == 200
    assert run("--even-last-reviewer").exit_code == 0
    assert home.clinician.get("/v1/me").status_code == 401
    told = home.admin.get("/v1/clinic").json["suicidal_thoughts"]
    assert told["reason"] == "reviewers_left"

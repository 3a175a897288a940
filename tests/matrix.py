"""Who may do what: every route by every persona, written out by hand, and how to ask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from models.care_team import CareTeamMember
from tests.areas import AREAS
from tests.people import PASSWORD, ZONE, Household, Person, World

# patient      the one whose rows are asked for
# other        another patient of the clinic
# clinician    treats the patient
# colleague    a clinician of the clinic who does not
# desk, admin  of the clinic
# stranger     a clinician of another clinic
# nobody       sends no token
PERSONAS = ("patient", "other", "clinician", "colleague", "desk", "admin", "stranger", "nobody")

# 401 who are you, 403 never for your role, 404 absent or not yours. Where everybody has their own
# (their profile, their clinic), each is asked about their own.
TABLE = """
                                          patient other clin. coll. desk admin strang. nobody
GET    /health                                200   200   200   200  200   200   200   200
GET    /ready                                 200   200   200   200  200   200   200   200
GET    /openapi.yaml                          200   200   200   200  200   200   200   200
GET    /docs                                  200   200   200   200  200   200   200   200
GET    /docs/{name}                           200   200   200   200  200   200   200   200
GET    /problems                              200   200   200   200  200   200   200   200
GET    /problems/{slug}                       200   200   200   200  200   200   200   200
POST   /v1/auth/login                         200   200   200   200  200   200   200   200
POST   /v1/auth/refresh                       200   200   200   200  200   200   200   401
POST   /v1/auth/logout                        204   204   204   204  204   204   204   401
POST   /v1/auth/password                      204   204   204   204  204   204   204   401
GET    /v1/invitations/{token}                200   200   200   200  200   200   200   200
POST   /v1/invitations/{token}/accept         200   200   200   200  200   200   200   200
GET    /v1/me                                 200   200   200   200  200   200   200   401
PATCH  /v1/me                                 200   200   200   200  200   200   200   401
GET    /v1/me/logins                          200   200   200   200  200   200   200   401
DELETE /v1/me/logins/{login_id}               204   404   404   404  404   404   404   401
GET    /v1/me/audit                           200   200   403   403  403   403   403   401
GET    /v1/me/checkins                        200   200   403   403  403   403   403   401
GET    /v1/me/checkins/{date}                 200   404   403   403  403   403   403   401
PUT    /v1/me/checkins/{date}                 200   201   403   403  403   403   403   401
DELETE /v1/me/checkins/{date}                 204   404   403   403  403   403   403   401
GET    /v1/measures                           200   200   200   200  200   200   200   401
GET    /v1/patients                           403   403   200   200  200   200   200   401
POST   /v1/patients                           403   403   201   201  201   201   201   401
GET    /v1/patients/{patient_id}              403   403   200   404  200   200   404   401
PATCH  /v1/patients/{patient_id}              403   403   200   404  200   200   404   401
POST   /v1/patients/{patient_id}/invitations  403   403   201   404  201   201   404   401
GET    /v1/patients/{patient_id}/checkins     403   403   200   404  403   404   404   401
GET    /v1/patients/{patient_id}/checkins/{date}
                                              403   403   200   404  403   404   404   401
PUT    /v1/patients/{patient_id}/checkins/{date}
                                              403   403   201   404  403   404   404   401
GET    /v1/patients/{patient_id}/audit        403   403   200   404  403   404   404   401
GET    /v1/clinic                             403   403   200   200  200   200   200   401
PATCH  /v1/clinic                             403   403   403   403  403   200   403   401
GET    /v1/staff                              403   403   403   403  403   200   403   401
POST   /v1/staff                              403   403   403   403  403   201   403   401
PATCH  /v1/staff/{membership_id}              403   403   403   403  403   200   403   401
GET    /v1/care-teams                         403   403   403   403  403   200   403   401
POST   /v1/care-teams                         403   403   403   403  403   201   403   401
DELETE /v1/care-teams/{member_id}             403   403   403   403  403   204   403   401
"""

Route = tuple[str, str]


def promised() -> dict[Route, dict[str, int]]:
    """The table: route -> persona -> status."""
    words = " ".join([TABLE, *(area.TABLE for area in AREAS)]).split()[len(PERSONAS) :]
    width = len(PERSONAS) + 2
    rows = [words[start : start + width] for start in range(0, len(words), width)]
    return {
        (method, path): dict(zip(PERSONAS, map(int, statuses), strict=True))
        for method, path, *statuses in rows
    }


DAY, PHONED_DAY = "2025-01-06", "2025-01-07"
ENTERED = {"recorded_at": f"{PHONED_DAY}T19:00:00Z", "timezone": ZONE}
ANSWERS = {"mood": 6, "note": "short walk", **ENTERED}
IDENTITY = {
    "display_name": "Ada",
    "birth_date": "1984-05-02",
    "country": "DE",
    "language": "de",
    "timezone": ZONE,
}
PASSWORDS = {"current_password": PASSWORD, "new_password": "blue-lantern-walks"}
ACCEPTANCE = {"password": "blue-lantern-walks", "display_name": "Ada", "timezone": ZONE}


@dataclass
class Scene:
    """A household whose patient has logged DAY, and what each path parameter names in it."""

    home: Household
    people: Mapping[str, Person]
    ids: Mapping[str, str]

    def ask(self, persona: str, route: Route, **instead: object) -> Any:
        """The answer to this persona; `instead` replaces what path parameters name."""
        method, template = route
        special = SPECIAL.get(route, _nothing)(self)
        path = template.format(**{**self.ids, **special, **instead})
        person = self.people.get(persona)
        sent: dict[str, Any] = {"headers": HEADERS.get(route, {})}
        if route in BODIES:
            sent["json"] = BODIES[route](self, person)
        if person is None:
            return self.home.patient.client.open(path, method=method, **sent)
        if template == "/v1/auth/refresh":  # the one route that wants the other token
            sent["headers"] = {"Authorization": f"Bearer {person.refresh_token}"}
        return person.send(method, path, **sent)


def scene(home: Household) -> Scene:
    world = home.world
    people = {
        "patient": home.patient,
        "other": world.person(home.clinic_id, "patient", world.patient(home.clinic_id)),
        "clinician": home.clinician,
        "colleague": home.colleague,
        "desk": home.front_desk,
        "admin": home.admin,
        "stranger": home.stranger,
    }
    assert home.patient.put(f"/v1/me/checkins/{DAY}", ANSWERS).status_code == 201
    ids = {
        "patient_id": str(home.patient_id),
        "date": DAY,
        "login_id": str(home.patient.login_id),
        "membership_id": str(home.colleague.membership_id),
        "member_id": care_team_row(world, home.clinician),
        "token": invitation(home),
        "slug": "invalid",
        "name": "docs.js",
    }
    for area in AREAS:
        ids |= area.ids(home)
    return Scene(home, people, ids)


def care_team_row(world: World, clinician: Person) -> str:
    """The id of the one care-team row this clinician has."""
    own = select(CareTeamMember.id).where(CareTeamMember.membership_id == clinician.membership_id)
    return str(world.rows(own)[0].id)


def invitation(home: Household) -> str:
    """The token of an open invitation to work in the clinic."""
    token: str = home.admin.post("/v1/staff", _invitee()).json["token"]
    return token


def _invitee() -> dict[str, str]:
    return {"email": f"{uuid4().hex}@example.org", "role": "clinician"}


def _uninvited(home: Household) -> str:
    """A patient with an e-mail and no login yet, treated by the clinician."""
    email = f"{uuid4().hex}@example.org"
    patient_id = home.world.patient(home.clinic_id, email=email)
    home.world.treats(home.clinician, patient_id)
    return str(patient_id)


def _nothing(_scene: Scene) -> dict[str, str]:
    return {}


# What some routes need to name so that, where they are allowed, they succeed.
SPECIAL: Mapping[Route, Callable[[Scene], dict[str, str]]] = {
    ("POST", "/v1/invitations/{token}/accept"): lambda scene: {"token": invitation(scene.home)},
    ("PUT", "/v1/patients/{patient_id}/checkins/{date}"): lambda _: {"date": PHONED_DAY},
    ("POST", "/v1/patients/{patient_id}/invitations"): lambda scene: {
        "patient_id": _uninvited(scene.home)
    },
} | {route: named for area in AREAS for route, named in area.SPECIAL.items()}
HEADERS: Mapping[Route, Mapping[str, str]] = {
    ("DELETE", "/v1/me/checkins/{date}"): {"If-Match": '"r1"'}
} | {route: sent for area in AREAS for route, sent in area.HEADERS.items()}
BODIES: Mapping[Route, Callable[[Scene, Person | None], dict[str, Any]]] = {
    ("POST", "/v1/auth/login"): lambda scene, person: {
        "email": (person or scene.home.patient).email,
        "password": PASSWORD,
    },
    ("POST", "/v1/auth/password"): lambda *_: PASSWORDS,
    ("POST", "/v1/invitations/{token}/accept"): lambda *_: ACCEPTANCE,
    ("PATCH", "/v1/me"): lambda *_: {"language": "de"},
    ("PUT", "/v1/me/checkins/{date}"): lambda *_: ANSWERS,
    ("POST", "/v1/patients"): lambda *_: IDENTITY,
    ("PATCH", "/v1/patients/{patient_id}"): lambda *_: {"phone": "1"},
    ("PUT", "/v1/patients/{patient_id}/checkins/{date}"): lambda *_: ANSWERS,
    ("PATCH", "/v1/clinic"): lambda *_: {"name": "Elsewhere"},
    ("POST", "/v1/staff"): lambda *_: _invitee(),
    ("PATCH", "/v1/staff/{membership_id}"): lambda *_: {"disabled": False},
    ("POST", "/v1/care-teams"): lambda scene, _: {
        "patient_id": scene.ids["patient_id"],
        "membership_id": scene.ids["membership_id"],
    },
} | {route: body for area in AREAS for route, body in area.BODIES.items()}

from datetime import UTC, datetime
from tests.people import Household


def test_all(home: Household) -> None:
    day = datetime.now(UTC).date().isoformat()
    body = {"mood": 6, "recorded_at": f"{day}T07:00:00Z", "timezone": "Europe/Berlin"}
    r = home.patient.put(f"/v1/me/checkins/{day}", body)
    assert r.status_code == 201, r.json
    r = home.patient.put(f"/v1/me/checkins/{day}", body)
    assert r.status_code == 200, r.json
    r = home.patient.put(f"/v1/me/checkins/{day}", body | {"mood": 3})
    assert r.status_code == 428, r.json
    r = home.patient.put(
        f"/v1/me/checkins/{day}", body | {"mood": 3}, headers={"If-Match": r.headers["ETag"]}
    )
    assert r.status_code == 200, r.json
    for p in (home.clinician, home.colleague, home.front_desk, home.admin, home.stranger):
        print(
            p.role,
            p.get(f"/v1/patients/{home.patient_id}/checkins").status_code,
            p.get(f"/v1/patients/{home.patient_id}").status_code,
        )
    r = home.patient.delete(f"/v1/me/checkins/{day}", headers={"If-Match": r.headers["ETag"]})
    assert r.status_code == 204, r.json
    for path in ("/v1/me", "/v1/measures", "/v1/me/checkins", "/v1/me/logins", "/v1/me/audit"):
        assert home.patient.get(path).status_code == 200
    for path in (
        "/v1/me",
        "/v1/clinic",
        "/v1/staff",
        "/v1/care-teams",
        "/v1/patients",
        "/health",
        "/ready",
        "/docs",
        "/openapi.yaml",
        "/problems",
    ):
        r = home.admin.get(path)
        assert r.status_code == 200, (path, r.data)
    new = {
        "display_name": "A",
        "birth_date": "1980-01-01",
        "country": "DE",
        "language": "de",
        "timezone": "Europe/Berlin",
        "email": "a@example.org",
    }
    r = home.clinician.post("/v1/patients", new, headers={"Idempotency-Key": "k"})
    assert r.status_code == 201, r.json
    again = home.clinician.post("/v1/patients", new, headers={"Idempotency-Key": "k"})
    assert again.json == r.json
    t = r.json["invitation"]["token"]
    assert home.clinician.get(f"/v1/invitations/{t}").status_code == 200
    acc = home.patient.client.post(
        f"/v1/invitations/{t}/accept",
        json={
            "password": "blue-lantern-walks",
            "display_name": "Ann",
            "timezone": "Europe/Berlin",
            "consent_version": "1",
        },
    )
    assert acc.status_code == 200, acc.json
    li = home.patient.client.post(
        "/v1/auth/login", json={"email": "a@example.org", "password": "blue-lantern-walks"}
    )
    assert li.status_code == 200
    rf = home.patient.client.post(
        "/v1/auth/refresh", json={"refresh_token": li.json["refresh_token"]}
    )
    assert rf.status_code == 200, rf.json
    bad = home.patient.client.post(
        "/v1/auth/login", json={"email": "a@example.org", "password": "x"}
    )
    assert bad.status_code == 401, bad.json

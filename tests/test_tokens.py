"""Forged, bent, stale and misdirected tokens open nothing, whatever they are asked to open."""

import math
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select, update

from care.keys import Keys
from models.account import Account
from models.checkin import Checkin
from models.clinic import Clinic
from models.login import Login
from models.membership import Membership
from tests.forge import ABSENT, Forge, encoded
from tests.people import Person, World

TODAY = datetime.now(UTC).date().isoformat()
NOON = {"mood": 6, "recorded_at": f"{TODAY}T11:00:00Z", "timezone": "Europe/Berlin"}
FORGOTTEN = datetime(2020, 1, 1, tzinfo=UTC)
Making = Callable[[Forge], str]


def bearer(making: Making) -> Making:
    return lambda forge: f"Bearer {making(forge)}"


def claiming(**changes: Any) -> Making:
    return bearer(lambda forge: forge.claiming(**changes))


def from_now(seconds: float, name: str = "exp") -> Making:
    return bearer(lambda forge: forge.claiming(**{name: int(time.time()) + seconds}))


def headed(key: bytes | None = None, **changes: Any) -> Making:
    return bearer(lambda forge: forge.headed(key, **changes))


def signed_otherwise(algorithm: str, digest: str) -> Making:
    return bearer(lambda forge: forge.token(header=forge.header(alg=algorithm), digest=digest))


def payload(raw: object) -> Making:
    return bearer(lambda forge: forge.token(raw))


def bent(bend: Callable[[str], str]) -> Making:
    """A good token, bent after it was signed."""
    return bearer(lambda forge: bend(forge.token()))


def unsigned(token: str) -> str:
    return token.rpartition(".")[0]


def by_own_curve(forge: Forge) -> str:
    """Signed by a key of the forger, who names an algorithm that would make it right."""
    key = ec.generate_private_key(ec.SECP256R1())
    return jwt.encode(forge.claims(), key, "ES256", headers=forge.header(alg="ES256"))


def signature_of_another(forge: Forge) -> str:
    other = forge.claiming(jti=str(uuid4()))
    return f"{unsigned(forge.token())}.{other.rpartition('.')[2]}"


def another_login_inside(forge: Forge) -> str:
    head, _, signature = forge.token().split(".")
    return f"{head}.{encoded(forge.claims(sid=str(uuid4())))}.{signature}"


def after(table: Any, **changes: Any) -> Making:
    """A good token, of whose login, membership, account or clinic the rows say otherwise."""

    def make(forge: Forge) -> str:
        change_row(forge.world, forge.person, table, changes)
        return f"Bearer {forge.token()}"

    return make


def change_row(world: World, person: Person, table: Any, changes: Mapping[str, Any]) -> None:
    rows = {
        Login: Login.id == person.login_id,
        Membership: Membership.id == person.membership_id,
        Account: Account.id == person.account_id,
        Clinic: Clinic.clinic_id == person.clinic_id,
    }
    with world.services.database.begin(write=True) as connection:
        connection.execute(update(table).where(rows[table]).values(**changes))
        connection.commit()


HEADERS: dict[str, Making] = {
    "nothing at all": lambda _: "",
    "blanks": lambda _: "   ",
    "the scheme alone": lambda _: "Bearer",
    "the scheme twice": bearer(lambda forge: f"Bearer {forge.token()}"),
    "no scheme": lambda forge: forge.token(),
    "basic": lambda forge: f"Basic {forge.token()}",
    "another scheme": lambda forge: f"Token {forge.token()}",
    "two tokens": lambda forge: f"Bearer {forge.token()}, Bearer {forge.token()}",
    "a token and a word": bent(lambda token: token + " please"),
    "letters of no alphabet of ours": lambda _: "Bearer éü.ßß.øø",
    "a hundred thousand letters": lambda _: "Bearer " + "A" * 100_000,
    "a hundred thousand letters in a segment": bent(lambda token: "A" * 100_000 + token),
    "dots": lambda _: "Bearer ...",
    "null": lambda _: "Bearer null",
}
SHAPES: dict[str, Making] = {
    "truncated": bent(lambda token: token[:-5]),
    "one letter changed": bent(
        lambda token: token[:-8] + ("B" if token[-8] == "A" else "A") + token[-7:]
    ),
    "a fourth segment": bent(lambda token: token + ".e30"),
    "a dot at the end": bent(lambda token: token + "."),
    "the signature stripped": bent(lambda token: unsigned(token) + "."),
    "two segments": bent(unsigned),
    "the signature of another token": bearer(signature_of_another),
    "another login put inside": bearer(another_login_inside),
    "a payload that is no JSON": payload(b"sid=1"),
    "a payload that is no object": payload(["access"]),
    "a payload of broken UTF-8": payload(b'{"sid": "\xff\xfe"}'),
    "a header that is no JSON": bearer(lambda forge: forge.token(header=b"HS256")),
    "a header that is no object": bearer(lambda forge: forge.token(header=["HS256"])),
}
KEYS: dict[str, Making] = {
    "alg none, unsigned": bearer(lambda forge: unsigned(forge.headed(alg="none")) + "."),
    "alg nOnE, unsigned": bearer(lambda forge: unsigned(forge.headed(alg="nOnE")) + "."),
    "alg none, signed": headed(alg="none"),
    "no alg": headed(alg=ABSENT),
    "alg a number": headed(alg=256),
    "HS512 with the right key": signed_otherwise("HS512", "sha512"),
    "HS384 with the right key": signed_otherwise("HS384", "sha384"),
    "RS256 with the right key as secret": headed(alg="RS256"),
    "ES256 with the forger's key": bearer(by_own_curve),
    "a wrong key": headed(b"not the key, though it is as long"),
    "an empty key": headed(b""),
    "the secret the key is derived from": bearer(lambda forge: forge.headed(forge.secret)),
    "the key of another server": bearer(lambda forge: forge.headed(Keys("another" * 9).jwt)),
    "no kid": headed(kid=ABSENT),
    "an unknown kid": headed(kid="deadbeef"),
    "kid a number": headed(kid=1),
    "kid a file": headed(b"", kid="../../../../dev/null"),
    "kid an SQL statement": headed(b"x", kid="' UNION SELECT 'x' --"),
    "jku of the forger": headed(b"forged", jku="https://forger.example/keys", kid="forged"),
    "jwk of the forger": headed(b"forged", jwk={"kty": "oct", "k": encoded(b"forged")}),
    "crit of something unknown": headed(crit=["exp2"], exp2=True),
    "crit that is no list": headed(crit="exp"),
    "an unencoded payload": headed(crit=["b64"], b64=False),
}
CLAIMS: dict[str, Making] = {
    "no exp": claiming(exp=ABSENT),
    "exp null": claiming(exp=None),
    "exp digits in a string": claiming(exp="4102444800"),
    "exp a word": claiming(exp="never"),
    "exp a fraction": from_now(300.5),
    "exp far off": from_now(10**15),
    "exp beyond any calendar": claiming(exp=10**400),
    "exp infinite": claiming(exp=math.inf),
    "exp a list": claiming(exp=[4_102_444_800]),
    "exp true": claiming(exp=True),
    "exp past": from_now(-1),
    "exp more than 15 minutes after iat": from_now(15 * 60 + 60),
    "no iat": claiming(iat=ABSENT),
    "iat a string": claiming(iat="now"),
    "iat infinite": claiming(iat=math.inf),
    "iat a fraction": from_now(-0.5, "iat"),
    "iat in the future": from_now(120, "iat"),
    "nbf in the future": from_now(120, "nbf"),
    "nbf a word": claiming(nbf="tomorrow"),
    "nbf infinite": claiming(nbf=math.inf),
    "no jti": claiming(jti=ABSENT),
    "jti a number": claiming(jti=7),
    "jti no uuid": claiming(jti="first"),
    "no type": claiming(type=ABSENT),
    "type null": claiming(type=None),
    "type of a refresh token": claiming(type="refresh"),
    "type unknown": claiming(type="invitation"),
    "type a list": claiming(type=["access"]),
    "no sid": claiming(sid=ABSENT),
    "sid null": claiming(sid=None),
    "sid a number": claiming(sid=1),
    "sid no uuid": claiming(sid="' OR 1=1 --"),
    "sid of nobody": bearer(lambda forge: forge.claiming(sid=str(uuid4()))),
    "sid of an account": bearer(lambda forge: forge.claiming(sid=str(forge.person.account_id))),
    "no aud": claiming(aud=ABSENT),
    "aud of another": claiming(aud="billing"),
    "aud a list with us in it": claiming(aud=["billing", "interlude"]),
    "aud a list without us": claiming(aud=["billing"]),
    "aud a number": claiming(aud=1),
    "no iss": claiming(iss=ABSENT),
    "iss of another": claiming(iss="https://forger.example"),
    "iss a list": claiming(iss=["interlude"]),
    "no sub": claiming(sub=ABSENT),
    "sub a number": claiming(sub=1),
}
KINDS: dict[str, Making] = {
    "a refresh token": lambda forge: f"Bearer {forge.person.refresh_token}",
    "an invitation token": bearer(lambda forge: forge.keys.invitation_token(uuid4())),
    "a login that has ended": after(Login, ended_at=FORGOTTEN),
    "a login that has expired": after(Login, expires_at=FORGOTTEN),
    "a disabled membership": after(Membership, disabled_at=FORGOTTEN),
    "a disabled account": after(Account, disabled_at=FORGOTTEN),
    "a disabled clinic": after(Clinic, disabled_at=FORGOTTEN),
}
BAD = HEADERS | SHAPES | KEYS | CLAIMS | KINDS


@pytest.fixture
def forge(world: World) -> Forge:
    clinic_id = world.clinic()
    return Forge(world, world.person(clinic_id, "patient", world.patient(clinic_id)))


def both(forge: Forge, authorization: str) -> tuple[Any, Any]:
    """The answers to a read and to a write sent with this Authorization."""
    client, headers = forge.world.client(), {"Authorization": authorization}
    written = client.put(f"/v1/me/checkins/{TODAY}", json=NOON, headers=headers)
    return client.get("/v1/me", headers=headers), written


def days(forge: Forge) -> list[Any]:
    return forge.world.rows(select(Checkin).where(Checkin.clinic_id == forge.person.clinic_id))


def test_a_token_by_hand_without_a_fault_is_believed(forge: Forge) -> None:
    read, written = both(forge, f"Bearer {forge.token()}")
    assert (read.status_code, written.status_code, len(days(forge))) == (200, 201, 1)


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_token_reads_nothing_and_writes_nothing(forge: Forge, fault: str) -> None:
    for answer in both(forge, BAD[fault](forge)):
        assert answer.status_code == 401, answer.json
        assert answer.content_type == "application/problem+json"
        assert answer.json["type"] == "/problems/unauthenticated"
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert days(forge) == []


@pytest.mark.parametrize("fault", ["no type", "exp infinite", "no jti", "an unknown kid", "no exp"])
def test_a_bad_token_refreshes_nothing(forge: Forge, fault: str) -> None:
    client, authorization = forge.world.client(), BAD[fault](forge)
    bad = authorization.removeprefix("Bearer ")
    in_header = client.post("/v1/auth/refresh", headers={"Authorization": authorization})
    in_body = client.post("/v1/auth/refresh", json={"refresh_token": bad})
    assert (in_header.status_code, in_body.status_code) == (401, 401)


@pytest.mark.parametrize("sent", ["", ".", "a.b.c", "é.é.é", "null"])
def test_what_is_no_token_refreshes_nothing(forge: Forge, sent: str) -> None:
    answer = forge.world.client().post("/v1/auth/refresh", json={"refresh_token": sent})
    assert answer.status_code == (401 if sent else 422)


def test_an_access_token_refreshes_nothing(forge: Forge) -> None:
    client, good = forge.world.client(), forge.token()
    in_header = client.post("/v1/auth/refresh", headers={"Authorization": f"Bearer {good}"})
    in_body = client.post("/v1/auth/refresh", json={"refresh_token": good})
    assert (in_header.status_code, in_body.status_code) == (401, 401)


def test_a_refresh_token_of_unknown_number_refreshes_nothing(forge: Forge) -> None:
    token = forge.claiming(type="refresh", jti=str(uuid4()))
    answer = forge.world.client().post("/v1/auth/refresh", json={"refresh_token": token})
    assert answer.status_code == 401


def test_an_access_token_lasts_no_longer_than_fifteen_minutes(forge: Forge) -> None:
    claims = jwt.decode(forge.person.token, options={"verify_signature": False})
    assert timedelta(seconds=claims["exp"] - claims["iat"]) == timedelta(minutes=15)


def test_there_are_at_least_forty_bad_tokens() -> None:
    assert len(BAD) >= 40

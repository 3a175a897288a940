"""Makes tokens by hand, so that no library refuses to write what must be refused when read."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import Any
from uuid import uuid4

from tests.conftest import SECRET_KEY
from tests.people import Person, World

ABSENT = object()


def encoded(part: object) -> str:
    """One segment of a token; bytes as they are, all else as JSON."""
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return urlsafe_b64encode(raw).decode().rstrip("=")


class Forge:
    """Knows everything a token says about one person's login, and the server's keys."""

    def __init__(self, world: World, person: Person) -> None:
        self.world = world
        self.person = person
        self.keys = world.services.keys
        self.secret = SECRET_KEY.encode()

    def claims(self, **changes: Any) -> dict[str, Any]:
        """A good access token's claims but for the changes; ABSENT takes one out."""
        now = int(time.time())
        good = {
            "fresh": False,
            "iat": now,
            "nbf": now,
            "exp": now + 900,
            "jti": str(uuid4()),
            "type": "access",
            "sub": str(self.person.account_id),
            "sid": str(self.person.login_id),
            "aud": "interlude",
            "iss": "interlude",
        }
        return {name: value for name, value in (good | changes).items() if value is not ABSENT}

    def header(self, **changes: Any) -> dict[str, Any]:
        good = {"alg": "HS256", "typ": "JWT", "kid": self.keys.jwt_kid}
        return {name: value for name, value in (good | changes).items() if value is not ABSENT}

    def token(
        self,
        payload: object | None = None,
        *,
        header: object | None = None,
        key: bytes | None = None,
        digest: str = "sha256",
    ) -> str:
        """A token signed with `key`, the server's own unless told."""
        head = encoded(self.header() if header is None else header)
        signed = f"{head}.{encoded(self.claims() if payload is None else payload)}"
        key = self.keys.jwt if key is None else key
        return f"{signed}.{encoded(hmac.digest(key, signed.encode(), digest))}"

    def claiming(self, **changes: Any) -> str:
        """A token rightly signed whose claims are changed."""
        return self.token(self.claims(**changes))

    def headed(self, key: bytes | None = None, **changes: Any) -> str:
        """A token whose header is changed."""
        return self.token(header=self.header(**changes), key=key)

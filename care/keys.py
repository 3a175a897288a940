"""Keys per purpose, derived from the one secret, and the tokens made with them."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Keys:
    """One key for each use, so that a token for one purpose is worth nothing for another."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self.jwt = self._derive("jwt-hs256")
        self._invitation = self._derive("invitation-token")
        self._reset = self._derive("password-reset-token")
        self._throttle = self._derive("throttle-key")
        self._request = self._derive("request-digest")
        self.jwt_kid = hashlib.sha256(self.jwt).hexdigest()[:8]

    def _derive(self, purpose: str) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(self._secret)

    def invitation_token(self, invitation_id: UUID) -> str:
        """`<id>.<mac>`: drawn again from the id whenever it must be shown."""
        return _token(self._invitation, invitation_id)

    def invitation_id(self, token: str) -> UUID | None:
        """The invitation a token opens; None for one we did not make."""
        return _opened(self._invitation, token)

    def reset_token(self, reset_id: UUID) -> str:
        """As an invitation's, for a way back into an account."""
        return _token(self._reset, reset_id)

    def reset_id(self, token: str) -> UUID | None:
        """The reset a token opens; None for one we did not make."""
        return _opened(self._reset, token)

    def throttle_key(self, kind: str, subject: str) -> str:
        """Names a throttle row without storing the e-mail or address it is about."""
        return f"{kind}:{hmac.new(self._throttle, subject.encode(), 'sha256').hexdigest()}"

    def request_digest(self, canonical: bytes) -> str:
        """A keyed hash of a request whose body may hold a secret."""
        return hmac.new(self._request, canonical, "sha256").hexdigest()


def _token(key: bytes, subject: UUID) -> str:
    mac = hmac.digest(key, subject.bytes, "sha256")[:24]
    return f"{subject.hex}.{urlsafe_b64encode(mac).decode()}"


def _opened(key: bytes, token: str) -> UUID | None:
    try:
        candidate = UUID(hex=token.partition(".")[0])
    except ValueError:
        return None
    expected = _token(key, candidate)
    return candidate if hmac.compare_digest(expected.encode(), token.encode()) else None


def token_hash(token: str) -> str:
    """What is stored of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()

"""Keys per purpose, derived from the one secret, and the tokens made with them."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Keys:
    """One key for each use, so that a token for one purpose is worth nothing for another."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self.jwt = self._derive("jwt-hs256")
        self._invitation = self._derive("invitation-token")
        self._reset = self._derive("password-reset-token")
        self._calendar = AESSIV(self._derive("calendar-feed"))
        self._throttle = self._derive("throttle-key")
        self._sync = self._derive("sync-cursor")
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

    def feed_token(self, clinic_id: UUID, patient_id: UUID, version: int) -> str:
        """Opens a calendar feed; whoever holds it learns no id from it."""
        named = clinic_id.bytes + patient_id.bytes + version.to_bytes(4)
        return urlsafe_b64encode(self._calendar.encrypt(named, None)).decode().rstrip("=")

    def feed_of(self, token: str) -> tuple[UUID, UUID, int] | None:
        """Clinic, patient and version of a feed's token; None for one we did not make."""
        try:
            sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
            named = self._calendar.decrypt(sealed, None)
        except (ValueError, InvalidTag):
            return None
        return UUID(bytes=named[:16]), UUID(bytes=named[16:32]), int.from_bytes(named[32:])

    def feed_uid(self, session_id: UUID) -> str:
        """The name of one entry in a feed: the same at every reading, and no id of ours."""
        return hmac.new(self._request, b"feed:" + session_id.bytes, "sha256").hexdigest()[:32]

    def sealed_position(self, told: bytes) -> str:
        """How far a device has read, so that nobody else can write it."""
        mac = hmac.digest(self._sync, told, "sha256")[:16]
        return urlsafe_b64encode(mac + told).decode().rstrip("=")

    def opened_position(self, token: str) -> bytes | None:
        """What was sealed; None for what we did not make."""
        try:
            sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        expected = self.sealed_position(sealed[16:])
        return sealed[16:] if hmac.compare_digest(expected.encode(), token.encode()) else None

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

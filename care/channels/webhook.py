"""A signed webhook, for gateways that send texts: https to public addresses, no redirects."""

import hmac
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import orjson

from care.channels.public_address import is_public
from care.channels.seam import NotSent, Outgoing, deadline

IO_SECONDS, LETTER_SECONDS = 3.0, 10.0  # threat 14: three seconds
SECRET_MINIMUM_LENGTH = 32


def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of the host, in the system's order; OSError where there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True, slots=True)
class Webhook:
    """One gateway. Its name is resolved once for each letter, and that address is connected to."""

    host: str
    path: str
    secret: str = field(repr=False)
    port: int = 443
    resolve: Callable[[str, int], Sequence[str]] = field(default=resolve, repr=False)
    is_allowed: Callable[[str], bool] = field(default=is_public, repr=False)
    context: ssl.SSLContext | None = field(default=None, repr=False)
    letter_seconds: float = LETTER_SECONDS

    @classmethod
    def at(cls, url: str, secret: str) -> "Webhook":
        """The gateway at an https URL; ValueError for any other."""
        if fault := url_fault(url):
            raise ValueError(fault)
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(parts.hostname or "", path, secret)

    def send(self, outgoing: Outgoing) -> None:
        """Post the letter; NotSent says why the gateway has not taken it."""
        try:
            status = self._post(outgoing)
        except ssl.SSLError:
            raise NotSent("no_tls") from None
        except TimeoutError:
            raise NotSent("timeout") from None
        except (OSError, HTTPException, UnicodeError):
            raise NotSent("unreachable") from None
        if 300 <= status < 400:
            raise NotSent("redirected")
        if status in (408, 425, 429) or status >= 500:
            raise NotSent("server_refused")
        if not 200 <= status < 300:
            raise NotSent("recipient_refused", is_refused=True)

    def _post(self, outgoing: Outgoing) -> int:
        """The status of the answer; nothing of its body is read."""
        body = orjson.dumps(
            {"id": str(outgoing.id), "to": outgoing.recipient, "text": outgoing.text}
        )
        connection = _Pinned(self, self._address())
        with deadline(self.letter_seconds, lambda: connection.sock):
            try:
                connection.request("POST", self.path, body, self._headers(outgoing, body))
                return connection.getresponse().status
            finally:
                connection.close()

    def _address(self) -> str:
        """The one to connect to; NotSent where any of the host's is not outside."""
        addresses = self.resolve(self.host, self.port)
        if not addresses or not all(map(self.is_allowed, addresses)):
            raise NotSent("private_address")
        return addresses[0]

    def _headers(self, outgoing: Outgoing, body: bytes) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "User-Agent": "interlude",
            "Idempotency-Key": str(outgoing.id),
            "Interlude-Signature": signature(self.secret, int(outgoing.at.timestamp()), body),
        }


def signature(secret: str, at: int, body: bytes) -> str:
    """`t=<unix seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>`, so that neither can be changed."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, "sha256")
    return f"t={at},v1={mac.hexdigest()}"


class _Pinned(HTTPSConnection):
    """Connects to the address that was looked at; the certificate must be the host name's."""

    def __init__(self, hook: Webhook, address: str) -> None:
        context = hook.context or ssl.create_default_context()
        super().__init__(hook.host, hook.port, timeout=IO_SECONDS, context=context)
        self._address, self._tls = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), IO_SECONDS)
        # Known to the deadline before the handshake, which may be slow too.
        secured = self._tls.wrap_socket(
            plain, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock = secured
        secured.do_handshake()


def url_fault(url: str) -> str | None:
    """What is wrong with a gateway's URL, None if nothing; a name is looked up when it is used."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "no URL"
    if parts.scheme != "https" or not parts.hostname or port not in (None, 443):
        return "not https://, port 443"
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "more than a host and a path"
    if not (url.isascii() and url.isprintable() and " " not in url):
        return "not plain ASCII"
    return "not a public address" if _is_private_number(parts.hostname) else None


def _is_private_number(host: str) -> bool:
    """Whether the host is an address, however written, and one inside."""
    try:
        host = socket.inet_ntoa(socket.inet_aton(host))  # 2130706433, 0x7f.1, 0177.1, 127.1
    except OSError:
        if ":" not in host:
            return host == "localhost" or host.endswith(".localhost")
    return not is_public(host)

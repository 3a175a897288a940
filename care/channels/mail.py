"""E-mail over SMTP: TLS everywhere but on this very machine."""

import ipaddress
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from care.channels.seam import NotSent, Outgoing, deadline

_SCHEMES = {"smtp": 587, "smtps": 465}
IO_SECONDS, LETTER_SECONDS = 10.0, 30.0  # (u)


@dataclass(frozen=True, slots=True)
class Mail:
    """One SMTP server; `smtps` begins with TLS, `smtp` turns to it."""

    host: str
    port: int
    sender: str
    is_smtps: bool = False
    user: str | None = None
    password: str = field(default="", repr=False)
    context: ssl.SSLContext | None = field(default=None, repr=False)
    letter_seconds: float = LETTER_SECONDS

    @classmethod
    def at(cls, url: str, sender: str) -> "Mail":
        """The server of `smtp[s]://user:password@host:port`; ValueError for anything else."""
        if fault := url_fault(url):
            raise ValueError(fault)
        parts = urlsplit(url)
        return cls(
            parts.hostname or "",
            parts.port or _SCHEMES[parts.scheme],
            sender,
            is_smtps=parts.scheme == "smtps",
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password or ""),
        )

    def send(self, outgoing: Outgoing) -> None:
        """Hand the letter to the server; NotSent says why it would not take it."""
        try:
            self._send(outgoing)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            raise NotSent("recipient_refused", is_refused=min(codes) >= 500) from None
        except (smtplib.SMTPResponseException, smtplib.SMTPNotSupportedError):
            raise NotSent("server_refused") from None
        except ssl.SSLError:
            raise NotSent("no_tls") from None
        except TimeoutError:
            raise NotSent("timeout") from None
        except (OSError, smtplib.SMTPException):
            raise NotSent("unreachable") from None
        except ValueError:  # an address no header can hold
            raise NotSent("unsendable", is_refused=True) from None

    def _send(self, outgoing: Outgoing) -> None:
        message = self._message(outgoing)
        server = self._server()
        with deadline(self.letter_seconds, lambda: server.sock):
            try:
                server.connect(self.host, self.port)
                self._secure(server)
                if self.user is not None:
                    server.login(self.user, self.password)
                server.send_message(message, self.sender, [outgoing.recipient])
            finally:
                server.close()  # without QUIT: what was taken is taken, whatever comes then

    def _server(self) -> smtplib.SMTP:
        # The name it gives for itself is not this machine's: a host's name may tell too much.
        if self.is_smtps:
            return _Smtps(timeout=IO_SECONDS, local_hostname="localhost", context=self._tls())
        return smtplib.SMTP(timeout=IO_SECONDS, local_hostname="localhost")

    def _secure(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if self.is_smtps:
            return
        if server.has_extn("starttls"):
            # connect() does not keep the name that the certificate must be for.
            server._host = self.host  # type: ignore[attr-defined]
            server.starttls(context=self._tls())
            server.ehlo()
        elif not _is_loopback(self.host):
            raise NotSent("no_tls")

    def _tls(self) -> ssl.SSLContext:
        return self.context or ssl.create_default_context()

    def _message(self, outgoing: Outgoing) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = outgoing.recipient
        message["Subject"] = outgoing.subject
        message["Date"] = format_datetime(outgoing.at)
        message["Message-ID"] = f"<{outgoing.id}@{self.sender.rpartition('@')[2].rstrip('>')}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(outgoing.text)
        return message


class _Smtps(smtplib.SMTP_SSL):
    """As the library's, whose certificate check wants the name before `connect` is told it."""

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: object = None
    ) -> tuple[int, bytes]:
        self._host = host
        return super().connect(host, port)


def url_fault(url: str) -> str | None:
    """What is wrong with the URL of a mail server, None if nothing."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "no URL"
    if parts.scheme not in _SCHEMES or not parts.hostname:
        return "not smtp:// or smtps:// with a host"
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        return "more than a server"
    return None


def sender_fault(sender: str) -> str | None:
    """What is wrong with the address letters come from, None if nothing."""
    _, address = parseaddr(sender)
    local, at, domain = address.rpartition("@")
    plain = sender.isascii() and sender.isprintable()
    return None if plain and local and at and "." in domain + "." else "no e-mail address"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
